"""The numbers of a slice: running totals at the boundaries of its periods, summed by key, and their differences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.curves.running_totals import due
from quotum.engine.slices.cuts import follow_rows, read_members, sort_generations
from quotum.engine.slices.history import sum_history
from quotum.engine.slices.ratios import divide_slices
from quotum.engine.slices.requests import Question, Request, check_request
from quotum.engine.tables.plan_dimensions import attach_wanted
from quotum.engine.tables.plan_settings import HEDGE, LAYERS
from quotum.engine.tables.plan_tables import Plan, scan

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_FEW = 100_000
_MAX_CELLS = 1 << 24  # members x boundaries handed down at once: 128 MiB


def cut_slice(plan: Plan, request: Request) -> tuple[pl.DataFrame, list[Issue]]:
    """Return what a request asks for and what is wrong with it; the frame is empty where that is an error.

    Columns: the ``by`` keys, ``since, until, period, measure, level, amount, decimals, last_year``; amounts are Int64
    in smallest units. ``last_year`` is null where there is no history. Rows are sorted by keys, then by date. A ratio
    is computed from the slices of its parts.
    """
    question, issues = check_request(plan, request)
    if question is None:
        return _empty(tuple(dict.fromkeys(request.by))), issues
    keys = [want.text for want in question.by]
    if not question.periods:
        return _empty(keys), issues
    if question.measure.kind == "ratio":
        names = question.measure.numerator, question.measure.denominator
        parts = [cut_slice(plan, replace(request, measure=name)) for name in names]
        issues = list(dict.fromkeys([*issues, *parts[0][1], *parts[1][1]]))
        above, below = parts[0][0], parts[1][0]
        return divide_slices(above, below, question.measure, keys), issues
    return _slice(plan, question), issues


def _slice(plan: Plan, question: Question) -> pl.DataFrame:
    rows = pick_rows(plan, question)
    if question.place.step is None:
        groups, which = _group(question, rows)
        sums = _sum_by(which, len(groups), _row_totals(plan, question, rows))
    else:
        groups, sums = _slice_cut(plan, question, rows)
    level = question.measure.kind == "level"
    amounts = sums[:, 1:] if level else np.diff(sums, axis=1)
    return _lay_out(question, groups, amounts, *sum_history(plan, question, rows, groups))


def pick_rows(plan: Plan, question: Question) -> pl.DataFrame:
    """Return the rows that pass what their own dimensions are asked for, with the columns asked for."""
    frame = attach_wanted(question.quotas.lazy(), plan, question.by, question.under, question.place.in_rows)
    amounts = (*LAYERS, pl.col(f"^{HEDGE}$"))
    return frame.select("row", "curve", "offset", *amounts, *question.place.in_rows).sort("row").collect()


def _row_totals(plan: Plan, question: Question, rows: pl.DataFrame) -> Ints:
    """Return the running totals of rows over all layers asked for, (num_rows, num_boundaries)."""
    if question.measure.kind == "level":
        amount = rows.select(pl.sum_horizontal(question.layers)).to_numpy()
        return np.repeat(amount, len(question.boundaries), axis=1)
    by_layer = due(plan, rows, question.boundaries, question.layers)
    return np.asarray(np.add.reduce([by_layer[layer] for layer in question.layers]), dtype=np.int64)


def _slice_cut(plan: Plan, question: Question, rows: pl.DataFrame) -> tuple[pl.DataFrame, Ints]:
    """Return the groups and their running totals (num_groups, num_boundaries), through the cut that is needed."""
    place, layers, step = question.place, question.layers, question.place.step or ""
    if any(want.text in place.in_cut for want in question.under):
        with_keys = scan(plan.cuts, step).filter(pl.col("row").is_in(rows["row"].implode()))
        found = attach_wanted(with_keys, plan, question.by, question.under, place.in_cut).select("row").collect()["row"]
        rows = rows.filter(pl.col("row").is_in(found.unique().implode()))
    splits = read_members(plan, step, rows, layers)
    frame = splits[-1].lazy().select(pl.exclude("parent")).with_row_index("at")
    members = (
        attach_wanted(frame, plan, question.by, question.under, place.in_cut)
        .select("at", "row", *place.in_cut, *layers)
        .join(rows.lazy().select("row", *place.in_rows), on="row", how="left")
        .sort("at")
        .collect()
    )
    groups, which = _group(question, members)
    if question.measure.kind == "level":
        amount = members.select(pl.sum_horizontal(layers)).to_numpy()
        return groups, np.repeat(_sum_by(which, len(groups), amount), len(question.boundaries), axis=1)
    return groups, _sum_members(plan, question, rows, splits, (members, which, len(groups)))


def _sum_members(
    plan: Plan,
    question: Question,
    rows: pl.DataFrame,
    splits: list[pl.DataFrame],
    grouped: tuple[pl.DataFrame, Ints, int],
) -> Ints:
    """Return the running totals of groups of members, (num_groups, num_boundaries).

    ``grouped``: the members asked for, the group of each, the number of groups.
    """
    members, which, num_groups = grouped
    boundaries = question.boundaries
    sums = np.zeros((num_groups, len(boundaries)), dtype=np.int64)
    at, width = members["at"].to_numpy(), max(1, _MAX_CELLS // max(1, len(splits[-1])))
    settings = plan.settings
    inner = [k for k, day in enumerate(boundaries) if settings.since < day < settings.until]
    for layer, running in due(plan, rows, boundaries, question.layers).items():
        if boundaries[-1] == settings.until:
            sums[:, -1:] += _sum_by(which, num_groups, members.select(layer).to_numpy())
        generations = sort_generations(splits, layer, len(rows)) if inner else []
        for low in range(0, len(inner), width):
            part = inner[low : low + width]
            sums[:, part] += _sum_by(which, num_groups, follow_rows(generations, running[:, part])[at])
    return sums


def _group(question: Question, lines: pl.DataFrame) -> tuple[pl.DataFrame, Ints]:
    """Return the groups (group, by …) sorted by key, and the group of each line, (num_lines,)."""
    keys = [want.text for want in question.by]
    if not keys:
        return pl.DataFrame({"group": [0][: len(lines)]}, {"group": pl.UInt32}), np.zeros(len(lines), dtype=np.int64)
    groups = lines.select(keys).unique().sort(keys, nulls_last=True).with_row_index("group")
    which = lines.select(keys).join(groups, on=keys, how="left", nulls_equal=True, maintain_order="left")["group"]
    return groups, which.cast(pl.Int64).to_numpy()


def _sum_by(which: Ints, num_groups: int, values: Ints) -> Ints:
    """Return the sums of the lines of each group, (num_groups, num_columns); every group has a line."""
    if not num_groups:
        return np.zeros((0, values.shape[1]), dtype=np.int64)
    order = np.argsort(which, kind="stable")
    starts = np.searchsorted(which[order], np.arange(num_groups))
    return np.asarray(np.add.reduceat(values[order], starts, axis=0), dtype=np.int64)


def _lay_out(question: Question, groups: pl.DataFrame, amounts: Ints, history: Ints, known: Bools) -> pl.DataFrame:
    """Return one line a group and period from arrays (num_groups, num_periods)."""
    num_groups, periods = len(groups), question.periods
    keys = groups.drop("group").select(pl.all().repeat_by(len(periods)).explode(empty_as_null=False))
    columns = {
        "since": pl.Series([p.since for p in periods] * num_groups, dtype=pl.Date),
        "until": pl.Series([p.until for p in periods] * num_groups, dtype=pl.Date),
        "period": pl.Series([p.label for p in periods] * num_groups, dtype=pl.String),
        "measure": pl.repeat(question.measure.name, amounts.size, dtype=pl.String, eager=True),
        "level": pl.repeat(question.level, amounts.size, dtype=pl.String, eager=True),
        "amount": _series(amounts),
        "decimals": pl.repeat(question.measure.decimals, amounts.size, dtype=pl.Int64, eager=True),
        "last_year": _series(history),
    }
    frame = pl.DataFrame(columns).with_columns(pl.when(_series(known)).then("last_year").alias("last_year"))
    return frame.select(*keys.get_columns(), *columns)


def _series(values: Ints | Bools) -> pl.Series:
    """Return the values line by line. Few go as a list: for an array Polars loads numpy.ma, which takes longer."""
    dtype = pl.Boolean if values.dtype == np.bool_ else pl.Int64  # said, because an empty list has none
    return pl.Series(values.ravel() if values.size > _FEW else values.ravel().tolist(), dtype=dtype)


def _empty(keys: Sequence[str]) -> pl.DataFrame:
    schema = {
        **dict.fromkeys(keys, pl.String), "since": pl.Date, "until": pl.Date, "period": pl.String, "measure": pl.String,
        "level": pl.String, "amount": pl.Int64, "decimals": pl.Int64, "last_year": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(schema=schema)
