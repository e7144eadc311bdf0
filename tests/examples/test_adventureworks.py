"""AdventureWorks comes through the reader with every figure unchanged."""

import json
import os
import runpy
from pathlib import Path

import polars as pl
import pytest

ROOT = Path(__file__).parents[2]
SOURCE = Path(os.environ.get("QUOTUM_DATA", ROOT.parent / "shared" / "data")) / "adventureworks"
pytestmark = pytest.mark.skipif(
    not (SOURCE / "sales_lines.csv").is_file(),
    reason="needs the AdventureWorks files in ../shared/data/adventureworks or QUOTUM_DATA",
)


@pytest.fixture(scope="module")
def reader():
    return runpy.run_path(str(ROOT / "examples" / "adventureworks" / "read_adventureworks.py"))


@pytest.fixture(scope="module")
def facts():
    return json.loads((SOURCE / "expected.json").read_text(encoding="utf-8"), parse_float=str)["facts"]


@pytest.fixture(scope="module")
def everything(reader):
    return reader["make_tables"](SOURCE, everything=True)


@pytest.fixture(scope="module")
def tables(reader):
    return reader["make_tables"](SOURCE)


def total(sales: pl.DataFrame) -> str:
    """Return the exact sum of the amounts, as the source writes it: without zeros at the end."""
    return str(sales["amount"].cast(pl.Decimal(20, 4)).sum()).rstrip("0").removesuffix(".")


def fiscal_year(sales: pl.DataFrame, year: int) -> pl.DataFrame:
    return sales.filter((pl.col("date") >= f"{year - 1}-07-01") & (pl.col("date") < f"{year}-07-01"))


def test_totals_of_all_lines_are_those_of_the_source_to_the_last_decimal(everything, facts):
    sales = everything["sales"]
    assert total(sales) == facts["SalesAmount_total"]
    for channel, years in facts["SalesAmount_by_channel_and_fiscal_year"].items():
        mine = sales.filter(pl.col("channel") == channel)
        assert {name: total(fiscal_year(mine, int(name[2:]))) for name in years} == years


def test_the_history_to_june_2021_is_the_resellers_first_two_years(tables, facts):
    expected = facts["SalesAmount_by_channel_and_fiscal_year"]["Reseller"]
    assert total(fiscal_year(tables["sales"], 2020)) == expected["FY2020"]
    assert total(fiscal_year(tables["sales"], 2021)) == expected["FY2021"]
    assert tables["sales"]["date"].max() == "2021-06-30"
    assert set(tables["customers"]["channel"]) == {"Reseller"}


def test_months_regions_and_sellers_keep_their_totals(everything, facts):
    sales = everything["sales"].join(everything["customers"].select("customer", "area"), on="customer")
    for month, amount in facts["SalesAmount_by_month"].items():
        assert total(sales.filter(pl.col("date").str.starts_with(month))) == amount
    names = dict(everything["areas"].select("area", "name").rows())
    resellers = sales.filter(pl.col("channel") == "Reseller")
    sold = {f"{key}": total(part) for (key,), part in resellers.group_by("person")}
    assert sold == {name.split(" ")[0]: amount for name, amount in facts["reseller_SalesAmount_by_employee"].items()}
    regions = {name: total(sales.filter(pl.col("area").replace_strict(names) == name)) for name in names.values()}
    expected = facts["SalesAmount_by_region"]
    assert {name: regions[name] for name in expected} == expected


def test_the_commitment_is_the_sum_of_the_companys_quotas(reader, facts):
    assert reader["sum_quotas"](SOURCE) == 43_240_000 == float(facts["quota_by_fiscal_year"]["FY2022"])


def test_people_sit_in_the_lowest_unit_above_all_of_their_territories(tables):
    units = dict(tables["people"].select("name", "unit").rows())
    assert units["Brian Welcker"] == "AW"
    assert units["Stephen Jiang"] == "NAM"
    assert units["Michael Blythe"] == "US"
    assert units["Amy Alberts"] == "EUR"
    assert units["Jillian Carson"] == "T3"


def test_a_reseller_belongs_to_whoever_took_its_latest_order(tables):
    sales, owner = tables["sales"], dict(tables["customers"].select("customer", "person").rows())
    assert sum(person is None for person in owner.values()) == 701 - sales["customer"].n_unique()
    last = dict(sales.sort("date", "order").select("customer", "person").rows())
    assert all(owner[customer] == person for customer, person in last.items())


def test_keys_refer_to_rows_that_are_there(everything):
    keys = {name: set(everything[name][column]) for name, column in
            [("units", "unit"), ("areas", "area"), ("categories", "category"), ("products", "product"),
             ("people", "person"), ("customers", "customer")]}  # fmt: skip
    for table, column, there in [
        ("units", "parent", "units"), ("people", "unit", "units"), ("products", "category", "categories"),
        ("customers", "area", "areas"), ("customers", "person", "people"), ("sales", "customer", "customers"),
        ("sales", "product", "products"), ("sales", "person", "people"), ("categories", "parent", "categories"),
    ]:  # fmt: skip
        assert set(everything[table][column].drop_nulls()) <= keys[there], (table, column)


def test_the_folder_reads_without_errors(reader, tmp_path):
    company_folder = pytest.importorskip("quotum.adapters.files.company_folder")
    reader["write_company"](SOURCE, tmp_path / "aw")
    opened = company_folder.open_company(tmp_path / "aw")
    assert [issue for issue in opened.issues if issue.severity in ("error", "conflict")] == []
    assert [issue.rule for issue in opened.issues if issue.severity == "warning"] == ["zero_coordinates"]
    assert opened.settings is not None
    assert opened.settings.targets[0].commit_minor == 4_324_000_000
    assert opened.company["sales"]["amount_e4"].sum() == 162_884_417_675 + 279_216_705_182
