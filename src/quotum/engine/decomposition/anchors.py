"""Locks and totals in time: what is asked of a month becomes known running totals of the rows it reaches.

A lock of a single row is a bounded split of that row. What reaches several rows (a month of the company, a quarter of
a unit) is a crossing: the rows keep their totals, the months get theirs, and both come out in whole units.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import polars as pl

from quotum.engine.basics.issues import Issue, Severity
from quotum.engine.basics.trees import Tree
from quotum.engine.curves.day_weights import Floats
from quotum.engine.curves.running_totals import due, evaluate_curves
from quotum.engine.decomposition.bounds import timed_locks, whole_down, whole_up
from quotum.engine.decomposition.crossing import Cells, Claim, cross_totals
from quotum.engine.decomposition.crossing_totals import tell_conflict
from quotum.engine.decomposition.ground import Longs
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import LAYERS, Measure
from quotum.engine.tables.plan_tables import PLAN_SCHEMAS, Plan
from quotum.engine.tables.schema import DIMENSIONS, E4, TREES

_Anchor = tuple[int, str, date, int, str]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a line asks of some rows (positions in the measure's rows) in a stretch of time, in whole units."""

    table: str
    line: int
    name: str
    kind: str
    since: date
    until: date
    low: float
    high: float
    reason: str
    rows: Longs


def anchor_locks(company: Company, plan: Plan) -> tuple[pl.DataFrame, list[Issue]]:
    """Return the table ``anchors``, and the locks and totals that cannot be met.

    Commit comes first: what is asked of the stretch leaves extra what commit did not get.
    """
    anchors = plan["anchors"]
    issues: list[Issue] = []
    for measure in plan.settings.measures.values():
        rows = plan["quotas"].filter(pl.col("measure") == measure.name)
        lines = timed_locks(company, plan.settings, measure).sort("table", "line")
        for layer in LAYERS:
            of_layer = lines.filter(pl.col("layer") == layer if layer == "commit" else pl.col("layer") != "commit")
            if of_layer.is_empty():
                continue
            current = replace(plan, tables={**plan.tables, "anchors": anchors})
            asked, found = _read_lines(company, current, measure, rows, of_layer)
            issues += found
            made, found = _anchor_layer(current, measure, rows, layer, asked)
            issues += found
            more = pl.DataFrame(made, schema=PLAN_SCHEMAS["anchors"], orient="row")
            anchors = pl.concat([anchors, more])
    return anchors.sort("row", "layer", "date"), issues


def _read_lines(
    company: Company, plan: Plan, measure: Measure, rows: pl.DataFrame, lines: pl.DataFrame
) -> tuple[list[_Asked], list[Issue]]:
    """Return what the lines ask in whole units, and those that reach no row or less than commit."""
    asked, issues = [], []
    unit = 10.0**measure.decimals / E4
    for line in lines.iter_rows(named=True):
        dimension, key = line["dimension"], line["key"]
        name = f"{dimension}={key}" if dimension else measure.name
        hit = _find_rows(company, rows, dimension, key)
        if not len(hit):
            rule = "lock_in_time_no_row" if line["table"] == "locks" else "total_without_row"
            issues.append(_issue(rule, line["table"], line["line"], "key", key, "error", dimension=dimension))
            continue
        amount = np.array([line["amount_e4"] * unit])
        if line["layer"] == "stretch":
            got = due(plan, rows[hit], [line["since"], line["until"]], ("commit",))["commit"]
            commit = int((got[:, 1] - got[:, 0]).sum())
            if amount[0] < commit and line["kind"] != "floor":
                stretch, commit_text = (f"{n:,.2f}" for n in (line["amount_e4"] / E4, commit / 10**measure.decimals))
                issues.append(
                    _issue("total_below_commit", line["table"], line["line"], "amount", name,
                           stretch=stretch, commit=commit_text)
                )  # fmt: skip
                continue
            amount = np.maximum(amount - commit, 0.0)
        low, high = float(whole_up(amount)[0]), float(whole_down(amount)[0])
        low, high = {"floor": (low, np.inf), "cap": (0.0, high), "lock": (low, low)}[line["kind"]]
        asked.append(
            _Asked(line["table"], line["line"], name, line["kind"], line["since"], line["until"], low, high,
                   line["reason"] or line["kind"], hit)
        )  # fmt: skip
    return asked, issues


