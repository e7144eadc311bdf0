"""What each operation, absorber and hold does to the numbers of the tea house."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache

import pytest

import small_company as sc
from quotum.engine.basics.issues import Issue
from quotum.engine.revisions import Change, revise_plan
from quotum.engine.slices.explaining import explain_number
from quotum.engine.tables.plan_tables import Plan

MARCH = {"since": date(2027, 3, 1), "until": date(2027, 4, 1)}
CY, SOUTH = (("person", "cy"),), (("unit", "South"),)


@cache
def tea_plan() -> Plan:
    return sc.plan(sc.tea_house(), *sc.USUAL, commit=12_000, stretch=15_000)


def revise(*changes: Change, plan: Plan | None = None) -> Plan:
    revised, issues = revise_plan(plan or tea_plan(), changes)
    assert revised is not None, issues
    return revised


def refuse(*changes: Change, plan: Plan | None = None, on: date | None = None) -> Issue:
    revised, issues = revise_plan(plan or tea_plan(), changes, on=on)
    assert revised is None
    return issues[0]


def test_the_parent_absorbs_and_the_target_follows() -> None:
    before = sc.numbers(tea_plan())
    plan = revise(Change("set", CY, amount_minor=500_000))
    assert sc.numbers(plan) == {**before, "cy": 500_000}
    assert plan.settings.targets[0].commit_minor == 1_200_000 + 500_000 - before["cy"]
    assert plan.settings.targets[0].extra_minor == tea_plan().settings.targets[0].extra_minor


def test_siblings_of_a_person_are_those_of_the_same_unit() -> None:
    before, after = (
        sc.numbers(tea_plan()),
        sc.numbers(revise(Change("add", CY, amount_minor=50_000, absorb="siblings"))),
    )
    moved = {key for key in before if before[key] != after[key]}
    assert moved == {"cy", "eve", "lou", "vacant:South"}
    assert sum(after.values()) == sum(before.values())


def test_a_pair_before_the_node_names_wider_siblings() -> None:
    assert refuse(Change("add", (("person", "ana"),), amount_minor=1, absorb="siblings")).rule == "no_siblings"
    north = revise(Change("add", (("unit", "North"), ("person", "ana")), amount_minor=1_000, absorb="siblings"))
    assert sc.numbers(north)["bo"] == sc.numbers(tea_plan())["bo"] - 1_000


def test_other_times_absorb_and_the_year_stays() -> None:
    plan = revise(Change("set", SOUTH, amount_minor=0, absorb="time", **MARCH))
    assert sc.numbers(plan) == sc.numbers(tea_plan())
    months = sc.months(plan, unit="South")
    assert months[2] == 0
    assert all(
        now > was
        for k, (now, was) in enumerate(zip(months, sc.months(tea_plan(), unit="South"), strict=True))
        if k != 2
    )


def test_a_part_of_the_plan_moves_no_other_day() -> None:
    plan = revise(Change("scale", SOUTH, factor=Fraction(11, 10), **MARCH))
    for grain in ("day", "week"):
        was, now = (sc.slice_of(p, "person", grain=grain) for p in (tea_plan(), plan))
        moved = now.filter(was["amount"] != now["amount"])
        assert moved["since"].min() >= date(2027, 3, 1)
        assert moved["until"].max() <= date(2027, 4, 5)


def test_an_own_part_of_a_place_is_without_what_lies_below() -> None:
    plan = revise(Change("set", (("unit", "North:own"),), amount_minor=0))
    assert sc.numbers(plan)["bo"] == sc.numbers(tea_plan())["bo"]
    assert sc.numbers(plan)["ana"] == 0


def test_an_empty_node_is_split_by_the_shares_of_its_step() -> None:
    before = sc.numbers(tea_plan(), under=SOUTH)
    empty = revise(Change("set", SOUTH, amount_minor=0))
    assert set(sc.numbers(empty, under=SOUTH).values()) == {0}
    full = sc.numbers(revise(Change("set", SOUTH, amount_minor=67_178, absorb="siblings"), plan=empty), under=SOUTH)
    assert all(abs(10 * full[key] - before[key]) < 20 for key in before)


def test_equal_parts_and_equal_months() -> None:
    people = sc.numbers(revise(Change("spread", SOUTH, basis="equal")), under=SOUTH)
    assert max(people.values()) - min(people.values()) <= 2
    months = sc.months(revise(Change("spread", (("person", "bo"),), basis="equal", over="time")), person="bo")
    assert max(months) - min(months) <= 2


def test_a_shape_is_copied_from_another_slice() -> None:
    plan = revise(Change("copy", (("person", "bo"),), source=(("person", "cy"),), over="time"))
    shape, given = sc.months(plan, person="bo"), sc.months(tea_plan(), person="cy")
    assert all(abs(a / sum(shape) - b / sum(given)) < 1e-5 for a, b in zip(shape, given, strict=True))
    assert sum(shape) == sc.numbers(tea_plan())["bo"]


def test_last_year_gives_the_months() -> None:
    plan = revise(Change("copy", (("person", "bo"),), basis="last_year", over="time"))
    frame = sc.slice_of(plan, grain="month", under=(("person", "bo"),))
    ratios = [a / b for a, b in zip(frame["amount"], frame["last_year"], strict=True)]
    assert max(ratios) - min(ratios) < 0.001


def test_a_customer_takes_from_the_others_of_its_person() -> None:
    plan = revise(Change("set", (*CY, ("customer", "market")), amount_minor=0, absorb="siblings"))
    after = sc.numbers(plan, "customer", under=CY)
    assert after["market"] == 0
    assert sum(after.values()) == sc.numbers(tea_plan())["cy"]


def test_a_customer_that_grows_makes_its_person_grow() -> None:
    before = sc.numbers(tea_plan(), "customer", under=CY)
    plan = revise(Change("set", (*CY, ("customer", "market")), amount_minor=900_000))
    assert sc.numbers(plan, "customer", under=CY) == {**before, "market": 900_000}
    assert sc.numbers(plan, "product", under=CY).keys() == sc.numbers(tea_plan(), "product", under=CY).keys()


def test_holds_stand_until_they_are_released_or_expire() -> None:
    plan = revise(Change("hold", CY, owner="Mary", expires=date(2027, 6, 1), **MARCH))
    doubled = revise(Change("scale", SOUTH, factor=Fraction(2)), plan=plan)
    assert sc.months(doubled, person="cy")[2] == sc.months(tea_plan(), person="cy")[2]
    assert sum(sc.months(doubled, unit="South")) == 2 * sum(sc.months(tea_plan(), unit="South"))
    held = refuse(Change("set", CY, amount_minor=1, **MARCH), plan=plan, on=date(2027, 5, 31))
    assert (held.rule, held.severity) == ("slice_cannot", "conflict")
    assert revise_plan(plan, [Change("set", CY, amount_minor=1, **MARCH)], on=date(2027, 6, 1))[0] is not None
    assert revise(Change("release", CY, **MARCH), plan=plan)["holds"].is_empty()


def test_conflicts_tell_the_figures() -> None:
    issue = refuse(Change("add", CY, amount_minor=10_000_000, absorb="siblings"))
    assert issue.rule == "siblings_cannot"
    assert dict(issue.details)["asked"] == "100,000.00"
    assert refuse(Change("add", CY, amount_minor=-10_000_000)).rule == "below_zero"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (Change("set", (("unit", "Souf"),), amount_minor=1), "unknown_key"),
        (Change("sett", CY, amount_minor=1), "unknown_operation"),
        (Change("set", CY), "change_needs"),
        (Change("set", CY, amount_minor=1, layer="stretch"), "unknown_layer"),
        (Change("set", CY, amount_minor=1, absorb="nobody"), "unknown_absorber"),
        (Change("set", CY, amount_minor=1, since=date(2029, 1, 1)), "span_outside"),
        (Change("set", (("customer", "market"),), amount_minor=1, **MARCH), "cut_in_time"),
        (Change("hold", (("customer", "market"),)), "hold_on_cut"),
        (Change("spread", CY, basis="fame"), "unknown_spread"),
        (Change("set", (("person", "cy"), ("unit", "North")), amount_minor=1), "slice_empty"),
    ],
)
def test_wrong_input_is_an_error(change: Change, rule: str) -> None:
    issue = refuse(change)
    assert (issue.rule, issue.severity) == (rule, "error")


def test_there_and_back_leaves_no_trace() -> None:
    there = revise(
        Change("add", CY, amount_minor=777, absorb="siblings"), Change("scale", SOUTH, factor=Fraction(3), **MARCH)
    )
    third = Change("scale", SOUTH, factor=Fraction(1, 3), **MARCH)
    back = revise(third, Change("add", CY, amount_minor=-777, absorb="siblings"), plan=there)
    assert back["changes"].is_empty()
    assert back["quotas"].equals(tea_plan()["quotas"])
    assert all(back.cuts[name].equals(cut) for name, cut in tea_plan().cuts.items())


def test_the_ledger_adds_up_after_revisions() -> None:
    plan = revise(
        Change("add", CY, amount_minor=777, owner="Mary"), Change("scale", SOUTH, factor=Fraction(3), **MARCH)
    )
    for keys in (CY, SOUTH, (*CY, ("customer", "market"))):
        explained, _ = explain_number(plan, keys)
        assert explained is not None
        split = sum(way[-1].amount_minor for way in explained.ways)
        assert split + sum(line.amount_minor for line in explained.revisions) == explained.amount_minor
        assert explained.target_minor["commit"] == 1_200_000


def test_a_measure_that_does_not_move_over_time() -> None:
    outlets = sc.settings(*sc.USUAL, targets=(sc.Target("outlets", 60, 66),))
    plan = sc.plan(sc.tea_house(), outlets)
    after = revise(Change("add", CY, amount_minor=3, absorb="siblings"), plan=plan)
    assert sc.numbers(after)["cy"] == sc.numbers(plan)["cy"] + 3
    assert refuse(Change("add", CY, amount_minor=3, **MARCH), plan=plan).rule == "level_in_time"


def test_locks_of_the_company_hold() -> None:
    company = sc.tea_house()
    lock = {"measure": "revenue", "layer": "commit", "dimension": "person", "key": "cy", "kind": "lock", "amount": 4000,
            "reason": "signed"}  # fmt: skip
    plan = sc.plan(sc.Company({**company.tables, "locks": sc.table("locks", [lock])}), *sc.USUAL, commit=12_000)
    assert plan["holds"].select("under", "reason").rows() == [("person=cy", "signed")]
    assert sc.numbers(revise(Change("scale", SOUTH, factor=Fraction(2)), plan=plan))["cy"] == 400_000
    assert refuse(Change("set", CY, amount_minor=1), plan=plan).rule == "slice_cannot"


def test_locks_in_time_stay_and_months_of_anchored_rows_share_the_rest() -> None:
    company = sc.tea_house()
    lock = {"measure": "revenue", "layer": "commit", "dimension": "person", "key": "bo", "kind": "lock", "amount": 90,
            "since": "2027-12-01", "until": "2028-01-01"}  # fmt: skip
    plan = sc.plan(sc.Company({**company.tables, "locks": sc.table("locks", [lock])}), *sc.USUAL, commit=12_000)
    was = sc.months(plan, person="bo")
    doubled = revise(Change("scale", (("person", "bo"),), factor=Fraction(2)), plan=plan)
    now = sc.months(doubled, person="bo")
    assert now[11] == was[11] == 9_000
    assert sum(now) == 2 * sum(was)
    ratio = (sum(now) - 9_000) / (sum(was) - 9_000)
    assert all(abs(b / a - ratio) < 0.001 for a, b in zip(was[:11], now[:11], strict=True))
    back = revise(Change("scale", (("person", "bo"),), factor=Fraction(1, 2)), plan=doubled)
    assert back["quotas"].equals(plan["quotas"])
    assert sc.months(back, person="bo") == was
