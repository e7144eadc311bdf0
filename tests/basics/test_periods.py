"""Periods tile the plan and are named by their calendar."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotum.engine.basics.periods import GRAINS, cut_periods

days = st.dates(date(1999, 1, 1), date(2040, 12, 31))


@given(since=days, length=st.integers(0, 800), grain=st.sampled_from([*GRAINS, None]), fiscal_start=st.integers(1, 12))
def test_periods_tile_the_span(since, length, grain, fiscal_start):
    until = since + timedelta(days=length)
    periods = cut_periods(since, until, grain, fiscal_start)
    assert sum((p.until - p.since).days for p in periods) == length
    assert all(p.since < p.until for p in periods)
    assert all(a.until == b.since for a, b in pairwise(periods))
    assert len({p.label for p in periods}) == len(periods)
    if periods:
        assert (periods[0].since, periods[-1].until) == (since, until)


@given(since=days, grain=st.sampled_from(GRAINS), fiscal_start=st.integers(1, 12), shift=st.integers(0, 400))
def test_a_day_has_the_same_label_wherever_the_plan_begins(since, grain, fiscal_start, shift):
    day = since + timedelta(days=shift)
    whole = cut_periods(since, day + timedelta(days=1), grain, fiscal_start)[-1]
    alone = cut_periods(day, day + timedelta(days=1), grain, fiscal_start)[0]
    assert whole.label == alone.label


@pytest.mark.parametrize(
    ("day", "grain", "fiscal_start", "since", "until", "label"),
    [
        (date(2027, 1, 1), "week", 1, date(2026, 12, 28), date(2027, 1, 4), "2026-W53"),
        (date(2024, 12, 30), "week", 1, date(2024, 12, 30), date(2025, 1, 6), "2025-W01"),
        (date(2027, 1, 10), "tenday", 1, date(2027, 1, 1), date(2027, 1, 11), "2027-01-T1"),
        (date(2027, 1, 20), "tenday", 1, date(2027, 1, 11), date(2027, 1, 21), "2027-01-T2"),
        (date(2028, 2, 29), "tenday", 1, date(2028, 2, 21), date(2028, 3, 1), "2028-02-T3"),
        (date(2027, 12, 31), "month", 7, date(2027, 12, 1), date(2028, 1, 1), "2027-12"),
        (date(2027, 12, 31), "quarter", 1, date(2027, 10, 1), date(2028, 1, 1), "2027-Q4"),
        (date(2021, 7, 1), "quarter", 7, date(2021, 7, 1), date(2021, 10, 1), "FY2022-Q1"),
        (date(2022, 6, 30), "quarter", 7, date(2022, 4, 1), date(2022, 7, 1), "FY2022-Q4"),
        (date(2022, 1, 1), "half", 7, date(2022, 1, 1), date(2022, 7, 1), "FY2022-H2"),
        (date(2021, 8, 1), "year", 7, date(2021, 7, 1), date(2022, 7, 1), "FY2022"),
        (date(2027, 8, 1), "year", 1, date(2027, 1, 1), date(2028, 1, 1), "2027"),
        (date(2027, 1, 31), "quarter", 2, date(2026, 11, 1), date(2027, 2, 1), "FY2027-Q4"),
        (date(2027, 1, 5), "day", 1, date(2027, 1, 5), date(2027, 1, 6), "2027-01-05"),
    ],
)
def test_period_of_a_day(day, grain, fiscal_start, since, until, label):
    periods = cut_periods(since, until, grain, fiscal_start)
    assert [(p.since, p.until, p.label) for p in periods] == [(since, until, label)]
    assert since <= day < until


def test_without_a_grain_the_span_is_one_period():
    assert [p.label for p in cut_periods(date(2027, 1, 1), date(2028, 1, 1), None)] == ["2027-01-01/2028-01-01"]


def test_an_empty_span_has_no_periods():
    assert cut_periods(date(2027, 1, 1), date(2027, 1, 1), "day") == []
