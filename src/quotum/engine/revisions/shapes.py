"""Weights of the operations copy and spread: what a total is to be shared by, over rows or over months."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.periods import cut_periods
from quotum.engine.curves.running_totals import due
from quotum.engine.revisions.cells import Cells
from quotum.engine.revisions.changes import Change, Slice, find_slice
from quotum.engine.revisions.nodes import nodes_of
from quotum.engine.revisions.selecting import Lines, pick_rows
from quotum.engine.tables.plan_tables import Plan, scan
from quotum.engine.tables.schema import DIMENSIONS

Floats = npt.NDArray[np.float64]


def months_of(plan: Plan, since: date, until: date) -> list[tuple[date, date]]:
    """Return the months of a span, clipped to it."""
    return [(p.since, p.until) for p in cut_periods(since, until, "month", plan.settings.fiscal_start)]


def weigh_members(plan: Plan, change: Change, part: Slice, rows: Lines) -> tuple[Floats | None, list[Issue]]:
    """Return the weight of each row that a shape over members gives it, (num_rows,), or what is wrong."""
    if change.operation == "spread" and change.basis == "working_days":
        return None, [change.issue("shape_over_time_only", change.basis, "basis")]
    if change.operation == "spread" and change.basis == "equal":
        windows = rows.frame.select(pl.len().over(list(DIMENSIONS))).to_series()  # of one member count as one
        return 1.0 / windows.to_numpy(), []
    if change.operation == "spread" and change.basis == "shares":
        return nodes_of(plan, rows.frame)[1], []
    if change.operation == "spread":
        return _last_year(plan, rows.frame, [(part.since, part.until)])[:, 0], []
    source, found, issues = _read_source(plan, change, part)
    if source is None or found is None:
        return None, issues
    amounts = _amounts(plan, change, source, found, [(source.since, source.until)])[:, 0]
    if source.pairs == part.pairs:
        return amounts, []
    fixed = {name for want in (*source.under, *part.under) for name in {want.dimension, part.place.in_rows[want.text]}}
    fixed |= {"unit"} if "person" in fixed else set()
    on = [d for d in DIMENSIONS if d not in fixed and rows.frame[d].null_count() < len(rows.frame)]
    if not on:
        return None, [change.issue("shape_not_matched", column="source")]
    given = found.frame.select(*on, weight=pl.Series(amounts)).group_by(on).agg(pl.col("weight").sum())
    matched = rows.frame.select(on).join(given, on=on, how="left", nulls_equal=True, maintain_order="left")
    weights = matched["weight"].fill_null(0.0).to_numpy()
    return (weights, []) if weights.any() else (None, [change.issue("shape_not_matched", column="source")])


def weigh_months(
    plan: Plan, change: Change, part: Slice, rows: Lines, cells: Cells
) -> tuple[Floats | None, list[Issue]]:
    """Return the weight of each cell that a shape over time gives it, (num_cells,): cells lie within months."""
    months = months_of(plan, part.since, part.until)
    month = np.searchsorted(np.array([m[0] for m in months], dtype="datetime64[D]"), cells.since, side="right") - 1
    span = np.array([(u - s).days for s, u in months], dtype=np.float64)
    in_month = (cells.until - cells.since).astype(np.int64) / span[month]  # the part of its month that is free
    if change.operation == "spread":
        if change.basis == "equal":
            return in_month, []
        if change.basis == "working_days":
            return _working_days(plan, rows, months)[cells.line, month] * in_month, []
        if change.basis == "shares":
            return _curve_weights(plan, rows, months)[cells.line, month] * in_month, []
        return _last_year(plan, rows.frame, months).sum(axis=0)[month] * in_month, []
    source, found, issues = _read_source(plan, change, part)
    if source is None or found is None:
        return None, issues
    other = months_of(plan, source.since, source.until)
    if len(other) != len(months):
        lengths = (str(len(months)), str(len(other)))
        return None, [change.issue("shape_lengths", column="source_since", months=lengths[0], source=lengths[1])]
    return _amounts(plan, change, source, found, other).sum(axis=0)[month] * in_month, []


def _read_source(plan: Plan, change: Change, part: Slice) -> tuple[Slice | None, Lines | None, list[Issue]]:
    """Return the slice whose shape is copied, and its rows."""
    asked = Change(change.operation, change.source or part.pairs, part.measure.name, part.layer,
                   change.source_since or part.since, change.source_until or part.until,
                   file=change.file, line=change.line)  # fmt: skip
    source, issues = find_slice(plan, asked)
    if source is None:
        return None, None, issues
    if source.place.step is not None:
        return None, None, [change.issue("shape_of_rows_only", column="source")]
    return source, pick_rows(plan, source), []


def _amounts(plan: Plan, change: Change, source: Slice, rows: Lines, spans: list[tuple[date, date]]) -> Floats:
    """Return what the rows of the source have in each span, or had a year earlier, (num_rows, num_spans)."""
    if change.basis == "last_year":
        return _last_year(plan, rows.frame, spans)
    edges = sorted({day for span in spans for day in span})
    running = due(plan, rows.frame, edges, [source.layer])[source.layer]
    at = {day: k for k, day in enumerate(edges)}
    return np.stack([running[:, at[u]] - running[:, at[s]] for s, u in spans], axis=1).astype(np.float64)


def _last_year(plan: Plan, rows: pl.DataFrame, spans: list[tuple[date, date]]) -> Floats:
    """Return what rows did a year earlier in each span, cut at 0, (num_rows, num_spans)."""
    lines = scan(plan.tables, "last_year").filter(pl.col("row").is_in(rows["row"].implode()))
    at = rows.select("row", at=pl.int_range(pl.len()))
    found = lines.select("row", "date", "amount_e4").collect().join(at, on="row")
    sums = np.zeros((len(rows), len(spans)))
    for k, (since, until) in enumerate(spans):
        inside = found.filter((pl.col("date") >= since) & (pl.col("date") < until))
        np.add.at(sums[:, k], inside["at"].to_numpy(), inside["amount_e4"].to_numpy())
    return np.maximum(sums, 0.0)


def _working_days(plan: Plan, rows: Lines, months: list[tuple[date, date]]) -> Floats:
    """Return the weights of the days of each row's calendar in each month, (num_rows, num_months)."""
    curves = rows.frame.select("curve").join(plan["curves"], on="curve", how="left", maintain_order="left")
    calendar = curves["calendar"].to_list()
    days = plan["days"].filter(pl.col("calendar").is_in(sorted(set(calendar))))
    sums = {}
    for number in set(calendar):
        own = days.filter(pl.col("calendar") == number)
        sums[number] = [
            float(own.filter((pl.col("date") >= since) & (pl.col("date") < until)).sort("date")["weight"].sum())
            for since, until in months
        ]
    return np.array([sums[number] for number in calendar])


def _curve_weights(plan: Plan, rows: Lines, months: list[tuple[date, date]]) -> Floats:
    """Return the part of each row's curve that falls into each month: as if nothing had been revised."""
    edges = [months[0][0], *(until for _, until in months)]
    fine = rows.frame.with_columns(commit=pl.lit(2**50, pl.Int64))
    plain = Plan(plan.settings, {**plan.tables, "deltas": plan["deltas"].clear(), "anchors": plan["anchors"].clear()},
                 plan.cuts)  # fmt: skip
    return np.diff(due(plain, fine, edges, ["commit"])["commit"], axis=1).astype(np.float64)
