"""Cells of a plan: a row between two dates. What each has, which are held, and how a new total is shared among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.curves.running_totals import due
from quotum.engine.tables.plan_tables import Plan

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
_NONE: Floats = np.empty(0)


@dataclass(frozen=True, slots=True)
class Held:
    """A hold in force: which lines of quotas it keeps, in which layer, between which dates."""

    mask: Bools
    layers: tuple[str, ...]
    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Cells:
    """Free cells of some rows, row after row in time.

    By cell: ``line`` (a position among the rows), ``since`` and ``until``, ``amount``. By row: ``free`` is the sum of
    its cells, ``held`` what it has in the span under a hold.
    """

    line: Ints
    since: npt.NDArray[np.datetime64]
    until: npt.NDArray[np.datetime64]
    amount: Ints
    free: Ints
    held: Ints

    @property
    def open_rows(self) -> Bools:
        """Tell which rows have a free cell, (num_rows,)."""
        found = np.zeros(len(self.free), dtype=np.bool_)
        found[self.line] = True
        return found

    def share_rows(self, new: Ints, weights: Floats | None = None) -> Ints:
        """Return new amounts of the cells that add up to ``new`` (num_rows,), in proportion to what they have.

        ``weights`` (num_cells,) take the place of what they have; where all are 0 the days decide.
        """
        rows, starts = np.unique(self.line, return_index=True)
        bounds = np.append(starts, len(self.line))
        length = (self.until - self.since).astype(np.int64).astype(np.float64)
        basis = self.amount.astype(np.float64) if weights is None else weights
        return split_many(bounds, new[rows], basis, length)[0]


def lay_cells(
    plan: Plan,
    rows: pl.DataFrame,
    layer: str,
    spans: Sequence[tuple[date, date]],
    held: Sequence[Held],
    at: Ints,
    seen: dict[date, Ints] | None = None,
) -> Cells:
    """Return the free cells of ``rows`` in some spans of the plan that do not overlap, in order.

    ``at`` (num_rows,) is where each row stands in quotas. Cells never cross the edge of a span; within it they are cut
    at the edges of the holds that touch their own row. Running totals of the rows are kept in ``seen`` for whoever asks
    for them again.
    """
    spans = [span for span in spans if span[0] < span[1]]
    of_layer = [h for h in held if layer in h.layers and h.mask[at].any()]
    edges = sorted({day for span in spans for day in span} | {
        day for h in of_layer for day in (h.since, h.until) if any(s < day < u for s, u in spans)
    })  # fmt: skip
    if not edges or rows.is_empty():
        nothing = np.zeros(len(rows), dtype=np.int64)
        none, no_day = np.empty(0, dtype=np.int64), np.empty(0, dtype="datetime64[D]")
        return Cells(none, no_day, no_day, none, nothing, nothing.copy())
    running = read_running(plan, rows, layer, edges, {} if seen is None else seen)
    parts = list(pairwise(edges))
    of_span = np.array([next((k for k, (s, u) in enumerate(spans) if s <= a and b <= u), -1) for a, b in parts])
    kept = np.zeros((len(rows), len(parts)), dtype=np.bool_)
    for h in of_layer:
        inside = np.array([a < h.until and b > h.since for a, b in parts])
        kept |= h.mask[at][:, None] & inside[None, :]
    amounts = np.diff(running, axis=1)
    asked = (of_span >= 0)[None, :]
    found: list[tuple[Ints, int, int]] = []  # rows, first and last edge
    patterns, which = np.unique(kept, axis=0, return_inverse=True)
    for number, pattern in enumerate(patterns):
        lines = np.flatnonzero(which.reshape(-1) == number)
        label = np.where(pattern | (of_span < 0), -1, of_span)
        starts = np.flatnonzero((label >= 0) & (np.append(-1, label[:-1]) != label))
        for start in starts.tolist():
            end = start
            while end < len(label) and label[end] == label[start]:
                end += 1
            found.append((lines, start, end))
    line = np.concatenate([lines for lines, _, _ in found]) if found else np.empty(0, dtype=np.int64)
    low = np.concatenate([np.full(len(lines), s) for lines, s, _ in found]) if found else np.empty(0, dtype=np.int64)
    high = np.concatenate([np.full(len(lines), e) for lines, _, e in found]) if found else np.empty(0, dtype=np.int64)
    order = np.lexsort((low, line))
    line, low, high = line[order], low[order].astype(np.int64), high[order].astype(np.int64)
    day = np.array(edges, dtype="datetime64[D]")
    amount = running[line, high] - running[line, low]
    free = np.where(kept | ~asked, 0, amounts).sum(axis=1)
    return Cells(line, day[low], day[high], amount, free, np.where(kept & asked, amounts, 0).sum(axis=1))


def read_running(plan: Plan, rows: pl.DataFrame, layer: str, edges: Sequence[date], seen: dict[date, Ints]) -> Ints:
    """Return running totals of rows at some dates, (num_rows, num_edges), of which some may have been seen before."""
    missing = [day for day in edges if day not in seen]
    if missing:
        seen.update(zip(missing, _running(plan, rows, layer, missing).T, strict=True))
    return np.stack([seen[day] for day in edges], axis=1)


def _running(plan: Plan, rows: pl.DataFrame, layer: str, edges: Sequence[date]) -> Ints:
    """Return running totals at the edges; a level has its amount all the time, which is taken for the whole plan."""
    if plan.settings.measures[rows["measure"][0]].kind == "level":
        whole = np.array([day >= plan.settings.until for day in edges])
        return np.asarray(np.where(whole[None, :], rows[layer].to_numpy()[:, None], 0), dtype=np.int64)
    return due(plan, rows, edges, [layer])[layer]


def share_total(
    total: int, weights: Floats, fallback: Callable[[], Floats], caps: Ints | None = None, floors: Ints | None = None
) -> Ints | None:
    """Return whole amounts that add up to ``total`` in proportion to ``weights`` within bounds; None if they cannot.

    ``fallback`` gives the weights where all are 0; where they are 0 as well every member counts the same.
    """
    from quotum.engine.kernels.splitting import round_whole, split_bounded

    if total < 0 or (not len(weights) and total):
        return None
    if not len(weights):
        return np.empty(0, dtype=np.int64)
    starts, totals = np.array([0, len(weights)], dtype=np.int64), np.array([total], dtype=np.int64)
    low = np.zeros(len(weights)) if floors is None else floors.astype(np.float64)
    high = np.full(len(weights), np.inf) if caps is None else caps.astype(np.float64)
    for attempt in range(3):
        basis = (weights, None, np.ones(len(weights)))[attempt]
        basis = fallback() if basis is None else basis
        real, status = split_bounded(starts, totals.astype(np.float64), basis, low, high)
        if status[0] == 0:
            return round_whole(starts, totals, real, low, high)
    return None


def split_many(
    starts: Ints, totals: Ints, weights: Floats, fallback: Floats, floors: Floats = _NONE, caps: Floats = _NONE
) -> tuple[Ints, bool]:
    """Return whole amounts of the members of many parents that add up to each one's total, in proportion to weights.

    The second result tells whether the bounds (length 0: none) let every total through. Parents whose members of
    weight cannot take it are shared by ``fallback``.
    """
    from quotum.engine.kernels.splitting import round_whole, split_bounded

    starts = starts.astype(np.int64)
    real, status = split_bounded(starts, totals.astype(np.float64), weights, floors, caps)
    bare = np.repeat(status != 0, np.diff(starts))
    if bare.any():
        weights = np.where(bare, fallback, weights)
        real, status = split_bounded(starts, totals.astype(np.float64), weights, floors, caps)
    return round_whole(starts, totals, real, floors, caps), not status.any()
