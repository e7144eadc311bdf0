"""At most so many visits a day to customers of a class, or to new and old ones: on every single day, not on average."""

from __future__ import annotations

from datetime import date

import polars as pl
from visit_worlds import crew, plan_visits, told, town, visits

from quotum.engine.tables.visit_settings import Cadence


def most_a_day(plan, customers: set[str]) -> int:
    made = plan["agenda"].filter(pl.col("kind").is_in(["visit", "appointment"]), pl.col("customer").is_in(customers))
    return made.group_by("date").len()["len"].max()


def test_no_day_has_more_visits_to_a_class_than_allowed():
    rows = town(60)
    free, bound = (plan_visits(crew(rows, person={"visits_per_day": 12}), visits(per_day=limits))
                   for limits in ({}, {"A": 5, "B": 2}))  # fmt: skip
    classes = {name: {row["customer"] for row in rows if row["class"] == name} for name in "AB"}
    assert most_a_day(free, classes["B"]) > 2
    assert most_a_day(bound, classes["B"]) == 2
    assert most_a_day(bound, classes["A"]) <= 5
    assert bound["cadences"]["missed"].sum() <= 2
    assert bound["agenda"]["travel"].sum() <= 1.35 * free["agenda"]["travel"].sum()


def test_new_customers_are_those_who_have_not_bought():
    sales = [{"date": "2026-11-02", "customer": f"K{at:02d}", "amount": 10} for at in range(20)]
    sales += [{"date": "2026-12-02", "customer": "K29", "amount": -10}, {"date": "2027-01-06", "customer": "K28",
              "amount": 5}]  # fmt: skip
    plan = plan_visits(crew(town(30, classes="C"), sales=sales), visits(per_day={"new": 1, "old": 1}))
    assert most_a_day(plan, {f"K{at:02d}" for at in range(20, 30)}) == 1
    assert most_a_day(plan, {f"K{at:02d}" for at in range(20)}) == 1
    assert plan["cadences"]["missed"].sum() == 0


def test_what_is_too_much_is_missed_with_the_reason():
    plan = plan_visits(crew(town(30)), visits(per_day={"C": 0}))
    assert told(plan, "K02")["reason"] == "kind_cap"
    assert plan["cadences"].filter(pl.col("class") != "C")["missed"].sum() == 0


def test_fixed_dates_count_and_stay():
    booked = [{"person": "Ana", "customer": customer, "start": f"2027-01-13 {hour}:00", "minutes": 30}
              for customer, hour in (("K02", 10), ("K05", 14))]  # fmt: skip
    plan = plan_visits(crew(town(60), appointments=booked), visits(per_day={"C": 1}))
    own = {f"K{at:02d}" for at in range(2, 60, 3)}
    made = plan["agenda"].filter(pl.col("date") == date(2027, 1, 13), pl.col("customer").is_in(own))
    assert made["kind"].to_list() == ["appointment", "appointment"]
    rest = plan["visits"].filter(pl.col("date") != date(2027, 1, 13), pl.col("customer").is_in(own))
    assert rest.group_by("date").len()["len"].max() == 1


def test_a_class_called_new_is_a_class():
    rows = town(20, classes="C", **{f"K{at:02d}": {"class": "new"} for at in range(10)})
    plan = plan_visits(crew(rows), visits(Cadence({"C": 20, "new": 20}), per_day={"new": 1}))
    assert most_a_day(plan, {f"K{at:02d}" for at in range(10)}) == 1
    assert plan["cadences"]["missed"].sum() == 0
