"""Whoever takes whom over, and however often it is planned anew: sums above people stay, nothing is negative."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from test_replanning import CUSTOMERS, again, running, tea_plan
from test_revised_followers import tied_plan

import small_company as sc
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import LAYERS
from quotum.engine.tables.plan_tables import Plan

EVERY_DAY = [date(2027, 1, 1) + timedelta(days=k) for k in range(366)]
STAFF = {"ana": "North", "bo": "Coast", "cy": "South", "eve": "South", "new": "South"}
MOVE = st.tuples(st.sampled_from(CUSTOMERS), st.sampled_from(sorted(STAFF)), st.integers(95, 360))
MOVES = st.lists(MOVE, max_size=4, unique_by=lambda move: move[0])


def after(company: Company, moves: list[tuple[str, str, int]], leaver: str | None) -> Company:
    """Return the company in which customers pass to others on a day of the year, and somebody leaves on 1 October."""
    ownership = company["ownership"]
    plain = dict(company["customers"].select("customer", "person").iter_rows())
    for customer, person, number in moves:
        day = date(2027, 1, 1) + timedelta(days=number)
        before = ownership.filter(pl.col("customer") == customer)
        if before.is_empty() and plain[customer] is not None:
            before = sc.table("ownership", [{"customer": customer, "person": plain[customer], "since": "2020-01-01"}])
        cut = before.filter(pl.col("since") < day).with_columns(until=pl.min_horizontal("until", pl.lit(day)))
        taken = sc.table("ownership", [{"customer": customer, "person": person, "since": str(day)}])
        ownership = pl.concat([ownership.filter(pl.col("customer") != customer), cut, taken])
    people = company["people"]
    hired = sc.table("people", [{"person": "new", "unit": "South", "hired": "2027-04-01"}])
    people = pl.concat([people, hired])
    if leaver:
        left = pl.when(pl.col("person") == leaver).then(date(2027, 10, 1)).otherwise("left")
        people = people.with_columns(left=left)
    return replace(company, tables={**company.tables, "ownership": ownership, "people": people})


def sound(plan: Plan) -> None:
    for layer in LAYERS:
        assert (np.diff(running(plan, EVERY_DAY, layer), axis=1) >= 0).all()
        for step, cut in plan.cuts.items():
            sums = dict(cut.group_by("row").agg(pl.col(layer).sum()).iter_rows())
            rows = plan["quotas"].filter(pl.col("row").is_in(list(sums)))
            assert dict(rows.select("row", layer).iter_rows()) == sums, step


def months_ahead(plan: Plan) -> list[int]:
    return sc.months(plan)[3:]


@pytest.mark.slow
@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@example(moves=[("camp", "cy", 106)], leaver="bo", tied=False)  # vacant places with windows of their own
@example(moves=[("camp", "new", 114), ("pub", "cy", 145)], leaver="cy", tied=True)
@given(moves=MOVES, leaver=st.sampled_from([None, "bo", "cy"]), tied=st.booleans())
def test_hand_overs_move_quota_between_people_only_and_once(
    moves: list[tuple[str, str, int]], leaver: str | None, tied: bool
) -> None:
    plan = tied_plan() if tied else tea_plan()
    company = after(sc.tea_house(), moves, leaver)
    first = again(company, plan, policy="keep-rest")
    sound(first)
    assert months_ahead(first) == months_ahead(plan)
    turned = Company({name: frame.reverse() for name, frame in company.tables.items()})
    assert again(turned, plan, policy="keep-rest")["handovers"].equals(first["handovers"])
    handed = first["handovers"].filter(kind="customer", person=leaver or "")
    if leaver:
        assert sc.months(first, person=leaver)[9:] == [0, 0, 0]
        assert handed.height > 0
    second = again(company, first, date(2027, 6, 30), policy="keep-rest")
    sound(second)
    assert second["handovers"].filter(kind="customer").is_empty()
    for person in set(first["quotas"]["person"]):
        assert sc.months(second, person=person)[6:] == sc.months(first, person=person)[6:], person
