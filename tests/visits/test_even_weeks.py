"""Weeks are as full as each other where spacing allows it at no cost; nobody is seen less or later for it."""

from __future__ import annotations

import polars as pl
from visit_worlds import crew, plan_visits, town, visits


def weeks_of(plan) -> list[int]:
    """Return the visits of the four weeks of January."""
    counted = plan["visits"].group_by(week=pl.col("date").dt.week()).len()
    made = dict(counted.iter_rows())
    return [made.get(week, 0) for week in (1, 2, 3, 4)]


def test_full_weeks_give_visits_to_empty_ones():
    company = crew(town(12, classes="BC"))
    as_they_fall, even = (plan_visits(company, visits(even_weeks=minutes)) for minutes in (0.0, 30.0))
    assert max(weeks_of(even)) - min(weeks_of(even)) <= 1 < max(weeks_of(as_they_fall)) - min(weeks_of(as_they_fall))
    assert even["cadences"].drop("person").equals(as_they_fall["cadences"].drop("person"))  # as many visits for all
    gaps = even["visits"].filter(pl.col("every") == 10)["gap"].drop_nulls()
    assert gaps.is_between(8, 12).all()  # within the tolerance of a quarter


def test_a_week_with_days_off_takes_less_and_fixed_dates_count():
    away = [{"person": "Ana", "since": "2027-01-12", "until": "2027-01-16"}]  # one day of the second week is left
    booked = [{"person": "Ana", "customer": f"K{at:02d}", "start": f"2027-01-{18 + at} 10:00"} for at in range(4)]
    plan = plan_visits(crew(town(20, classes="BC"), absences=away, appointments=booked))
    first, second, third, fourth = weeks_of(plan)
    assert second <= 4
    assert max(first, third, fourth) - min(first, third, fourth) <= 3
