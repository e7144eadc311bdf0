"""Is there enough to meet a goal, and what would do: what is needed of each driver beside what there is of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import polars as pl

from quotum.engine.drivers.evaluate import Play
from quotum.engine.drivers.evaluating import Values
from quotum.engine.drivers.expressions import Binary, Expression, Name, list_names
from quotum.engine.drivers.solving import find_shape, solve_driver
from quotum.engine.drivers.trees import DriverTree, order_names
from quotum.engine.tables.driver_settings import Norm, Per
from quotum.engine.tables.driver_tables import DRIVER_SCHEMAS

CAPACITY_SCHEMA = {name: kind for name, kind in DRIVER_SCHEMAS["driver_capacity"].items() if name != "level"}
NORM_SCHEMA = {"role": pl.String, "activity": pl.String, "per": pl.String, "set": pl.Float64, "needed": pl.Float64}
_FIXED = ("days", "weeks", "months")
"""Calendar names that nobody can have more of."""
_THERE, _COVER = "there:", "cover:"
_SLACK = 1e-9


def check_capacity(play: Play, goals: Mapping[str, float], scope: int = 0) -> pl.DataFrame:
    """Return what each goal needs beside what there is: ``goal, node, kind, need, have, unit, enough, ways_out``.

    ``goals`` are wanted values of drivers in the whole plan, in major units; those the tree has not are left out.
    ``need`` of a node is what it alone would have to be, everything else as it is; null where nothing would do. A
    supply that has nothing to do with a goal has none: its need is what the drivers come to as they are.
    """
    tree, lines = play.tree, list[dict[str, Any]]()
    tied: set[str] = set()
    for goal, wanted in goals.items():
        if goal not in tree.names:
            continue
        aimed = play if goal in tree.formulas else aim(play, goal, wanted)
        lines += _check_goal(aimed, goal, wanted, scope) if goal in tree.formulas else []
        mine = [name for name in tree.supplies if goal in tree.below(name) or name in tree.below(goal) - {goal}]
        lines += [_check_supply(aimed, goal, wanted, name, scope) for name in mine]
        tied |= set(mine)
    lines += [_check_supply(play, "", 0.0, name, scope) for name in tree.supplies if name not in tied]
    return pl.DataFrame(lines, schema=CAPACITY_SCHEMA)


def list_norms(play: Play, norms: Sequence[Norm], goals: Mapping[str, float], scope: int = 0) -> pl.DataFrame:
    """Return ``role, activity, per, set, needed``: how much of an activity is set, and how much is needed.

    Roles of one activity share what is needed as they share what is set. Activities that are no drivers have no need.
    """
    supplied = check_capacity(play, goals, scope).filter(pl.col("kind") == "supply")
    rows = supplied.select("node", "need", "have").iter_rows()
    ratios = {node: need / have for node, need, have in rows if have and need is not None}
    lines = [(norm.role, norm.activity, norm.per, norm.amount,
              norm.amount * ratios[norm.activity] if norm.activity in ratios else None) for norm in norms]  # fmt: skip
    return pl.DataFrame(lines, schema=NORM_SCHEMA, orient="row")


def aim(play: Play, goal: str, wanted: float) -> Play:
    """Return the play with a known driver given so that it comes to ``wanted`` in the plan."""
    driver = play.tree.drivers.get(goal)
    if driver is None:
        return play
    per: Per = "plan" if play.tree.adds_up[goal] else ""
    given = replace(driver, value=wanted, estimate="", people=None, per=per, each="")
    return play.with_tree(replace(play.tree, drivers={**play.tree.drivers, goal: given}))


def _check_goal(play: Play, goal: str, wanted: float, scope: int) -> list[dict[str, Any]]:
    """Return the goal itself, then every driver it is made from, from the goal down."""
    have = float(play.sum_up(play.evaluate(scope=scope), goal))
    enough = have >= wanted - _SLACK * abs(wanted)
    below = play.tree.below(goal) - {goal}
    solved = {n: solve_driver(play, n, goal, wanted, scope) for n in reversed(play.tree.names) if n in below}
    steps = [
        _line(play, goal, name, "step" if name in play.tree.formulas else "driver", found.value, found.now, enough)
        for name, found in solved.items() if found.answer != "any" and name not in _FIXED
    ]  # fmt: skip
    ways = [] if enough else [{"driver": s["node"], "now": s["have"], "needed": s["need"]} for s in steps
                              if s["kind"] == "driver" and s["need"] is not None]  # fmt: skip
    return [_line(play, goal, goal, "goal", wanted, have, enough, ways), *steps]


def _check_supply(play: Play, goal: str, wanted: float, name: str, scope: int) -> dict[str, Any]:
    """Return what the goal needs of a driver beside what there is of it.

    Where the driver leads to the goal, the need is solved, and a way out is whatever lets the goal be met with what
    there is. Where the goal leads to the driver, the need is what it comes to, and a way out makes both the same.
    """
    supply = play.tree.supplies[name]
    cover = Binary("/", Name(_THERE + name), Name(name))
    both = {_THERE + name: (supply, play.tree.adds_up[name]), _COVER + name: (cover, 0)}
    beside = play.with_tree(_with_formulas(play.tree, both))
    values = beside.evaluate(scope=scope)
    have = float(beside.sum_up(values, _THERE + name))
    leads = goal in play.tree.formulas and name in play.tree.below(goal) - {goal}
    need = find_need(play, name, goal, wanted, scope) if leads else float(play.sum_up(values, name))
    enough = need is not None and have >= need - _SLACK * abs(need)
    ways: list[dict[str, Any]] = []
    if not enough and leads:
        only_there = _with_formulas(play.tree, {name: (supply, play.tree.adds_up[name])})
        ways = _list_ways(play.with_tree(only_there), goal, wanted, goal, scope)
    elif not enough:
        ways = _list_ways(beside, _COVER + name, 1.0, goal, scope)
    return _line(play, goal, name, "supply", need, have, enough, ways)


def find_supply(play: Play, name: str) -> Values:
    """Return how much there is in the plan of a driver that has a supply, (num_scopes,)."""
    there = {_THERE + name: (play.tree.supplies[name], play.tree.adds_up[name])}
    beside = play.with_tree(_with_formulas(play.tree, there))
    return np.broadcast_to(beside.sum_up(beside.evaluate(), _THERE + name), (len(play.scene.scopes),))


def find_need(play: Play, name: str, goal: str, wanted: float, scope: int = 0) -> float | None:
    """Return what a driver must come to in the plan: so much a week is solved as that, and summed up."""
    value = solve_driver(play, name, goal, wanted, scope).value
    if value is None:
        return None
    return float(play.sum_up(play.evaluate({name: value * find_shape(play, name, scope)}, scope), name))


def _list_ways(play: Play, goal: str, wanted: float, fixed: str, scope: int) -> list[dict[str, Any]]:
    """Return the known drivers that could each bring ``goal`` to ``wanted`` alone."""
    leaves = [name for name in play.tree.names if name in play.tree.below(goal) and name not in play.tree.formulas]
    ways = []
    for name in leaves:
        found = solve_driver(play, name, goal, wanted, scope)
        if name != fixed and name not in _FIXED and found.answer in ("one", "many"):
            ways.append({"driver": name, "now": found.now, "needed": found.value})
    return ways


def _with_formulas(tree: DriverTree, more: Mapping[str, tuple[Expression, int]]) -> DriverTree:
    """Return the tree with further or other formulas; they may lead to no circle, or the tree stays as it is."""
    formulas = {**tree.formulas, **{name: expression for name, (expression, _) in more.items()}}
    order, circle = order_names({name: [part.name for part in list_names(f)] for name, f in formulas.items()})
    if circle:
        return tree
    adds_up = {**tree.adds_up, **{name: grain for name, (_, grain) in more.items()}}
    return replace(tree, formulas={name: formulas[name] for name in order}, adds_up=adds_up)


def _line(
    play: Play, goal: str, node: str, kind: str, need: float | None, have: float, enough: bool,
    ways: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:  # fmt: skip
    driver = play.tree.drivers.get(node)
    need = float(need) if need is not None and math.isfinite(need) else None
    return {"goal": goal, "node": node, "kind": kind, "need": need, "have": have,
            "unit": driver.measured_in if driver else "", "enough": enough, "ways_out": list(ways)}  # fmt: skip
