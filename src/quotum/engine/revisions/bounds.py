"""Floors and caps that the steps gave go on to bind: what shares a difference is shared within them.

A bound belongs to a node of the splits and speaks of its whole plan. What a node has now is what it was split plus the
deltas of the rows below it. Who is beyond a bound already need not come back, but goes no further.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.revisions.cells import Cells, share_total
from quotum.engine.revisions.changes import Change, Slice
from quotum.engine.revisions.draft import Draft
from quotum.engine.revisions.nodes import nodes_of_numbers
from quotum.engine.tables.plan_settings import MAX_AMOUNT_MINOR
from quotum.engine.tables.plan_tables import Plan, scan

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Bounded:
    """The nodes of a measure and layer that have a floor or a cap, and the nodes of rows in the order of the tree.

    ``lines`` (node, step, name, floor, cap, amount) are in the order of their nodes; the rows below each
    stand between ``first`` and ``last`` (not included), (num_bounded,), of that order. By node: ``place`` there, -1 for
    what is no node of rows; ``up`` the number of the nearest line above or at it, -1 for none; by line ``above``.
    """

    lines: list[tuple[int, str, str, float | None, float | None, int]]
    first: Ints
    last: Ints
    place: Ints
    up: Ints
    above: Ints
    num_places: int


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound above some rows: whose it is, what it has ``now``, which places of ``Bounded`` lie below it."""

    top: int
    step: str
    name: str
    floor: float | None
    cap: float | None
    now: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds at or above some rows, by node; ``place`` (num_rows,) is where each row stands, -1 for nowhere."""

    every: list[Bound]
    place: Ints
    num_places: int


def read_bounds(draft: Draft, layer: str, measure: str, rows: Ints) -> Bounds | None:
    """Return the bounds at and above rows of a measure, by number, in a layer; None if there are none."""
    plan = draft.plan
    bounded = plan.recall(("bounded", measure, layer), lambda: _find_bounded(plan, measure, layer))
    if bounded is None or not len(rows):
        return None
    nodes = nodes_of_numbers(plan, measure, rows)
    tops = _climb(bounded, nodes)
    if not len(tops):
        return None
    deltas = draft["deltas"]
    of_layer = (deltas["layer"] == layer).to_numpy()
    moved = _place(bounded, nodes_of_numbers(plan, measure, deltas["row"].to_numpy()[of_layer]))
    gained = sum_places(moved, deltas["delta"].to_numpy()[of_layer], bounded.num_places)
    found = []
    for number in tops.tolist():
        node, step, name, floor, cap, amount = bounded.lines[number]
        first, last = int(bounded.first[number]), int(bounded.last[number])
        found.append(Bound(node, step, name, floor, cap, amount + int(gained[last] - gained[first]), first, last))
    return Bounds(found, _place(bounded, nodes), bounded.num_places)


def sum_places(place: Ints, amounts: Ints, num_places: int) -> Ints:
    """Return the running sums of amounts by place, (num_places + 1,); what stands nowhere does not count."""
    sums = np.zeros(num_places + 1, dtype=np.int64)
    np.add.at(sums, place[place >= 0] + 1, amounts[place >= 0])
    return np.cumsum(sums)


def _place(bounded: Bounded, nodes: Ints) -> Ints:
    return np.where(nodes < 0, -1, bounded.place[nodes])


def _climb(bounded: Bounded, nodes: Ints) -> Ints:
    """Return the bounded lines at and above some nodes, in order."""
    at = np.unique(bounded.up[nodes[nodes >= 0]])
    found = []
    while len(at := at[at >= 0]):
        found.append(at)
        at = np.unique(bounded.above[at])
    return np.unique(np.concatenate(found)) if found else at


def _find_bounded(plan: Plan, measure: str, layer: str) -> Bounded | None:
    """Return the bounds of a measure in a layer with what lies below them; None if there are none."""
    splits = scan(plan.tables, "splits")
    is_bounded = pl.col("floor").is_not_null() | pl.col("cap").is_not_null()
    counts = splits.select(pl.len(), pl.col("floor", "cap").null_count()).collect().row(0)
    if counts[0] == counts[1] == counts[2]:
        return None
    above_rows = splits.filter(pl.col("measure") == measure, ~pl.col("step").is_in(list(plan.cuts)))
    columns = ("node", "step", "dimension", "member", "floor", "cap", "amount")
    lines = above_rows.filter(pl.col("layer") == layer, is_bounded).select(columns).sort("node").collect()
    if lines.is_empty():
        return None
    tree = above_rows.filter(pl.col("layer") == "commit").select("node", "parent").collect()
    node, parent = (tree[name].cast(pl.Int64).to_numpy() for name in ("node", "parent"))
    own = lines["node"].to_numpy()
    size = int(max(node.max(), own.max())) + 1
    number = np.full(size, -1, dtype=np.int64)
    number[own] = np.arange(len(lines))
    ways = _ways_up(node, parent, size)
    leaves = np.setdiff1d(node, parent)
    order = leaves[np.lexsort(ways[::-1, leaves])]
    place = np.full(size, -1, dtype=np.int64)
    place[order] = np.arange(len(order))
    first, last = np.zeros(len(lines), dtype=np.int64), np.zeros(len(lines), dtype=np.int64)
    up = np.full(size, -1, dtype=np.int64)
    above = np.full(len(lines), -1, dtype=np.int64)
    for level in ways:  # from the top down
        on = np.flatnonzero(level >= 0)
        own = number[level[on]]
        of_lines = level[on] == on
        is_line = of_lines & (own >= 0)
        above[own[is_line]] = up[on[is_line]]
        up[on[own >= 0]] = own[own >= 0]
        inside = np.where(level[order] >= 0, number[level[order]], -1)
        begins = np.flatnonzero((inside >= 0) & (np.append(-2, inside[:-1]) != inside))
        ends = np.flatnonzero((inside >= 0) & (np.append(inside[1:], -2) != inside)) + 1
        first[inside[begins]], last[inside[begins]] = begins, ends
    named = [(node, step, f"{dimension}={member}", *rest) for node, step, dimension, member, *rest in lines.iter_rows()]
    return Bounded(named, first, last, place, up, above, len(order))


def _ways_up(node: Ints, parent: Ints, size: int) -> Ints:
    """Return the way from the top down to each node, itself the last, then -1, (num_levels, size)."""
    up = np.full(size, -1, dtype=np.int64)
    up[node] = parent
    at = np.full(size, -1, dtype=np.int64)
    at[node] = node
    levels = []
    while (at >= 0).any():
        levels.append(at)
        at = np.where(at >= 0, up[at], -1)
    upward = np.stack(levels)  # itself first, the top last
    depth = (upward >= 0).sum(axis=0)
    at_level = depth[None, :] - 1 - np.arange(len(levels))[:, None]
    return np.where(at_level >= 0, upward[at_level.clip(0), np.arange(size)], -1)


@dataclass(frozen=True, slots=True)
class Room:
    """How much the free cells of some rows may have together: ``groups`` of (positions, least, most), inner first.

    ``low`` and ``high`` (num_rows,) are each row's own. ``names`` tells the bounds by where they bind.
    """

    low: Ints
    high: Ints
    groups: list[tuple[Ints, int, int]]
    names: list[tuple[int, str, int, int]]  # number of rows, name, least, most


def make_room(bounds: Bounds | None, cells: Cells, low: Ints, high: Ints, *, of_slice: bool) -> Room:
    """Return the room of rows: the bounds of all nodes that hold no other row; of a slice not those of all of it.

    A slice that is set is beyond its own bound if somebody says so; its parts are not.
    """
    if bounds is None:
        return Room(low, high, [], [])
    low, high = low.copy(), high.copy()
    order = np.argsort(bounds.place, kind="stable")
    places = bounds.place[order]
    covered = np.unique(places)
    inside = []
    for bound in bounds.every:
        begin, end = np.searchsorted(places, (bound.first, bound.last))
        reached = np.searchsorted(covered, (bound.first, bound.last))
        # Rows of a node that no row of the slice is of may take what its bound leaves.
        if reached[1] - reached[0] == bound.last - bound.first and not (of_slice and end - begin == len(order)):
            inside.append((int(end - begin), bound, np.sort(order[begin:end])))
    groups, names = [], []
    for _, bound, rows in sorted(inside, key=lambda one: (one[0], -one[1].top)):
        free = int(cells.free[rows].sum())
        rest = bound.now - free
        least = max(min(int(np.ceil(bound.floor or 0.0)) - rest, free), 0)
        most = MAX_AMOUNT_MINOR if bound.cap is None else max(int(np.floor(bound.cap)) - rest, free)
        names.append((len(rows), bound.name, least + rest, most + rest))
        if len(rows) == 1:
            only = rows[0]
            low[only], high[only] = max(low[only], least), max(min(high[only], most), low[only])
        else:
            groups.append((rows, least, most))
    return Room(low, high, groups, names)


def share_in_room(total: int, weights: Floats, fallback: Callable[[], Floats], room: Room) -> Ints | None:
    """Return whole amounts that add up to ``total`` in proportion to ``weights`` in the room there is, or None.

    Where a bound of several rows binds, every node is split among its parts within theirs, from the top down.
    """
    new = share_total(total, weights, fallback, room.high, room.low)
    if new is not None and all(least <= new[rows].sum() <= most for rows, least, most in room.groups):
        return new
    num_rows = len(weights)
    basis = weights if weights.any() else fallback()
    weight, low, high = (np.append(values, np.zeros(len(room.groups))) for values in (basis, room.low, room.high))
    top, parts = np.arange(num_rows), {}
    for number, (rows, least, most) in enumerate(room.groups, num_rows):
        inner = np.unique(top[rows])
        weight[number] = weight[inner].sum()
        low[number] = max(least, low[inner].sum())
        high[number] = max(min(most, high[inner].sum()), low[number])
        top[rows], parts[number] = number, inner
    amounts = np.zeros(len(weight), dtype=np.int64)
    waiting = [(total, np.unique(top))]
    while waiting:
        given, members = waiting.pop()
        own = np.asarray(weight[members], dtype=np.float64)
        shared = share_total(given, own, partial(np.ones, len(own)), high[members].astype(np.int64),
                             low[members].astype(np.int64))  # fmt: skip
        if shared is None:
            return None
        amounts[members] = shared
        waiting += [(int(amounts[m]), parts[m]) for m in members[members >= num_rows].tolist()]
    return amounts[:num_rows]


def name_bounds(room: Room, write: Callable[[int], str], *, most: bool) -> str:
    """Return the heaviest bounds as text: ``person=cy (1,200.00)``."""
    named = [(high if most else low, name) for _, name, low, high in room.names]
    named = sorted(((n, name) for n, name in named if 0 < n < MAX_AMOUNT_MINOR), key=lambda one: (-one[0], one[1]))
    texts = [f"{name} ({write(amount)})" for amount, name in named[:_MOST_NAMED]]
    return ", ".join([*texts, *([f"+{len(named) - _MOST_NAMED}"] if len(named) > _MOST_NAMED else [])])


def tell_bound(
    change: Change, part: Slice, step: str, name: str, kind: str, bound: int, now: int, *, more: int
) -> Issue:
    """Return the warning that a change goes beyond a bound: it was asked for, but should be known."""
    details = (("kind", kind), ("bound", part.write(bound)), ("amount", part.write(now)), ("step", step))
    return Issue(rule="bound_passed", severity="warning", table="changes", file=change.file, line=change.line,
                 value=name, details=details, more=more)  # fmt: skip


def tell_passed(before: Draft, after: Draft, change: Change, part: Slice) -> list[Issue]:
    """Return a warning if a change goes beyond bounds of steps: the first, and how many more."""
    layer = part.layer
    old, new = (draft["quotas"][layer].to_numpy() for draft in (before, after))
    at = np.flatnonzero(old != new)
    measures, rows = after["quotas"]["measure"].gather(at.tolist()), after["quotas"]["row"].to_numpy()[at]
    passed: list[tuple[str, str, str, int, int]] = []
    for measure in measures.unique(maintain_order=True).to_list():
        own = (measures == measure).to_numpy()
        bounds = read_bounds(after, layer, measure, rows[own])
        if bounds is None:
            continue
        sums = sum_places(bounds.place, (new - old)[at][own], bounds.num_places)
        for bound in bounds.every:
            gained = int(sums[bound.last] - sums[bound.first])
            if bound.cap is not None and bound.now > bound.cap and gained > 0:
                passed.append((bound.step, bound.name, "cap", int(bound.cap), bound.now))
            elif bound.floor is not None and bound.now < bound.floor and gained < 0:
                passed.append((bound.step, bound.name, "floor", int(bound.floor), bound.now))
    return [tell_bound(change, part, *one, more=len(passed) - 1) for one in passed[:1]]
