"""``quotum show``: the same numbers as a table, as JSON, as CSV and as a workbook; plain words for what is wrong."""

import csv
import io
import json
from dataclasses import replace
from datetime import datetime

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner

from quotum.adapters.files.plan_folder import write_plan
from quotum.cli.show import command
from small_plans import SETTINGS, replace_tables, small_plan


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("plans") / "plan"
    assert write_plan(small_plan(), path, inputs={}, run={}) == []
    return path


def show(folder, *options, width=160):
    return CliRunner(env={"COLUMNS": str(width)}).invoke(command, [str(folder), *options])


def test_the_table_adds_up(folder):
    result = show(folder)
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "Small, revenue, commit, 2027-01-01 until 2028-01-01",
        "unit               amount  last year   growth",
        "---------------  --------  ---------  -------",
        "City               500.00      75.06  +566.1%",
        "North The North    199.99      78.06  +156.2%",
        "South The South    300.01",
        "---------------  --------  ---------  -------",
        "total            1,000.00     153.12  +553.1%",
    ]


def test_periods_stand_beside_each_other_where_they_fit(folder):
    assert show(folder, "--grain", "quarter").stdout.splitlines()[1].split() == [
        "unit", "2027-Q1", "2027-Q2", "2027-Q3", "2027-Q4", "total", "last", "year", "growth"]  # fmt: skip
    narrow = show(folder, "--grain", "quarter", width=50).stdout.splitlines()
    assert narrow[1].split() == ["unit", "period", "amount", "last", "year", "growth"]
    assert narrow[-1].split() == ["total", "1,000.00", "153.16", "+552.9%"]


def test_ratios_and_levels_are_not_added_up_over_time(folder):
    ratio = show(folder, "--measure", "price", "--by", "person", "--grain", "half").stdout
    assert "total" not in ratio
    level = show(folder, "--measure", "outlets", "--by", "person", "--grain", "half").stdout.splitlines()
    assert level[-1].split() == ["total", "60", "60"]


def test_json_has_whole_numbers_and_half_open_dates(folder):
    result = show(folder, "--by", "person", "--grain", "half", "--json")
    rows = json.loads(result.stdout)["rows"]
    assert len(rows) == 6
    first = {k: rows[0][k] for k in ("person", "since", "until", "measure", "level", "amount", "decimals", "last_year")}
    assert first == {
        "person": "Ana", "since": "2027-01-01", "until": "2027-07-01", "measure": "revenue", "level": "commit",
        "amount": 20146, "decimals": 2, "last_year": 1803}  # fmt: skip
    assert rows[2]["last_year"] is None
    assert sum(row["amount"] for row in rows) == 100_000


def test_json_of_nothing_is_an_empty_list(folder):
    assert json.loads(show(folder, "--json", "--since", "2029-01-01").stdout)["rows"] == []


def test_csv_opens_in_a_spreadsheet(folder, tmp_path):
    assert show(folder, "--by", "person", "--level", "stretch", "--csv", str(tmp_path / "a.csv")).exit_code == 0
    written = (tmp_path / "a.csv").read_bytes()
    assert written.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline="")))
    assert [(r["person"], r["amount"], r["last_year"]) for r in rows] == [
        ("Ana", "700.00", "75.06"), ("Bo", "400.00", ""), ("vacant:North", "200.00", "78.06")]  # fmt: skip
    assert show(folder, "--by", "person", "--level", "stretch", "--csv", "-").stdout_bytes == written


def test_no_key_becomes_a_formula(tmp_path):
    evil = ["=HYPERLINK(1)", "+1", "-1", "@a", "\tb", "\rc"]
    quotas = pl.concat([small_plan()["quotas"].head(1).with_columns(person=pl.lit(key)) for key in evil])
    plan = replace_tables(small_plan(), quotas=quotas.with_columns(row=pl.int_range(6, dtype=pl.Int32)))
    write_plan(replace(plan, cuts={}), tmp_path / "plan", inputs={}, run={})
    text = show(tmp_path / "plan", "--by", "person", "--csv", "-").stdout_bytes.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert sorted(row["person"] for row in rows) == sorted("'" + key for key in evil)
    show(tmp_path / "plan", "--by", "person", "--xlsx", str(tmp_path / "a.xlsx"))
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    assert {cell.data_type for cell in sheet["A"]} == {"s"}
    assert len(show(tmp_path / "plan", "--by", "person").stdout.splitlines()) == 11  # nothing moves the cursor


def test_the_workbook_has_numbers_formats_and_totals_with_their_values(folder, tmp_path):
    path = tmp_path / "a.xlsx"
    assert show(folder, "--by", "person", "--grain", "half", "--xlsx", str(path)).exit_code == 0
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert [cell.value for cell in sheet[1]][:2] == ["person", "since"]
    assert sheet["B2"].value == datetime(2027, 1, 1)
    assert (sheet["G2"].value, sheet["G2"].number_format) == (201.46, "#,##0.00")
    assert sheet["G8"].value == "=SUBTOTAL(109,G2:G7)"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:I7"
    assert book.properties.created == datetime(2026, 12, 31)
    assert openpyxl.load_workbook(path, data_only=True).active["G8"].value == 1000
    assert show(folder, "--by", "person", "--grain", "half", "--xlsx", str(tmp_path / "b.xlsx")).exit_code == 0
    assert path.read_bytes() == (tmp_path / "b.xlsx").read_bytes()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--by", "unti"], "unit"),
        (["--by", "customer,product"], "customer, product"),
        (["--under", "unit=Nort"], "North"),
        (["--under", "North"], "dimension=key"),
        (["--grain", "moon"], "month"),
        (["--measure", "revenues"], "revenue"),
        (["--since", "soon"], "soon"),
        (["--json", "--csv", "x"], "only one"),
        (["--csv", "no/such/folder/a.csv"], "cannot be written"),
        (["--xlsx", "no/such/folder/a.xlsx"], "cannot be written"),
        (["--since", "2027-05-01", "--until", "2027-04-01"], "2027-05-01/2027-04-01"),
    ],
)
def test_what_is_wrong_is_said_plainly(folder, options, words):
    result = show(folder, *options)
    assert result.exit_code == 2
    assert words in result.stderr
    assert "Traceback" not in result.output


def test_a_folder_that_is_no_plan_is_said_plainly(tmp_path):
    assert show(tmp_path).exit_code == 2
    assert show(tmp_path / "nowhere").exit_code == 2
    assert json.loads(show(tmp_path, "--json").stdout)["issues"][0]["rule"] == "not_a_plan"


def test_a_table_damaged_inside_is_said_plainly(tmp_path):
    write_plan(small_plan(), tmp_path / "plan", inputs={}, run={})
    path = tmp_path / "plan" / "quotas.parquet"
    content = bytearray(path.read_bytes())
    content[4:900] = b"\xff" * 896
    path.write_bytes(bytes(content))
    result = show(tmp_path / "plan")
    assert result.exit_code == 2
    assert "damaged" in result.stderr


def test_clipped_dates_are_a_warning(folder):
    result = show(folder, "--since", "2020-01-01")
    assert result.exit_code == 0
    assert "clipped" in result.stderr
    assert "1,000.00" in result.stdout


def test_fiscal_periods_are_named_by_the_year_in_which_they_end(tmp_path):
    write_plan(small_plan(replace(SETTINGS, fiscal_start=7)), tmp_path / "plan", inputs={}, run={})
    assert "FY2027-Q3" in show(tmp_path / "plan", "--grain", "quarter").stdout
