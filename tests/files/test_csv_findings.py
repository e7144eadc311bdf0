"""What is wrong with a CSV file comes back with the line an editor shows."""

import csv
import io
import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from company_files import SOUND, find, write_company
from quotum.adapters.files.company_folder import read_company
from quotum.adapters.files.csv_text import read_csv_table
from quotum.engine.basics.issues import stops
from quotum.engine.tables.schema import TABLES

HEAD = "date,customer,product,quantity,amount\n"


def test_sound_company_has_no_findings(tmp_path):
    assert find(tmp_path) == []


@pytest.mark.parametrize("change", [
    lambda text: text.replace("\n", "\r\n"), lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r"),
    lambda text: text.rstrip("\n"), lambda text: text + "\n\n", lambda text: text.upper().replace("DATE", " Date "),
    lambda text: text + ",,,,\n",
])  # fmt: skip
def test_line_ends_boms_capitals_and_blank_rows_do_not_matter(tmp_path, change):
    company, issues = read_company(write_company(tmp_path, {"sales.csv": change(SOUND["sales.csv"])}))
    assert issues == []
    assert company["sales"]["amount_e4"].to_list() == [105_000, 200_000]


@pytest.mark.parametrize(("rows", "rule", "line", "value"), [
    ("2026-12-01,C1,P1,1\n", "row_too_short", 2, "4"),
    ("2026-12-01,C1,P1,1,10\n2026-12-01,C1,P1,1,10,50\n", "row_too_long", 3, "6"),
    ('2026-12-01,"C\n1",P1,1,10\n2026-12-01,C1,P1,1\n', "row_too_short", 4, "4"),
    ("\n\n2026-12-01,C1\n", "row_too_short", 4, "2"),
    ("2026-12-01,C1,P1,1,1\n2026-12-01,C1,P1,1,x\n", "not_a_number", 3, "x"),
    ('2026-12-01,C1,P1,1,1\n\n2026-12-01,C1,P1,1,"1,000"\n', "not_a_number", 4, "1,000"),
    ("2026-12-01,C1,P1,1,NaN\n", "not_finite", 2, "NaN"),
    ("2026-12-01,C1,P1,1,-inf\n", "not_finite", 2, "-inf"),
    ("2026-12-01,C1,P1,1,1e308\n", "amount_too_large", 2, "1e308"),
    ("2026-12-01,C1,P1,1,9" + "9" * 40 + "\n", "amount_too_large", 2, "9" * 41),
    ("2026-12-01,C1,P1,1,1.23456\n", "too_many_decimals", 2, "1.23456"),
    ("2026-12-01,C1,P1,1,1e-7\n", "too_many_decimals", 2, "1e-7"),
    ("2026-02-30,C1,P1,1,1\n", "not_a_date", 2, "2026-02-30"),
    ("26-12-01,C1,P1,1,1\n", "not_a_date", 2, "26-12-01"),
    ("2026-12-01,C1,P1,1,\n", "value_missing", 2, ""),
    ("2026-12-01," + "x" * 1_000_000 + ",P1,1,1\n", "cell_too_long", 2, "x" * 80),
    ("2026-12-01,C1,P1,1,1\n2026-12-01,C\x001,P1,1,1\n", "nul_byte", 3, ""),
    ("2026-12-01,C1,P1,1,1\n2026-12-01,\"C1,P1,1,1\n", "quote_open", 3, ""),
    ('2026-12-01,"C1"x,P1,1,1\n', "quote_misplaced", 2, ""),
])  # fmt: skip
def test_finding_names_line_and_value(tmp_path, rows, rule, line, value):
    found = [(issue.line, issue.value) for issue in find(tmp_path, {"sales.csv": HEAD + rows}) if issue.rule == rule]
    assert found == [(line, value)]


def test_a_cell_that_cannot_be_read_is_not_called_missing_too(tmp_path):
    issues = find(tmp_path, {"sales.csv": HEAD + "2026-12-01,C1,P1,1,x\n2026-12-01,C1,P1,1,\n"})
    assert [(i.rule, i.line) for i in issues] == [("not_a_number", 2), ("value_missing", 3)]


