"""Cases 1, 2 and 5 as far as visits go: real rules of real sales forces."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
from visit_worlds import crew, dates_of, plan_visits, told, town, visits

from quotum.engine.tables.visit_settings import Cadence


def test_case_1_two_hundred_addresses_thirty_visits_on_the_first_trip():
    """Calls to 200 addresses in the first days; the 30 who agreed are visited from 24 May to 5 June."""
    rows = [{**row, "class": "address"} for row in town(200)]
    calling = Cadence(calls={"address": 60})
    days = replace(visits(calling, call_minutes=4), since=date(2027, 5, 18), until=date(2027, 5, 22))
    booked = plan_visits(crew(rows, person={"calls_per_day": 70}), days)
    assert booked["visits"].filter(pl.col("kind") == "call").height == told_needed(booked)
    agreed = {f"K{at:02d}" for at in range(30)}
    trip = replace(visits(Cadence(prospects={"large_soon": 10, "small_soon": 10})), since=date(2027, 5, 24),
                   until=date(2027, 6, 6))  # fmt: skip
    quadrants = {c: "large_soon" if int(c[1:]) < 15 else "small_soon" for c in agreed}
    plan = plan_visits(crew(rows), trip, quadrants=quadrants)
    assert plan["visits"].height == 30
    assert set(plan["visits"]["customer"]) == agreed
    assert plan["visits"]["date"].max() <= date(2027, 6, 5)
    assert told(plan, "K00")["detail"] == "large_soon"


def told_needed(plan) -> int:
    return int(plan["cadences"]["needed"].sum())


def test_case_2_vip_monthly_first_class_every_two_months_second_as_needed():
    rows = town(24, classes="VFS", **{f"K{at:02d}": {"class": "VIP"} for at in range(0, 24, 3)})
    quarter = replace(visits(Cadence({"VIP": 20, "F": 40})), until=date(2027, 5, 1))
    plan = plan_visits(crew(rows), quarter)
    for at in range(0, 24, 3):
        assert 3 <= len(dates_of(plan, f"K{at:02d}")) <= 5  # four months
    for at in range(1, 24, 3):
        assert 1 <= len(dates_of(plan, f"K{at:02d}")) <= 3
    assert not set(plan["cadences"]["customer"]) & {f"K{at:02d}" for at in range(2, 24, 3)}  # second: as needed


def test_case_5_thirty_calls_a_day_and_twenty_visits_a_week():
    rows = town(80, classes="O", spread=0.02) + [
        {**row, "customer": f"T{at:03d}", "class": "T", "lat": None} for at, row in enumerate(town(600))
    ]
    wanted = visits(Cadence({"O": 20}, calls={"T": 20}), visits_from=13 * 60)
    person = {"calls_per_day": 30, "visits_per_day": 4, "minutes_per_day": 510}
    plan = plan_visits(crew(rows, person=person), wanted)
    counts = plan["visits"].group_by("date", "kind").len()
    assert counts.filter(pl.col("kind") == "call")["len"].to_list() == [30] * 20
    weeks = plan["visits"].filter(pl.col("kind") == "visit").group_by(pl.col("date").dt.week()).len()
    assert weeks["len"].to_list() == [20, 20, 20, 20]


def test_case_5_two_new_three_old_four_calls_a_day():
    rows = [{**row, "class": "new" if at % 5 < 2 else "old"} for at, row in enumerate(town(100, spread=0.02))]
    wanted = visits(Cadence({"new": 20, "old": 20}, calls={"old": 15}))
    plan = plan_visits(crew(rows, person={"visits_per_day": 5, "calls_per_day": 4}), wanted)
    seen = plan["visits"].filter(pl.col("kind") == "visit").group_by("detail").len()
    assert dict(seen.iter_rows()) == {"new": 40, "old": 60}  # two and three a day on average
    assert plan["visits"].filter(pl.col("kind") == "call").group_by("date").len()["len"].max() == 4


def kinds_a_day(plan) -> set[tuple[int, int]]:
    """Return the visits a day as (new, old), every pair once."""
    made = plan["visits"].filter(pl.col("kind") == "visit").group_by("date").agg(
        new=(pl.col("detail") == "new").sum(), old=(pl.col("detail") == "old").sum()
    )
    return set(made.select("new", "old").iter_rows())


def test_case_5_every_single_day_has_two_new_three_old_and_four_calls():
    rows = [{**row, "class": "new" if at % 5 < 2 else "old"} for at, row in enumerate(town(100, spread=0.02))]
    wanted = visits(Cadence({"new": 20, "old": 20}, calls={"old": 15}), per_day={"new": 2, "old": 3})
    plan = plan_visits(crew(rows, person={"visits_per_day": 5, "calls_per_day": 4}), wanted)
    assert kinds_a_day(plan) == {(2, 3)}
    assert plan["cadences"].filter(pl.col("kind") == "visit")["missed"].sum() == 0
