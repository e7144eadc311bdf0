"""Members of cuts follow their row: split again by the shares and bounds of their step, then changed by what was asked.

The amount of a member depends on the amount of its parent and on the changes made to members alone. A parent that has
what it had before any revision gives its members what they had, so that there and back restores every byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.revisions.nodes import nodes_of, pick_lines
from quotum.engine.tables.plan_settings import AcrossStep, PlanSettings
from quotum.engine.tables.plan_tables import Plan, scan
from quotum.engine.tables.schema import DIMENSIONS

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_ROUNDED = 2  # units by which whole amounts are off their real shares: their own rounding, and their parent's
_LINES = ("node", "parent", "step", "dimension", "member", "share", "floor", "cap", "amount")


@dataclass(frozen=True, slots=True)
class Descent:
    """The members of all cuts of some rows.

    ``members(node, parent, row, step, leaf, floor, cap, total, <dimension> …)``: every node below the rows, ``total``
    is its amount now, ``leaf`` tells those that the cut ``step`` lists. ``below_zero`` are rows in which a member would
    fall below 0; ``unknown`` rows whose node is not found, although they have cuts; ``nodes`` those of the rows.
    """

    members: pl.DataFrame
    below_zero: list[int]
    unknown: list[int]
    nodes: Mapping[int, int]


def descend(plan: Plan, layer: str, rows: pl.DataFrame, known: Mapping[int, int]) -> Descent:
    """Return the members of the cuts of ``rows`` (lines of quotas of one measure) in a layer.

    ``known`` are the nodes of rows that were looked for before.
    """
    schema = {"node": pl.Int32, "parent": pl.Int32, "row": pl.Int32, "step": pl.String, "leaf": pl.Boolean,
              "floor": pl.Float64, "cap": pl.Float64, "total": pl.Int64,
              **dict.fromkeys(DIMENSIONS, pl.String)}  # fmt: skip
    if not plan.cuts or rows.is_empty():
        return Descent(pl.DataFrame(schema=schema), [], [], {})
    numbers = rows["row"].to_list()
    if all(row in known for row in numbers):
        nodes = np.array([known[row] for row in numbers], dtype=np.int64)
    else:
        nodes, _ = nodes_of(plan, rows)
    lost = rows["row"].filter(pl.Series(nodes < 0, dtype=pl.Boolean))
    unknown = [row for step in plan.cuts for row in _rows_of_cut(plan, step, lost)]
    none = [pl.lit(None, pl.String).alias(name) for name in DIMENSIONS]
    frontier = pl.DataFrame({"parent": nodes, "row": rows["row"], "total": rows[layer]}).filter(pl.col("parent") >= 0)
    frontier = frontier.with_columns(pl.col("parent").cast(pl.Int32), *none)
    below: list[int] = []
    deltas = (
        plan["member_deltas"]
        .filter(pl.col("layer") == layer, pl.col("row").is_in(rows["row"].implode()))
        .group_by("node")
        .agg(pl.col("delta").sum())
    )
    levels = [pl.DataFrame(schema=schema).drop("leaf")]
    while frontier.height:
        children = (
            _read_splits(plan, layer, frontier["parent"])
            .join(frontier, on="parent", how="inner")
            .join(deltas, on="node", how="left")
            .sort("step", "parent", "node")
        )
        if children.is_empty():
            break
        new, bad = _split_again(plan.settings, children, rows["measure"][0])
        below += bad
        own = [pl.when(pl.col("dimension") == d).then(pl.col("member")).otherwise(d).alias(d) for d in DIMENSIONS]
        level = children.with_columns(pl.Series("total", new), *own).select(levels[0].columns)
        levels.append(level)
        frontier = level.select("row", "total", *DIMENSIONS, parent="node")
    members = pl.concat(levels)
    inner = members.select("step", node="parent").unique().with_columns(leaf=pl.lit(value=False))
    members = members.join(inner, on=["step", "node"], how="left", maintain_order="left")
    members = members.with_columns(pl.col("leaf").fill_null(value=True)).select(list(schema))
    return Descent(members, sorted(set(below)), sorted(set(unknown)), dict(zip(numbers, nodes.tolist(), strict=True)))


def _rows_of_cut(plan: Plan, step: str, rows: pl.Series) -> list[int]:
    """Return which of some rows a cut splits."""
    if rows.is_empty():
        return []
    return pick_lines(scan(plan.cuts, step).select("row"), "row", rows)["row"].unique().to_list()


def _read_splits(plan: Plan, layer: str, parents: pl.Series) -> pl.DataFrame:
    """Return the cuts' splits of some parents; a layer that the plan did not have is split as commit is, from 0."""
    few = pick_lines(scan(plan.tables, "splits"), "parent", parents)
    of_cuts = few.filter(pl.col("step").is_in(list(plan.cuts)))
    found = of_cuts.filter(pl.col("layer") == layer).select(_LINES)
    if found.height or layer == "commit":
        return found
    return (
        of_cuts.filter(pl.col("layer") == "commit")
        .select(_LINES)
        .with_columns(amount=pl.lit(0, pl.Int64), floor=pl.lit(None, pl.Float64), cap=pl.lit(None, pl.Float64))
    )


