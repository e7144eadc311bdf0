"""Whatever the company: sums are exact, bounds and locks hold, nothing falls, the order of rows does not matter.

A plan of a random company costs more than all questions to it: one plan is asked many of them.
"""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as how
from hypothesis import strategies as st
from strategies import companies, locks, plans

from quotum.engine.basics.periods import GRAINS
from quotum.engine.curves.running_totals import due, evaluate_curves
from quotum.engine.slices.explaining import explain_number
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import LAYERS, LEVELS, AcrossStep, AlongStep
from quotum.engine.tables.schema import DIMENSIONS
from small_company import firm, plan, slice_of, table, try_plan

UNHURRIED = {"deadline": None, "derandomize": True, "suppress_health_check": list(HealthCheck)}


@st.composite
def worlds(draw, *, bounded=True):
    """A company with locks, its settings and its plan; bounds that nobody can meet are passed over."""
    company, wanted = draw(companies()), draw(plans(bounded=bounded))
    if bounded:
        company = Company.of({**company.tables, "locks": table("locks", draw(locks(company, wanted)))})
    made, issues = try_plan(company, wanted)
    if made is None:
        grave = [issue for issue in issues if issue.severity in ("conflict", "error")]
        # What cannot be met is a conflict or, for a lock that finds no single row, an error of the table locks.
        assert grave
        assert all(issue.severity == "conflict" or issue.table == "locks" for issue in grave), grave
        assume(False)
    return company, wanted, made


def whole_days(made):
    since, until = made.settings.since, made.settings.until
    return [since + timedelta(days=n) for n in range((until - since).days + 1)]


def in_lots(wanted):
    return any(step.lot_minor for step in wanted.steps if not isinstance(step, AlongStep))


def check_splits_add_up(wanted, made):
    """At every node and layer the members add up to their parent, each within a unit of its real share."""
    target = wanted.targets[0]
    for layer, total in zip(LAYERS, (target.commit_minor, target.extra_minor), strict=True):
        splits = made["splits"].filter(pl.col("layer") == layer)
        amount_of = {-1: total, **dict(zip(splits["node"], splits["amount"], strict=True))}
        # A step is split beside others of the same parent: each way down adds up by itself.
        for (_, _, parent), lines in splits.group_by("step", "dimension", "parent"):
            assert lines["amount"].sum() == amount_of[parent]
        assert (splits["amount"] >= 0).all()
        assert made["quotas"][layer].sum() == total
        if not in_lots(wanted):
            assert ((splits["amount"] - splits["real"]).abs() <= 1 + 1e-6).all()


def check_bounds_are_kept(wanted, made):
    """Floors and caps are whole, and every amount lies between them."""
    if in_lots(wanted):
        return
    splits = made["splits"]
    assert (splits["amount"] >= splits["floor"].fill_null(0)).all()
    assert (splits["amount"] <= splits["cap"].fill_null(np.inf)).all()
    for name in ("floor", "cap"):
        assert (splits[name].drop_nulls() % 1 == 0).all()


def keys_below(made, lock):
    """Return the key of a lock and those of all below it."""
    keys, above = {lock["key"]}, made["members"].filter(dimension=lock["dimension"]).select("parent", "key").rows()
    while more := {key for parent, key in above if parent in keys} - keys:
        keys |= more
    return keys


