"""Worked example 11: the company's month, the season, each rep, and the days and weeks of each rep add up exactly."""

import polars as pl
import pytest

from quotum.engine.tables.plan_settings import AlongStep
from small_company import CUSTOMER, PERSON, UNIT, plan, slice_of, tea_house

SEASON = AlongStep("calendar", season="table", rates=(3, 2, 4, 6, 9, 12, 14, 12, 7, 5, 4, 6))
TOTAL = pl.col("amount").sum()


@pytest.fixture(scope="module", params=["person before the calendar", "person after the calendar"])
def made(request):
    steps = (UNIT, PERSON, SEASON, CUSTOMER)
    if request.param == "person after the calendar":
        steps = (UNIT, SEASON, PERSON, CUSTOMER)
        steps = (*steps[:3], type(CUSTOMER)("customer", "customer", of="person"))
    return plan(tea_house(), *steps, commit=9_876_543.21, stretch=12_000_000, country="CN")


def by_period(frame):
    return frame.group_by("since").agg(TOTAL).sort("since").rows()


@pytest.mark.parametrize("level", ["commit", "stretch"])
def test_the_daily_targets_of_all_reps_add_up_to_the_companys_month(made, level):
    days = slice_of(made, "person", grain="day", level=level)
    months = days.group_by(pl.col("since").dt.truncate("1mo")).agg(TOTAL).sort("since")
    assert months.rows() == slice_of(made, grain="month", level=level).select("since", "amount").rows()


def test_the_companys_months_follow_the_season(made):
    months = slice_of(made, grain="month")["amount"].to_list()
    assert months[1] == min(months)
    assert months[2] < months[3] < months[4] < months[6]
    assert months[6] > months[7] > months[8] > months[9]
    assert sum(months) == 9_876_543_21


@pytest.mark.parametrize("grain", ["day", "week", "tenday", "month", "quarter", "half", "year"])
def test_at_every_grain_reps_and_customers_add_up_to_the_company(made, grain):
    company = slice_of(made, grain=grain).select("since", "amount").rows()
    for by in ("unit", "person", "customer"):
        assert by_period(slice_of(made, by, grain=grain)) == company


def test_the_weeks_of_a_rep_add_up_to_the_reps_year_although_weeks_cross_months(made):
    weeks = slice_of(made, "person", grain="week").group_by("person").agg(TOTAL).sort("person")
    assert weeks.rows() == slice_of(made, "person").select("person", "amount").sort("person").rows()
    labels = slice_of(made, grain="week")["period"].to_list()
    assert (labels[0], labels[-1]) == ("2026-W53", "2027-W52")


def test_a_day_of_a_rep_never_falls_below_nothing(made):
    assert (slice_of(made, "person", grain="day")["amount"] >= 0).all()
    assert (slice_of(made, "customer", grain="day")["amount"] >= 0).all()
