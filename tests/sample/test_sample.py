"""The made-up company keeps every rule of a clean company, and the same seed gives the same bytes."""

import hashlib
import json
import os
import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from quotum.adapters.files.plan_toml import read_settings
from quotum.cli.drivers import command as drivers
from quotum.cli.sample import command
from quotum.engine.tables.schema import TABLES
from quotum.sample import make_tables, write_sample
from quotum.sample.sizes import SIZES


@pytest.fixture(scope="module", params=["small", "medium"])
def size(request):
    return SIZES[request.param]


@pytest.fixture(scope="module")
def tables(size):
    return make_tables(size, seed=1)


def digests(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_counts_are_those_of_the_size(tables, size):
    assert len(tables["people"]) == size.num_people
    assert len(tables["customers"]) == size.num_customers
    assert len(tables["products"]) == size.num_products
    assert 13.5 < len(tables["sales"]) / size.num_customers < 16.5


def test_columns_are_the_schemas_and_required_ones_are_filled(tables):
    for name, table in tables.items():
        assert set(table.columns) <= {column.name for column in TABLES[name].columns}
        for column in TABLES[name].columns:
            if column.required:
                assert table[column.name].null_count() == 0, (name, column.name)
        if TABLES[name].key:
            assert table.select(TABLES[name].key).is_duplicated().sum() == 0


def test_keys_refer_to_rows_that_are_there(tables):
    for name, table in tables.items():
        for column in TABLES[name].columns:
            if column.refers_to and column.name in table.columns:
                key = TABLES[column.refers_to].key[0]
                there = set(tables[column.refers_to][key])
                assert set(table[column.name].drop_nulls()) <= there, (name, column.name)
    assert set(tables["sales"]["person"].drop_nulls()) <= set(tables["people"]["person"])


def test_dated_shares_of_a_customer_add_up_to_one_without_gaps(tables):
    owned = tables["ownership"].with_columns(pl.col("until").fill_null(pl.date(2099, 1, 1)))
    starts = owned.select("customer", day="since").unique()
    sums = (
        starts.join(owned, on="customer").filter((pl.col("since") <= pl.col("day")) & (pl.col("day") < pl.col("until")))
        .group_by("customer", "day").agg(pl.col("share").sum())
    )  # fmt: skip
    assert len(sums) == len(starts)
    assert ((sums["share"] - 1).abs() < 1e-12).all()
    first_last = owned.group_by("customer").agg(pl.col("since").min(), pl.col("until").max())
    assert first_last["since"].unique().to_list() == [date(2024, 1, 1)]
    assert first_last["until"].unique().to_list() == [date(2099, 1, 1)]


def test_nobody_owns_a_customer_before_being_hired_or_after_leaving_within_the_plan(tables):
    owned = tables["ownership"].join(tables["people"].select("person", "hired", "left"), on="person")
    in_plan = owned.filter(pl.col("since") >= pl.date(2027, 1, 1))
    assert (in_plan["since"] >= in_plan["hired"]).all()
    leaving = owned.filter(pl.col("left").is_not_null())
    assert (leaving["until"] <= leaving["left"]).all()


def test_sales_lie_in_the_history_and_are_whole_pieces(tables):
    sales = tables["sales"]
    assert str(sales["date"].min()) >= "2024-01-01"
    assert str(sales["date"].max()) <= "2026-12-31"
    assert sales["date"].is_sorted()
    assert sales["quantity"].dtype.is_integer()
    assert sales["amount"].dtype == pl.Decimal(18, 2)
    assert sales.group_by("order").agg(pl.col("date", "customer").n_unique()).select(
        pl.all_horizontal(pl.col("date", "customer") == 1).all()).item()  # fmt: skip


def test_one_line_in_a_hundred_comes_back_and_some_are_cancelled(tables):
    part = {status: count / len(tables["sales"]) for status, count in tables["sales"]["status"].value_counts().rows()}
    assert 0.004 < part["returned"] < 0.02
    assert 0.002 < part["cancelled"] < 0.02
    assert (tables["sales"].filter(pl.col("quantity") < 0)["status"] == "returned").all()


def test_staff_changes_reach_into_the_plan_year(tables):
    people = tables["people"]
    assert people.filter(pl.col("hired") >= pl.date(2027, 1, 1)).height > 0
    assert people["left"].drop_nulls().dt.year().unique().to_list() == [2027]
    assert tables["ownership"].filter(pl.col("since") >= pl.date(2027, 1, 1)).height > 0
    assert "area manager" in people["role"].to_list()


def test_another_seed_is_another_company():
    assert not make_tables(SIZES["small"], seed=2)["sales"].equals(make_tables(SIZES["small"], seed=1)["sales"])


_WRITE = """
from pathlib import Path
from quotum.sample import make_tables
from quotum.sample.sizes import SIZES
from quotum.sample.writing import write_tables
import sys
folder = Path(sys.argv[1]); folder.mkdir()
tables = make_tables(SIZES["medium"], 7)
write_tables(folder, tables, "parquet", lambda _: None)
write_tables(folder, tables, "csv", lambda _: None)
"""


def test_same_seed_same_bytes_whatever_the_hash_seed_and_threads(tmp_path):
    for name, settings in [
        ("one", {"PYTHONHASHSEED": "0", "POLARS_MAX_THREADS": "1"}),
        ("two", {"PYTHONHASHSEED": "12345", "POLARS_MAX_THREADS": "4"}),
    ]:
        subprocess.run([sys.executable, "-c", _WRITE, tmp_path / name], env={**os.environ, **settings}, check=True)
    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_a_folder_in_use_is_refused_and_left_alone(tmp_path):
    (tmp_path / "note.txt").write_text("mine")
    result = CliRunner().invoke(command, [str(tmp_path)])
    assert result.exit_code == 2
    assert "not empty" in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


def test_the_command_writes_into_an_empty_folder_and_leaves_nothing_else(tmp_path):
    (tmp_path / "company").mkdir()
    result = CliRunner().invoke(command, [str(tmp_path / "company"), "--size", "small"])
    assert result.exit_code == 0, result.output
    assert [path.name for path in tmp_path.iterdir()] == ["company"]
    assert {"plan.toml", "sales.csv", "receipts.csv"} <= {path.name for path in (tmp_path / "company").iterdir()}


def test_a_failure_leaves_nothing_behind(tmp_path):
    def fail(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_sample(tmp_path / "company", progress=fail)
    assert list(tmp_path.iterdir()) == []


def test_the_sample_reads_without_errors_or_warnings(tmp_path, size):
    company_folder = pytest.importorskip("quotum.adapters.files.company_folder")
    write_sample(tmp_path / "company", size.name)
    opened = company_folder.open_company(tmp_path / "company")
    assert opened.settings is not None
    assert [issue for issue in opened.issues if issue.severity != "note"] == []


def test_every_setting_that_the_sample_shows_can_be_used(tmp_path):
    assert CliRunner().invoke(command, [str(tmp_path / "company")]).exit_code == 0
    text = (tmp_path / "company" / "plan.toml").read_text(encoding="utf-8")
    used = re.sub(r"(?m)^# (?=\[|[\w\"-]+ = )", "", text)
    assert {"drivers", "focus", "fact", "classes", "forecast", "rates", "cadence", "visits"} <= set(tomllib.loads(used))
    (tmp_path / "company" / "plan.toml").write_text(used, encoding="utf-8")
    assert read_settings(tmp_path / "company" / "plan.toml")[1] == []


def test_the_drivers_of_the_sample_bring_about_what_was_sold(tmp_path):
    assert CliRunner().invoke(command, [str(tmp_path / "company")]).exit_code == 0
    told = json.loads(CliRunner().invoke(drivers, [str(tmp_path / "company"), "--json"]).stdout)
    revenue = next(line["have"] for line in told["capacity"] if line["kind"] == "goal")
    assert 5_500_000 < revenue < 7_500_000  # 6.4 million in 2026
