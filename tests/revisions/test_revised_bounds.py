"""What the steps, locks and totals of a plan bound goes on to bind its revisions, or is broken by name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import numpy as np
import pytest

import small_company as sc
from quotum.adapters.printing.issue_texts import describe
from quotum.engine.basics.issues import Issue
from quotum.engine.revisions import Change, revise_plan
from quotum.engine.revisions.bounds import Room, share_in_room
from quotum.engine.tables.plan_settings import MAX_AMOUNT_MINOR, AlongStep
from quotum.engine.tables.plan_tables import Plan

TEAM = {"ana": "North", "bo": "North", "cy": "North", "di": "South"}
OWN = {"a": "ana", "b": "bo", "c": "cy", "d": "di"}
SALES = [sc.sale("a", 1000), sc.sale("b", 1000), sc.sale("c", 2000), sc.sale("d", 1000)]
EVERY_DAY = AlongStep("calendar", season="flat", weekdays=(1,) * 7, holiday=1)
MARCH = {"since": date(2027, 3, 1), "until": date(2027, 4, 1)}


def person(key: str) -> tuple[tuple[str, str], ...]:
    return (("person", key),)


def lock(key: str, kind: str, amount: float, dimension: str = "person", **more: object) -> dict[str, object]:
    return {"measure": "revenue", "layer": "commit", "dimension": dimension, "key": key, "kind": kind,
            "amount": amount, **more}  # fmt: skip


def total(amount: float, month: int, dimension: str | None = None, key: str | None = None) -> dict[str, object]:
    return {"measure": "revenue", "layer": "commit", "dimension": dimension, "key": key,
            "since": f"2027-{month:02}-01", "until": f"2027-{month + 1:02}-01", "amount": amount}  # fmt: skip


def team(*steps: object, commit: float = 5000, **tables: object) -> Plan:
    company = sc.firm(TEAM, OWN, SALES, products=[{"product": "tea"}, {"product": "pot"}], **tables)
    return sc.plan(company, *(steps or (sc.UNIT, sc.PERSON, EVERY_DAY)), commit=commit)


def revise(plan: Plan, *changes: Change) -> tuple[Plan, list[Issue]]:
    revised, issues = revise_plan(plan, changes)
    assert revised is not None, issues
    return revised, issues


def refuse(plan: Plan, *changes: Change) -> Issue:
    revised, issues = revise_plan(plan, changes)
    assert revised is None
    return next(issue for issue in issues if issue.severity == "conflict")


def test_siblings_give_down_to_their_floors_and_take_up_to_their_caps() -> None:
    plan = team(locks=[lock("bo", "floor", 950), lock("cy", "cap", 2100)])
    taken, issues = revise(plan, Change("add", person("ana"), amount_minor=600_00, absorb="siblings"))
    assert (sc.numbers(taken), issues) == ({"ana": 1600_00, "bo": 950_00, "cy": 1450_00, "di": 1000_00}, [])
    given, _ = revise(plan, Change("add", person("ana"), amount_minor=-600_00, absorb="siblings"))
    assert sc.numbers(given) == {"ana": 400_00, "bo": 1500_00, "cy": 2100_00, "di": 1000_00}


def test_what_siblings_cannot_take_within_their_caps_names_them() -> None:
    plan = team(locks=[lock("bo", "cap", 1100), lock("cy", "cap", 2100)])
    issue = refuse(plan, Change("add", person("ana"), amount_minor=-600_00, absorb="siblings"))
    assert (issue.rule, issue.value) == ("siblings_bound", "person=ana")
    assert dict(issue.details)["members"] == "person=cy (2,100.00), person=bo (1,100.00)"


def test_the_people_of_a_unit_are_shared_within_their_bounds() -> None:
    plan = team(sc.UNIT, replace(sc.PERSON, cap=1.1, floor=0.9), EVERY_DAY,
                locks=[lock("North", "cap", 5000, "unit"), lock("cy", "cap", 2050)])  # fmt: skip
    north = (("unit", "North"),)
    more, issues = revise(plan, Change("add", north, amount_minor=100_00))
    assert sc.numbers(more) == {"ana": 1025_00, "bo": 1025_00, "cy": 2050_00, "di": 1000_00}
    assert issues == []
    issue = refuse(plan, Change("add", north, amount_minor=600_00))
    assert (issue.rule, issue.value, dict(issue.details)["kind"]) == ("members_bound", "unit=North", "cap")
    assert "person=cy (2,050.00)" in describe(issue)[0]


def test_a_person_may_be_set_beyond_the_own_cap_with_a_warning() -> None:
    plan = team(sc.UNIT, replace(sc.PERSON, cap=1.1), EVERY_DAY)
    after, [issue] = revise(plan, Change("set", person("ana"), amount_minor=1500_00))
    assert sc.numbers(after)["ana"] == 1500_00
    assert (issue.rule, issue.severity, issue.value) == ("bound_passed", "warning", "person=ana")
    assert describe(issue)[0] == "person=ana has 1,500.00 now; its cap is 1,100.00 (step person)."
    _, issues = revise(after, Change("add", person("ana"), amount_minor=-100_00))
    assert issues == []


def test_a_unit_that_grows_beyond_its_cap_by_one_of_its_people_is_told() -> None:
    plan = team(locks=[lock("North", "cap", 4100, "unit")])
    _, [issue] = revise(plan, Change("add", person("ana"), amount_minor=200_00))
    assert (issue.rule, issue.value, dict(issue.details)["amount"]) == ("bound_passed", "unit=North", "4,200.00")


def test_a_unit_absorbs_no_more_than_its_own_cap() -> None:
    plan = team(locks=[lock("South", "cap", 1100, "unit")])
    issue = refuse(plan, Change("add", (("unit", "North"),), amount_minor=-200_00, absorb="siblings"))
    assert (issue.rule, dict(issue.details)["members"]) == ("siblings_bound", "unit=South (1,100.00)")


def test_bounds_speak_of_the_year_whatever_part_is_changed() -> None:
    plan = team(locks=[lock("bo", "floor", 980)])
    after, _ = revise(plan, Change("add", person("ana"), amount_minor=90_00, absorb="siblings", **MARCH))
    assert sc.numbers(after) == {"ana": 1090_00, "bo": 980_00, "cy": 1930_00, "di": 1000_00}


def test_customers_that_absorb_stay_within_their_caps() -> None:
    company = sc.firm({"ana": "North"}, {"a": "ana", "b": "ana", "c": "ana"}, SALES[:3])
    plan = sc.plan(company, sc.UNIT, sc.PERSON, EVERY_DAY, replace(sc.CUSTOMER, cap=1.05), commit=4000)
    assert sc.numbers(plan, "customer") == {"a": 1000_00, "b": 1000_00, "c": 2000_00, "new_business:ana": 0}
    of_a = (*person("ana"), ("customer", "a"))
    after, _ = revise(plan, Change("add", of_a, amount_minor=-120_00, absorb="siblings"))
    assert sc.numbers(after, "customer") == {"a": 880_00, "b": 1040_00, "c": 2080_00, "new_business:ana": 0}
    assert refuse(plan, Change("add", of_a, amount_minor=-500_00, absorb="siblings")).rule == "siblings_bound"
    _, [issue] = revise(plan, Change("set", of_a, amount_minor=1200_00))
    assert (issue.rule, dict(issue.details)["bound"]) == ("bound_passed", "1,050.00")


def test_a_month_given_for_the_company_is_kept_or_broken_by_name() -> None:
    plan = team(totals=[total(900, 3), total(300, 5, "unit", "North")])
    _, issues = revise(plan, Change("add", person("ana"), amount_minor=10_00, absorb="siblings", **MARCH))
    assert issues == []
    after, [issue] = revise(plan, Change("scale", person("ana"), factor=Fraction(2), **MARCH))
    assert (issue.rule, issue.severity, issue.table) == ("limit_broken", "warning", "totals")
    ana = sum(sc.numbers(plan, under=person("ana"), **MARCH).values())
    assert dict(issue.details)["amount"] == f"{(900_00 + ana) / 100:,.2f}"
    _, issues = revise(after, Change("set", person("ana"), amount_minor=ana, **MARCH))
    assert issues == []
    _, issues = revise(plan, Change("scale", factor=Fraction(2)))
    assert [issue.value for issue in issues] == ["revenue", "unit=North"]


def test_rows_with_anchors_keep_other_months() -> None:
    plan = team(totals=[total(900, 3)])
    after, _ = revise(plan, Change("add", person("ana"), amount_minor=50_00, **MARCH))
    old, new = (sc.months(p, person="ana") for p in (plan, after))
    assert [b - a for a, b in zip(old, new, strict=True)] == [0, 0, 50_00, *[0] * 9]


def test_floors_and_caps_in_time_are_told_too() -> None:
    span = {"since": "2027-03-01", "until": "2027-04-01"}
    plan = team(locks=[lock("North", "cap", 400, "unit", **span)])
    _, [issue] = revise(plan, Change("add", person("bo"), amount_minor=100_00, **MARCH))
    assert (issue.rule, issue.table, dict(issue.details)["kind"]) == ("limit_broken", "locks", "cap")
    assert revise(plan, Change("add", person("bo"), amount_minor=-1_00, **MARCH))[1] == []


@pytest.mark.parametrize("seed", range(30))
def test_nested_rooms_are_met_exactly_or_not_at_all(seed: int) -> None:
    """The slow twin: whatever the order of bounds, the total is met just when least and most allow it."""
    chance = np.random.default_rng(seed)
    weights = chance.integers(0, 50, 6).astype(float) + 1
    low, high = chance.integers(0, 10, 6), chance.integers(20, 60, 6)
    groups = [(np.array([0, 1]), 15, 70), (np.array([2, 3]), 0, int(chance.integers(20, 90))),
              (np.array([0, 1, 2, 3]), 30, int(chance.integers(60, 160)))]  # fmt: skip
    inner = [(max(low[g].sum(), a), min(high[g].sum(), b)) for g, a, b in groups[:2]]
    outer = max(30, sum(a for a, _ in inner)), min(groups[2][2], sum(b for _, b in inner))
    least, most = outer[0] + low[4:].sum(), outer[1] + high[4:].sum()
    for asked in (least - 1, least, (least + most) // 2, most, most + 1):
        new = share_in_room(int(asked), weights, lambda: weights, Room(low, high, groups, []))
        assert (new is not None) == (least <= asked <= most)
        if new is not None:
            assert new.sum() == asked
            assert (new >= low).all()
            assert (new <= high).all()
            assert all(a <= new[g].sum() <= b for g, a, b in groups)


def test_without_bounds_all_share_in_proportion() -> None:
    most = np.full(3, MAX_AMOUNT_MINOR)
    new = share_in_room(60, np.array([1.0, 2.0, 3.0]), lambda: np.ones(3), Room(most * 0, most, [], []))
    assert new is not None
    assert new.tolist() == [10, 20, 30]
