"""Planning anew with what follows: pieces behind money, hedge on commit, totals given in a second direction."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np
import polars as pl
import pytest
from test_replanning import MARCH, again, last_year_again, replan, with_owner
from test_revised_followers import PRICES, hedged_plan, tied_plan

import small_company as sc
from quotum.engine.curves.running_totals import due
from quotum.engine.slices import Request, compare_plans
from quotum.engine.tables.plan_settings import HEDGE, LAYERS
from quotum.engine.tables.plan_tables import Plan
from quotum.engine.tables.replan_settings import POLICIES

EVERY_DAY = [date(2027, 1, 1) + timedelta(days=k) for k in range(366)]
JUNE = {"since": "2027-06-01", "until": "2027-07-01"}
NEWCOMER = with_owner("market", "new", "2027-06-01", new={"unit": "South", "hired": "2027-06-01"})


@cache
def crossed_plan() -> Plan:
    """Return the tea house's plan with a second total: what the company has to bring in June."""
    june = {"measure": "revenue", "layer": "commit", "amount": 1_500, **JUNE}
    house = sc.tea_house()
    tables = {**house.tables, "totals": sc.table("totals", [june])}
    return sc.plan(type(house).of(tables), *sc.USUAL, commit=10_000, stretch=11_000)


def adds_up(plan: Plan) -> None:
    """Every day of every row is 0 or more, cuts add up to rows, rows to targets."""
    quotas = plan["quotas"]
    for layer in [*LAYERS, *([HEDGE] if HEDGE in quotas.columns else [])]:
        running = due(plan, quotas, EVERY_DAY, [layer])[layer]
        assert (np.diff(running, axis=1) >= 0).all(), layer
        assert running[:, -1].tolist() == quotas[layer].to_list()
        for step, cut in plan.cuts.items():
            if layer in cut.columns:
                sums = dict(cut.group_by("row").agg(pl.col(layer).sum()).iter_rows())
                rows = dict(quotas.filter(pl.col("row").is_in(list(sums))).select("row", layer).iter_rows())
                assert sums == rows, (step, layer)
    for target in plan.settings.targets:
        own = quotas.filter(measure=target.measure)
        assert (own["commit"].sum(), own["extra"].sum()) == (target.commit_minor, target.extra_minor)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("made", [tied_plan, hedged_plan, crossed_plan], ids=["pieces", "hedge", "crossing"])
def test_everything_adds_up_after_planning_anew(made, policy: str) -> None:
    adds_up(again(last_year_again(0.6), made(), policy=policy))


def test_pieces_follow_the_money_that_was_sold_and_the_money_ahead() -> None:
    before = tied_plan()
    after = again(last_year_again(0.6), before)
    for plan in (before, after):
        money = sc.numbers(plan, "product", under=(("person", "cy"),))
        pieces = sc.numbers(plan, "product", under=(("person", "cy"),), measure="units")
        assert all(abs(pieces[key] - money[key] / 100 / price) <= 4 for key, price in PRICES.items())
    q1 = {"since": date(2027, 1, 1), "until": date(2027, 4, 1)}
    money, pieces = (
        sc.slice_of(after, measure=m, **q1)["amount"].sum() / sc.slice_of(before, measure=m, **q1)["amount"].sum()
        for m in ("revenue", "units")
    )
    assert pieces == pytest.approx(money, abs=0.02)


@pytest.mark.parametrize("leaves", ["cut", "rows"])
def test_a_newcomer_gets_pieces_with_the_money(leaves: str) -> None:
    before = tied_plan(leaves)
    after = again(NEWCOMER, before, policy="keep-rest")
    adds_up(after)
    months = sc.slice_of(after, grain="month", under=(("person", "new"),), measure="units")["amount"].to_list()
    assert months[:5] == [0] * 5
    assert sum(months[5:]) > 0
    money = sc.numbers(after, "product", under=(("person", "new"),))
    pieces = sc.numbers(after, "product", under=(("person", "new"),), measure="units")
    assert all(abs(pieces[key] - money[key] / 100 / price) <= 2 for key, price in PRICES.items())


def test_the_hedge_of_a_newcomer_is_that_of_the_commit_handed_over() -> None:
    after = again(NEWCOMER, hedged_plan(), policy="keep-rest")
    adds_up(after)
    of_new = after["quotas"].filter(person="new")
    assert of_new[HEDGE].item() == round(of_new["commit"].item() * 0.05)


def test_a_second_total_ahead_is_told_when_catching_up_breaks_it() -> None:
    after, issues = replan(last_year_again(0.6), crossed_plan())
    assert after is not None
    assert sc.months(after)[5] > 150_000
    assert "limit_broken" in {issue.rule for issue in issues}


def test_a_second_total_ahead_stands_when_the_rest_is_kept() -> None:
    after, issues = replan(last_year_again(0.6), crossed_plan(), policy="keep-rest")
    assert after is not None
    assert sc.months(after)[5] == 150_000
    assert issues == []


@pytest.mark.parametrize("made", [tied_plan, hedged_plan, crossed_plan], ids=["pieces", "hedge", "crossing"])
def test_cell_by_cell_the_differences_add_up_to_those_of_people(made) -> None:
    before = made()
    after = again(last_year_again(0.6), before, as_of=MARCH)
    cells, _ = compare_plans(before, after, Request(("person", "customer"), "month"))
    people, _ = compare_plans(before, after, Request(("person",)))
    sums = cells.group_by("person").agg(pl.col("difference").sum())
    told = dict(people.select("person", "difference").iter_rows())
    assert {p: d for p, d in sums.iter_rows() if d} == {p: d for p, d in told.items() if d}
