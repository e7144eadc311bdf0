"""Hedge: members get more than their parent has; what is committed and what is hedged add up apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import floor

import polars as pl
import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from quotum.adapters.files.plan_folder import read_plan, write_plan
from quotum.adapters.printing.issue_texts import describe
from quotum.engine.slices import Request, cut_slice
from quotum.engine.slices.explaining import explain_number
from quotum.engine.tables.plan_settings import AcrossStep, Target
from small_company import (
    CUSTOMER,
    FLAT,
    PERSON,
    PRODUCT,
    UNIT,
    firm,
    numbers,
    plan,
    refusal,
    sale,
    settings,
    slice_of,
    tea_house,
)

TEAM, OWN = {"ana": "North", "bo": "North", "cy": "South"}, {"a": "ana", "b": "bo", "c": "cy"}
SALES = [sale("a", 100), sale("b", 100), sale("c", 200)]
HEDGING = replace(PERSON, hedge=1.05)
AREA, CHANNEL = AcrossStep("area", "area"), AcrossStep("channel", "channel")


def team(**tables):
    return firm(TEAM, OWN, SALES, **tables)


def test_people_get_a_twentieth_more_and_commit_stays():
    made = plan(team(), UNIT, HEDGING, FLAT)
    assert numbers(made) == {"ana": 2500_00, "bo": 2500_00, "cy": 5000_00}
    assert numbers(made, level="hedged") == {"ana": 2625_00, "bo": 2625_00, "cy": 5250_00}
    assert made["quotas"]["hedge"].sum() == 500_00


def test_hedges_of_several_steps_multiply():
    made = plan(team(), replace(UNIT, hedge=1.1), HEDGING, FLAT, commit=1000)
    assert made["quotas"]["hedge"].sum() == floor(Fraction("1.1") * Fraction("1.05") * 100_000) - 100_000


def test_a_plan_without_hedge_has_no_such_column_and_says_so_when_asked():
    made = plan(team(), UNIT, PERSON, FLAT)
    assert "hedge" not in made["quotas"].columns
    _, [issue] = cut_slice(made, Request(by=("person",), level="hedged"))
    assert (issue.rule, issue.severity) == ("no_hedge", "error")


def test_stretch_and_hedge_do_not_mix():
    made = plan(team(), UNIT, HEDGING, FLAT, stretch=20_000)
    assert sum(numbers(made, level="stretch").values()) == 20_000_00
    assert sum(numbers(made, level="hedged").values()) == 10_500_00


def test_cuts_and_days_of_the_hedged_number_add_up():
    company = firm(TEAM, {**OWN, "a2": "ana"}, [*SALES, sale("a2", 33.33)])
    made = plan(company, UNIT, HEDGING, FLAT, CUSTOMER, commit=777.77)
    people = numbers(made, level="hedged")
    assert sum(numbers(made, "customer", level="hedged").values()) == sum(people.values())
    days = slice_of(made, "person", grain="day", level="hedged")
    assert {key: days.filter(person=key)["amount"].sum() for key in people} == people
    assert days["amount"].min() >= 0


def test_those_below_do_not_see_it():
    made = plan(team(), UNIT, HEDGING, FLAT, CUSTOMER)
    above, none = cut_slice(made, Request(by=("person",), level="hedged", under=(("unit", "North"),)))
    assert (above["amount"].sum(), none) == (5250_00, [])
    for dimension, key in (("person", "ana"), ("customer", "a")):
        frame, [issue] = cut_slice(made, Request(by=("person",), level="hedged", under=((dimension, key),)))
        assert frame.is_empty()
        assert (issue.rule, issue.column, issue.value) == ("hedge_hidden", dimension, key)
        assert "lies at or below step person" in describe(issue)[0]


def test_the_hedge_of_units_is_hidden_from_units():
    made = plan(team(), replace(UNIT, hedge=1.1), PERSON, FLAT)
    _, [issue] = cut_slice(made, Request(by=("person",), level="hedged", under=(("unit", "North"),)))
    assert issue.rule == "hedge_hidden"


def test_the_ledger_of_a_hedged_number_tells_what_each_step_handed_down():
    made = plan(team(), replace(AREA, hedge=1.1), UNIT, HEDGING, FLAT, commit=1000)
    assert explain_number(made, [("unit", "North")], level="hedged")[1][0].rule == "hedge_hidden"
    made = plan(team(), UNIT, replace(CHANNEL, hedge=1.1), HEDGING, FLAT, commit=1000)
    opened, issues = explain_number(made, [("unit", "North")], level="hedged")
    assert opened is not None, issues
    assert [(line.basis, line.part, line.amount_minor) for line in opened.hedges] == [
        ("channel", 1.1, 50_00), ("person", 1.05, 27_50)]  # fmt: skip
    assert opened.ways[0][-1].amount_minor + 50_00 + 27_50 == opened.amount_minor == 577_50


def test_those_below_get_no_ledger_of_it():
    opened, [issue] = explain_number(plan(team(), UNIT, HEDGING, FLAT), [("person", "ana")], level="hedged")
    assert (opened, issue.rule) == (None, "hedge_hidden")
    _, [issue] = explain_number(plan(team(), UNIT, PERSON, FLAT), [("unit", "North")], level="hedged")
    assert issue.rule == "no_hedge"


def test_a_product_of_hedges_above_the_cap_names_the_steps():
    steps = (replace(UNIT, hedge=1.06), HEDGING, FLAT)
    assert plan(team(), *steps, hedge_cap=1.113)
    [issue] = refusal(team(), *steps, hedge_cap=1.1)
    assert (issue.rule, issue.severity, issue.value) == ("hedge_above_cap", "conflict", "1.113")
    assert dict(issue.details)["steps"] == "unit 1.06, person 1.05"


def test_a_step_after_the_calendar_cannot_hedge():
    [issue] = refusal(team(), UNIT, PERSON, FLAT, replace(CUSTOMER, hedge=1.1))
    assert issue.rule == "hedge_after_calendar"


def test_a_step_of_one_measure_hedges_that_measure():
    wanted = settings(UNIT, replace(HEDGING, measures=("revenue",)), FLAT)
    wanted = replace(wanted, targets=(*wanted.targets, Target("customers", 300, 300)))
    made = plan(team(), wanted)
    assert made["quotas"].filter(measure="customers")["hedge"].sum() == 0
    assert made["quotas"].filter(measure="revenue")["hedge"].sum() == 500_00


def test_a_hedged_plan_is_written_and_read(tmp_path):
    made = plan(team(), UNIT, HEDGING, FLAT, CUSTOMER)
    assert write_plan(made, tmp_path / "p", inputs={}, run={}) == []
    again, issues = read_plan(tmp_path / "p")
    assert issues == []
    assert numbers(again, "customer", level="hedged") == numbers(made, "customer", level="hedged")


@effort(max_examples=15, deadline=None)
@given(st.integers(0, 10**9), st.sampled_from([1.0, 1.01, 1.05, 1.3]), st.sampled_from([1.0, 1.001, 1.5]))
def test_hedge_adds_up_at_every_step_and_is_never_negative(cents, of_units, of_people):
    company = tea_house()
    steps = (replace(UNIT, hedge=of_units), replace(PERSON, hedge=of_people), FLAT, CUSTOMER, PRODUCT)
    made = plan(company, *steps, commit=cents / 100, stretch=cents / 50)
    if of_units == of_people == 1.0:
        assert "hedge" not in made["quotas"].columns
        return
    rows = made["quotas"]
    assert rows["hedge"].min() >= 0
    for cut in made.cuts.values():
        sums = cut.group_by("row").agg(pl.col("hedge").sum()).sort("row")
        assert sums.equals(rows.filter(pl.col("row").is_in(sums["row"].implode())).select("row", "hedge"))
    product = Fraction(str(of_units)) * Fraction(str(of_people))
    assert abs(rows["hedge"].sum() - (product - 1) * cents) <= 1 + rows.height


def test_hedge_follows_the_curve_of_its_row():
    made = plan(team(), UNIT, HEDGING, FLAT)
    half = slice_of(made, since=date(2027, 1, 1), until=date(2027, 7, 1), level="hedged")["amount"].item()
    commit = slice_of(made, since=date(2027, 1, 1), until=date(2027, 7, 1))["amount"].item()
    assert half == pytest.approx(1.05 * commit, abs=4)
