"""Locks in time: a month that is fixed, or may not be under- or overrun, becomes known running totals of its row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.curves.running_totals import due
from quotum.engine.decomposition.bounds import timed_locks, whole_down, whole_up
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_tables import PLAN_SCHEMAS, Plan
from quotum.engine.tables.schema import E4


@dataclass(frozen=True, slots=True)
class _TimedLock:
    """A lock on a stretch of a row."""

    line: int
    key: str
    kind: str
    since: date
    until: date
    amount_e4: int
    reason: str | None


def anchor_locks(company: Company, plan: Plan) -> tuple[pl.DataFrame, list[Issue]]:
    """Return the table ``anchors`` and the locks that cannot be met.

    The stretches of a row between the edges of its locks are members of a bounded split whose weights are the curve's
    parts; their running sums are the anchors. A lock in time needs a key that is a single row.
    """
    anchors: list[tuple[int, str, date, int, str]] = []
    issues: list[Issue] = []
    for measure in plan.settings.measures.values():
        rows = plan["quotas"].filter(pl.col("measure") == measure.name)
        found: dict[tuple[int, str], list[_TimedLock]] = {}
        for lock in timed_locks(company, plan.settings, measure).sort("line").iter_rows(named=True):
            dimension = lock["dimension"]
            hit = rows.filter(pl.col(dimension) == lock["key"]) if dimension in rows.columns else rows.clear()
            if hit.height != 1 or lock["layer"] == "stretch" or lock["since"] >= lock["until"]:
                rule = "lock_in_time_layer" if lock["layer"] == "stretch" else "lock_in_time_no_row"
                details = (("dimension", dimension), ("rows", str(hit.height)))
                issues.append(
                    Issue(rule=rule, table="locks", line=lock["line"], column="key", value=lock["key"], details=details)
                )
                continue
            timed = _TimedLock(**{name: lock[name] for name in _TimedLock.__slots__})
            found.setdefault((int(hit["row"][0]), lock["layer"]), []).append(timed)
        scale = 10.0**measure.decimals / E4
        for (row, layer), locks in found.items():
            made, conflicts = _anchor_row(plan, rows.filter(pl.col("row") == row), layer, locks, scale)
            anchors += [(row, layer, day, amount, reason) for day, amount, reason in made]
            issues += conflicts
    return pl.DataFrame(anchors, schema=PLAN_SCHEMAS["anchors"], orient="row").sort("row", "layer", "date"), issues


def _anchor_row(
    plan: Plan, row: pl.DataFrame, layer: str, locks: Sequence[_TimedLock], scale: float
) -> tuple[list[tuple[date, int, str]], list[Issue]]:
    """Return one row's anchors ``(date, running total, reason)``, or the conflict among its locks."""
    from quotum.engine.kernels.splitting import round_whole, split_bounded

    edges = sorted({plan.settings.since, plan.settings.until, *(day for k in locks for day in (k.since, k.until))})
    total = int(row[layer][0])
    fine = due(plan, row.with_columns(pl.lit(2**52).alias(layer)), edges)[layer][0]
    weights = np.diff(fine).astype(np.float64)
    floors, caps = np.zeros(len(weights)), np.full(len(weights), np.inf)
    for lock in locks:
        inside = [i for i, day in enumerate(edges[:-1]) if lock.since <= day < lock.until]
        if len(inside) != 1:
            return [], [_conflict(row, layer, lock, "lock_in_time_overlap", total)]
        amount = np.array([lock.amount_e4 * scale])
        i = inside[0]
        if lock.kind in ("floor", "lock"):
            floors[i] = max(floors[i], whole_up(amount)[0])
        if lock.kind in ("cap", "lock"):
            caps[i] = min(caps[i], floors[i] if lock.kind == "lock" else whole_down(amount)[0])
    starts = np.array([0, len(weights)], dtype=np.int64)
    if (caps < floors).any():
        return [], [_conflict(row, layer, locks[0], "lock_in_time_overlap", total)]
    real, status = split_bounded(starts, np.array([float(total)]), weights, floors, caps)
    if status[0]:
        return [], [_conflict(row, layer, locks[0], "lock_in_time_conflict", total)]
    running = np.cumsum(round_whole(starts, np.array([total], dtype=np.int64), real, floors, caps))
    reason = "; ".join(lock.reason or lock.kind for lock in locks)
    return [(day, int(amount), reason) for day, amount in zip(edges[1:-1], running[:-1], strict=True)], []


def _conflict(row: pl.DataFrame, layer: str, lock: _TimedLock, rule: str, total: int) -> Issue:
    details = (("layer", layer), ("total", str(total)), ("row", str(row["row"][0])))
    return Issue(
        rule=rule, severity="conflict", table="locks", line=lock.line, column="amount", value=lock.key, details=details
    )
