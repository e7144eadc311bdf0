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
from quotum.engine.revisions.draft import Draft, find_rows
from quotum.engine.revisions.nodes import find_nodes, pick_lines
from quotum.engine.tables.plan_settings import MAX_AMOUNT_MINOR
from quotum.engine.tables.plan_tables import Plan, scan

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounded nodes at or above some rows.

    ``nodes(top, step, dimension, member, floor, cap, now)``, ``leaves(top, leaf)``: the nodes of all rows below each;
    ``at`` (num_rows,) are the nodes of the rows themselves.
    """

    nodes: pl.DataFrame
    leaves: pl.DataFrame
    at: Ints


def read_bounds(draft: Draft, layer: str, rows: pl.DataFrame) -> Bounds | None:
    """Return the bounds at and above ``rows`` (lines of quotas of one measure) in a layer; None if there are none."""
    splits = scan(draft.plan.tables, "splits")
    bounded = pl.col("floor").is_not_null() | pl.col("cap").is_not_null()
    counts = splits.select(pl.len(), pl.col("floor", "cap").null_count()).collect().row(0)
    if rows.is_empty() or counts[0] == counts[1] == counts[2]:
        return None
    deltas = draft["deltas"].filter(pl.col("layer") == layer).group_by("row").agg(pl.col("delta").sum())
    lines = draft["quotas"][find_rows(draft["quotas"], deltas["row"])] if deltas.height else rows.clear()
    every = pl.concat([rows, lines.filter(pl.col("measure") == rows["measure"][0])])
    at, _ = find_nodes(draft.plan, every)
    moved = pl.DataFrame({"leaf": at, "row": every["row"]}).slice(len(rows)).join(deltas, on="row")
    way = _climb(draft.plan, layer, at[: len(rows)])
    nodes = way.filter(bounded).rename({"node": "top"})
    if nodes.is_empty():
        return None
    leaves = _descend(draft.plan, nodes["top"])
    since = leaves.join(moved, on="leaf").group_by("top").agg(pl.col("delta").sum())
    nodes = nodes.join(since, on="top", how="left", maintain_order="left")
    nodes = nodes.with_columns(now=pl.col("amount") + pl.col("delta").fill_null(0)).drop("delta", "amount", "parent")
    return Bounds(nodes.sort("top"), leaves, at[: len(rows)])


def _climb(plan: Plan, layer: str, nodes: Ints) -> pl.DataFrame:
    """Return the lines of nodes and of everything above them."""
    columns = ("node", "parent", "step", "dimension", "member", "floor", "cap", "amount")
    wanted, found = pl.Series(np.unique(nodes), dtype=pl.Int32), []
    while (wanted >= 0).any():
        few = pick_lines(scan(plan.tables, "splits"), "node", wanted)
        found.append(few.filter(pl.col("layer") == layer).select(columns))
        wanted = few["parent"].unique()
    if not found:
        return pl.DataFrame(schema=dict.fromkeys(columns, pl.Int32))
    return pl.concat(found).unique("node").sort("node")


def _descend(plan: Plan, tops: pl.Series) -> pl.DataFrame:
    """Return ``top, leaf``: the nodes of rows below some nodes."""
    pairs, leaves = pl.DataFrame({"top": tops, "node": tops}), []
    while pairs.height:
        few = pick_lines(scan(plan.tables, "splits"), "parent", pairs["node"].unique())
        below = few.filter(pl.col("layer") == "commit", ~pl.col("step").is_in(list(plan.cuts)))
        leaves.append(pairs.filter(~pl.col("node").is_in(below["parent"].implode())))
        pairs = pairs.join(below.select("parent", child="node"), left_on="node", right_on="parent").select(
            "top", node="child"
        )
    found = pl.concat(leaves).select("top", leaf=pl.col("node").cast(pl.Int64))
    return found.with_columns(pl.col("top").cast(pl.Int32))


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
    place = pl.DataFrame({"leaf": bounds.at, "at": np.arange(len(bounds.at))})
    found = bounds.leaves.join(place, on="leaf", how="left")
    inside = found.group_by("top").agg(pl.col("at"), pl.col("at").null_count().alias("outside"), pl.len())
    inside = inside.filter(pl.col("outside") == 0)
    if of_slice:
        inside = inside.filter(pl.col("len") < len(bounds.at))
    groups, names = [], []
    lines = inside.join(bounds.nodes, on="top").sort("len", "top", descending=[False, True])
    for line in lines.iter_rows(named=True):
        rows = np.sort(np.array(line["at"], dtype=np.int64))
        free = int(cells.free[rows].sum())
        rest = line["now"] - free
        least = max(min(int(np.ceil(line["floor"] or 0.0)) - rest, free), 0)
        most = free if line["cap"] is None else max(int(np.floor(line["cap"])) - rest, free)
        most = MAX_AMOUNT_MINOR if line["cap"] is None else most
        names.append((len(rows), f"{line['dimension']}={line['member']}", least + rest, most + rest))
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
    moved = np.flatnonzero(old != new)
    lines = after["quotas"][moved]
    passed: list[tuple[str, str, str, int, int]] = []
    for _, rows in lines.group_by("measure", maintain_order=True):
        bounds = read_bounds(after, layer, rows)
        if bounds is None:
            continue
        at = find_rows(after["quotas"], rows["row"])
        by_leaf = pl.DataFrame({"leaf": bounds.at, "moved": (new - old)[at]})
        sums = bounds.leaves.join(by_leaf, on="leaf").group_by("top").agg(pl.col("moved").sum())
        for line in bounds.nodes.join(sums, on="top").sort("top").iter_rows(named=True):
            name = f"{line['dimension']}={line['member']}"
            if line["cap"] is not None and line["now"] > line["cap"] and line["moved"] > 0:
                passed.append((line["step"], name, "cap", int(line["cap"]), line["now"]))
            elif line["floor"] is not None and line["now"] < line["floor"] and line["moved"] < 0:
                passed.append((line["step"], name, "floor", int(line["floor"]), line["now"]))
    return [tell_bound(change, part, *one, more=len(passed) - 1) for one in passed[:1]]
