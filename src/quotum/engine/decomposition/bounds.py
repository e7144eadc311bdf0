"""Floors, caps and locks of members, made whole: floors up, caps down."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from quotum.engine.basics.issues import Issue, Severity
from quotum.engine.curves.day_weights import Floats
from quotum.engine.decomposition.ground import Longs
from quotum.engine.decomposition.ledger import CAP, FLOOR, FREE, LOCK, NO_HISTORY, Split, Whys
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import AcrossStep, Measure, PlanSettings
from quotum.engine.tables.schema import E4

NEW_BUSINESS = "new_business:"
"""Prefix of the reserved member for what existing customers cannot bring."""
RESERVED = f"^(vacant:|{NEW_BUSINESS}|other$)"
"""The keys of reserved members, as a regular expression."""
_SNAP = 1e-6  # a product of floats this near to a whole number is that number


@dataclass(frozen=True, slots=True)
class SplitClaim:
    """An amount for a member that several parents have: its parts (positions in the split), between two amounts."""

    table: str
    line: int
    key: str
    kind: str
    found: Longs
    low: float
    high: float


def whole_up(values: Floats) -> Floats:
    """Return the values rounded up to whole units, float noise aside."""
    return np.ceil(values - _SNAP)


def whole_down(values: Floats) -> Floats:
    """Return the values rounded down to whole units, float noise aside."""
    return np.floor(values + _SNAP)


def whole_locks(company: Company, settings: PlanSettings, measure: Measure) -> pl.DataFrame:
    """Return what the tables locks and totals ask of a measure in the whole plan: see ``_asked``."""
    return _asked(company, settings, measure).filter(_is_whole(settings))


def timed_locks(company: Company, settings: PlanSettings, measure: Measure) -> pl.DataFrame:
    """Return what they ask in a part of the plan, with ``since`` and ``until`` clipped to it."""
    return (
        _asked(company, settings, measure)
        .filter(~_is_whole(settings))
        .with_columns(
            since=pl.max_horizontal(pl.col("since").fill_null(settings.since), pl.lit(settings.since)),
            until=pl.min_horizontal(pl.col("until").fill_null(settings.until), pl.lit(settings.until)),
        )
        .filter(pl.col("since") < pl.col("until"))
    )


def _asked(company: Company, settings: PlanSettings, measure: Measure) -> pl.DataFrame:
    """Return ``table, line, layer, dimension, key, since, until, kind, amount_e4, reason`` of locks and totals.

    A total is a lock; one without dimension is the company's.
    """
    columns = ("table", "line", "layer", "dimension", "key", "since", "until", "kind", "amount_e4", "reason")
    locks = company["locks"].with_row_index("line").filter(~_expired(settings.as_of))
    totals = company["totals"].with_row_index("line").with_columns(kind=pl.lit("lock"), reason=pl.lit("total"))
    return pl.concat(
        frame.filter(pl.col("measure") == measure.name)
        .with_columns(pl.lit(table).alias("table"), pl.col("dimension", "key").fill_null(""))
        .select(columns)
        for table, frame in (("locks", locks), ("totals", totals))
    )


def _is_whole(settings: PlanSettings) -> pl.Expr:
    return (pl.col("since").fill_null(settings.since) <= settings.since) & (
        pl.col("until").fill_null(settings.until) >= settings.until
    )


def _expired(as_of: date) -> pl.Expr:
    return (pl.col("expires") <= as_of).fill_null(value=False)


def bound_members(
    company: Company,
    settings: PlanSettings,
    measure: Measure,
    step: AcrossStep,
    split: Split,
    layer: str,
    totals: Floats,
    last_year_e4: Longs,
) -> tuple[list[SplitClaim], list[Issue]]:
    """Set ``split.floors``, ``split.caps`` and ``split.why`` of a layer; return what had to be said.

    Amounts for a member that several parents have cannot be bounds: they are returned as claims on all of its parts.

    Ratio bounds multiply the same dates a year earlier, ``last_year_e4`` (num_members,), and do not reach members
    without history. Amounts of the table locks win over ratios. Bounds on stretch reach extra beyond what commit got.
    Empty arrays stand for no bounds at all.
    """
    locks = whole_locks(company, settings, measure).filter(pl.col("dimension") == step.across)
    floor_ratio, cap_ratio = (step.floor, step.cap) if layer == "commit" else (None, step.stretch_cap)
    relevant = locks.filter(pl.col("layer") == "commit" if layer == "commit" else pl.col("layer") != "commit")
    num_members = len(split.members)
    why = np.full(num_members, FREE, dtype=np.int8)
    split.why[layer] = why
    if floor_ratio is None and cap_ratio is None and relevant.height == 0:
        split.floors[layer] = split.caps[layer] = np.empty(0)
        return [], []
    unit = 10.0**measure.decimals / E4
    last_year = np.asarray(last_year_e4 * unit, dtype=np.float64)
    # Reserved members take what the others leave: a ratio to their own past would only make that impossible.
    has_history = (last_year_e4 > 0) & ~split.members.str.contains(RESERVED).to_numpy()
    commit = split.real["commit"] if layer == "extra" else np.zeros(num_members)
    floors, caps = np.zeros(num_members), np.full(num_members, np.inf)
    if floor_ratio is not None:
        floors = np.where(has_history, whole_up(last_year * floor_ratio), 0.0)
    if cap_ratio is not None:
        caps = np.where(has_history, np.maximum(whole_down(last_year * cap_ratio - commit), 0.0), np.inf)
    if floor_ratio is not None or cap_ratio is not None:
        why[~has_history] = NO_HISTORY
    claims, issues = _apply_locks(relevant, split, commit, floors, caps, unit, why)
    if step.across == "customer" and np.isfinite(caps).any():
        _reserve_new_business(split, totals, floors, caps)
    split.floors[layer], split.caps[layer] = floors, caps
    return claims, issues


def _apply_locks(
    locks: pl.DataFrame, split: Split, commit: Floats, floors: Floats, caps: Floats, unit: float, why: Whys
) -> tuple[list[SplitClaim], list[Issue]]:
    """Put the amounts of the table locks on the members they name; a ratio gives way to them."""
    claims, issues = [], []
    given: dict[int, tuple[float, float]] = {}
    for lock in locks.sort("table", "line").iter_rows(named=True):
        found = np.flatnonzero((split.members == lock["key"]).to_numpy() & ~split.own)
        if len(found) == 0:
            continue  # another level of the tree, or nobody: check_locks tells which locks found no member
        if len(found) > 1 and split.lot_minor > 1:
            details = (("step", split.step), ("parents", str(len(found))))
            issues.append(_refuse_lock(lock, "lock_on_several", "key", details))
            continue
        if len(found) > 1:
            claims.append(SplitClaim(lock["table"], lock["line"], lock["key"], lock["kind"], found,
                                     *_read_lock(lock, unit, commit[found].sum())))  # fmt: skip
            continue
        i = int(found[0])
        if lock["layer"] == "stretch" and lock["kind"] != "floor" and lock["amount_e4"] * unit <= commit[i] - 1:
            details = (("amount", f"{lock['amount_e4'] / E4:,.2f}"), ("commit", f"{commit[i] / unit / E4:,.2f}"))
            issues.append(_refuse_lock(lock, "stretch_below_commit", "amount", details, "conflict"))
            continue
        low, high = _read_lock(lock, unit, commit[i])
        told_low, told_high = given.get(i, (0.0, np.inf))
        given[i] = low, high = max(low, told_low), min(high, told_high)
        if low > high:
            step = (("step", split.step),)
            issues.append(_refuse_lock(lock, "locks_contradict", "amount", step, "conflict"))
            continue
        floors[i] = min(low if low > 0 else floors[i], high)
        caps[i] = max(high if np.isfinite(high) else caps[i], low)
        why[i] = LOCK if lock["kind"] == "lock" or why[i] == LOCK else FREE
    return claims, issues


def _read_lock(lock: dict[str, Any], unit: float, commit: float) -> tuple[float, float]:
    """Return the lowest and the highest whole amount that a line of the table locks allows its member in a layer."""
    amount = np.array([lock["amount_e4"] * unit])
    if lock["layer"] == "stretch":
        amount = np.maximum(amount - commit, 0.0)
    low, high = float(whole_up(amount)[0]), float(whole_down(amount)[0])
    return {"floor": (low, np.inf), "cap": (0.0, high), "lock": (low, low)}[lock["kind"]]


def _refuse_lock(
    lock: dict[str, Any], rule: str, column: str, details: tuple[tuple[str, str], ...], severity: Severity = "error"
) -> Issue:
    return Issue(
        rule=rule, severity=severity, table=lock["table"], column=column, value=lock["key"], line=lock["line"],
        details=details,
    )  # fmt: skip


def _reserve_new_business(split: Split, totals: Floats, floors: Floats, caps: Floats) -> None:
    """Let the reserved member of each parent take what the caps of existing customers leave over."""
    reserved = np.flatnonzero(split.members.str.starts_with(NEW_BUSINESS).to_numpy())
    room = np.where(split.share > 0, caps, floors)
    room[reserved] = 0.0
    parent = np.searchsorted(split.starts, reserved, side="right") - 1
    left = totals[parent] - np.add.reduceat(room, split.starts[:-1])[parent]
    # Not made whole here: the parent's own real share is not whole, and rounding takes either neighbour.
    floors[reserved] = caps[reserved] = np.maximum(left, 0.0)


def tell_why(split: Split, layer: str) -> Whys:
    """Return why each member got its real share, a position in ``WHY``, (num_members,)."""
    why = split.why[layer].copy()
    if len(split.floors[layer]):
        open_ = why != LOCK
        why[open_ & (split.floors[layer] > 0) & (split.real[layer] <= split.floors[layer])] = FLOOR
        why[open_ & np.isfinite(split.caps[layer]) & (split.real[layer] >= split.caps[layer])] = CAP
    return why


def check_locks(
    company: Company, settings: PlanSettings, dimensions: Collection[str], splits: pl.DataFrame
) -> list[Issue]:
    """Find locks for the whole plan that bound nobody: no step of their dimension, or no member of their key.

    A company's total of the whole plan must be the target itself.
    """
    issues = []
    for measure in (settings.measures[target.measure] for target in settings.targets):
        own = splits.filter(pl.col("measure") == measure.name)
        follows = next((t.follows for t in settings.targets if t.measure == measure.name), "")
        for lock in whole_locks(company, settings, measure).sort("table", "line").iter_rows(named=True):
            details = (("dimension", lock["dimension"]), ("steps", ", ".join(dimensions)))
            severity: Severity = "warning"
            if not lock["dimension"]:
                target = next(t for t in settings.targets if t.measure == measure.name)
                if target.of_level(lock["layer"]) == lock["amount_e4"] * 10.0**measure.decimals / E4:
                    continue
                rule, severity = "total_not_target", "conflict"
                asked, given = lock["amount_e4"] / E4, target.of_level(lock["layer"]) / 10**measure.decimals
                details = (("total", f"{asked:,.2f}"), ("target", f"{given:,.2f}"))
            elif follows:
                rule, details = "lock_of_followed", (("measure", measure.name), ("follows", follows))
            elif lock["dimension"] not in dimensions:
                rule = "lock_without_step"
            elif own.filter((pl.col("dimension") == lock["dimension"]) & (pl.col("member") == lock["key"])).height == 0:
                rule = "lock_without_member"
            else:
                continue
            issues.append(_refuse_lock(lock, rule, "key" if lock["dimension"] else "amount", details, severity))
    return issues
