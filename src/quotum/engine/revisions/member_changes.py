"""A change of members of a cut, such as a customer: weight moves among the members of a row, or the row grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.revisions.bounds import tell_bound
from quotum.engine.revisions.cells import Held, lay_cells, share_total, split_many
from quotum.engine.revisions.changes import Change, Slice
from quotum.engine.revisions.draft import Draft, list_deltas
from quotum.engine.revisions.members import Descent, descend
from quotum.engine.revisions.row_changes import Seen, name_rows
from quotum.engine.revisions.selecting import Lines, pick_rows
from quotum.engine.tables.plan_dimensions import attach_wanted
from quotum.engine.tables.plan_settings import MAX_AMOUNT_MINOR
from quotum.engine.tables.plan_tables import scan

Ints = npt.NDArray[np.int64]


def measure_members(draft: Draft, part: Slice, _seen: Seen) -> int:
    """Return what a slice of members of a cut has now."""
    if draft.touched[part.layer]:
        return int(_pick(draft, part)[1]["total"].sum())
    _, listed = _list_members(draft, part)
    return int(listed.select(pl.col(part.layer).sum()).collect().item())


def _list_members(draft: Draft, part: Slice) -> tuple[Lines, pl.LazyFrame]:
    """Return the rows of a slice that have members it names, and these lines of their cut."""
    rows = pick_rows(draft.plan, part)
    known = {want: keys for want, keys in part.under.items() if want.text in part.place.in_cut}
    cut = scan(draft.plan.cuts, part.place.step or "")
    if len(rows.at) < len(draft["quotas"]):
        cut = cut.filter(pl.col("row").is_in(rows.frame["row"].implode()))
    listed = attach_wanted(cut, draft.plan, (), known, part.place.in_cut).collect()
    inside = rows.frame["row"].is_in(listed["row"].unique().implode())
    return Lines(rows.frame.filter(inside), rows.at[inside.to_numpy()]), listed.lazy()


def _pick(draft: Draft, part: Slice) -> tuple[Descent, pl.DataFrame, Lines]:
    """Return all members below the rows of a slice, those that the slice names, and its rows."""
    rows, _ = _list_members(draft, part)
    found = descend(draft.plan, part.layer, rows.frame, draft.nodes)
    leaves = found.members.lazy().filter(pl.col("leaf") & (pl.col("step") == part.place.step))
    known = {want: keys for want, keys in part.under.items() if want.text in part.place.in_cut}
    return found, attach_wanted(leaves, draft.plan, (), known, part.place.in_cut).sort("node").collect(), rows


def share_members(
    draft: Draft, change: Change, part: Slice, wanted: int, held: Sequence[Held], _seen: Seen
) -> tuple[Draft | None, list[Issue]]:
    """Return the draft in which members have the number ``wanted``; None and why where that cannot be."""
    found, lines, rows = _pick(draft, part)
    members, draft = found.members, replace(draft, nodes={**draft.nodes, **found.nodes})
    if lines.is_empty():
        return None, [change.issue("slice_empty")]
    settings = draft.plan.settings
    cells = lay_cells(draft.plan, rows.frame, part.layer, [(settings.since, settings.until)], held, rows.at)
    open_rows = dict(zip(rows.frame["row"].to_list(), cells.open_rows.tolist(), strict=True))
    free = np.array([open_rows[row] for row in lines["row"].to_list()], dtype=np.bool_)
    amounts = lines["total"].to_numpy()
    high, low = np.where(free, MAX_AMOUNT_MINOR, amounts), np.where(free, 0, amounts)
    new = share_total(wanted, amounts.astype(np.float64), lambda: np.ones(len(amounts)), high, low)
    if new is None:
        figures = {"wanted": part.write(wanted), "amount": part.write(int(amounts.sum())),
                   "held": part.write(int(amounts[~free].sum())), "least": part.write(int(low.sum()))}  # fmt: skip
        return None, [change.issue("slice_cannot", conflict=True, **figures)]
    passed = _tell_passed(change, part, lines, new)
    asked = lines.select("row", "node", "parent", "step", delta=pl.Series(new - amounts)).filter(pl.col("delta") != 0)
    if change.absorb == "siblings":
        taken = _take_from_siblings(change, part, members, lines, asked)
        if isinstance(taken, Issue):
            return None, [taken]
        return draft.add_member_deltas(part.layer, pl.concat([asked.select("row", "node", "delta"), taken])), passed
    made = draft.add_member_deltas(part.layer, _with_ancestors(members, asked))
    growth = np.zeros(len(rows.at), dtype=np.int64)
    by_row = dict(asked.group_by("row").agg(pl.col("delta").sum()).iter_rows())
    for at, row in enumerate(rows.frame["row"].to_list()):
        growth[at] = by_row.get(row, 0)
    short = np.flatnonzero(cells.free + growth < 0)
    if len(short):
        named = name_rows(draft, rows.frame["row"].gather(short.tolist()).to_list())
        return None, [change.issue("row_below_zero", named, conflict=True)]
    return made.add_deltas(part.layer, list_deltas(rows.frame, cells, cells.share_rows(cells.free + growth))), passed


def _tell_passed(change: Change, part: Slice, lines: pl.DataFrame, new: Ints) -> list[Issue]:
    """Return a warning if members go beyond a bound of their step: the first, and how many more."""
    moved = lines.with_columns(now=pl.Series(new))
    above = (pl.col("now") > pl.col("cap")) & (pl.col("now") > pl.col("total"))
    below = (pl.col("now") < pl.col("floor")) & (pl.col("now") < pl.col("total"))
    passed = moved.with_columns(kind=pl.when(above).then(pl.lit("cap")).when(below).then(pl.lit("floor"))).filter(
        pl.col("kind").is_not_null()
    )
    return [tell_bound(change, part, line["step"], part.text, line["kind"], int(line[line["kind"]]), line["now"],
                       more=len(passed) - 1) for line in passed.head(1).iter_rows(named=True)]  # fmt: skip


def _with_ancestors(members: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Return ``(row, node, delta)`` of members and of every member above them, which grows with them."""
    lines, above = [asked.select("row", "node", "delta")], asked.select("row", "parent", "delta")
    while above.height:
        inner = above.group_by("row", "parent").agg(pl.col("delta").sum())
        found = members.select("row", "node", up="parent").join(
            inner, left_on=["row", "node"], right_on=["row", "parent"], how="inner"
        )
        lines.append(found.select("row", "node", "delta"))
        above = found.select("row", parent="up", delta="delta")
    return pl.concat(lines).sort("row", "node")


