"""Parquet files, workbooks, and folders that are not what they seem."""

import datetime as dt
import os
import re
import tomllib
import zipfile
from decimal import Decimal

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from company_files import PLAN, SOUND, find, places, write_company
from quotum.adapters.files.company_folder import open_company, read_company
from quotum.adapters.files.new_company import write_new_company
from quotum.adapters.files.plan_toml import read_settings
from quotum.adapters.files.workbook_package import look_inside
from quotum.adapters.printing.issue_texts import TEXTS
from quotum.engine.tables.schema import TABLES


def write_parquet_sales(folder, **columns):
    """Replace sales.csv by a Parquet file with changed columns."""
    write_company(folder, {"sales.csv": None})
    usual = {"date": [dt.date(2026, 12, 1), dt.date(2026, 12, 15)], "customer": ["C1", "C2"], "amount": [10.5, 20.0]}
    pl.DataFrame({**usual, **columns}).write_parquet(folder / "sales.parquet")
    return folder


@pytest.mark.parametrize("amounts", [
    [10.5, 20.0], ["10.50", " 20 "], [Decimal("10.5"), Decimal(20)], pl.Series([10.5, 20.0], dtype=pl.Float32),
])  # fmt: skip
def test_parquet_amounts_of_any_type(tmp_path, amounts):
    company, issues = read_company(write_parquet_sales(tmp_path, amount=amounts))
    assert issues == []
    assert company["sales"]["amount_e4"].to_list() == [105_000, 200_000]


@pytest.mark.parametrize(("columns", "rule", "value"), [
    ({"amount": [1.0, float("nan")]}, "not_finite", "nan"), ({"amount": [1.0, 1e308]}, "amount_too_large", "1e+308"),
    ({"amount": [1, 2**63 - 1]}, "amount_too_large", str(2**63 - 1)), ({"amount": [[1], [2]]}, "wrong_type", None),
    ({"date": [20261201, 20261202]}, "wrong_type", None), ({"date": ["2026-12-01", "?"]}, "not_a_date", "?"),
    ({"amount": [1.0, None]}, "value_missing", ""),
])  # fmt: skip
def test_parquet_findings_name_the_row(tmp_path, columns, rule, value):
    found = [issue for issue in open_company(write_parquet_sales(tmp_path, **columns)).issues if issue.rule == rule]
    assert found[-1].line == 2
    assert value in (None, found[-1].value)


@pytest.mark.parametrize("dtype", [pl.Datetime("ns"), pl.Datetime("us", "Asia/Shanghai"), pl.Date])
def test_parquet_dates_of_any_type(tmp_path, dtype):
    days = pl.Series([dt.datetime(2026, 12, 1), dt.datetime(2026, 12, 15)]).cast(pl.Datetime("us"))
    days = days.dt.replace_time_zone("Asia/Shanghai") if getattr(dtype, "time_zone", None) else days.cast(dtype)
    company, issues = read_company(write_parquet_sales(tmp_path, date=days))
    assert issues == []
    assert company["sales"]["date"].to_list() == [dt.date(2026, 12, 1), dt.date(2026, 12, 15)]


