"""When: the members of the step before ``along`` become rows, each with a curve and an offset of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.periods import years_before
from quotum.engine.curves.day_weights import Floats, apply_events, weigh_days
from quotum.engine.decomposition.expected import rate_forecasts
from quotum.engine.decomposition.ground import SEASON_BLOCKS, Ground, Ints, Lines, Longs
from quotum.engine.decomposition.ledger import FREE, Ledger, Split
from quotum.engine.decomposition.scene import Members
from quotum.engine.decomposition.seasons import NUM_MONTHS, rate_rows, steady_rates, weigh_months
from quotum.engine.forecasting.months import Months
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import LAYERS, AlongStep, PlanSettings
from quotum.engine.tables.schema import DIMENSIONS, TREES

GOLDEN = 0.6180339887498949
"""The golden ratio's fractional part: its multiples spread most evenly over [0, 1)."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of the plan and of its history: ``days(date, kind, provisional)`` and their weight without events."""

    days: pl.DataFrame
    dates: npt.NDArray[np.datetime64]
    weights: Floats


def open_calendar(days: pl.DataFrame, step: AlongStep) -> Calendar:
    """Return the calendar with the weights of the step's weekdays and holidays."""
    days = days.sort("date")
    return Calendar(days, days["date"].to_numpy(), weigh_days(days, step.weekdays, step.holiday))