@pytest.mark.parametrize(("content", "rule"), [
    (b"", "file_empty"), (b"\n \n", "file_empty"), (b"\xff\xfed\x00a\x00", "not_utf8"),
    (HEAD.replace(",", ";").encode(), "other_delimiter"), (b"date,customer,product\n", "column_missing"),
    (b"date,customer,amount,amount\n", "column_twice"), (HEAD.encode(), "tables_empty"),
])  # fmt: skip
def test_whole_file_findings(tmp_path, content, rule):
    assert rule in {issue.rule for issue in find(tmp_path, {"sales.csv": content})}


def test_another_encoding_is_one_finding_with_its_line(tmp_path):
    content = (HEAD + "2026-12-01,C1,P1,1,1\n2026-12-02,Müller,P1,1,1\n").encode("cp1252")
    issues = find(tmp_path, {"sales.csv": content})
    assert [(i.rule, i.line) for i in issues] == [("not_utf8", 3)]
    assert "ller" in issues[0].value


def test_unknown_column_offers_the_nearest(tmp_path):
    issues = find(tmp_path, {"people.csv": "person,name,unit,hierd\nann,Ann,north,\nbob,Bob,south,\n"})
    assert [(i.rule, i.severity, i.column, dict(i.details)) for i in issues] == [
        ("unknown_column", "warning", "hierd", {"nearest": "hired"})
    ]


def test_keys_of_ragged_rows_are_not_missed_elsewhere(tmp_path):
    issues = find(tmp_path, {"customers.csv": "customer,name,person,channel\nC1,First,ann\nC2,Second,bob,retail,x\n"})
    assert {issue.rule for issue in issues} == {"row_too_short", "row_too_long"}


def test_a_quote_inside_of_a_bare_cell_is_a_letter(tmp_path):
    company, issues = read_company(write_company(tmp_path, {"products.csv": 'product,name\nP1,5" pipe\nP2,6" "x"\n'}))
    assert issues == []
    assert company["products"]["name"].to_list() == ['5" pipe', '6" "x"']


def test_everything_is_found_at_once(tmp_path):
    issues = find(tmp_path, {"sales.csv": HEAD + "x,C9,P1,1,y\n", "people.csv": None, "plan.toml": "[plan]\n"})
    assert {"not_a_date", "not_a_number", "orphan_key", "table_missing", "setting_missing"} <= {i.rule for i in issues}


@given(st.binary(max_size=400) | st.text(alphabet=',"\n\r0aé x;', max_size=200).map(str.encode))
def test_no_bytes_raise(content):
    """Whatever is in the file: cells or findings, never an exception."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "products.csv"
        path.write_bytes(content)
        raw, issues = read_csv_table(path, TABLES["products"], path.name)
        assert raw is not None or issues


@given(
    st.lists(st.lists(st.text(alphabet='a,"\n é;\t', max_size=6), min_size=3, max_size=3), min_size=1, max_size=8),
    st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]), st.sampled_from(["\n", "\r\n"]),
)  # fmt: skip
def test_what_the_csv_module_writes_is_read_back(rows, quoting, end):
    rows = [["k" + cell for cell in row] for row in rows]
    text = io.StringIO(newline="")
    csv.writer(text, quoting=quoting, lineterminator=end).writerows([["product", "category", "name"], *rows])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "products.csv"
        path.write_bytes(text.getvalue().encode())
        raw, issues = read_csv_table(path, TABLES["products"], path.name)
    assert not stops(issues)
    assert raw.cells.select("product", "category", "name").rows() == [tuple(row) for row in rows]
    lines = pl.Series(range(2, len(rows) + 2)) if raw.lines is None else raw.lines
    content = text.getvalue()
    starts = [2 + sum(cell.count("\n") for row in rows[:k] for cell in row) + k for k in range(len(rows))]
    assert lines.to_list() == starts, content
