"""The reason told for what is missed is the one that binds: a small example of each."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from visit_worlds import crew, dates_of, plan_visits, town, visits

from quotum.engine.tables.visit_settings import Cadence, ClassCosts

DAILY_CALLS = Cadence({"B": 10}, calls={"C": 1})
FAR = [{**row, "customer": f"F{row['customer']}", "lat": row["lat"] + 0.8, "class": "B"} for row in town(2)]
NEVER_AWAY = {"overnight_after": 0}


def shops(north: float = 0.0, **cells: object) -> list[dict[str, object]]:
    return [{**row, "lat": row["lat"] + north, **cells} for row in town(2, classes="A")]


def reasons(plan, kind: str = "visit") -> set[str]:
    missed = plan["cadences"].filter(pl.col("missed") > 0, pl.col("kind") == kind)
    return set(missed["reason"])


@pytest.mark.parametrize(("rows", "person", "wanted", "reason"), [
    (shops(), {"minutes_per_day": 0}, visits(), "no_minutes"),
    (shops(), {"visits_per_day": 0}, visits(), "visits_cap"),
    (shops(), {}, visits(per_day={"A": 0}), "kind_cap"),
    (shops(weekdays="1,2"), {}, visits(Cadence({"A": 2})), "spacing"),
    (shops(weekdays="6"), {}, visits(), "no_open_day"),
    (shops(0.2, opens="17:25"), {}, visits(**NEVER_AWAY), "hours"),
    (shops(0.2, closes="09:05"), {}, visits(**NEVER_AWAY), "hours"),
    (shops(3.0), {}, visits(**NEVER_AWAY), "too_far"),
    (FAR, {}, visits(costs=ClassCosts(missed=30.0), **NEVER_AWAY), "too_dear"),
    ([*town(20, classes="C"), *FAR], {"calls_per_day": 60}, visits(DAILY_CALLS, call_minutes=10, **NEVER_AWAY),
     "no_minutes"),  # calls take the time in which the far ones could be seen
])  # fmt: skip
def test_missed_visits(rows, person, wanted, reason):
    assert reasons(plan_visits(crew(rows, person=person), wanted)) == {reason}


@pytest.mark.parametrize(("person", "reason"), [({"calls_per_day": 5}, "calls_cap"), ({}, "no_minutes")])
def test_missed_calls(person, reason):
    wanted = visits(Cadence({}, calls={"C": 1}), call_minutes=30)
    plan = plan_visits(crew(town(10, classes="C"), person={"calls_per_day": 60, **person}), wanted)
    assert reasons(plan, "call") == {reason}


@pytest.mark.parametrize(("start", "north", "away", "reason"), [
    ("2027-01-13 05:30", 0, [], "outside_time"),
    ("2027-01-13 17:45", 0, [], "outside_time"),
    ("2027-01-17 09:00", 0, [], "day_off"),
    ("2027-01-13 09:00", 0, [("2027-01-13", "2027-01-14"), ("2027-01-11", "2027-01-20")], "day_off"),
    ("2027-01-13 09:00", 3, [], "unreachable"),
])  # fmt: skip
def test_fixed_dates_that_cannot_be_kept(start, north, away, reason):
    booked = [{"person": "Ana", "customer": "K00", "start": start, "minutes": 45}]
    absences = [{"person": "Ana", "since": since, "until": until} for since, until in away]
    plan = plan_visits(crew(shops(north), appointments=booked, absences=absences))
    assert reasons(plan, "appointment") == {reason}


@pytest.mark.parametrize("start", ["12:00", "12:15", "12:59"])
def test_a_fixed_date_at_lunch_is_kept_and_takes_its_place(start):
    booked = [{"person": "Ana", "customer": "K00", "start": f"2027-01-13 {start}", "minutes": 60}]
    plan = plan_visits(crew(town(20, classes="A"), appointments=booked))
    day = plan["agenda"].filter(pl.col("date") == date(2027, 1, 13))
    (kept,) = day.filter(pl.col("kind") == "appointment")["start"].to_list()
    assert f"{kept // 60:02}:{kept % 60:02}" == start
    assert "lunch" not in set(day["kind"])
    assert date(2027, 1, 13) not in dates_of(plan, "K00")
