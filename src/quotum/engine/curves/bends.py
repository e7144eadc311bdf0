"""Revisions of a part of the plan: the running total of a row is bent between two dates, and nowhere else.

A bend adds ``delta`` to what a row gets in [since, until): before it nothing moves, behind it everything is ``delta``
higher, between them the days share the new amount in proportion to what they had (by the curve where they had nothing,
by time where it stands still). So no day outside moves, not even by the last unit, and none can fall below 0.
A row's changes of its whole plan that come before any bend, and before any anchor, are no bends: the curve carries
them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.tables.plan_tables import Plan, revision_table

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bends:
    """The bends of some rows in one layer, row after row in the order made.

    ``lines`` (num_bent,): positions of the bent rows; by bend ``line`` (a position in ``lines``), ``since`` and
    ``until`` as days of the plan, ``delta``. ``anchored`` (num_bent,) tells rows that have anchors too.
    """

    lines: Ints
    anchored: npt.NDArray[np.bool_]
    line: Ints
    since: Ints
    until: Ints
    delta: Ints

    def totals(self) -> Ints:
        """Return the sum of each row's bends, (num_bent,)."""
        sums = np.zeros(len(self.lines), dtype=np.int64)
        np.add.at(sums, self.line, self.delta)
        return sums


def share_out(amount: Ints, share: Floats, offset: Floats) -> Ints:
    """Return floor(amount * share + offset): 0 where the share is 0, the whole amount where it is 1."""

    part = amount * share
    part += offset
    np.floor(part, out=part)
    whole = np.minimum(part.astype(np.int64), amount)
    np.copyto(whole, 0, where=share <= 0)
    np.copyto(whole, amount, where=share >= 1)
    return whole


def read_bends(plan: Plan, rows: pl.DataFrame, layer: str) -> Bends | None:
    """Return the bends of ``rows(row, …)`` in a layer, or None when there are none."""
    deltas = revision_table(plan, "deltas")
    if deltas.is_empty() or rows.is_empty():
        return None
    settings, anchored = plan.settings, _anchored_rows(plan, layer)
    numbers = rows["row"].to_numpy()
    order = np.argsort(numbers, kind="stable")
    row = deltas["row"].to_numpy()
    at = np.searchsorted(numbers[order], row).clip(0, len(numbers) - 1)
    used = np.flatnonzero((deltas["layer"] == layer).to_numpy() & (numbers[order][at] == row))
    used = used[np.argsort(order[at[used]], kind="stable")]
    line = order[at[used]]
    num_days = (settings.until - settings.since).days

    def day(column: str) -> Ints:
        since = deltas[column].to_numpy()[used].astype("datetime64[D]") - np.datetime64(settings.since)
        return np.asarray(np.clip(since.astype(np.int64), 0, num_days), dtype=np.int64)

    since, until = day("since"), day("until")
    bent = (since > 0) | (until < num_days) | np.isin(row[used], anchored)
    bent = np.maximum.accumulate(2 * line + bent) % 2 == 1  # and every one behind a bend of its row
    lines, place = np.unique(line[bent], return_inverse=True)
    if not len(lines):
        return None
    has_anchors = np.isin(numbers[lines], anchored)
    return Bends(lines, has_anchors, place, since[bent], until[bent], deltas["delta"].to_numpy()[used][bent])


def _anchored_rows(plan: Plan, layer: str) -> Ints:
    """Return the rows that have anchors inside the plan, in a layer."""
    anchors, settings = plan["anchors"], plan.settings
    if anchors.is_empty():
        return np.empty(0, dtype=np.int64)
    inside = (pl.col("date") > settings.since) & (pl.col("date") < settings.until)
    return np.asarray(anchors.filter(pl.col("layer") == layer, inside)["row"].to_numpy(), dtype=np.int64)


def bend(running: Ints, shares: Floats, days: Ints, rows: tuple[Ints, Floats], bends: Bends) -> tuple[Ints, Ints]:
    """Return the running totals (num_rows, num_days) of rows after their bends, and the least any bend left to a row.

    ``running`` are those before, ``shares`` the curves, both at ``days`` (num_days,), which hold every edge of a bend;
    ``rows``: amounts before and offsets, (num_rows,). Each number depends on the curve at its own day and at the edges
    alone: other days that are asked for change nothing. ``fine`` follows with fractions, so that a few units that
    become many are spread by the curve again. Nothing falls below 0: the second result, (num_rows,), is negative where
    something should have.
    """
    amounts, offset = rows
    fine = np.where(bends.anchored[:, None], running.astype(np.float64), shares * amounts[:, None])
    least = amounts.copy()
    generation = np.arange(len(bends.line)) - np.searchsorted(bends.line, np.arange(len(running)))[bends.line]
    for number in range(int(generation.max()) + 1 if len(generation) else 0):
        own = np.flatnonzero(generation == number)
        line, delta = bends.line[own], bends.delta[own][:, None]
        low, high = np.searchsorted(days, bends.since[own]), np.searchsorted(days, bends.until[own])
        now, real, every = running[line], fine[line], np.arange(len(own))
        amount = now[every, high] - now[every, low] + bends.delta[own]
        least[line] = np.minimum(least[line], amount)
        amount = np.maximum(amount, 0)
        part = _part_between(real, shares[line], days, low, high)
        inside = (days[None, :] > days[low][:, None]) & (days[None, :] < days[high][:, None])
        behind = days[None, :] >= days[high][:, None]
        whole = now[every, low][:, None] + share_out(amount[:, None], part, offset[line][:, None])
        running[line] = np.where(inside, whole, now + np.where(behind, delta, 0))
        moved = (real[every, low] + amount - real[every, high])[:, None]  # what lies behind moves on by this
        between = np.minimum(real[every, low][:, None] + amount[:, None] * part, real[every, high][:, None] + moved)
        fine[line] = np.where(inside, between, np.where(behind, real + moved, real))
    return running, least


def _part_between(real: Floats, curve: Floats, days: Ints, low: Ints, high: Ints) -> Floats:
    """Return how much of the way from ``low`` to ``high`` is gone at each day, (num_rows, num_days)."""
    every = np.arange(len(real))
    time = np.broadcast_to(days.astype(np.float64), real.shape)
    part = np.zeros_like(real)
    open_ = np.ones(len(real), dtype=np.bool_)
    for way in (real, curve, time):
        if not open_.any():
            break
        start = way[every, low]
        length = way[every, high] - start
        used = open_ & (length > 0)
        part[used] = (way[used] - start[used, None]) / length[used, None]
        open_ &= ~used
    return np.asarray(np.clip(part, 0.0, 1.0), dtype=np.float64)
