"""March is scored by what March was asked, whatever was planned anew since."""

from __future__ import annotations

from datetime import date

import polars as pl

import small_company as sc
from appraisal_worlds import NO_DAYS, read_text
from quotum.engine.appraisal import simulate
from quotum.engine.appraisal.figures import TARGET_SCHEMA
from quotum.engine.appraising import appraise_company, list_targets
from quotum.engine.planning import calendar_span, replan_plan
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_tables import Plan
from quotum.engine.tables.replan_settings import ReplanSettings

SCHEME = """
scheme = "sales"
[[scorecard]]
name = "month"
[[scorecard.line]]
indicator = "sales_amount"
weight = 100
target = "revenue_target"
owner = "rep"
[[scorecard]]
name = "half"
every = "half"
[[scorecard.line]]
indicator = "sales_amount"
weight = 100
target = "revenue_target"
owner = "rep"
"""
FIRST_HALF = date(2027, 1, 1), date(2027, 7, 1)


def company() -> Company:
    return sc.firm({"ana": "n", "bo": "s"}, {"a": "ana", "b": "bo"},
                   [*sc.each_month("a", 100), *sc.each_month("b", 50), sc.sale("a", 60, "2027-01-10"),
                    sc.sale("a", 30, "2027-02-10"), sc.sale("b", 80, "2027-03-10")])  # fmt: skip


def replanned(plan: Plan, day: date) -> Plan:
    days, _ = sc._days("", *calendar_span(plan.settings))
    made, issues = replan_plan(company(), plan, days, day, ReplanSettings("keep-year"))
    assert made is not None, issues
    return made


def test_months_before_keep_what_they_were_asked_and_later_ones_have_the_new_targets(tmp_path):
    schemes, _ = read_text(tmp_path, SCHEME)
    plan = sc.plan(company(), sc.UNIT, sc.PERSON, sc.FLAT, commit=1_800)
    spring = replanned(plan, date(2027, 3, 31))
    first, then = (appraise_company(company(), p, schemes, NO_DAYS, *FIRST_HALF) for p in (plan, spring))

    def targets(made, card: str) -> dict[tuple[str, str], float]:
        lines = made["lines"].filter(pl.col("scorecard") == card, pl.col("person") != "")
        return {(who, when): t for who, when, t in lines.select("person", "period", "target").iter_rows()}

    old, new = targets(first, "month"), targets(then, "month")
    assert all(new[key] == old[key] for key in old if key[1] <= "2027-03")
    assert all(new[key] > old[key] for key in old if key[1] > "2027-03")
    for (who, _), target in targets(then, "half").items():
        assert target == round(sum(amount for key, amount in new.items() if key[0] == who), 2)
    assert list_targets(spring, company()).filter(pl.col("since") < date(2027, 4, 1)).equals(
        list_targets(plan, company()).filter(pl.col("since") < date(2027, 4, 1))
    )  # fmt: skip
    assert dict(sc.slice_of(spring, "person", grain="month").filter(period="2027-01").select(
        "person", "amount").iter_rows()) == {"ana": 6_000, "bo": 0}  # what the plan itself tells is what was sold


def test_a_quarter_that_ends_within_a_change_adds_up_months_of_both_plans():
    plan = sc.plan(company(), sc.UNIT, sc.PERSON, sc.FLAT, commit=1_800)
    spring = replanned(plan, date(2027, 2, 28))
    told = list_targets(spring, company()).filter(kind="person", key="ana", level="commit")
    months = dict(told.select("since", "amount").iter_rows())
    before, after = (sc.months(p, person="ana") for p in (plan, spring))
    assert [months[date(2027, m, 1)] for m in (1, 2, 3)] == [*before[:2], after[2]]


def test_last_year_is_scored_against_targets_of_its_own_size_whatever_is_counted(tmp_path):
    """Money, margins, orders, customers and levels: people together are at 100 %."""
    scheme = '[[scorecard]]\nname = "all"\nevery = "half"\n' + "".join(
        f'[[scorecard.line]]\nindicator = "of_{name}"\nweight = 20\ntarget = "{name}_target"\nowner = "rep"\n'
        for name in ("revenue", "gross_profit", "orders", "customers", "outlets")
    ) + "[indicators]\n" + "".join(
        f'of_{name} = "{name}"\n' for name in ("revenue", "gross_profit", "orders", "customers", "outlets")
    )  # fmt: skip
    schemes, issues = read_text(tmp_path, scheme)
    assert not issues
    lines = [
        sc.sale(who, 10 * size, f"2026-{month:02}-10", cost=4 * size, order=f"{who}{month}{place}")
        for who, size in (("a", 2), ("b", 1)) for month in range(1, 13) for place in range(size)
    ]  # fmt: skip
    firm = sc.firm({"ana": "n", "bo": "s"}, {"a": "ana", "b": "bo"}, lines)
    targets = pl.DataFrame([
        {"kind": "person", "key": who, "measure": name, "level": "commit", "since": date(2027, m, 1),
         "until": date(2027, m + 1, 1), "amount": 7}
        for who in ("ana", "bo") for name in ("revenue", "gross_profit", "orders", "customers", "outlets")
        for m in range(1, 7)
    ], schema=TARGET_SCHEMA)  # fmt: skip
    made = simulate(firm, sc.settings(), schemes, targets, NO_DAYS, *FIRST_HALF).appraisal
    of_people = made["lines"].filter(pl.col("person") != "")
    told = of_people.group_by("indicator").agg(pl.col("actual", "target").sum())
    for name, actual, target in told.iter_rows():
        months = 6 if name == "of_customers" else 1  # counted once in the half year, month by month in the target
        assert target == months * actual, name
