"""Every attainment opens: to the reasons of its gap, to lines that add up to it, and to rows of files."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from small_reviews import review, standing, with_sales

from quotum.cli import main
from quotum.engine.slices.opening import open_actual
from small_company import USUAL, plan, sale, tea_house

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def told():
    company = tea_house()
    made = plan(company, *USUAL, commit=20_000)
    sold = [sale(customer, 100.03 + month, f"2027-{month:02}-10", "green", quantity=3)
            for month in range(1, 7) for customer in ("inn", "kiosk", "lodge", "market")]  # fmt: skip
    return with_sales(company, sold), review(with_sales(company, sold), made, "2027-06-30")


@pytest.mark.parametrize("person", ["ana", "bo", "cy"])
def test_lines_and_reasons_of_a_person_add_up(told, person):
    _, made = told
    opened, issues = open_actual(made, [("person", person)])
    line = standing(made)[person]
    assert not issues
    assert opened.actual == opened.lines["amount"].sum() == line["actual"]
    assert line["plan_to_date"] + sum(amount for _, amount in opened.drivers) == line["actual"]


def test_a_unit_holds_those_below_it(told):
    company, made = told
    opened, _ = open_actual(made, [("unit", "House")], company=company)
    assert opened.actual == standing(made, "unit")["House"]["actual"]
    assert opened.lines["unit"].n_unique() > 1


def test_lines_of_a_shared_customer_are_parts_of_one_row(told):
    company, made = told
    parts = [open_actual(made, [("person", who), ("customer", "kiosk")], company=company)[0] for who in ("bo", "cy")]
    assert parts[0].sources.equals(parts[1].sources)
    assert parts[0].actual + parts[1].actual == parts[0].sources["amount_e4"].sum() // 100


def test_days_bound_what_is_opened(told):
    _, made = told
    days = {"since": date(2027, 2, 1), "until": date(2027, 3, 1)}
    opened, _ = open_actual(made, [("customer", "inn")], **days)
    assert opened.lines["amount"].to_list() == [102_03]


def test_nobody_is_told_with_the_nearest(told):
    _, issues = open_actual(told[1], [("person", "anna")])
    assert [(issue.rule, dict(issue.details)["nearest"]) for issue in issues] == [("unknown_key", "ana")]


def test_the_command_names_the_rows_of_files(tmp_path):
    shutil.copytree(ROOT / "examples" / "tiny", tmp_path / "company")
    sales = tmp_path / "company" / "sales.csv"
    before = len(sales.read_text(encoding="utf-8").splitlines())
    with sales.open("a", encoding="utf-8") as stream:
        stream.write("2027-01-15,T01,A1,3300\n2027-02-15,T02,B2,1500.50\n")

    def call(*arguments):
        found = CliRunner().invoke(main, [str(argument) for argument in arguments])
        assert found.exit_code == 0, found.output
        return found.stdout

    call("plan", tmp_path / "company", "--out", tmp_path / "plan")
    call("review", tmp_path / "company", "--plan", tmp_path / "plan", "--as-of", "2027-03-31", "--out", tmp_path / "r")
    asked = ("explain", tmp_path / "r", "--person", "ann", "--company", tmp_path / "company")
    shown = json.loads(call(*asked, "--json"))
    assert shown["actual"] == 4_800_50
    assert [(row["file"], row["line"] - before) for row in shown["sources"]] == [("sales.csv", 1), ("sales.csv", 2)]
    text = call(*asked)
    assert f"sales.csv:{before + 1}" in text
    assert "due by now" in text