def _take_from_siblings(
    change: Change, part: Slice, members: pl.DataFrame, lines: pl.DataFrame, asked: pl.DataFrame
) -> pl.DataFrame | Issue:
    """Return ``(row, node, delta)`` of the other members of the same parents, which give in proportion."""
    needed = asked.group_by("parent", "step").agg(pl.col("delta").sum().alias("asked"))
    others = (
        members.filter(~pl.col("node").is_in(lines["node"].implode()))
        .join(needed, on=["parent", "step"], how="inner")
        .sort("parent", "node")
    )
    parents = others.group_by("parent", maintain_order=True).agg(
        pl.col("asked").first(), pl.col("total").sum(), pl.len()
    )
    left = needed.filter((pl.col("asked") != 0) & ~pl.col("parent").is_in(parents["parent"].implode()))
    if left.height:
        return change.issue("no_siblings", conflict=True)
    totals = (parents["total"] - parents["asked"]).to_numpy()
    if (totals < 0).any():
        figures = {"asked": part.write(int(parents["asked"].sum())), "free": part.write(int(parents["total"].sum()))}
        return change.issue("siblings_cannot", conflict=True, **figures)
    starts = np.append(0, np.cumsum(parents["len"].to_numpy())).astype(np.int64)
    amounts = others["total"].to_numpy()
    low = np.minimum(np.ceil(others["floor"].fill_null(0.0).to_numpy()), amounts)
    high = np.maximum(np.floor(others["cap"].fill_null(np.inf).to_numpy()), amounts)
    new, met = split_many(starts, totals, amounts.astype(np.float64), np.ones(len(amounts)), low, high)
    if not met:
        return change.issue("siblings_bound", conflict=True, wanted=part.write(int(parents["asked"].sum())),
                            kind="cap" if (totals > parents["total"].to_numpy()).any() else "floor")  # fmt: skip
    return others.select("row", "node", delta=pl.Series(new - amounts)).filter(pl.col("delta") != 0)