def workbook_of(folder, sheets):
    """Write the company as one workbook: {sheet: rows}."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(folder / "company.xlsx")
    (folder / "plan.toml").write_text(PLAN)
    return folder


SHEETS = {
    "Units": [["unit", "parent"], ["all", None], [10, "all"]],
    "people": [["person", "unit", "hired"], [1001, 10, dt.date(2020, 1, 1)], ["1002", "10", None]],
    "customers": [["customer", "person", "lat", "lon"], [1, 1001, 50.5, 1], [2, 1002, None, None]],
    "sales": [
        ["Date ", "customer", "amount"],
        [dt.datetime(2026, 12, 1, 8), 1, 10.5],
        [dt.date(2026, 12, 15), "2", "20"],
    ],
}


def test_workbook_cells_of_any_kind(tmp_path):
    company, issues = read_company(workbook_of(tmp_path, SHEETS))
    assert issues == []
    assert company["people"]["person"].to_list() == ["1001", "1002"]
    assert company["people"]["unit"].to_list() == ["10", "10"]
    assert company["sales"].select("date", "amount_e4").rows() == [
        (dt.date(2026, 12, 1), 105_000), (dt.date(2026, 12, 15), 200_000)]  # fmt: skip


def test_workbook_lines_are_excels_rows(tmp_path):
    rows = [
        ["date", "customer", "amount"],
        [None] * 3,
        [dt.date(2026, 12, 1), 1, "x"],
        [None] * 3,
        ["?", 1, 2],
        [None] * 3,
    ]
    issues = open_company(workbook_of(tmp_path, {**SHEETS, "sales": rows, "Notes": [["hello"]]})).issues
    assert [(i.rule, i.file, i.line) for i in issues] == [
        ("unknown_sheet", "company.xlsx", None), ("not_a_date", "company.xlsx [sales]", 5),
        ("not_a_number", "company.xlsx [sales]", 3)]  # fmt: skip


def test_workbook_amounts_that_excel_computed_are_rounded(tmp_path):
    rows = [["date", "customer", "amount"], [dt.date(2026, 12, 1), 1, 100 / 3], [dt.date(2026, 12, 1), 1, -1e-7]]
    company, issues = read_company(workbook_of(tmp_path, {**SHEETS, "sales": rows}))
    assert issues == []
    assert company["sales"]["amount_e4"].to_list() == [333_333, 0]


def test_cells_that_show_an_error_are_named(tmp_path):
    rows = [["customer", "person", "potential", "other"], [1, 1001, "#N/A", "#REF!"], [2, 1002, 5, None]]
    issues = open_company(workbook_of(tmp_path, {**SHEETS, "customers": rows})).issues
    assert [(i.rule, i.line, i.column, i.value) for i in issues if i.severity == "error"] == [
        ("excel_error", 2, "potential", "C2")]  # fmt: skip


def test_a_sheet_of_formats_only_is_empty(tmp_path):
    workbook_of(tmp_path, {**SHEETS, "areas": []})
    book = openpyxl.load_workbook(tmp_path / "company.xlsx")
    book["areas"]["B5"].number_format = "0.00"
    book.save(tmp_path / "company.xlsx")
    assert [(i.rule, i.severity) for i in open_company(tmp_path).issues] == [("sheet_empty", "note")]


def test_workbook_header_need_not_be_the_first_row(tmp_path):
    company, issues = read_company(workbook_of(tmp_path, {**SHEETS, "Units": [[None], [], ["unit"], ["10"]]}))
    assert issues == []
    assert company["units"]["unit"].to_list() == ["10"]
    assert company.sources["units"].line(0) == 4


@pytest.mark.parametrize("as_workbook", [False, True])
def test_a_new_company_is_read_back_and_wants_only_units_and_people(tmp_path, as_workbook):
    assert write_new_company(tmp_path / "new", as_workbook=as_workbook) == []
    opened = open_company(tmp_path / "new")
    assert sorted((i.rule, i.table) for i in opened.issues) == [
        ("table_without_rows", "people"), ("table_without_rows", "units"), ("tables_empty", "")]  # fmt: skip
    assert opened.settings.targets[0].commit_minor == 100_000_000
    assert {issue.rule for issue in write_new_company(tmp_path / "new")} == {"folder_in_use"}


def test_every_setting_that_the_empty_plan_shows_can_be_used(tmp_path):
    write_new_company(tmp_path / "new")
    file = tmp_path / "new" / "plan.toml"
    used = re.sub(r"(?m)^# (?=\[|[\w\"-]+ = )", "", file.read_text(encoding="utf-8"))
    assert {"drivers", "focus", "fact", "classes", "forecast", "rates", "history"} <= set(tomllib.loads(used))
    file.write_text(used.replace("weights = { ann", "# weights = { ann"), encoding="utf-8")
    assert read_settings(file)[1] == []


@pytest.mark.parametrize("name", ["sales.parquet", "company.xlsx"])
@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"PAR1" + b"x" * 50 + b"PAR1", os.urandom(2000), b"<html></html>"]
)
def test_files_that_are_not_what_their_ending_says(tmp_path, name, content):
    issues = find(tmp_path, {"sales.csv": None, name: content})
    assert [(i.rule, i.file) for i in issues] == [("file_damaged", name)]


@pytest.mark.parametrize("keep", [0.2, 0.6, 0.95])
def test_truncated_files(tmp_path, keep):
    whole = (write_parquet_sales(tmp_path) / "sales.parquet").read_bytes()
    issues = find(tmp_path, {"sales.csv": None, "sales.parquet": whole[: int(len(whole) * keep)]})
    assert {i.rule for i in issues} == {"file_damaged"}
    (tmp_path / "book").mkdir()
    whole = (workbook_of(tmp_path / "book", SHEETS) / "company.xlsx").read_bytes()
    (tmp_path / "book" / "company.xlsx").write_bytes(whole[: int(len(whole) * keep)])
    assert {i.rule for i in open_company(tmp_path / "book").issues} == {"file_damaged"}


@given(st.data())
@settings(max_examples=25)
def test_flipped_bytes_never_raise(tmp_path_factory, data):
    folder = workbook_of(tmp_path_factory.mktemp("book"), SHEETS)
    content = bytearray((folder / "company.xlsx").read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, 10**6)) % len(content)] = data.draw(st.integers(0, 255))
    (folder / "company.xlsx").write_bytes(content)
    assert {issue.rule for issue in open_company(folder).issues} <= TEXTS.keys()


def test_a_zip_bomb_is_not_opened(tmp_path):
    with zipfile.ZipFile(tmp_path / "company.xlsx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<x/>")
        packed.writestr("xl/worksheets/sheet1.xml", bytes(200 * 1024**2))
    assert look_inside(tmp_path / "company.xlsx").issue.rule == "workbook_too_large"


def test_a_cell_in_the_last_corner_is_not_opened(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"], book.active["XFD1048576"] = 1, 2
    book.save(tmp_path / "company.xlsx")
    issue = look_inside(tmp_path / "company.xlsx").issue
    assert (issue.rule, issue.value) == ("workbook_too_large", "17,179,869,184 cells")


def test_links_out_of_the_folder_are_not_followed(tmp_path):
    inside = tmp_path / "company"
    inside.mkdir()
    (tmp_path / "secret.csv").write_text(SOUND["sales.csv"])
    write_company(inside, {"sales.csv": None})
    (inside / "sales.csv").symlink_to(tmp_path / "secret.csv")
    (inside / "areas.csv").symlink_to(inside / "areas.csv")
    (inside / "events.csv").mkdir()
    assert sorted((i.rule, i.file) for i in open_company(inside).issues) == [
        ("not_a_file", "areas.csv"), ("not_a_file", "events.csv"), ("outside_folder", "sales.csv")]  # fmt: skip


def test_a_table_given_twice_names_both(tmp_path):
    write_parquet_sales(tmp_path)
    issues = find(tmp_path)
    assert places(issues, "table_twice") == [("sales.csv", None, "", "sales.csv, sales.parquet")]


def test_unknown_and_foreign_files(tmp_path):
    issues = find(tmp_path, {"custmers.csv": "a\n1\n", "sales.xls": "x", "notes.md": "x", "~$company.xlsx": "x"})
    assert [(i.rule, i.file, i.severity, dict(i.details)["nearest"]) for i in issues] == [
        ("unknown_file", "custmers.csv", "warning", "customers"),
        ("unread_file", "sales.xls", "warning", "sales"),
    ]


def test_several_workbooks_are_refused(tmp_path):
    workbook_of(tmp_path, SHEETS)
    (tmp_path / "copy.xlsx").write_bytes((tmp_path / "company.xlsx").read_bytes())
    assert "several_workbooks" in {i.rule for i in open_company(tmp_path).issues}


def test_missing_folder_is_one_finding(tmp_path):
    assert [i.rule for i in open_company(tmp_path / "nowhere").issues] == ["folder_missing"]
    (tmp_path / "file").write_text("x")
    assert [i.rule for i in open_company(tmp_path / "file").issues] == ["folder_unreadable"]


def test_every_column_of_every_table_can_be_given(tmp_path):
    """One row with every column filled, for each table, is read into the engine's types."""
    filled = {
        "date": "2026-12-01",
        "amount": "1.5",
        "number": "0.5",
        "whole": "2027",
        "scope": "unit=all",
        "text": "t",
        "key": "k",
        "currency": "EUR",
        "rate": "1.5",
    }
    for table in TABLES.values():
        cells = [c.choices[0] if c.choices else filled[c.kind] for c in table.columns]
        (tmp_path / f"{table.name}.csv").write_text(
            ",".join(c.name for c in table.columns) + "\n" + ",".join(cells) + "\n")  # fmt: skip
    company, issues = read_company(tmp_path)
    assert issues == []
    for table in TABLES.values():
        assert dict(company[table.name].schema) == table.schema
        assert company[table.name].null_count().sum_horizontal().item() == 0
