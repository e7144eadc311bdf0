"""Hedge and pieces follow what is revised: through the steps' factor and through prices, as when planning."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache

import numpy as np
import polars as pl
import pytest

import small_company as sc
from quotum.adapters.files.plan_folder import read_plan, write_plan
from quotum.adapters.printing.issue_texts import describe
from quotum.engine.basics.issues import Issue
from quotum.engine.curves.running_totals import due
from quotum.engine.revisions import Change, revise_plan
from quotum.engine.slices.explaining import explain_number
from quotum.engine.tables.plan_settings import Measure, Target
from quotum.engine.tables.plan_tables import Plan

MARCH = {"since": date(2027, 3, 1), "until": date(2027, 4, 1)}
CY, SOUTH = (("person", "cy"),), (("unit", "South"),)
PRICES = {"green": 8, "black": 6, "pot": 30}
HEDGED = (sc.UNIT, replace(sc.PERSON, hedge=1.05), sc.CALENDAR, sc.CUSTOMER, sc.PRODUCT)
BY_PRODUCT = (sc.UNIT, sc.PERSON, replace(sc.PRODUCT, of="person"), sc.CALENDAR, sc.CUSTOMER)


@cache
def tied_plan(leaves: str = "cut") -> Plan:
    wanted = sc.settings(*(sc.USUAL if leaves == "cut" else BY_PRODUCT), commit=12_000, stretch=15_000)
    return sc.plan(sc.tea_house(), replace(wanted, targets=(*wanted.targets, Target("units", 0, 0, follows="revenue"))))


@cache
def hedged_plan() -> Plan:
    return sc.plan(sc.tea_house(), *HEDGED, commit=12_000, stretch=15_000)


def revise(plan: Plan, *changes: Change) -> Plan:
    revised, issues = revise_plan(plan, changes)
    assert revised is not None, issues
    return revised


def same_numbers(one: Plan, other: Plan) -> None:
    assert one["quotas"].equals(other["quotas"])
    assert one.settings == other.settings
    for step, cut in one.cuts.items():
        assert cut.equals(other.cuts[step])


def refuse(plan: Plan, change: Change) -> Issue:
    revised, issues = revise_plan(plan, [change])
    assert revised is None
    return issues[0]


@pytest.mark.parametrize("leaves", ["cut", "rows"])
def test_pieces_of_a_revised_row_are_its_money_over_the_price(leaves: str) -> None:
    plan = revise(tied_plan(leaves), Change("scale", CY, factor=Fraction(3, 2)), Change("add", SOUTH, layer="extra",
                                                                                    amount_minor=9_999))  # fmt: skip
    for level in ("commit", "stretch"):
        money = sc.numbers(plan, "product", under=CY, level=level)
        pieces = sc.numbers(plan, "product", under=CY, level=level, measure="units")
        windows = plan["quotas"].filter(pl.col("person") == "cy", pl.col("measure") == "units").height
        assert all(abs(pieces[key] - money[key] / 100 / price) <= 2 * windows for key, price in PRICES.items())
    target = next(t for t in plan.settings.targets if t.measure == "units")
    assert target.commit_minor == sum(sc.numbers(plan, measure="units").values())
    assert target.stretch_minor == sum(sc.numbers(plan, measure="units", level="stretch").values())


def test_the_numbers_of_others_keep_their_pieces() -> None:
    before, after = tied_plan(), revise(tied_plan(), Change("scale", CY, factor=Fraction(3, 2)))
    old, new = sc.numbers(before, measure="units"), sc.numbers(after, measure="units")
    assert {key for key in old if old[key] != new[key]} == {"cy"}


def test_pieces_move_in_the_month_in_which_the_money_moves() -> None:
    before = tied_plan()
    after = revise(before, Change("scale", SOUTH, factor=Fraction(2), **MARCH))
    old, new = (sc.slice_of(p, grain="month", measure="units", under=SOUTH)["amount"].to_list()
                for p in (before, after))  # fmt: skip
    assert [month for month in range(12) if old[month] != new[month]] == [2]
    assert new[2] == pytest.approx(2 * old[2], abs=4)


def test_more_of_the_dear_product_is_fewer_pieces() -> None:
    pot = (*CY, ("product", "pot"))
    before, after = tied_plan(), revise(tied_plan(), Change("scale", pot, factor=Fraction(2), absorb="siblings"))
    assert sc.numbers(before)["cy"] == sc.numbers(after)["cy"]
    assert sc.numbers(after, measure="units")["cy"] < sc.numbers(before, measure="units")["cy"]
    days = sc.slice_of(after, "person", grain="day", measure="units")
    assert days["amount"].min() >= 0


@pytest.mark.parametrize("leaves", ["cut", "rows"])
def test_money_set_back_has_its_pieces_again(leaves: str) -> None:
    before = tied_plan(leaves)
    there = revise(before, Change("scale", CY, factor=Fraction(0), **MARCH), Change("add", SOUTH, amount_minor=777))
    march = sum(sc.numbers(before, under=CY, **MARCH).values())
    back = revise(there, Change("add", SOUTH, amount_minor=-777), Change("set", CY, amount_minor=march, **MARCH))
    same_numbers(back, before)
    assert back["deltas"].is_empty()


def test_the_following_measure_itself_is_not_changed() -> None:
    issue = refuse(tied_plan(), Change("set", CY, measure="units", amount_minor=5))
    assert (issue.rule, issue.severity) == ("change_of_follower", "error")
    assert describe(issue)[1] == "Change revenue; units comes along."


def test_pieces_are_explained_with_what_was_revised() -> None:
    plan = revise(tied_plan(), Change("scale", CY, factor=Fraction(3, 2), reason="fair"))
    opened, issues = explain_number(plan, CY, measure="units")
    assert opened is not None, issues
    assert [line.basis for line in opened.revisions] == ["scale, person=cy, fair"]
    whole = sum(way[-1].amount_minor for way in opened.ways) + sum(line.amount_minor for line in opened.revisions)
    assert whole == opened.amount_minor == sc.numbers(plan, measure="units")["cy"]


def test_a_revised_tied_plan_is_written_read_and_revised_again(tmp_path) -> None:
    plan = revise(tied_plan(), Change("scale", CY, factor=Fraction(3, 2), **MARCH))
    assert write_plan(plan, tmp_path / "p", inputs={}, run={}) == []
    again, issues = read_plan(tmp_path / "p")
    assert again is not None, issues
    back = revise(again, Change("set", CY, amount_minor=sum(sc.numbers(tied_plan(), under=CY, **MARCH).values()),
                                **MARCH))  # fmt: skip
    same_numbers(back, tied_plan())


def test_implied_prices_are_checked_again() -> None:
    price = Measure("price", "ratio", 2, numerator="revenue", denominator="units", tolerance=0.1)
    wanted = sc.settings(*sc.USUAL, commit=12_000)
    wanted = replace(wanted, targets=(*wanted.targets, Target("units", 1_100, 1_100)),
                     measures={**wanted.measures, "price": price})  # fmt: skip
    plan = sc.plan(sc.tea_house(), wanted)
    _, issues = revise_plan(plan, [Change("scale", factor=Fraction(3))])
    assert {(issue.rule, issue.severity) for issue in issues} == {("price_off", "warning")}
    assert revise_plan(plan, [Change("add", CY, amount_minor=1)])[1] == []


def test_hedge_follows_commit_by_the_factor_of_the_step() -> None:
    before = hedged_plan()
    after = revise(before, Change("scale", CY, factor=Fraction(2)))
    rows = after["quotas"].filter(pl.col("person") == "cy")
    assert (rows["hedge"] - rows["commit"] / 20).abs().max() <= 0.5
    others = pl.col("person") != "cy"
    assert after["quotas"].filter(others).equals(before["quotas"].filter(others))
    assert after["quotas"]["extra"].equals(before["quotas"]["extra"])
    for cut in after.cuts.values():
        sums = cut.group_by("row").agg(pl.col("hedge").sum()).sort("row")
        assert sums.equals(after["quotas"].join(sums, on="row", how="semi").select("row", "hedge"))


def test_hedge_moves_in_the_month_in_which_commit_moves() -> None:
    before, after = hedged_plan(), revise(hedged_plan(), Change("scale", SOUTH, factor=Fraction(2), **MARCH))
    old, new = (hedge_of_the_south(p) for p in (before, after))
    assert [month for month in range(12) if old[month] != new[month]] == [2]
    assert new[2] == pytest.approx(2 * old[2], abs=10)


def hedge_of_the_south(plan: Plan) -> list[int]:
    edges = [date(2027, month, 1) for month in range(1, 13)] + [date(2028, 1, 1)]
    south = plan["quotas"].filter(pl.col("unit") == "South")
    return np.diff(due(plan, south, edges, ["hedge"])["hedge"], axis=1).sum(axis=0).tolist()


def test_commit_set_back_has_its_hedge_again() -> None:
    before = hedged_plan()
    there = revise(before, Change("set", CY, amount_minor=123_456), Change("scale", SOUTH, factor=Fraction(2), **MARCH))
    march = sum(sc.numbers(revise(before, Change("set", CY, amount_minor=123_456)), under=SOUTH, **MARCH).values())
    back = revise(there, Change("set", SOUTH, amount_minor=march, **MARCH),
                  Change("set", CY, amount_minor=sc.numbers(before)["cy"]))  # fmt: skip
    same_numbers(back, before)


def test_a_revised_hedged_number_is_explained() -> None:
    plan = revise(hedged_plan(), Change("scale", CY, factor=Fraction(2)), Change("scale", SOUTH, factor=Fraction(2),
                                                                               **MARCH))  # fmt: skip
    opened, issues = explain_number(plan, SOUTH, level="hedged")
    assert opened is not None, issues
    parts = [opened.ways[0][-1], *opened.hedges, *opened.revisions]
    assert sum(part.amount_minor for part in parts) == opened.amount_minor
    assert len(opened.revisions) == 2


def test_hedge_itself_is_not_changed() -> None:
    issue = refuse(hedged_plan(), Change("add", CY, layer="hedge", amount_minor=5))
    assert (issue.rule, issue.severity) == ("change_of_hedge", "error")