def _find_rows(company: Company, rows: pl.DataFrame, dimension: str, key: str) -> Longs:
    """Return the positions of the rows that a key stands for: of trees with all that is below it; no dimension: all."""
    if not dimension:
        return np.arange(rows.height)
    if dimension not in DIMENSIONS:
        return np.empty(0, dtype=np.int64)
    keys = {key}
    if dimension in TREES:
        places = company[TREES[dimension]]
        if key in places[dimension]:
            keys = Tree.of(places[dimension].to_list(), places["parent"].to_list()).subtree(key)
    return np.flatnonzero(rows[dimension].is_in(list(keys)).fill_null(value=False).to_numpy())


def _anchor_layer(
    plan: Plan, measure: Measure, rows: pl.DataFrame, layer: str, asked: Sequence[_Asked]
) -> tuple[list[_Anchor], list[Issue]]:
    """Return the anchors of one layer: of rows that only their own locks reach, and of all others by a crossing."""
    crossed = np.zeros(rows.height, dtype=bool)
    for one in asked:
        if len(one.rows) > 1:
            crossed[one.rows] = True
    anchors: list[_Anchor] = []
    issues: list[Issue] = []
    alone: dict[int, list[_Asked]] = {}
    for one in asked:
        if not crossed[one.rows[0]]:
            alone.setdefault(int(one.rows[0]), []).append(one)
    for at, locks in alone.items():
        made, found = _anchor_row(plan, rows[at], layer, locks)
        anchors += made
        issues += found
    together = [one for one in asked if crossed[one.rows[0]]]
    if together:
        made, found = _cross_rows(plan, measure, rows, layer, together, np.flatnonzero(crossed))
        anchors += made
        issues += found
    return anchors, issues


def _anchor_row(
    plan: Plan, row: pl.DataFrame, layer: str, locks: Sequence[_Asked]
) -> tuple[list[_Anchor], list[Issue]]:
    """Return the anchors of a row that only its own locks reach, or the conflict among them.

    Its stretches between the edges of the locks are members of a bounded split whose weights are the curve's parts.
    """
    from quotum.engine.kernels.splitting import round_whole, split_bounded

    edges = _list_edges(plan, locks)
    total = int(row[layer][0])
    fine = due(plan, row.with_columns(pl.lit(2**52).alias(layer)), edges, (layer,))[layer][0]
    weights = np.diff(fine).astype(np.float64)
    floors, caps = np.zeros(len(weights)), np.full(len(weights), np.inf)
    for lock in locks:
        inside = [i for i, day in enumerate(edges[:-1]) if lock.since <= day < lock.until]
        if len(inside) != 1:
            return [], [_row_conflict(row, layer, lock, "lock_in_time_overlap", total)]
        floors[inside[0]] = max(floors[inside[0]], lock.low)
        caps[inside[0]] = min(caps[inside[0]], lock.high)
    starts = np.array([0, len(weights)], dtype=np.int64)
    if (caps < floors).any():
        return [], [_row_conflict(row, layer, locks[0], "lock_in_time_overlap", total)]
    real, status = split_bounded(starts, np.array([float(total)]), weights, floors, caps)
    if status[0]:
        return [], [_row_conflict(row, layer, locks[0], "lock_in_time_conflict", total)]
    running = np.cumsum(round_whole(starts, np.array([total], dtype=np.int64), real, floors, caps))
    reason = "; ".join(lock.reason for lock in locks)
    number = int(row["row"][0])
    return [
        (number, layer, day, int(amount), reason) for day, amount in zip(edges[1:-1], running[:-1], strict=True)
    ], []


