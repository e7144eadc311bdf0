"""Plans whose splits were moved by proposals or by crossing totals are revised from where they stand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import small_company as sc
from quotum.engine.revisions import Change, revise_plan
from quotum.engine.slices.explaining import explain_number
from quotum.engine.tables.plan_tables import Plan

TEAM, OWN = {"ana": "North", "bo": "North"}, {"a": "ana", "b": "ana", "c": "bo"}
SALES = [sc.sale("a", 1000, product="tea"), sc.sale("b", 1000, product="pot"), sc.sale("c", 2000, product="tea"),
         sc.sale("c", 1000, product="pot")]  # fmt: skip
ANA = (("person", "ana"),)


def revise(plan: Plan, *changes: Change) -> tuple[Plan, list[str]]:
    revised, issues = revise_plan(plan, changes)
    assert revised is not None, issues
    return revised, [issue.rule for issue in issues]


def wish(person: str, amount: float, customer: str | None = None) -> dict[str, object]:
    return {"person": person, "measure": "revenue", "layer": "commit", "customer": customer, "amount": amount,
            "trust": 5.0}  # fmt: skip


def test_reconciled_people_and_customers_grow_from_what_they_have() -> None:
    company = sc.firm(TEAM, OWN, SALES, proposals=[wish("ana", 2600), wish("ana", 700, "a")])
    plan = sc.plan(company, sc.UNIT, replace(sc.PERSON, reconcile="proposals"), sc.FLAT,
                   replace(sc.CUSTOMER, reconcile="proposals"), commit=5000)  # fmt: skip
    before = sc.numbers(plan, "customer")
    assert before["a"] < before["b"]
    after, rules = revise(plan, Change("scale", ANA, factor=Fraction(11, 10)))
    grown = sc.numbers(after, "customer")
    assert rules == []
    assert all(abs(grown[key] - 1.1 * before[key]) <= 1 for key in ("a", "b"))
    assert grown["c"] == before["c"]
    opened, issues = explain_number(after, [*ANA, ("customer", "a")])
    assert opened is not None, issues
    back, _ = revise(after, Change("set", ANA, amount_minor=sc.numbers(plan)["ana"]))
    assert back.cuts["customer"].equals(plan.cuts["customer"])


def test_a_product_total_over_all_people_is_kept_or_broken_by_name() -> None:
    pot = {"measure": "revenue", "layer": "commit", "dimension": "product", "key": "pot", "amount": 4000}
    company = sc.firm(TEAM, OWN, SALES, totals=[pot], products=[{"product": "tea"}, {"product": "pot"}])
    plan = sc.plan(company, sc.UNIT, sc.PERSON, sc.FLAT, sc.PRODUCT, commit=5000)
    before = sc.numbers(plan, "product", under=ANA)
    assert sc.numbers(plan, "product")["pot"] == 4000_00
    after, rules = revise(plan, Change("scale", ANA, factor=Fraction(2)))
    grown = sc.numbers(after, "product", under=ANA)
    assert all(abs(grown[key] - 2 * before[key]) <= 1 for key in grown)
    assert rules == ["limit_broken"]
    _, rules = revise(plan, Change("add", (*ANA, ("product", "tea")), amount_minor=10_00))
    assert rules == []
