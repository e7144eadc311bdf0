"""Whatever happens to a running plan: frozen days stay to the minute, days off are empty, every rule holds again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from visit_worlds import SINCE, UNTIL, WAY, crew, plan_visits, scene, town, visits

from quotum.engine.action_plan.checking_visits import find_visit_faults
from quotum.engine.action_plan.replanning import first_free_day, replan_visits
from quotum.engine.tables.visit_settings import Cadence

ROWS = town(10)
WANTED = visits(Cadence({"A": 4, "B": 10, "C": 20}, calls={"B": 5}))
BOOKED = {"person": "Ana", "customer": "K03", "start": "2027-01-20 10:00", "minutes": 45}
PUBLISHED = plan_visits(crew(ROWS, appointments=[BOOKED]), WANTED)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    today=st.dates(SINCE, UNTIL - timedelta(days=6)), freeze=st.integers(0, 4),
    away=st.tuples(st.dates(SINCE, UNTIL), st.integers(1, 6)), lost=st.sets(st.integers(0, 9), max_size=3),
    new=st.integers(0, 2), moved=st.sampled_from(["2027-01-20 10:00", "2027-01-26 14:00", None]),
    hours=st.sampled_from([None, "mon-wed 09:00", "tue 14:00; fri 10:00"]),
)  # fmt: skip
def test_plans_made_anew_keep_every_rule(today, freeze, away, lost, new, moved, hours):
    off = {"person": "Ana", "since": away[0].isoformat(), "until": (away[0] + timedelta(days=away[1])).isoformat()}
    rows = [{**row, "opens": hours} for at, row in enumerate(ROWS) if at not in lost or at == 3]
    rows += [{**row, "customer": f"N{at}"} for at, row in enumerate(town(new, spread=0.03))]
    company = crew(rows, absences=[off], appointments=[{**BOOKED, "start": moved}] if moved else [])
    first = first_free_day(scene(company, WANTED).dates, today, freeze)
    if first is None:
        return
    free = scene(company, replace(WANTED, since=first))
    made = replan_visits(free, PUBLISHED, today, WAY)
    assert find_visit_faults(free, made.tables, WAY, frozen=(PUBLISHED["agenda"], first)) == []
    for name in ("agenda", "visits"):
        early = pl.col("date") < first
        assert made[name].filter(early).equals(PUBLISHED[name].filter(early))
    begin, end = away[0], away[0] + timedelta(days=away[1])
    assert made["agenda"].filter(pl.col("date") >= first, pl.col("date") >= begin, pl.col("date") < end).height == 0
    told = made["cadences"]
    assert (told["needed"] == told["planned"] + told["missed"]).all()
    assert date(2027, 1, 1) < first < UNTIL