def split_windows(
    ledger: Ledger, name: str, parents: Members, windows: pl.DataFrame, at: Ints, history: Longs, settings: PlanSettings
) -> tuple[Members, Ints]:
    """Split a person whose customers come or go in the plan into one member per window of ownership.

    ``windows(since, until)`` and ``at`` (num_records,) are the window and the node of each holding or sales line.
    Returns the members (the parents' frame with ``since`` and ``until``) and the new node of each record. The weights
    are the history of the customers held in each window.
    """
    whole = (settings.since, settings.until)
    known = windows.unique().sort("since", "until")
    code = windows.join(known.with_row_index("code"), on=["since", "until"], how="left", maintain_order="left")["code"]
    width = known.height
    position = np.full(ledger.size + 1, -1, dtype=np.int64)
    position[parents.nodes] = np.arange(len(parents.nodes))
    parent = position[at]
    used = parent >= 0
    cells, slot = np.unique(parent[used] * width + code.to_numpy()[used], return_inverse=True)
    weights = np.zeros(len(cells), dtype=np.int64)
    np.add.at(weights, slot, history[used])
    windows_of = (
        np.bincount(cells // width, minlength=len(parents.nodes))
        if len(cells)
        else np.zeros(len(parents.nodes), dtype=np.int64)
    )
    split_up = windows_of > 1
    frame = _alone_in_window(parents, windows_of, cells, known, whole)
    node_of_record = at.copy()
    if not split_up.any():
        return Members(frame), node_of_record
    inside = split_up[cells // width]
    cells, weights = cells[inside], np.maximum(weights[inside], 0)
    member_parent = cells // width
    splitted = np.flatnonzero(split_up)
    starts = np.searchsorted(member_parent, np.append(splitted, len(parents.nodes))).astype(np.int64)
    of_parent = np.searchsorted(splitted, member_parent)
    total = np.add.reduceat(weights, starts[:-1])[of_parent]
    count = np.diff(starts)[of_parent]
    share = np.where(total > 0, weights / np.where(total > 0, total, 1), 1.0 / count)
    picked = known[cells % width]
    labels = picked.select(
        pl.concat_str(pl.col("since").cast(pl.String), pl.col("until").cast(pl.String), separator="/")
    )
    nothing = np.empty(0)
    split = Split(
        step=name,
        dimension="window",
        parents=parents.nodes[splitted],
        starts=starts,
        members=labels.to_series(),
        weights={"history": weights / 10_000},
        share=share,
        floors=dict.fromkeys(LAYERS, nothing),
        caps=dict.fromkeys(LAYERS, nothing),
        real={layer: ledger.real(layer)[parents.nodes[splitted]][of_parent] * share for layer in LAYERS},
        why={layer: np.full(len(cells), FREE, dtype=np.int8) for layer in LAYERS},
        own=np.zeros(len(cells), dtype=bool),
    )
    ledger.add(split)
    moved = used & split_up[np.maximum(parent, 0)]
    node_of_record[moved] = split.first + np.searchsorted(cells, parent[moved] * width + code.to_numpy()[moved])
    dated = parents.frame[member_parent].with_columns(
        pl.Series("node", split.nodes), since=picked["since"], until=picked["until"]
    )
    return Members(pl.concat([frame.filter(pl.Series(~split_up)), dated]).sort("node")), node_of_record


def _alone_in_window(
    parents: Members, windows_of: Longs, cells: Longs, known: pl.DataFrame, whole: tuple[object, object]
) -> pl.DataFrame:
    """Return the parents with the window of those that have just one; the others get the whole plan."""
    single = np.full(len(parents.nodes), -1, dtype=np.int64)
    if len(cells):
        single[cells // known.height] = cells % known.height
    single[windows_of != 1] = -1
    since = [known["since"][int(w)] if w >= 0 else whole[0] for w in single]
    until = [known["until"][int(w)] if w >= 0 else whole[1] for w in single]
    return parents.frame.with_columns(
        pl.Series("since", since, dtype=pl.Date), pl.Series("until", until, dtype=pl.Date)
    )


def calendars_of_rows(
    company: Company, ground: Ground, calendar: Calendar, rows: pl.DataFrame
) -> tuple[Ints, pl.DataFrame, list[Floats], list[Issue]]:
    """Return each row's calendar, the table ``days``, the weights of each calendar and events that reach no row.

    Calendar 0 carries the events for everybody; rows that the same further events reach share a calendar.
    """
    events = company["events"].with_row_index("line").sort("since", "until", "scope", "effect", "line")
    issues: list[Issue] = []
    common, scoped = [], []
    reach = np.zeros((rows.height, events.height), dtype=bool)
    too_fine: dict[str, list[dict[str, Any]]] = {}
    split_by = [d for d in DIMENSIONS if d in rows.columns and rows[d].null_count() < rows.height]
    for i, event in enumerate(events.iter_rows(named=True)):
        term = (event["since"], event["until"], float(event["effect"]))
        if not event["scope"]:
            common.append(term)
            continue
        scoped.append((i, term))
        dimension, _, key = event["scope"].partition("=")
        if dimension not in split_by:
            too_fine.setdefault(dimension, []).append(event)
            continue
        keys = ground.trees[dimension].subtree(key) if dimension in TREES and key in ground.keys[dimension] else {key}
        reach[:, i] = rows[dimension].is_in(list(keys)).fill_null(value=False).to_numpy()
    for dimension, unused in sorted(too_fine.items()):
        first = min(unused, key=lambda event: int(event["line"]))
        details = (("dimension", dimension), ("events", str(len(unused))), ("rows", ", ".join(split_by)))
        issues.append(
            Issue(rule="event_scope_not_in_rows", severity="warning", table="events", column="scope",
                  value=first["scope"], line=first["line"], details=details)
        )  # fmt: skip
    profiles, of_row = np.unique(
        np.vstack([np.zeros((1, events.height), dtype=bool), reach]), axis=0, return_inverse=True
    )
    base = apply_events(calendar.dates, calendar.weights, common)
    weights = [apply_events(calendar.dates, base, [term for i, term in scoped if profile[i]]) for profile in profiles]
    days = pl.concat(
        [
            calendar.days.select(
                pl.lit(c, pl.Int32).alias("calendar"), "date", pl.Series("weight", w), "kind", "provisional"
            )
            for c, w in enumerate(weights)
        ]
    )
    return of_row.reshape(-1)[1:].astype(np.int32), days, weights, issues


def rate_seasons(
    step: AlongStep,
    settings: PlanSettings,
    calendar: Calendar,
    weights: Sequence[Floats],
    calendar_of_row: Ints,
    lines: Lines,
    row_of_line: Ints,
    ways: Sequence[Ints],
    first_sale: date | None,
    months: Months | None = None,
) -> Floats:
    """Return the season of each row, (num_rows, 12): flat, the step's own table, from history or its forecast.

    Days before the month of ``first_sale`` are not days without sales: nobody knows them, so they do not count.
    """
    num_rows = len(calendar_of_row)
    if step.season == "flat":
        return np.ones((num_rows, NUM_MONTHS))
    if step.season == "forecast" and months is not None:
        rates, counts = rate_forecasts(settings, months, lines, row_of_line, num_rows)
        return steady_rates(rates, counts, ways, step.shrink)
    if step.season == "table":
        return np.tile(np.array(step.rates, dtype=np.float64), (num_rows, 1))
    blocks = _season_blocks(settings, first_sale)
    exposure = np.stack([weigh_months(calendar.dates, w, blocks) for w in weights])
    rates, counts = rate_rows(lines, row_of_line, num_rows, exposure, calendar_of_row, settings.history_years)
    return steady_rates(rates, counts, ways, step.shrink)


def rate_company(
    step: AlongStep,
    settings: PlanSettings,
    calendar: Calendar,
    weights: Floats,
    sales: pl.DataFrame,
    first_sale: date | None,
) -> Floats:
    """Return the season of the whole company's sales, (12,): what a window of ownership is weighed by.

    ``weights`` (num_days,) are the calendar's, events for everybody included.
    """
    if step.season not in ("history", "forecast"):
        return np.array(step.rates if step.season == "table" else [1.0] * NUM_MONTHS, dtype=np.float64)
    sold, base = np.zeros(NUM_MONTHS), np.zeros(NUM_MONTHS)
    blocks = _season_blocks(settings, first_sale)
    exposure = weigh_months(calendar.dates, weights, blocks)
    year_weights = [*settings.history_years, *[1] * SEASON_BLOCKS]
    for (since, until), days, year_weight in zip(blocks, exposure, year_weights, strict=False):
        inside = sales.filter((pl.col("date") >= since.item()) & (pl.col("date") < until.item()))
        by_month = inside.group_by(month=pl.col("date").dt.month()).agg(pl.col("amount_e4").sum())
        sold[by_month["month"].to_numpy() - 1] += year_weight * by_month["amount_e4"].to_numpy().astype(np.float64)
        base += year_weight * days
    rates = np.divide(np.maximum(sold, 0.0), base, out=np.zeros(NUM_MONTHS), where=base > 0)
    return rates / rates.mean() if rates.any() else np.ones(NUM_MONTHS)


def _season_blocks(settings: PlanSettings, first_sale: date | None) -> list[tuple[np.datetime64, np.datetime64]]:
    """Return the twelve-month blocks before as_of, the latest first, without the time before the first sale."""
    end = settings.as_of + timedelta(days=1)
    known = first_sale.replace(day=1) if first_sale else end
    return [
        (np.datetime64(max(years_before(end, k), known)), np.datetime64(years_before(end, k - 1)))
        for k in range(1, SEASON_BLOCKS + 1)
    ]


def offset_rows(amounts: Longs, keys: Sequence[str]) -> Floats:
    """Return θ in [0, 1) of each row: the golden-ratio sequence over the rows sorted by amount and key, (num_rows,).

    Without it whole units of many small rows would all fall due on the same day.
    """
    order = (
        np.lexsort((np.arange(len(keys)), -amounts))
        if list(keys) == sorted(keys)
        else np.array(sorted(range(len(keys)), key=lambda i: (-int(amounts[i]), keys[i])), dtype=np.int64)
    )
    offsets = np.empty(len(keys))
    offsets[order] = ((np.arange(len(keys)) + 1) * GOLDEN) % 1.0
    return offsets
