"""The checker finds what is wrong in a plan that somebody spoiled."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from visit_worlds import WAY, crew, scene, town, visits

from quotum.engine.action_plan.checking_visits import find_visit_faults
from quotum.engine.action_plan.visit_plan import make_visit_plan
from quotum.engine.tables.visit_settings import Cadence

BOOKED = {"person": "Ana", "customer": "K03", "start": "2027-01-13 10:00", "minutes": 45}
SEEN = scene(
    crew(town(12, K01={"opens": "09:00", "closes": "11:00", "weekdays": "1-3"}), appointments=[BOOKED],
         absences=[{"person": "Ana", "since": "2027-01-21", "until": "2027-01-22"}]),
    visits(Cadence({"A": 5, "B": 10, "C": 20}, calls={"A": 10})),
)  # fmt: skip
MADE = make_visit_plan(SEEN, WAY)
IS_VISIT = pl.col("kind") == "visit"
K01 = pl.col("customer") == "K01"


def moved(**columns: pl.Expr) -> dict[str, pl.DataFrame]:
    """Return the tables with columns of the agenda changed, and the visits moved with it."""
    return {**MADE.tables, "agenda": MADE["agenda"].with_columns(**columns)}


def rules(tables: dict[str, pl.DataFrame]) -> set[str]:
    return {fault.rule for fault in find_visit_faults(SEEN, tables, WAY)}


def on_all(day: date) -> dict[str, pl.DataFrame]:
    """Return the tables with one day's work moved to another day."""
    some = MADE["agenda"].filter(IS_VISIT)["date"].min()
    other = pl.when(pl.col("date") == some).then(pl.lit(day)).otherwise("date").alias("date")
    return {**MADE.tables, "agenda": MADE["agenda"].with_columns(other), "visits": MADE["visits"].with_columns(other)}


def test_a_sound_plan_has_no_faults():
    assert rules(dict(MADE.tables)) == set()


@pytest.mark.parametrize(
    ("tables", "rule"),
    [
        (on_all(date(2027, 1, 9)), "works_on_day_off"),
        (on_all(date(2027, 1, 21)), "works_on_day_off"),
        (moved(travel=pl.when(IS_VISIT).then(0).otherwise("travel").cast(pl.Int32)), "way_too_short"),
        (moved(start=pl.when(IS_VISIT).then(pl.col("start") - 30).otherwise("start")), "overlaps"),
        (moved(end=pl.when(K01 & IS_VISIT).then(700).otherwise("end").cast(pl.Int32)), "closed"),
        (moved(start=pl.when(pl.col("kind") == "appointment").then(590).otherwise("start").cast(pl.Int32)),
         "appointment_moved"),
        (moved(end=pl.when(pl.col("kind") == "end").then(1200).otherwise("end").cast(pl.Int32)),
         "outside_working_time"),
        (moved(customer=pl.when(K01).then(pl.lit("K02")).otherwise("customer")), "tables_differ"),
        (moved(person=pl.lit("Ana"), kind=pl.when(pl.col("kind") == "call").then(pl.lit("visit")).otherwise("kind")),
         "too_many_visits"),
        ({**MADE.tables, "visits": MADE["visits"].head(3)}, "counts_differ"),
        ({**MADE.tables, "cadences": MADE["cadences"].filter(~K01)}, "not_listed"),
        ({**MADE.tables, "visits": MADE["visits"].with_columns(
            date=pl.when(pl.col("every") == 5).then(date(2027, 1, 5) + timedelta(0)).otherwise("date"))}, "too_close"),
    ],
)  # fmt: skip
def test_what_is_spoiled_is_found(tables, rule):
    assert rule in rules(tables)


def test_a_frozen_day_that_changed_is_found():
    first = date(2027, 1, 11)
    spoiled = MADE["agenda"].with_columns(end=pl.col("end") + 1)
    faults = find_visit_faults(SEEN, MADE.tables, WAY, frozen=(spoiled, first))
    assert "frozen_day_changed" in {fault.rule for fault in faults}
