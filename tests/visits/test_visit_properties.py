"""Whatever the company looks like: the checker finds nothing, and every needed contact is planned or has a reason."""

from __future__ import annotations

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from visit_worlds import crew, plan_visits, town, visits

from quotum.engine.tables.visit_settings import Cadence
from quotum.engine.tables.visit_tables import REASONS

CLOCKS = st.sampled_from(
    [None, "08:00", "09:30", "12:15", "14:00", "17:30", "20:00", "mon-wed 09:00; fri 10:30", "tue,thu 16:00"]
)
CELLS = st.fixed_dictionaries({
    "opens": CLOCKS, "closes": CLOCKS, "weekdays": st.sampled_from([None, "1-5", "2,4", "3", "6-7"]),
    "minutes": st.sampled_from([None, 10, 45, 200]), "lat": st.sampled_from([55.94, 55.97, 56.4, None]),
})  # fmt: skip
ABSENCES = st.lists(
    st.tuples(st.integers(4, 29), st.integers(1, 9)).map(
        lambda span: {"person": "Ana", "since": f"2027-01-{span[0]:02}", "until": f"2027-02-{span[1]:02}"}
    ),
    max_size=1,
)
BOOKINGS = st.lists(
    st.builds(
        lambda day, hour, customer: {"person": "Ana", "customer": customer, "start": f"2027-01-{day:02} {hour:02}:30"},
        st.integers(4, 29), st.integers(7, 18), st.sampled_from([None, "K00", "K01", "K02"]),
    ),
    max_size=3,
)  # fmt: skip
SETTINGS = st.fixed_dictionaries({
    "visits_from": st.sampled_from([0, 780]), "lunch": st.sampled_from([(720, 60), (750, 30), (720, 0)]),
    "overnight_after": st.sampled_from([0, 30]), "tolerance": st.sampled_from([0.0, 0.25]),
    "day": st.sampled_from([(510, 1080), (480, 960)]), "per_day": st.sampled_from([{}, {"A": 1, "new": 2}, {"B": 0}]),
})  # fmt: skip
PEOPLE = st.fixed_dictionaries({
    "visits_per_day": st.sampled_from([1, 4, None]), "calls_per_day": st.sampled_from([0, 3, None]),
    "minutes_per_day": st.sampled_from([120, 420, None]),
})  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(CELLS, min_size=1, max_size=10), ABSENCES, BOOKINGS, SETTINGS, PEOPLE)
def test_plans_keep_every_rule(cells, absences, bookings, wanted, person):
    rows = [{**row, **more} for row, more in zip(town(len(cells)), cells, strict=True)]
    known = {row["customer"] for row in rows}
    bookings = [row for row in bookings if row["customer"] in known or row["customer"] is None]
    cadence = Cadence({"A": 3, "B": 10, "C": 20}, calls={"A": 5})
    company = crew(rows, person=person, absences=absences, appointments=bookings)
    plan = plan_visits(company, visits(cadence, **wanted))  # checks itself
    told = plan["cadences"]
    assert (told["needed"] == told["planned"] + told["missed"]).all()
    assert set(told.filter(pl.col("missed") > 0)["reason"]) <= set(REASONS)
    assert told.filter(pl.col("missed") == 0)["reason"].is_null().all()