def _cross_rows(
    plan: Plan, measure: Measure, rows: pl.DataFrame, layer: str, asked: Sequence[_Asked], touched: Longs
) -> tuple[list[_Anchor], list[Issue]]:
    """Return the anchors of the ``touched`` rows that meet all that is asked of them, or the totals in conflict."""
    edges = _list_edges(plan, asked)
    own, width = rows[touched], len(edges) - 1
    totals = own[layer].to_numpy().astype(np.int64)
    ids, which = np.unique(own["curve"].to_numpy(), return_inverse=True)
    weights: Floats = np.maximum(np.diff(evaluate_curves(plan, ids, edges)[which], axis=1), 0.0)
    weights *= totals[:, None]
    place = np.full(rows.height, -1, dtype=np.int64)
    place[touched] = np.arange(len(touched))
    starts = np.asarray(edges[:-1], dtype="datetime64[D]")
    claims = []
    for one in asked:
        inside = np.flatnonzero((starts >= np.datetime64(one.since)) & (starts < np.datetime64(one.until)))
        cells = (place[one.rows][:, None] * width + inside).ravel()
        high = one.high
        if one.low > 0 and not weights.ravel()[cells].any():  # days that weigh nothing get just what they must
            weights.ravel()[cells] = _weigh_time(own, totals, edges).ravel()[cells]
            high = one.low
        claims.append(Claim(cells, int(one.low), int(high) if np.isfinite(high) else None))
    row_of_cell = np.repeat(np.arange(len(touched)), width)
    no_floors, no_caps = np.zeros(len(row_of_cell)), np.full(len(row_of_cell), np.inf)
    crossing = cross_totals(Cells(row_of_cell, weights.reshape(-1), totals, no_floors, no_caps), claims)
    if not crossing.met:
        split_up = [name for name in DIMENSIONS if own[name].null_count() < own.height]
        names = {
            "row": lambda r: ", ".join(f"{name}={own[name][r]}" for name in split_up[-2:] if own[name][r]),
            "claim": lambda k: f"{asked[k].name} {asked[k].since}/{asked[k].until}",
            "cell": lambda c: f"row {c // width} {edges[c % width]}/{edges[c % width + 1]}",
        }
        return [], [tell_conflict(crossing, layer, measure, names, [(one.table, one.line) for one in asked])]
    running = np.cumsum(crossing.amounts.reshape(-1, width), axis=1)
    reasons = _join_reasons(asked, place, len(touched))
    return [
        (number, layer, day, int(amounts[i]), reason)
        for number, amounts, reason in zip(own["row"].to_list(), running, reasons, strict=True)
        for i, day in enumerate(edges[1:-1])
    ], []


def _weigh_time(rows: pl.DataFrame, totals: Longs, edges: Sequence[date]) -> Floats:
    """Return the days of each row's window in each stretch times its amount, (num_rows, num_stretches)."""
    since, until = (rows[name].to_numpy().astype("datetime64[D]")[:, None] for name in ("since", "until"))
    days = np.array(edges, dtype="datetime64[D]")
    inside = np.minimum(days[1:], until) - np.maximum(days[:-1], since)
    weights: Floats = np.maximum(inside.astype(np.int64), 0) * totals[:, None].astype(np.float64)
    return weights


def _join_reasons(asked: Sequence[_Asked], place: Longs, num_rows: int) -> list[str]:
    """Return the reasons that reach each touched row, each once, in the order of the lines."""
    texts = list(dict.fromkeys(one.reason for one in asked))
    reached = np.zeros((num_rows, len(texts)), dtype=bool)
    for one in asked:
        reached[place[one.rows], texts.index(one.reason)] = True
    known, which = np.unique(reached, axis=0, return_inverse=True)
    joined = ["; ".join(text for text, here in zip(texts, line, strict=True) if here) for line in known]
    return [joined[k] for k in which.reshape(-1)]


def _list_edges(plan: Plan, asked: Sequence[_Asked]) -> list[date]:
    """Return the dates at which something begins or ends, and those of the plan."""
    return sorted({plan.settings.since, plan.settings.until, *(day for k in asked for day in (k.since, k.until))})


def _row_conflict(row: pl.DataFrame, layer: str, lock: _Asked, rule: str, total: int) -> Issue:
    key = lock.name.partition("=")[2] or lock.name
    number = str(row["row"][0])
    return _issue(rule, lock.table, lock.line, "amount", key, layer=layer, total=str(total), row=number)


def _issue(
    rule: str, table: str, line: int, column: str, value: str, severity: Severity = "conflict", **details: str
) -> Issue:
    return Issue(rule=rule, severity=severity, table=table, line=line, column=column, value=value,
                 details=tuple(details.items()))  # fmt: skip
