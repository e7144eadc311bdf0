"""AdventureWorks appraises fiscal 2022 quarter by quarter, while the rest of the year is planned anew three times."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

from quotum.adapters.calendars import list_days
from quotum.adapters.files.company_folder import open_company
from quotum.adapters.files.scheme_toml import read_schemes
from quotum.engine.appraisal import check_schemes, list_sources, open_sources
from quotum.engine.appraising import appraise_company, simulate_company
from quotum.engine.planning import calendar_span, make_plan, replan_plan, up_to
from quotum.engine.tables.replan_settings import ReplanSettings

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "adventureworks"
SOURCE = Path(os.environ.get("QUOTUM_DATA", ROOT.parent / "shared" / "data")) / "adventureworks"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (SOURCE / "sales_lines.csv").is_file(),
        reason="needs the AdventureWorks files in ../shared/data/adventureworks or QUOTUM_DATA",
    ),
]
ASKED = [12.62, 12.86, 13.89, 26.57]  # millions, of the sales representatives
QUARTERS = [date(2021, 7, 1), date(2021, 10, 1), date(2022, 1, 1), date(2022, 4, 1), date(2022, 7, 1)]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Return the company a year later, its schemes, and the plan as it stood at the beginning of each quarter."""
    opened = open_company(EXAMPLE, data=SOURCE)
    days, _ = list_days(opened.settings.country, *calendar_span(opened.settings))
    plan, issues = make_plan(opened.company, opened.settings, days)
    assert plan is not None, issues
    folder = tmp_path_factory.mktemp("later")
    text = (EXAMPLE / "plan.toml").read_text(encoding="utf-8")
    (folder / "plan.toml").write_text(text.replace("until = 2021-07-01 }", "until = 2022-07-01 }"), encoding="utf-8")
    shutil.copytree(EXAMPLE / "schemes", folder / "schemes")
    company = open_company(folder, data=SOURCE).company
    schemes, issues = read_schemes(folder, 2)
    assert not issues
    plans = [plan]
    for day in (quarter - timedelta(days=1) for quarter in QUARTERS[1:-1]):
        days, _ = list_days("US", *calendar_span(replace(plan.settings, as_of=day)))
        made, issues = replan_plan(company, plans[-1], days, day, ReplanSettings("keep-year"))
        assert made is not None, issues
        plans.append(made)
    return company, schemes, plans


def appraise(world, plan, since, until, company=None):
    days, _ = list_days("US", date(since.year - 2, 7, 1), until)
    weights = days.select("date", weight=pl.col("kind").is_in(["workday", "makeup"]).cast(pl.Float64))
    return appraise_company(company or world[0], plan, world[1], weights, since, until)


def scores(made, card: str):
    keep = ("person", "unit", "period", "score_e2", "grade", "pay")
    return made["scores"].filter(scorecard=card).sort("period", "person", "unit").select(keep)


def test_a_quarter_scored_at_its_end_keeps_its_score_at_the_years_end(world):
    company, _, plans = world
    at_the_end = appraise(world, plans[-1], QUARTERS[0], QUARTERS[-1])
    for plan, since, until in zip(plans, QUARTERS, QUARTERS[1:], strict=False):
        then = appraise(world, plan, since, until, up_to(company, until - timedelta(days=1)))
        for card in ("quarter", "region"):
            label = then["scores"].filter(scorecard=card)["period"][0]
            now = scores(at_the_end, card).filter(period=label)
            assert scores(then, card).equals(now), label


def test_what_the_year_comes_to(world):
    """The figures of examples/adventureworks/README.md."""
    made = appraise(world, world[2][-1], QUARTERS[0], QUARTERS[-1])
    quarters = made["scores"].filter(scorecard="quarter")
    told = quarters.group_by("period").agg(
        people=pl.len(), mean=(pl.col("score_e2").mean() / 100).round(2), fails=(pl.col("grade") == "fail").sum(),
        pay=pl.col("pay").sum() // 100,
    ).sort("period")  # fmt: skip
    assert told.rows() == [
        ("FY2022-Q1", 14, 71.92, 4, 74_999), ("FY2022-Q2", 14, 80.26, 2, 82_490),
        ("FY2022-Q3", 14, 67.05, 6, 76_372), ("FY2022-Q4", 14, 59.39, 8, 73_601),
    ]  # fmt: skip
    year = made["scores"].filter(scorecard="year").group_by("grade").len().sort("grade")
    assert dict(year.iter_rows()) == {"A": 3, "B": 2, "C": 9}
    asked = made["lines"].filter(pl.col("person") != "", scorecard="quarter", indicator="sales_amount")
    asked = asked.group_by("period").agg((pl.col("target").sum() / 1e6).round(2)).sort("period")
    assert asked["target"].to_list() == ASKED


def test_every_figure_of_a_person_opens_to_lines_of_their_files(world):
    made = appraise(world, world[2][0], QUARTERS[0], QUARTERS[1])
    tables = {**made.tables, **list_sources(made, world[1], world[0])}
    rows = open_sources(tables, person="282")
    assert set(rows["file"]) == {"sales_lines.csv", "resellers.csv"}
    revenue = rows.filter(fact="revenue", part="quarter")
    sales = world[0].sources["sales"]
    lines = world[0]["sales"].with_row_index("row").with_columns(
        line=pl.col("row").cast(pl.Int64) + sales.first_line if sales.lines is None else pl.lit(sales.lines)
    )  # fmt: skip
    of_rows = lines.filter(pl.col("line").is_in(revenue["line"].implode()))["amount_e4"].sum() / 10_000
    actual = made["lines"].filter(person="282", scorecard="quarter", indicator="sales_amount")["actual"].item()
    assert of_rows == pytest.approx(actual)


def test_the_scheme_is_sound_and_can_be_tried_on_the_year_before(world):
    company, schemes, plans = world
    found = {issue.rule for issue in check_schemes(company, plans[0].settings, schemes)}
    assert found == {"person_without_scorecard"}  # who leads sells little and is not appraised by it
    days, _ = list_days("US", date(2019, 7, 1), QUARTERS[1])
    weights = days.select("date", weight=pl.lit(1.0))
    tried = simulate_company(company, plans[0], schemes, weights, QUARTERS[0], QUARTERS[1])
    lines = tried.appraisal["lines"].filter(pl.col("person") != "", indicator="sales_amount")
    assert lines["target"].sum() == pytest.approx(lines["actual"].sum(), rel=0.1)
    assert tried.sensitivity.height >= 8
