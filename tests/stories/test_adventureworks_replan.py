"""AdventureWorks plans fiscal 2022 on data to June 2021 and plans the rest anew at each quarter's end."""

import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from quotum.adapters.calendars import list_days
from quotum.adapters.files.company_folder import open_company
from quotum.engine.planning import calendar_span, make_plan, replan_plan
from quotum.engine.slices import Request, cut_slice
from quotum.engine.tables.replan_settings import ReplanSettings

ROOT = Path(__file__).parents[2]
SOURCE = Path(os.environ.get("QUOTUM_DATA", ROOT.parent / "shared" / "data")) / "adventureworks"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (SOURCE / "sales_lines.csv").is_file(),
        reason="needs the AdventureWorks files in ../shared/data/adventureworks or QUOTUM_DATA",
    ),
]
QUARTER, HALF = date(2021, 9, 30), date(2021, 12, 31)
SOLD = {QUARTER: 10_926_196_09, HALF: 20_202_422_10}  # reseller sales of fiscal 2022 up to the day


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Return the plan of June 2021 and the company as it was a year later."""
    opened = open_company(ROOT / "examples" / "adventureworks", data=SOURCE)
    days, _ = list_days(opened.settings.country, *calendar_span(opened.settings))
    plan, issues = make_plan(opened.company, opened.settings, days)
    assert plan is not None, issues
    folder = tmp_path_factory.mktemp("later")
    text = (ROOT / "examples" / "adventureworks" / "plan.toml").read_text(encoding="utf-8")
    (folder / "plan.toml").write_text(text.replace("until = 2021-07-01 }", "until = 2022-07-01 }"), encoding="utf-8")
    return open_company(folder, data=SOURCE).company, plan


def replan(world, plan, day, policy, surplus="stays"):
    settings = replace(plan.settings, as_of=day)
    days, _ = list_days(settings.country, *calendar_span(settings))
    made, issues = replan_plan(world[0], plan, days, day, ReplanSettings(policy=policy, surplus=surplus))
    assert made is not None, issues
    return made, issues


def amounts(plan, day, *by, before=True):
    """Return what a plan has up to a day, or after it."""
    span = {"until" if before else "since": day + timedelta(days=1)}
    frame, _ = cut_slice(plan, Request(by, "month", "revenue", "commit", **span))
    return frame.select(*by, "since", "amount")


@pytest.mark.parametrize("policy", ["keep-year", "keep-rest", "outlook"])
def test_the_quarter_is_what_was_sold_and_the_rest_follows_the_policy(world, policy):
    plan = world[1]
    made, _ = replan(world, plan, QUARTER, policy)
    target = made.settings.targets[0]
    assert amounts(made, QUARTER)["amount"].sum() == SOLD[QUARTER]
    rest = amounts(made, QUARTER, before=False)["amount"].sum()
    assert amounts(made, QUARTER)["amount"].sum() + rest == target.commit_minor
    for cut in made.cuts.values():
        assert cut["commit"].sum() == made["quotas"].filter(pl.col("row").is_in(cut["row"].implode()))["commit"].sum()
    if policy == "keep-rest":
        assert amounts(made, QUARTER, "person", before=False).equals(amounts(plan, QUARTER, "person", before=False))


def test_customers_new_in_the_year_relieve_the_others(world):
    plan = world[1]
    stays, issues = replan(world, plan, QUARTER, "keep-year")
    ahead = next(dict(i.details)["amount"] for i in issues if i.rule == "replan_ahead")
    assert ahead == "4,167,612.97"  # bought by customers whom the plan of June did not know
    assert stays.settings.targets[0].commit_minor == plan.settings.targets[0].commit_minor + 4_167_612_97
    relieves, _ = replan(world, plan, QUARTER, "keep-year", "relieves")
    assert relieves.settings.targets == plan.settings.targets


def test_the_next_quarter_goes_on_from_the_last(world):
    first, _ = replan(world, world[1], QUARTER, "keep-year")
    second, _ = replan(world, first, HALF, "keep-year")
    assert amounts(second, QUARTER, "person").equals(amounts(first, QUARTER, "person"))
    assert second["quotas"]["commit"].sum() == second.settings.targets[0].commit_minor
