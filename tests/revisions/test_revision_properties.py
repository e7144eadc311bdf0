"""Whatever is revised: sums hold at every node and grain, holds stand, no day is negative, and back is back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import small_company as sc
from quotum.engine.curves.running_totals import due
from quotum.engine.revisions import Change, revise_plan
from quotum.engine.slices import Request, compare_plans, cut_slice
from quotum.engine.tables.plan_settings import HEDGE, LAYERS, Target
from quotum.engine.tables.plan_tables import Memory, Plan

EDGES = [date(2027, 1, 1), date(2027, 2, 1), date(2027, 3, 1), date(2027, 3, 17), date(2027, 7, 1), date(2027, 10, 1),
         date(2028, 1, 1)]  # fmt: skip
UNDER = [
    (), (("unit", "South"),), (("unit", "North"),), (("unit", "Coast"),), (("person", "cy"),), (("person", "eve"),),
    (("person", "bo"),), (("unit", "North:own"),), (("unit", "North"), ("person", "ana")),
]  # fmt: skip
MEMBERS = [(("customer", "market"),), (("person", "cy"), ("customer", "kiosk")), (("product", "green"),),
           (("category", "tea"),)]  # fmt: skip


MONTH = {"measure": "revenue", "layer": "commit", "since": "2027-03-01", "until": "2027-04-01", "amount": 20}
WORLDS = ["plain", "hedged", "tied", "crossing", "proposed", "bounded"]


@cache
def tea_plan(world: str = "plain") -> Plan:
    """Return the tea house as a plan of some origin; each has something that revisions must bring along or keep."""
    company, steps, more = sc.tea_house(), sc.USUAL, {}
    if world == "hedged":
        steps = (replace(sc.UNIT, hedge=1.02), replace(sc.PERSON, hedge=1.05), *sc.USUAL[2:])
    elif world == "crossing":
        pot = {**MONTH, "since": None, "until": None, "dimension": "product", "key": "pot", "amount": 40}
        more = {"totals": sc.table("totals", [MONTH, pot])}
    elif world == "proposed":
        steps = (sc.UNIT, replace(sc.PERSON, reconcile="proposals"), *sc.USUAL[2:])
        wish = {"person": "cy", "measure": "revenue", "layer": "commit", "amount": 60, "trust": 3.0}
        more = {"proposals": sc.table("proposals", [wish])}
    elif world == "bounded":
        lock = {
            "measure": "revenue",
            "layer": "commit",
            "dimension": "person",
            "kind": "floor",
            "key": "cy",
            "amount": 20,
        }
        cap = {**lock, "dimension": "unit", "key": "South", "kind": "cap", "amount": 70}
        more = {"locks": sc.table("locks", [lock, cap])}
    wanted = sc.settings(*steps, commit=120.35, stretch=150)
    if world == "tied":
        wanted = replace(wanted, targets=(*wanted.targets, Target("units", 0, 0, follows="revenue")))
    return sc.plan(replace(company, tables={**company.tables, **more}), wanted)


@st.composite
def changes(draw: st.DrawFn) -> Change:
    kind = draw(st.sampled_from(["set", "add", "scale", "spread", "copy", "member", "member"]))
    layer = draw(st.sampled_from(["commit", "commit", "extra"]))
    if kind == "member":
        return Change("scale", draw(st.sampled_from(MEMBERS)), layer=layer, factor=draw(st.sampled_from(FACTORS)),
                      absorb=draw(st.sampled_from(["parent", "siblings"])))  # fmt: skip
    low = draw(st.integers(0, len(EDGES) - 2))
    high = draw(st.integers(low + 1, len(EDGES) - 1))
    over = draw(st.sampled_from(["members", "time"]))
    basis = draw(st.sampled_from(["equal", "last_year", "shares"])) if kind == "spread" else (
        "last_year" if kind == "copy" else "")  # fmt: skip
    return Change(
        kind, draw(st.sampled_from(UNDER)), layer=layer, since=EDGES[low], until=EDGES[high],
        amount_minor=draw(st.integers(0, 9_000)) if kind == "set" else draw(st.integers(-2_000, 2_000))
        if kind == "add" else None,
        factor=draw(st.sampled_from(FACTORS)), basis=basis, over=over,
        absorb=draw(st.sampled_from(["parent", "siblings", "time"])),
    )  # fmt: skip


FACTORS = [Fraction(0), Fraction(1, 2), Fraction(11, 10), Fraction(3)]
HOLDS = st.lists(
    st.tuples(st.sampled_from([under for under in UNDER if under]), st.sampled_from([(0, 6), (1, 3), (3, 5)])),
    max_size=2,
)


def all_days(plan: Plan, layer: str) -> np.ndarray:
    days = pl.date_range(date(2027, 1, 1), date(2028, 1, 1), eager=True).to_list()
    return due(plan, plan["quotas"], days, [layer])[layer]


def check_sums(plan: Plan) -> None:
    quotas = plan["quotas"]
    layers = [layer for layer in (*LAYERS, HEDGE) if layer in quotas.columns]
    for target in plan.settings.targets:
        rows = quotas.filter(pl.col("measure") == target.measure)
        assert rows["commit"].sum() == target.commit_minor
        assert rows["extra"].sum() == target.extra_minor
    for layer in layers:
        running = all_days(plan, layer)
        assert (np.diff(running, axis=1) >= 0).all()
        assert (running[:, 0] == 0).all()
        assert (running[:, -1] == quotas[layer].to_numpy()).all()
    for cut in plan.cuts.values():
        sums = cut.group_by("row").agg(pl.col(layers).sum()).sort("row")
        assert sums.equals(quotas.join(sums, on="row", how="semi").select("row", *layers))
        assert cut.select(pl.col(layers).min()).min_horizontal()[0] >= 0


def slice_days(plan: Plan, layer: str, under: tuple[tuple[str, str], ...], since: date, until: date) -> list[int]:
    """Return every day of a slice in one layer."""
    plain = tuple((d, k.removesuffix(":own")) for d, k in under)
    levels = {}
    for level in ("commit", "stretch"):
        frame, _ = cut_slice(plan, Request((), "day", None, level, plain, since, until))
        levels[level] = frame["amount"].to_list()
    if layer == "commit":
        return levels["commit"]
    return [a - b for a, b in zip(levels["stretch"], levels["commit"], strict=True)]


@pytest.mark.slow
@pytest.mark.parametrize("world", WORLDS)
@settings(max_examples=3, deadline=None)
@given(made=st.lists(changes(), min_size=1, max_size=20), holds=HOLDS)
def test_everything_adds_up_after_any_changes(world: str, made: list[Change], holds: list) -> None:
    plan = tea_plan(world)
    held = [Change("hold", under, since=EDGES[low], until=EDGES[high]) for under, (low, high) in holds]
    plan, issues = revise_plan(plan, held)
    assert plan is not None, issues
    first = plan
    masks = [
        (h, [slice_days(first, layer, h.under, h.since, h.until) for layer in LAYERS])
        for h in held if not any(":own" in key for _, key in h.under)
    ]  # fmt: skip
    for change in made:
        after, issues = revise_plan(plan, [change])
        if after is None:
            assert {i.severity for i in issues} <= {"conflict", "error"}
            assert issues
            continue
        check_sums(after)
        others = (
            ["extra"] if change.layer == "commit" else [n for n in ("commit", HEDGE) if n in plan["quotas"].columns]
        )
        assert all((all_days(plan, other) == all_days(after, other)).all() for other in others)
        for hold, days in masks:
            assert days == [slice_days(after, layer, hold.under, hold.since, hold.until) for layer in LAYERS]
        check_effect(plan, after, change)
        plan = after


def only_lines(plan: Plan, which: pl.Expr) -> Plan:
    return replace(plan, tables={**plan.tables, "quotas": plan["quotas"].filter(which)})


def check_effect(plan: Plan, after: Plan, change: Change) -> None:
    """Outside of the changed period nothing moves, unless time absorbs; the slice has what was asked."""
    lead = pl.col("measure") == "revenue"
    plan, after = (only_lines(p, lead) for p in (plan, after))
    moved = (all_days(plan, change.layer) != all_days(after, change.layer)).any(axis=1)
    if change.absorb == "time":
        assert plan["quotas"][change.layer].to_list() == after["quotas"][change.layer].to_list()
    if change.absorb == "siblings":
        assert plan.settings.targets[0] == after.settings.targets[0]
    if change.since is None or any(":own" in key for _, key in change.under):
        return
    before, now = ([sum(slice_days(p, change.layer, change.under, change.since, change.until))] for p in (plan, after))
    if change.operation == "set":
        assert now == [change.amount_minor]
    elif change.operation == "add":
        assert now == [before[0] + (change.amount_minor or 0)]
    elif change.operation == "scale":
        assert now == [int((before[0] * change.factor + Fraction(1, 2)) // 1)]
    else:
        assert now == before
    if change.absorb != "time" and moved.any() and not restored(plan, after):
        steps = np.diff(all_days(after, change.layer), axis=1) - np.diff(all_days(plan, change.layer), axis=1)
        low, high = (change.since - date(2027, 1, 1)).days, (change.until - date(2027, 1, 1)).days
        assert not steps[:, :low].any()
        assert not steps[:, high:].any()


def restored(plan: Plan, after: Plan) -> bool:
    """Tell whether older changes left the plan: the base wins within their periods."""
    return bool(set(plan["changes"]["change"]) - set(after["changes"]["change"])) if "changes" in plan.tables else False


@pytest.mark.parametrize("world", WORLDS)
@settings(max_examples=4, deadline=None)
@given(made=st.lists(changes(), min_size=1, max_size=4))
def test_setting_everything_back_in_reverse_restores_the_bytes(world: str, made: list[Change]) -> None:
    base = plan = tea_plan(world)
    back: list[Change] = []
    for change in made:
        if change.operation in ("copy", "spread"):
            continue
        under = change.under
        after, _ = revise_plan(plan, [change])
        if after is None or after["changes"].is_empty():
            continue
        line = after["changes"].row(-1, named=True)
        if set(after["changes"]["change"]) == set(plan.tables.get("changes", after["changes"].clear())["change"]):
            continue
        back.insert(0, Change("set", under, layer=change.layer, since=change.since, until=change.until,
                              amount_minor=line["before"], absorb=change.absorb))  # fmt: skip
        plan = after
    for change in back:
        after, issues = revise_plan(plan, [change])
        assert after is not None, issues
        plan = after
    for name in ("quotas", "anchors"):
        assert plan[name].equals(base[name])
    for name, cut in base.cuts.items():
        assert plan.cuts[name].equals(cut)
    assert plan.settings == base.settings


@pytest.mark.parametrize("world", WORLDS)
@settings(max_examples=3, deadline=None)
@given(change=changes())
def test_compare_tells_exactly_the_change(world: str, change: Change) -> None:
    plan = tea_plan(world)
    after, _ = revise_plan(plan, [change])
    if after is None:
        return
    for grain in (None, "month"):
        frame, issues = compare_plans(plan, after, Request(("person",), grain, level="stretch"))
        assert not issues
        whole = after.settings.targets[0].stretch_minor - plan.settings.targets[0].stretch_minor
        assert frame["difference"].sum() == whole
        assert (frame["difference"] != 0).all()


REMEMBERED = {world: Memory() for world in ("bounded", "plain")}


@pytest.mark.parametrize("world", REMEMBERED)
@settings(max_examples=4, deadline=None)
@given(made=st.lists(changes().filter(lambda change: change.operation in ("set", "add", "scale")), max_size=6))
def test_many_changes_at_once_with_a_memory_are_those_one_by_one_without(world: str, made: list[Change]) -> None:
    plan, accepted = tea_plan(world), []
    for change in made:
        held = [change, Change("hold", change.under, layer=change.layer, since=change.since, until=change.until)]
        for one in held if not any(dimension in ("customer", "product") for dimension, _ in change.under) else [change]:
            after, _ = revise_plan(plan, [one])
            plan, accepted = (after, [*accepted, one]) if after is not None else (plan, accepted)
    at_once, issues = revise_plan(replace(tea_plan(world), memory=REMEMBERED[world]), accepted)
    assert at_once is not None, issues
    assert at_once.settings.targets == plan.settings.targets
    assert at_once["quotas"].equals(plan["quotas"])
    assert all(at_once.cuts[step].equals(cut) for step, cut in plan.cuts.items())
    for layer in LAYERS:
        assert (all_days(at_once, layer) == all_days(plan, layer)).all()
