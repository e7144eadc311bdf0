"""A change of rows: the slice gets its number, and siblings, other dates or the parent absorb the difference."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.revisions.bounds import Bounds, Room, make_room, name_bounds, read_bounds, share_in_room
from quotum.engine.revisions.cells import Cells, Held, lay_cells, read_running, share_total
from quotum.engine.revisions.changes import SHAPES, Change, Slice
from quotum.engine.revisions.draft import Draft, find_rows, list_deltas
from quotum.engine.revisions.nodes import nodes_of
from quotum.engine.revisions.selecting import Lines, pick_rows, pick_siblings
from quotum.engine.revisions.shapes import months_of, weigh_members, weigh_months
from quotum.engine.tables.plan_settings import MAX_AMOUNT_MINOR
from quotum.engine.tables.plan_tables import Plan
from quotum.engine.tables.schema import DIMENSIONS

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


Seen = dict[date, Ints]
"""Running totals of the rows of a slice by date, read once for a draft."""


def measure_rows(draft: Draft, part: Slice, seen: Seen) -> int:
    """Return what a slice of rows has now."""
    rows = pick_rows(draft.plan, part).frame
    if part.measure.kind == "level" or (part.since, part.until) == (
        draft.plan.settings.since,
        draft.plan.settings.until,
    ):
        return int(rows[part.layer].sum())
    running = read_running(draft.plan, rows, part.layer, [part.since, part.until], seen)
    return int((running[:, 1] - running[:, 0]).sum())


def share_rows(
    draft: Draft, change: Change, part: Slice, wanted: int, held: Sequence[Held], seen: Seen
) -> tuple[Draft | None, list[Issue]]:
    """Return the draft in which a slice of rows has the number ``wanted``; None and why where that cannot be."""
    plan, rows = draft.plan, pick_rows(draft.plan, part)
    spans = [(part.since, part.until)]
    by_month = change.operation in SHAPES and change.over == "time"
    cells = lay_cells(plan, rows.frame, part.layer, months_of(plan, *spans[0]) if by_month else spans, held, rows.at,
                      seen)  # fmt: skip
    current = int(cells.free.sum() + cells.held.sum())
    weights, issues = _weigh(plan, change, part, rows, cells, by_month=by_month)
    if issues:
        return None, issues
    others = _other_times(draft, part, rows, held, seen) if change.absorb == "time" else None
    row_weights = cells.free.astype(np.float64) if weights is None or by_month else weights
    low, high = _bounds(cells, others)
    # Where other times absorb, every row's year stays: no bound is touched.
    bounds = None if others is not None else _read_bounds(draft, part, rows)
    room = make_room(bounds, cells, low, high, of_slice=True)
    total, fallback = wanted - int(cells.held.sum()), partial(_fallback, plan, part, rows)
    new = share_in_room(total, row_weights, fallback, room)
    if new is None:
        if share_total(total, row_weights, fallback, high, low) is not None:
            return None, [_bound(change, part, "members_bound", wanted, room, most=wanted > current)]
        return None, [_conflict(change, part, wanted, current, cells, (low, high))]
    amounts = cells.share_rows(new, weights if by_month else None)
    made = draft.add_deltas(part.layer, list_deltas(rows.frame, cells, amounts))
    if others is not None:
        given = others.share_rows(others.free - (new - cells.free))
        made = made.add_deltas(part.layer, list_deltas(rows.frame, others, given))
    elif change.absorb == "siblings" and wanted != current:
        taken = _take_from_siblings(draft, change, part, rows, wanted - current, held)
        if isinstance(taken, Issue):
            return None, [taken]
        made = made.add_deltas(part.layer, taken)
    return made, []


def _read_bounds(draft: Draft, part: Slice, rows: Lines) -> Bounds | None:
    return read_bounds(draft, part.layer, part.measure.name, rows.frame["row"].to_numpy())


def _weigh(
    plan: Plan, change: Change, part: Slice, rows: Lines, cells: Cells, *, by_month: bool
) -> tuple[Floats | None, list[Issue]]:
    """Return the weights of a shape, by cell over time and by row over members; None for amounts."""
    if change.operation not in SHAPES:
        return None, []
    if by_month:
        weights, issues = weigh_months(plan, change, part, rows, cells)
    else:
        weights, issues = weigh_members(plan, change, part, rows)
    if weights is not None and not weights.any():
        return None, [change.issue("shape_empty")]
    return weights, issues


def _bounds(cells: Cells, others: Cells | None) -> tuple[Ints, Ints]:
    """Return the least and the most each row may get: closed rows nothing, with ``others`` what these can absorb."""
    most = np.where(cells.open_rows, MAX_AMOUNT_MINOR, 0)
    if others is None:
        return np.zeros_like(most), most
    least = np.where(others.open_rows, 0, cells.free)
    return least, np.where(cells.open_rows, cells.free + others.free, 0)


def _fallback(plan: Plan, part: Slice, rows: Lines) -> Floats:
    """Return the weights of rows that all have nothing: the shares of their steps, within their windows."""
    inside = ((rows.frame["since"] < part.until) & (rows.frame["until"] > part.since)).to_numpy()
    weights = nodes_of(plan, rows.frame)[1] * inside
    return weights if weights.any() else inside.astype(np.float64)


def _other_times(draft: Draft, part: Slice, rows: Lines, held: Sequence[Held], seen: Seen) -> Cells:
    """Return the free cells of the same rows in the rest of the plan."""
    settings = draft.plan.settings
    rest: list[tuple[date, date]] = [(settings.since, part.since), (part.until, settings.until)]
    return lay_cells(draft.plan, rows.frame, part.layer, rest, held, rows.at, seen)


def _take_from_siblings(
    draft: Draft, change: Change, part: Slice, rows: Lines, delta: int, held: Sequence[Held]
) -> pl.DataFrame | Issue:
    """Return the deltas of the siblings that give ``delta`` (or take it, when negative), or why they cannot."""
    siblings = pick_siblings(draft.plan, part, rows)
    if siblings.frame.is_empty():
        return change.issue("no_siblings", conflict=True)
    cells = lay_cells(draft.plan, siblings.frame, part.layer, [(part.since, part.until)], held, siblings.at)
    low, high = _bounds(cells, None)
    total, weights = int(cells.free.sum()), cells.free.astype(np.float64)
    room = make_room(_read_bounds(draft, part, siblings), cells, low, high, of_slice=False)
    fallback = partial(_fallback, draft.plan, part, siblings)
    new = share_in_room(total - delta, weights, fallback, room)
    if new is None and share_total(total - delta, weights, fallback, high, low) is not None:
        return _bound(change, part, "siblings_bound", delta, room, most=delta < 0)
    if new is None:
        figures = {"asked": part.write(delta), "free": part.write(total), "held": part.write(int(cells.held.sum()))}
        return change.issue("siblings_cannot", conflict=True, **figures)
    return list_deltas(siblings.frame, cells, cells.share_rows(new))


def _conflict(change: Change, part: Slice, wanted: int, current: int, cells: Cells, bounds: tuple[Ints, Ints]) -> Issue:
    """Tell why a slice cannot have a number: what it has, what of it is held, the least and the most it can have."""
    held, (low, high) = int(cells.held.sum()), bounds
    most = int(high.sum()) + held
    return change.issue(
        "slice_cannot", conflict=True, wanted=part.write(wanted), amount=part.write(current), held=part.write(held),
        least=part.write(int(low.sum()) + held), most=part.write(most) if most < MAX_AMOUNT_MINOR else "",
    )  # fmt: skip


def _bound(change: Change, part: Slice, rule: str, wanted: int, room: Room, *, most: bool) -> Issue:
    """Tell that floors or caps of rows leave no room, and whose they are."""
    return change.issue(rule, conflict=True, wanted=part.write(wanted), kind="cap" if most else "floor",
                        members=name_bounds(room, part.write, most=most))  # fmt: skip


def name_rows(draft: Draft, rows: Sequence[int]) -> str:
    """Return the keys of the first few rows as text."""
    quotas = draft["quotas"]
    lines = quotas[find_rows(quotas, pl.Series(list(rows)[:5], dtype=pl.Int32))].select(list(DIMENSIONS))
    named = ["/".join(str(key) for key in line if key is not None) for line in lines.iter_rows()]
    return ", ".join(named) + (" …" if len(rows) > 5 else "")