def check_locks_are_exact(company, wanted, made):
    """A locked member, or a locked part of the year, has its amount to the last unit."""
    locked = company["locks"].filter(pl.col("kind") == "lock")
    for lock in locked.filter(pl.col("since").is_null()).iter_rows(named=True):
        layers = LAYERS if lock["layer"] == "stretch" else (lock["layer"],)
        lines = made["splits"].filter(pl.col("layer").is_in(layers), dimension=lock["dimension"], member=lock["key"])
        # The own part of an inner place carries its name too; the lock is on the place with all below it.
        lines = lines.filter(~pl.col("parent").is_in(lines["node"].implode()))
        off = 1 if lock["layer"] == "stretch" else 0  # commit and extra are made whole each by itself
        assert lines.is_empty() or abs(lines["amount"].sum() - lock["amount_e4"] // 100) <= off
    for lock in locked.filter(pl.col("since").is_not_null(), pl.col("layer") != "stretch").iter_rows(named=True):
        since, until = max(lock["since"], wanted.since), min(lock["until"], wanted.until)
        if since < until and (since, until) != (wanted.since, wanted.until):
            rows = made["quotas"].filter(pl.col(lock["dimension"]).is_in(keys_below(made, lock)))
            before, after = due(made, rows, [since, until], (lock["layer"],))[lock["layer"]].sum(axis=0)
            assert after - before == lock["amount_e4"] // 100


def check_rows_rise(made):
    """Running totals begin with nothing, end with all, and never fall; the company stays near its curve.

    Offsets spread the whole units of many rows (see the last test); here half a unit a row is the most there can be.
    """
    rows, days = made["quotas"], whole_days(made)
    running = due(made, rows, days)
    for layer in LAYERS:
        assert (running[layer][:, 0] == 0).all()
        assert (running[layer][:, -1] == rows[layer].to_numpy()).all()
        assert (np.diff(running[layer], axis=1) >= 0).all()
    if made["anchors"].is_empty():
        real = rows["commit"].to_numpy()[:, None] * evaluate_curves(made, rows["curve"].to_numpy(), days)
        assert np.abs(running["commit"] - real).max() <= 1


def check_cuts_add_up(made):
    """Cuts sum to their rows, cuts of cuts to the cut."""
    for cut in made.cuts.values():
        keys = [d for d in cut.columns if d in DIMENSIONS]
        above = made["quotas"].select("row", *LAYERS)
        for other in made.cuts.values():
            if len(keys) > 1 and [d for d in other.columns if d in DIMENSIONS] == keys[:-1]:
                above = other
        on = ["row", *keys[:-1]]
        sums = cut.group_by(on).agg(pl.col(*LAYERS).sum()).sort(on, nulls_last=True)
        assert sums.rows() == above.select(*on, *LAYERS).sort(on, nulls_last=True).rows()


@pytest.mark.slow
@how(max_examples=30, **UNHURRIED)
@given(worlds())
def test_sums_bounds_and_locks_hold_at_every_node(world):
    company, wanted, made = world
    check_splits_add_up(wanted, made)
    check_bounds_are_kept(wanted, made)
    check_locks_are_exact(company, wanted, made)
    check_rows_rise(made)
    check_cuts_add_up(made)


def check_slices_add_up(wanted, made, by, grain):
    """Every cut at every grain adds up to the company; stretch is never below commit, no number below nothing."""
    frames = {}
    for level, total in zip(LEVELS, (wanted.targets[0].commit_minor, wanted.targets[0].stretch_minor), strict=True):
        frame, top = slice_of(made, *by, grain=grain, level=level), slice_of(made, grain=grain, level=level)
        sums = frame.group_by("since").agg(pl.col("amount").sum()).sort("since")
        assert sums["amount"].to_list() == top["amount"].to_list()
        assert (frame["amount"] >= 0).all()
        assert frame["amount"].sum() == total
        frames[level] = frame
    assert (frames["stretch"]["amount"] >= frames["commit"]["amount"]).all()


def check_ledger_adds_up(made, keys, level, since, until):
    """The lines of every step add up to what it gave, the steps hang together, and the end is the number shown."""
    told, issues = explain_number(made, keys, level=level, since=since, until=until)
    assert told is not None, issues
    for way in told.ways:
        assert all(sum(line.amount_minor for line in step.lines) == step.amount_minor for step in way)
        assert [step.parent_minor for step in way[1:]] == [step.amount_minor for step in way[:-1]]
    shown = slice_of(made, under=tuple(keys), level=level, since=since, until=until)["amount"].sum()
    assert told.amount_minor == shown
    whole = sum(way[-1].amount_minor for way in told.ways)
    assert whole + (told.dates.amount_minor if told.dates else 0) == shown
    assert since or until or whole == shown


@pytest.mark.slow
@how(max_examples=30, **UNHURRIED)
@given(worlds(), st.sampled_from(GRAINS), st.data())
def test_every_slice_adds_up_and_can_be_explained(world, grain, data):
    _, wanted, made = world
    rows = [d for d in DIMENSIONS if made["quotas"][d].null_count() < made["quotas"].height]
    cuts = [d for cut in made.cuts.values() for d in cut.columns if d in DIMENSIONS]
    check_slices_add_up(wanted, made, [data.draw(st.sampled_from([*rows, *cuts]))] if rows or cuts else [], grain)

    splits = made["splits"].filter((pl.col("layer") == "commit") & (pl.col("dimension") != "window"))
    assume(splits.height)
    member = splits.row(data.draw(st.integers(0, splits.height - 1)), named=True)
    keys = [(member["dimension"], member["member"])]
    for step, cut in made.cuts.items():
        if member["dimension"] == "person" and "person" not in cut.columns and data.draw(st.booleans()):
            below = cut.filter(pl.col("row").is_in(made["quotas"].filter(person=keys[0][1])["row"].implode()))
            if below.height and [d for d in cut.columns if d in DIMENSIONS] == [step]:
                keys.append((step, below[step][data.draw(st.integers(0, below.height - 1))]))
                break
    days = whole_days(made)
    since = data.draw(st.sampled_from([None, *days[:-1]]))
    until = data.draw(st.sampled_from([None, *(d for d in days if since is None or d > since)]))
    level = data.draw(st.sampled_from(LEVELS if wanted.targets[0].extra_minor else LEVELS[:1]))
    check_ledger_adds_up(made, keys, level, since, until)


@pytest.mark.slow
@how(max_examples=15, **UNHURRIED)
@given(worlds(), st.randoms(use_true_random=False))
def test_the_order_of_input_rows_does_not_matter(world, random):
    company, wanted, made = world
    shuffled = {name: frame[random.sample(range(frame.height), frame.height)] for name, frame in company.tables.items()}
    again, _ = try_plan(Company.of(shuffled), wanted)
    for name, frame in made.tables.items():
        if name != "issues":  # findings and limits name lines of the input
            assert frame.drop("line", strict=False).equals(again[name].drop("line", strict=False)), name
    assert {name: cut.rows() for name, cut in made.cuts.items()} == {n: cut.rows() for n, cut in again.cuts.items()}


def test_a_thousand_small_rows_stay_near_the_companys_curve():
    """The bar is 15 units of 38,333 on any day, at either level; the rows alone could be 500 off."""
    people = {f"p{i:04}": "North" for i in range(1000)}
    abilities = [{"person": p, "ability": 1 + i % 89 / 7} for i, p in enumerate(people)]
    by_ability = AcrossStep("person", "person", basis=(("ability", 1.0),))
    made = plan(firm(people, people=abilities), by_ability, AlongStep("calendar", season="flat"),
                commit=383.33, stretch=500)  # fmt: skip
    days = whole_days(made)
    running = due(made, made["quotas"], days)
    curve = evaluate_curves(made, made["quotas"]["curve"].to_numpy()[:1], days)[0]
    for layer, total in (("commit", 38_333), ("extra", 11_667)):
        assert np.abs(running[layer].sum(axis=0) - total * curve).max() <= 15
