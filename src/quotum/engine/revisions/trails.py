"""Moving what follows a revised amount: hedge follows commit, pieces follow money, in time as in size.

What follows is a function of what it follows: its deltas are made anew from those of its lead, never added to. So a
plan set back has what it had, to the last unit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.curves.running_totals import due
from quotum.engine.revisions.draft import Draft, find_rows, move_target
from quotum.engine.tables.plan_settings import LAYERS
from quotum.engine.tables.plan_tables import REVISION_SCHEMAS, Plan

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_FEW_UNITS = 2  # what rounding can leave to the last change of a row


@dataclass(frozen=True, slots=True)
class Trail:
    """Lines of quotas that follow others, one by one: ``lead`` in ``lead_layer``, ``own`` in ``layer``.

    ``lines(at, change, since, until, delta)`` are the deltas of the leads in the order made, ``at`` a position;
    ``lead_before`` and ``before`` what both had before any revision, (num_rows,).
    """

    lead: pl.DataFrame
    own: pl.DataFrame
    lead_layer: str
    layer: str
    lines: pl.DataFrame
    lead_before: Ints
    before: Ints


def open_trail(draft: Draft, lead: pl.DataFrame, own: pl.DataFrame, lead_layer: str, layer: str) -> Trail:
    """Return the trail of some rows that follow others; both are lines of quotas in the same order."""
    place = lead.select("row", at=pl.int_range(pl.len(), dtype=pl.Int64))
    of_layer = draft["deltas"].filter(pl.col("layer") == lead_layer)
    lines = of_layer.join(place, on="row", maintain_order="left").select("at", "change", "since", "until", "delta")
    followed = draft.trailing.filter(pl.col("layer") == layer).join(
        own.select("row", at=pl.int_range(pl.len(), dtype=pl.Int64)), on="row"
    )  # fmt: skip
    lead_before = lead[lead_layer].to_numpy().copy()
    np.subtract.at(lead_before, lines["at"].to_numpy(), lines["delta"].to_numpy())
    before = own[layer].to_numpy().copy()
    np.subtract.at(before, followed["at"].to_numpy(), followed["delta"].to_numpy())
    return Trail(lead, own, lead_layer, layer, lines, lead_before, before)


def move_on(draft: Draft, trail: Trail, new: Ints) -> Draft:
    """Return the draft in which the rows that follow have ``new`` (num_rows,), moved when their leads moved."""
    made = _follow_in_time(draft, trail, new)
    own = trail.own["row"]
    kept = draft.trailing.filter((pl.col("layer") != trail.layer) | ~pl.col("row").is_in(own.implode()))
    quotas, plan = draft["quotas"], draft.plan
    amounts = quotas[trail.layer].to_numpy().copy()
    at = find_rows(quotas, own)
    added = int((new - amounts[at]).sum())
    amounts[at] = new
    targets = plan.settings.targets
    if trail.layer in LAYERS and len(own):
        name = trail.own["measure"][0]
        targets = tuple(move_target(t, trail.layer, added if t.measure == name else 0) for t in targets)
    tables = {**plan.tables, "quotas": quotas.with_columns(pl.Series(trail.layer, amounts))}
    plan = replace(plan, tables=tables, settings=replace(plan.settings, targets=targets))
    return replace(draft, plan=plan, trailing=pl.concat([kept, made]))


def _follow_in_time(draft: Draft, trail: Trail, new: Ints) -> pl.DataFrame:
    """Return the deltas that bring rows from what they had before any revision to ``new``.

    Each delta of the lead moves its follower at the lead's rate, in the same dates, never below 0. What is left is due
    to another mix of products, which is so all year: a line for the whole plan.
    """
    lines, asked = trail.lines, new - trail.before
    lead_now, lead_then = trail.lead[trail.lead_layer].to_numpy(), trail.lead_before
    rate = np.where(lead_now > 0, new / np.maximum(lead_now, 1),
                    np.where(lead_then > 0, trail.before / np.maximum(lead_then, 1), 0.0))  # fmt: skip
    at, delta = lines["at"].to_numpy(), lines["delta"].to_numpy()
    number = lines.select(pl.int_range(pl.len()).over("at")).to_series().to_numpy()
    is_last = lines.select(pl.int_range(pl.len()).over("at") == pl.len().over("at") - 1).to_series().to_numpy()
    given, moved = np.zeros(len(new), dtype=np.int64), np.zeros(len(new), dtype=np.int64)
    made = [draft.trailing.clear()]
    level = len(trail.own) > 0 and draft.plan.settings.measures[trail.own["measure"][0]].kind == "level"
    for generation in range(0 if level or not len(number) else int(number.max()) + 1):
        own = np.flatnonzero(number == generation)
        rows = at[own]
        moved[rows] += delta[own]
        want = np.floor(rate[rows] * moved[rows] + 0.5).astype(np.int64) - given[rows]
        left = asked[rows] - given[rows] - want
        want += np.where(is_last[own] & (np.abs(left) <= _FEW_UNITS), left, 0)
        dates = lines[own]
        want = np.maximum(want, -_amounts_between(draft.plan, trail, rows, given, dates, pl.concat(made)))
        given[rows] += want
        made.append(_list_lines(trail, rows, dates, want))
    rest = np.flatnonzero(asked != given)
    whole = pl.DataFrame({"change": _last_changes(draft, trail)[rest]}).with_columns(
        since=pl.lit(draft.plan.settings.since), until=pl.lit(draft.plan.settings.until)
    )
    made.append(_list_lines(trail, rest, whole, (asked - given)[rest]))
    return pl.concat(made)


def _amounts_between(
    plan: Plan, trail: Trail, rows: Ints, given: Ints, dates: pl.DataFrame, made: pl.DataFrame
) -> Ints:
    """Return what followers (positions ``rows``) have between their dates once they were ``given`` what is ``made``."""
    edges = sorted({*dates["since"], *dates["until"]})
    own = trail.own[rows].with_columns(pl.Series(trail.layer, (trail.before + given)[rows]))
    so_far = replace(plan, tables={**plan.tables, "deltas": made})
    running = due(so_far, own, edges, [trail.layer])[trail.layer]
    days = pl.Series(edges, dtype=pl.Date)
    low, high = (days.search_sorted(dates[name]).to_numpy() for name in ("since", "until"))
    every = np.arange(len(rows))
    return np.asarray(running[every, high] - running[every, low], dtype=np.int64)


def _list_lines(trail: Trail, rows: Ints, dates: pl.DataFrame, delta: Ints) -> pl.DataFrame:
    """Return lines as the table ``deltas`` has them, without those that move nothing."""
    lines = dates.select("change", "since", "until").with_columns(
        row=trail.own["row"].gather(rows.tolist()), layer=pl.lit(trail.layer), delta=pl.Series(delta, dtype=pl.Int64)
    )
    schema = REVISION_SCHEMAS["deltas"]
    return lines.select(pl.col(name).cast(dtype) for name, dtype in schema.items()).filter(pl.col("delta") != 0)


def _last_changes(draft: Draft, trail: Trail) -> Ints:
    """Return the last change of each lead or of its members, else the last one made, (num_rows,)."""
    of_layer = pl.col("layer") == trail.lead_layer
    changes = pl.concat(draft[name].filter(of_layer).select("row", "change") for name in ("deltas", "member_deltas"))
    last = changes.group_by("row").agg(pl.col("change").max())
    latest = draft["changes"]["change"].max()
    found = trail.lead.select("row").join(last, on="row", how="left", maintain_order="left")["change"]
    return np.asarray(found.fill_null(latest if isinstance(latest, int) else 0).cast(pl.Int64).to_numpy())
