"""The plan in force at the time: what was asked then, whatever was changed for later days."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from test_handover_list import newcomer
from test_replanning import again, last_year_again, tea_plan
from test_revised_followers import hedged_plan, tied_plan

import small_company as sc
from quotum.engine.revisions import Change, list_changes_of_force, plan_in_force, revise_plan
from quotum.engine.tables.plan_tables import Plan

MARCH, APRIL, JULY = date(2027, 3, 1), date(2027, 4, 1), date(2027, 7, 1)


def same(one: Plan, other: Plan, *, hedged: bool = False) -> None:
    for by in (("person",), ("unit",), ("person", "customer"), ("person", "product")):
        for level in ("commit", "stretch", *(("hedged",) if hedged and by == ("person",) else ())):
            assert sc.slice_of(one, *by, grain="month", level=level).equals(
                sc.slice_of(other, *by, grain="month", level=level)
            )  # fmt: skip
    assert one.settings.targets == other.settings.targets


@pytest.mark.parametrize("made", [tea_plan, tied_plan, hedged_plan], ids=["plain", "pieces", "hedge"])
def test_each_month_knows_the_plan_of_its_time(made) -> None:
    plan, company = made(), last_year_again(0.7)
    spring = again(company, plan)
    summer = again(company, spring, date(2027, 6, 30), policy="outlook")
    assert list_changes_of_force(summer) == [APRIL, JULY]
    same(plan_in_force(summer, MARCH), plan)
    same(plan_in_force(summer, APRIL), spring)
    same(plan_in_force(summer, JULY), summer)


def test_a_newcomer_was_asked_nothing_before_the_plan_that_brought_the_row() -> None:
    made = again(newcomer(), tea_plan(), policy="keep-rest")
    same(plan_in_force(made, MARCH), tea_plan())
    assert "new" not in sc.numbers(plan_in_force(made, MARCH))
    assert "new" in sc.numbers(plan_in_force(made, APRIL))


def test_a_revision_counts_from_the_beginning_or_from_its_day() -> None:
    change = Change("scale", (("person", "cy"),), factor=Fraction(2))
    plan = tea_plan()
    always, _ = revise_plan(plan, [change])
    dated, _ = revise_plan(plan, [change], in_force=JULY)
    assert always is not None
    assert dated is not None
    assert sc.numbers(plan_in_force(always, MARCH)) == sc.numbers(always)
    assert sc.numbers(plan_in_force(dated, MARCH)) == sc.numbers(plan)
    assert sc.numbers(plan_in_force(dated, JULY)) == sc.numbers(always)


def test_what_counted_for_a_while_stays_known_when_it_is_set_back() -> None:
    plan = tea_plan()
    cy = sc.numbers(plan)["cy"]
    change, back = (Change("set", (("person", "cy"),), amount_minor=amount) for amount in (2 * cy, cy))
    doubled, _ = revise_plan(plan, [change], in_force=APRIL)
    assert doubled is not None
    again_, _ = revise_plan(doubled, [back], in_force=JULY)
    assert again_ is not None
    told = [sc.numbers(plan_in_force(again_, day))["cy"] for day in (MARCH, APRIL, JULY)]
    assert told == [cy, 2 * cy, cy]
