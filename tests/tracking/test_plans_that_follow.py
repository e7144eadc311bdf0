"""Months keep what was asked in them: of plans made anew, and of plans made from scratch in the middle of the year."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from small_reviews import review, standing, with_sales

import small_company as sc
from quotum.adapters.calendars import list_days
from quotum.engine.appraising import list_targets
from quotum.engine.asking import follow_plan
from quotum.engine.planning import calendar_span, replan_plan
from quotum.engine.tables.replan_settings import ReplanSettings

MARCH, SUMMER = date(2027, 3, 31), date(2027, 6, 30)
SOLD = [sc.sale(who, 30 + 9 * month, f"2027-{month:02}-1{place}", "green", quantity=3)
        for month in range(1, 9) for place, who in enumerate(("inn", "camp"))]  # fmt: skip
COMPANY = with_sales(sc.tea_house(), SOLD)


def tea_plan():
    return sc.plan(sc.tea_house(), *sc.USUAL, stretch=10_000)


def again(plan, policy="keep-year"):
    """Return the plan made anew on what was sold by March."""
    days, _ = list_days("", *calendar_span(replace(plan.settings, as_of=MARCH)))
    made, issues = replan_plan(COMPANY, plan, days, MARCH, ReplanSettings(policy=policy))
    assert made is not None, issues
    return made


def months(made, node="", dimension="company"):
    return made["months"].filter(dimension=dimension, node=node, level="commit").sort("since")


def from_scratch():
    made = sc.plan(COMPANY, *sc.USUAL, commit=12_000, stretch=14_000)
    return replace(made, settings=replace(made.settings, as_of=SUMMER))


@pytest.mark.parametrize("policy", ["keep-year", "keep-rest", "outlook"])
def test_a_plan_made_anew_leaves_the_months_behind_as_they_were_asked(policy):
    plan = tea_plan()
    spring = again(plan, policy)
    for dimension, node in (("company", ""), ("person", "bo"), ("unit", "South")):
        asked, told = (months(review(COMPANY, one, "2027-05-31"), node, dimension) for one in (plan, spring))
        assert told.height == 12
        closed = told["until"] <= date(2027, 4, 1)
        assert told.filter(closed)["target"].to_list() == asked.filter(closed)["target"].to_list()
        assert told.filter(closed)["actual"].to_list() == asked.filter(closed)["actual"].to_list()
    company = months(review(COMPANY, spring, "2027-05-31"))
    assert company["target"].to_list()[:3] != company["actual"].to_list()[:3]  # nobody sold just what was asked


def test_before_it_counts_nobody_is_held_against_a_plan_made_anew():
    plan = tea_plan()
    spring = again(plan, "outlook")
    for day in ("2027-02-28", "2027-03-31"):
        one, other = (standing(review(COMPANY, made, day)) for made in (plan, spring))
        assert one == other


def test_what_is_due_ends_at_the_target_whatever_the_months_were_asked():
    spring = again(tea_plan())
    made = review(COMPANY, spring, "2027-05-31")
    assert months(made)["due"].to_list()[-1] == standing(made, "company")[""]["target"]
    assert months(made)["due"].to_list()[4] == standing(made, "company")[""]["plan_to_date"]


def test_a_plan_from_scratch_takes_over_and_closed_months_keep_their_targets():
    before = again(tea_plan(), "keep-rest")
    linked, issues = follow_plan(from_scratch(), before)
    assert not issues
    told, old = (months(review(COMPANY, one, "2027-08-31")) for one in (linked, before))
    alone = months(review(COMPANY, from_scratch(), "2027-08-31"))
    assert told["target"].to_list() == old["target"].to_list()[:6] + alone["target"].to_list()[6:]
    assert told["target"].to_list()[:6] != alone["target"].to_list()[:6]
    assert standing(review(COMPANY, linked, "2027-08-31"), "company")[""]["target"] == 12_000_00


def test_appraisals_hold_months_against_the_plan_that_came_before():
    before = tea_plan()
    linked, _ = follow_plan(from_scratch(), before)
    keys = ["kind", "key", "measure", "level", "since"]
    told, old, new = (list_targets(plan, COMPANY).sort(keys) for plan in (linked, before, from_scratch()))
    first = pl.col("since") <= SUMMER
    assert told.filter(first).equals(old.filter(first))
    assert told.filter(~first).equals(new.filter(~first))


def test_plans_of_other_dates_are_told():
    other = tea_plan()
    moved = replace(other, settings=replace(other.settings, since=date(2026, 1, 1), until=date(2027, 1, 1)))
    _, issues = follow_plan(from_scratch(), moved)
    assert [issue.rule for issue in issues] == ["follows_other_dates"]
    _, issues = follow_plan(tea_plan(), other)
    assert [issue.rule for issue in issues] == ["follows_before_plan"]
