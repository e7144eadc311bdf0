"""A customer that changes hands counts for each owner with the curve's part, season included."""

from datetime import date

import polars as pl
import pytest

from quotum.adapters.calendars import list_days
from quotum.engine.planning import calendar_span, make_plan
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import AcrossStep, AlongStep, Measure, PlanSettings, Target


def plan_winter_business(season: str) -> pl.DataFrame:
    """A company that sells four times as much in the first quarter; its one customer changes hands on 1 April."""
    days = pl.date_range(date(2024, 1, 1), date(2027, 1, 1), "1d", closed="left", eager=True)
    amount = pl.when(pl.col("date").dt.month() <= 3).then(4).otherwise(1) * 10_000
    company = Company.of(
        {
            "units": pl.DataFrame({"unit": ["U"]}),
            "people": pl.DataFrame({"person": ["ana", "bo"], "unit": ["U", "U"]}),
            "customers": pl.DataFrame({"customer": ["c"]}),
            "ownership": pl.DataFrame(
                {"customer": ["c", "c"], "person": ["ana", "bo"], "since": [date(2020, 1, 1), date(2027, 4, 1)],
                 "until": [date(2027, 4, 1), None]}
            ),
            "sales": pl.DataFrame({"date": days}).with_columns(pl.lit("c").alias("customer"), amount_e4=amount),
        }
    )  # fmt: skip
    settings = PlanSettings(
        name="winter", since=date(2027, 1, 1), until=date(2028, 1, 1), as_of=date(2026, 12, 31),
        targets=(Target("revenue", 1_000_000, 1_000_000),),
        steps=(AcrossStep("person", "person"), AlongStep("calendar", season=season, weekdays=(1,) * 7)),
        measures={"revenue": Measure("revenue", "flow", 2)},
    )  # fmt: skip
    calendar, _ = list_days("", *calendar_span(settings))
    plan, _ = make_plan(company, settings, calendar)
    assert plan is not None
    return plan["quotas"].select("person", "commit")


def test_the_owner_of_the_season_gets_the_season():
    by_person = dict(plan_winter_business("history").iter_rows())
    assert by_person["ana"] == pytest.approx(1_000_000 * 4 * 90 / (4 * 90 + 275), rel=0.01)


def test_without_a_season_days_count_alike():
    by_person = dict(plan_winter_business("flat").iter_rows())
    assert by_person["ana"] == pytest.approx(1_000_000 * 90 / 365, rel=0.001)
