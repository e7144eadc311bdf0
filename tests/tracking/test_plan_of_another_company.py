"""A plan is held against its own company only, and told where the sales end before the day that is looked at."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from quotum.cli import main
from quotum.engine.tables.same_company import count_silent_days

ROOT = Path(__file__).parents[2]


def call(*arguments: object) -> tuple[int, dict[str, object]]:
    told = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert told.exception is None or isinstance(told.exception, SystemExit), told.exception
    return told.exit_code, json.loads(told.stdout)


def rules(told: dict) -> list[str]:
    return [issue["rule"] for issue in told["issues"] if issue["severity"] != "note"]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """Return a folder with a company, its plan, and the same tables with other people."""
    place = tmp_path_factory.mktemp("two")
    shutil.copytree(ROOT / "examples" / "tiny", place / "company")
    (place / "company" / "schemes").mkdir()
    scheme = 'scheme = "x"\nsince = 2027-01-01\n[[scorecard]]\nname = "q"\n[[scorecard.line]]\n'
    scheme += 'indicator = "teamwork"\nweight = 100\nscore = "rated"\nowner = "a"\n'
    (place / "company" / "schemes" / "x.toml").write_text(scheme)
    made = CliRunner().invoke(main, ["plan", str(place / "company"), "--out", str(place / "plan")])
    assert made.exit_code == 0
    shutil.copytree(place / "company", place / "other")
    names = pl.read_csv(place / "other" / "people.csv", infer_schema=False)["person"].to_list()
    new = {name: f"x{name}" for name in names}
    for file in (place / "other").glob("*.csv"):
        table = pl.read_csv(file, infer_schema=False)
        keys = [column for column in ("person", "manager") if column in table.columns]
        table.with_columns(pl.col(keys).replace(new)).write_csv(file)
    return place


def held_against(place: Path, company: str, *more: str) -> dict[str, tuple[int, list[str]]]:
    """Return code and findings of each command that holds a plan against a company."""
    folder, plan = place / company, ("--plan", place / "plan")
    out = place / f"{company}-out"
    asked = {
        "review": ("review", folder, *plan, "--as-of", "2027-03-31", "--out", out, "--json"),
        "replan": ("replan", folder, *plan, "--as-of", "2027-03-31", "--dry-run", "--json"),
        "appraise": ("appraise", folder, *plan, "--period", "2027-01", "--json"),
    }
    found = {}
    for name, arguments in asked.items():
        code, told = call(*arguments, *more)
        found[name] = (code, rules(told) if "issues" in told else [])
    return found


def test_a_plan_of_other_people_is_refused(place):
    for name, (code, found) in held_against(place, "other").items():
        assert code == 2, name
        assert "plan_other_company" in found, name


def test_a_plan_in_other_money_is_refused(place):
    shutil.copytree(place / "company", place / "dollars")
    settings = place / "dollars" / "plan.toml"
    settings.write_text(settings.read_text().replace('currency = "EUR"', 'currency = "USD"'))
    for name, (code, found) in held_against(place, "dollars").items():
        assert code == 2, name
        assert "review_other_money" in found, name


def test_sales_that_end_before_the_day_are_told(place):
    found = held_against(place, "company")
    assert found["replan"] == (0, ["sales_end_early"])
    told = CliRunner().invoke(main, ["review", str(place / "company"), "--plan", str(place / "plan"), "--as-of",
                                     "2027-03-31", "--out", str(place / "told")])  # fmt: skip
    assert "The latest sale is of 2026" in told.stderr


def test_a_pause_as_long_as_others_before_is_nothing_to_tell():
    monthly = pl.Series([date(2027, month, 15) for month in (1, 2, 4)])
    assert count_silent_days(monthly) == 59
    assert count_silent_days(pl.Series([date(2027, 1, day) for day in range(1, 9)])) == 14


def test_settings_of_the_plan_are_no_settings_of_a_review(place):
    code, told = call("review", place / "company", "--plan", place / "plan", "--as-of", "2027-03-31", "--out",
                      place / "set", "--set", "plan.since=2026-01-01", "--json")  # fmt: skip
    assert (code, rules(told)) == (2, ["setting_of_plan"])


def test_visits_of_other_people_are_neither_planned_anew_nor_printed(place):
    dates = ("--since", "2027-01-04", "--until", "2027-01-16")
    made = CliRunner().invoke(main, ["plan-visits", str(place / "company"), "--out", str(place / "visits"), *dates,
                                     "--set", "cadence.everyone=10"])  # fmt: skip
    assert made.exit_code == 0, made.output
    code, told = call("replan-visits", place / "visits", place / "other", "--out", place / "v2", "--today",
                      "2027-01-05", "--set", "cadence.everyone=10", "--json")  # fmt: skip
    assert code == 2
    assert "plan_other_company" in rules(told)
    papers = CliRunner().invoke(main, ["visit-papers", str(place / "visits"), "--out", str(place / "papers"),
                                       "--company", str(place / "other")])  # fmt: skip
    assert papers.exit_code == 2


def test_units_stand_as_they_did_in_the_plan(place):
    shutil.copytree(place / "company", place / "moved")
    units = pl.read_csv(place / "moved" / "units.csv", infer_schema=False)
    top = units.filter(pl.col("parent").is_null())["unit"].item()
    units.with_columns(unit=pl.col("unit").replace(top, "new top"), parent=pl.col("parent").replace(top, "new top")
                       ).write_csv(place / "moved" / "units.csv")  # fmt: skip
    for file in (place / "moved").glob("*.csv"):
        table = pl.read_csv(file, infer_schema=False)
        if "unit" in table.columns and file.name != "units.csv":
            table.with_columns(pl.col("unit").replace(top, "new top")).write_csv(file)
    code, _ = call("review", place / "moved", "--plan", place / "plan", "--as-of", "2027-03-31", "--out",
                   place / "moved-review", "--json")  # fmt: skip
    assert code == 0
    standing = pl.read_parquet(place / "moved-review" / "attainment.parquet").filter(level="commit")
    own = standing.filter(dimension="unit", node=top)["target"].to_list()
    assert own == standing.filter(dimension="company")["target"].to_list()
