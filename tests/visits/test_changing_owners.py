"""A customer that changes hands in the middle: each owner sees it in the own days, in one rhythm."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from visit_worlds import HOME, plan_visits, told, town, visits

from quotum.engine.action_plan.handing_over import hand_over
from quotum.engine.action_plan.visit_tasks import list_tasks
from quotum.engine.tables.visit_settings import Cadence
from small_company import firm

PEOPLE = ("Ana", "Ben", "Cao")
CHANGE = date(2027, 1, 18)


def team(rows, ownership=(), **more):
    homes = [{"person": p, "lat": HOME[0], "lon": HOME[1], "visits_per_day": 12, "minutes_per_day": 480,
              **more.pop(p, {})} for p in PEOPLE]  # fmt: skip
    owners = {row["customer"]: row.get("person", "Ana") for row in rows}
    return firm(dict.fromkeys(PEOPLE, "North"), owners, people=homes, customers=rows, ownership=list(ownership), **more)


def from_to(customer, *steps):
    """Return the rows of ownership of one customer: (person, since) in order; the last is open."""
    ends = [since for _, since in steps[1:]] + [None]
    return [{"customer": customer, "person": person, "since": since, "until": until}
            for (person, since), until in zip(steps, ends, strict=True)]  # fmt: skip


def working(day: date) -> int:
    return sum((date(2027, 1, 4) + timedelta(days=k)).weekday() < 5 for k in range((day - date(2027, 1, 4)).days))


def test_visits_before_and_after_belong_to_the_right_person():
    rows = town(6)
    plan = plan_visits(team(rows, from_to("K00", ("Ana", "2026-01-01"), ("Ben", str(CHANGE)))))
    own = plan["visits"].filter(pl.col("customer") == "K00").sort("date")
    assert set(own.filter(pl.col("date") < CHANGE)["person"]) == {"Ana"}
    assert set(own.filter(pl.col("date") >= CHANGE)["person"]) == {"Ben"}
    days = [working(day) for day in own["date"]]
    assert all(3 <= after - before <= 7 for before, after in pairwise(days))
    assert own.height == 4
    assert plan["cadences"].filter(pl.col("customer") == "K00")["missed"].sum() == 0
    assert plan["cadences"].filter(pl.col("customer") == "K00")["person"].sort().to_list() == ["Ana", "Ben"]


def test_who_gets_a_customer_back_sees_it_again():
    rows = town(4, classes="A")
    steps = from_to("K01", ("Ana", "2026-01-01"), ("Ben", "2027-01-11"), ("Ana", "2027-01-18"))
    plan = plan_visits(team(rows, steps))
    own = plan["visits"].filter(pl.col("customer") == "K01").sort("date")
    is_bens = (pl.col("date") >= date(2027, 1, 11)) & (pl.col("date") < CHANGE)
    assert own.filter(is_bens)["person"].to_list() == ["Ben"]
    assert own.filter(~is_bens)["person"].to_list() == ["Ana"] * 3
    assert own["date"].max() > CHANGE
    days = [working(day) for day in own["date"]]
    assert all(2 <= after - before <= 7 for before, after in pairwise(days))


def test_a_rare_visit_is_made_once_whoever_has_the_customer():
    rows = town(8, classes="C")
    steps = [row for at in range(8) for row in from_to(f"K{at:02d}", ("Ana", "2026-01-01"), ("Ben", str(CHANGE)))]
    plan = plan_visits(team(rows, steps))
    assert plan["visits"].height == 8
    assert plan["visits"]["customer"].n_unique() == 8
    assert plan["visits"].filter((pl.col("date") < CHANGE) != (pl.col("person") == "Ana")).height == 0


def test_after_somebody_left_nobody_sees_the_customers_and_that_is_told():
    plan = plan_visits(team(town(4), Ana={"left": "2027-01-18"}))
    assert plan["visits"]["date"].max() < CHANGE
    issue = next(issue for issue in plan.issues if issue.rule == "visits_partly_without_person")
    assert dict(issue.details)["customers"] == "4"
    given_away = plan_visits(team(town(4), Ana={"left": "2027-01-18"}), visits(assign="all"))
    assert not any(issue.rule == "visits_partly_without_person" for issue in given_away.issues)


def test_a_customer_of_nobody_is_kept_by_whoever_got_it_until_its_owner_comes():
    rows = [{**row, "person": None} for row in town(6, classes="A")]
    steps = from_to("K00", ("Cao", str(CHANGE)))
    plan = plan_visits(team(rows, steps), visits(assign="vacant"))
    own = plan["visits"].filter(pl.col("customer") == "K00")
    assert set(own.filter(pl.col("date") >= CHANGE)["person"]) == {"Cao"}
    assert own.filter(pl.col("date") < CHANGE).height == 2


def test_a_fixed_date_of_a_colleague_counts_for_the_owner():
    booked = [{"person": "Ben", "customer": "K02", "start": "2027-01-13 10:00", "minutes": 45}]
    plan = plan_visits(team(town(6), appointments=booked))
    seen = plan["visits"].filter(pl.col("customer") == "K02")
    assert seen.select("person", "kind").rows() == [("Ben", "appointment")]


@pytest.mark.parametrize("every", [1, 3, 10])
def test_stretches_keep_the_shortest_gap_and_every_contact_that_is_due(every: int):
    from visit_worlds import scene

    contact = next(iter(list_tasks(scene(team(town(1, classes="A")), visits(Cadence({"A": every})))))).visits[0]
    spans = [("Ana", 0, 7), ("Ben", 7, 8), ("Ana", 8, 15), ("Cao", 15, 20)]
    parts = hand_over(contact, spans, 2)
    assert [owner for owner, _ in parts] == ["Ana", "Ben", "Cao"]
    held = sorted((begin, end, owner) for owner, part in parts for begin, end in part.held)
    for (_, end, first), (begin, _, second) in pairwise(held):
        assert begin - (end - 1) >= max(1, every // 2) or first == second or begin >= end


def test_nobody_comes_ahead_in_a_stretch_in_which_nothing_is_due():
    from visit_worlds import scene

    contact = next(iter(list_tasks(scene(team(town(1, classes="A")), visits(Cadence({"A": 10})))))).visits[0]
    parts = dict(hand_over(replace(contact, due=7), [("Ana", 0, 5), ("Cao", 5, 11), ("Ana", 11, 20)], 2))
    assert not any(parts["Ana"].is_held(day) for day in range(5))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.integers(0, 5), st.lists(st.integers(2, 30), min_size=1, max_size=3, unique=True)),
             max_size=4, unique_by=lambda pair: pair[0]),
    st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(0, 5), st.integers(4, 29)), max_size=3),
)  # fmt: skip
def test_whoever_owns_whom_when_plans_keep_every_rule(changes, dates):
    steps = [row for at, days in changes for row in from_to(
        f"K{at:02d}", ("Ana", "2026-01-01"), *((PEOPLE[(at + k + 1) % 3], f"2027-01-{day:02}") for k, day in
                                                enumerate(sorted(days))))]  # fmt: skip
    booked = [{"person": person, "customer": f"K{at:02d}", "start": f"2027-01-{day:02} 10:00"}
              for person, at, day in dates]  # fmt: skip
    cadence = Cadence({"A": 3, "B": 10, "C": 20}, calls={"A": 5})
    plan = plan_visits(team(town(6), steps, appointments=booked), visits(cadence))
    assert (plan["cadences"]["needed"] == plan["cadences"]["planned"] + plan["cadences"]["missed"]).all()
    assert told(plan, "K00")["every"] == 3
