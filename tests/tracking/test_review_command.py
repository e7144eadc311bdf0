"""``quotum review`` writes a folder once, the same bytes each time, and prints rows for programs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import fastexcel
import polars as pl
import pytest
from click.testing import CliRunner

from quotum.adapters.files.review_folder import read_review
from quotum.cli import main

ROOT = Path(__file__).parents[2]
KEYS = ["person", "measure", "level", "decimals", "target", "plan_to_date", "actual", "outlook", "low", "high",
        "chance", "drivers"]  # fmt: skip


def call(*arguments: object) -> tuple[int, str]:
    told = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert told.exception is None or isinstance(told.exception, SystemExit), told.exception
    return told.exit_code, told.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with the tiny company, its plan for 2027, and what it sold until March."""
    place = tmp_path_factory.mktemp("tiny")
    shutil.copytree(ROOT / "examples" / "tiny", place / "company")
    assert call("plan", place / "company", "--out", place / "plan")[0] == 0
    sales = place / "company" / "sales.csv"
    old = pl.read_csv(sales, infer_schema=False)
    new = old.filter(pl.col("date") < "2026-04").with_columns(pl.col("date").str.replace("2026", "2027"))
    pl.concat([old, new]).write_csv(sales)
    return place


def test_rows_for_programs_have_what_was_promised(folder):
    code, told = call("review", folder / "company", "--plan", folder / "plan", "--as-of", "2027-03-31",
                      "--out", folder / "json", "--json")  # fmt: skip
    shown = json.loads(told)
    assert code == 0
    assert list(shown) == ["as_of", "rows"]
    assert shown["as_of"] == "2027-03-31"
    assert len(shown["rows"]) > 1
    for row in shown["rows"]:
        assert list(row)[: len(KEYS)] == KEYS  # what was added since stands behind
        assert sum(row["drivers"].values()) == row["actual"] - row["plan_to_date"]
        assert isinstance(row["outlook"], int)


def test_the_same_review_has_the_same_bytes_and_is_written_once(folder):
    arguments = ("review", folder / "company", "--plan", folder / "plan", "--as-of", "2027-03-31", "--out")
    assert call(*arguments, folder / "one")[0] == call(*arguments, folder / "two")[0] == 0
    files = sorted(path.name for path in (folder / "one").iterdir())
    assert "review.xlsx" in files
    for name in files:
        if name != "run.json":
            assert (folder / "one" / name).read_bytes() == (folder / "two" / name).read_bytes(), name
    assert call(*arguments, folder / "one")[0] == 2


def test_a_review_reads_back_and_its_workbook_holds_its_numbers(folder):
    call("review", folder / "company", "--plan", folder / "plan", "--as-of", "2027-03-31", "--out", folder / "back")
    made, issues = read_review(folder / "back")
    assert made is not None, issues
    book = fastexcel.read_excel(folder / "back" / "review.xlsx")
    assert book.sheet_names[:2] == ["Dashboard", "Standing"]
    standing = book.load_sheet("Standing", header_row=3).to_polars()
    company = made["attainment"].filter(pl.col("dimension") == "company", pl.col("level") == "commit")
    assert standing["Actual"][0] == company["actual"].item() / 100
    assert {"Warnings", "Sales by month"} < set(book.sheet_names)


def test_what_is_no_plan_or_no_review_is_told(folder):
    code, told = call("review", folder / "company", "--plan", folder / "nothing", "--as-of", "2027-03-31",
                      "--out", folder / "no", "--json")  # fmt: skip
    assert code == 2
    assert json.loads(told)["issues"][0]["rule"] == "plan_missing"
    assert not (folder / "no").exists()
    assert [issue.rule for issue in read_review(folder / "plan")[1]] == ["not_a_review"]


def test_other_plan_rates_are_refused(folder):
    code, told = call("review", folder / "company", "--plan", folder / "plan", "--as-of", "2027-03-31",
                      "--out", folder / "usd", "--set", "rates.USD=0.9", "--json")  # fmt: skip
    assert code == 2
    errors = [issue["rule"] for issue in json.loads(told)["issues"] if issue["severity"] == "error"]
    assert errors == ["review_other_money"]


def test_a_plan_is_shown_with_what_came_of_it(folder):
    call("review", folder / "company", "--plan", folder / "plan", "--as-of", "2027-03-31", "--out", folder / "shown")
    made, _ = read_review(folder / "shown")
    company = made["attainment"].filter(dimension="company", level="commit").row(0, named=True)
    asked = ("show", folder / "plan", "--actual", folder / "shown", "--by")
    code, told = call(*asked, "person", "--grain", "month", "--json")
    rows = json.loads(told)["rows"]
    assert code == 0
    assert sum(row["due"] for row in rows) == company["plan_to_date"]
    assert sum(row["actual"] for row in rows) == company["actual"]
    code, told = call(*asked, "customer")
    assert code == 0
    assert "due by now" in told
    assert told.splitlines()[-1].startswith("total")


def test_a_review_of_another_plan_is_refused(folder):
    company = folder / "company"
    assert call("plan", company, "--out", folder / "other", "--set", "plan.seed=99")[0] == 0
    call("review", company, "--plan", folder / "plan", "--as-of", "2027-03-31", "--out", folder / "of_plan")
    code, told = call("show", folder / "other", "--actual", folder / "of_plan", "--json")
    assert code == 2
    assert [issue["rule"] for issue in json.loads(told)["issues"]] == ["review_other_plan"]


def test_people_are_shown_with_their_names(folder):
    told = CliRunner().invoke(main, ["review", str(folder / "company"), "--plan", str(folder / "plan"), "--as-of",
                                     "2027-03-31", "--out", str(folder / "named"), "--by-unit"])  # fmt: skip
    assert "ann Ann Doyle" in told.stdout
    book = fastexcel.read_excel(folder / "named" / "review.xlsx")
    assert "ann Ann Doyle" in book.sheet_names
    assert "ann Ann Doyle" in book.load_sheet("Standing", header_row=3).to_polars()["Who"]
    made = book.load_sheet("ann Ann Doyle", header_row=None).to_polars()
    assert made.select(pl.any_horizontal(pl.all().cast(pl.String).str.contains("A1 Anchor Café"))).to_series().any()
    assert "ann" in read_review(folder / "named")[0]["attainment"]["node"]
    part = fastexcel.read_excel(folder / "named" / "units" / "cork.xlsx")
    assert "ann Ann Doyle" in part.sheet_names


def test_a_folder_that_is_no_review_is_told_which_is_wanted(folder):
    told = CliRunner().invoke(main, ["charts", str(folder / "plan"), "--out", str(folder / "pictures")])
    assert told.exit_code == 2
    assert "there is no review.json in it" in told.stderr
    assert "Errno" not in told.stderr


def test_a_review_that_cannot_be_written_is_told_by_the_path_given(folder):
    (folder / "file").write_text("")
    told = CliRunner().invoke(main, ["review", str(folder / "company"), "--plan", str(folder / "plan"), "--as-of",
                                     "2027-03-31", "--out", str(folder / "file" / "x")])  # fmt: skip
    assert told.exit_code == 2
    assert "The review could not be written" in told.stderr
    assert "unfinished" not in told.stderr