def _split_again(settings: PlanSettings, children: pl.DataFrame, measure: str) -> tuple[Ints, list[int]]:
    """Return the amounts of children (sorted by step and parent) and the rows in which one would fall below 0."""
    begins = children.select(pl.struct("step", "parent").rle_id()).to_series().to_numpy()
    starts = np.searchsorted(begins, np.arange(int(begins[-1]) + 2)).astype(np.int64)
    base = children["amount"].to_numpy()
    delta = children["delta"].fill_null(0).to_numpy()
    total = children["total"].to_numpy()[starts[:-1]] - np.add.reduceat(delta, starts[:-1])
    new = base.copy()
    changed = (total != np.add.reduceat(base, starts[:-1])) & (total >= 0)
    if changed.any():
        inside = np.repeat(changed, np.diff(starts))
        own = np.append(0, np.cumsum(np.diff(starts)[changed])).astype(np.int64)
        lines = children.filter(pl.Series(inside))
        new[inside] = _share_out(settings, lines, own, total[changed], measure)
    new += delta
    wrong = np.repeat(total < 0, np.diff(starts)) | (new < 0)
    return new, children["row"].filter(pl.Series(wrong)).to_list()


def _share_out(settings: PlanSettings, lines: pl.DataFrame, starts: Ints, total: Ints, measure: str) -> Ints:
    """Split totals by share within bounds; where these cannot be met the bounds give way, not the total."""
    from quotum.engine.kernels.splitting import round_lots, round_whole, split_bounded

    base = lines["amount"].to_numpy().astype(np.float64)
    floors, caps = lines["floor"].fill_null(0.0).to_numpy(), lines["cap"].fill_null(np.inf).to_numpy()
    lots = {s.name: s.lot_minor.get(measure, 0) for s in settings.steps if isinstance(s, AcrossStep)}
    by_step = lines["step"].gather(starts[:-1].tolist())
    of_group = by_step.replace_strict(lots, default=0, return_dtype=pl.Int64).to_numpy()
    share = _weigh(lines["share"].to_numpy(), base, starts, floors, caps, of_group)
    asked = total.astype(np.float64)
    real, status = split_bounded(starts, asked, share, floors, caps)
    free = np.repeat(status != 0, np.diff(starts))
    for weights in (share, base, np.ones(len(share))):
        if not status.any():
            break
        other, found = split_bounded(starts, asked, weights)
        take = np.repeat((status != 0) & (found == 0), np.diff(starts))
        real[take] = other[take]
        status = np.where(found == 0, 0, status)
    floors, caps = np.where(free, 0.0, floors), np.where(free, np.inf, caps)
    new = round_whole(starts, total, real, floors, caps)
    for lot in np.unique(of_group[of_group > 1]).tolist():
        groups = of_group == lot
        inside = np.repeat(groups, np.diff(starts))
        own = np.append(0, np.cumsum(np.diff(starts)[groups])).astype(np.int64)
        new[inside] = round_lots(own, total[groups], real[inside], lot)
    return new


def _weigh(share: Floats, base: Floats, starts: Ints, floors: Floats, caps: Floats, lots: Ints) -> Floats:
    """Return by what members share a new total: by share, or by what they had where shares do not tell that.

    Proposals and totals given in a second direction move members away from their shares; there they stay.
    """
    from quotum.engine.kernels.splitting import split_bounded

    real, status = split_bounded(starts, np.add.reduceat(base, starts[:-1]), share, floors, caps)
    off = np.maximum.reduceat(np.abs(real - base), starts[:-1]) > np.maximum(lots, _ROUNDED)
    return np.where(np.repeat(off & (status == 0), np.diff(starts)), base, share)


def put_members(cut: pl.DataFrame, members: pl.DataFrame, layer: str, dimensions: list[str]) -> pl.DataFrame:
    """Return a cut with the amounts of some members (row, <dimension> …, total) replaced."""
    rows = cut["row"].to_numpy()
    wanted = members["row"].to_numpy()
    first, last = int(np.searchsorted(rows, wanted.min())), int(np.searchsorted(rows, wanted.max(), side="right"))
    keys = ["row", *dimensions]
    near = cut.slice(first, last - first).select(*keys, at=pl.int_range(first, last, dtype=pl.Int64))
    found = near.join(members.select(*keys, "total"), on=keys, how="inner", nulls_equal=True)
    amounts = cut[layer].to_numpy().copy()
    amounts[found["at"].to_numpy()] = found["total"].to_numpy()
    return cut.with_columns(pl.Series(layer, amounts))
