"""Figures of people and units by period: each fact summed up from the rows of one table, all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.appraisal.schemes import Fact
from quotum.engine.appraisal.subjects import Subjects, spread
from quotum.engine.basics.periods import Period, years_before
from quotum.engine.tables.schema import E4

Floats = npt.NDArray[np.float64]
Rows = Mapping[str, pl.DataFrame]
_SHARED = ("sales", "holdings")
"""Tables whose rows may belong to several owners."""
_FINE = 10**6
"""Parts of a point: means are made from whole numbers, so that the order of rows cannot matter."""


def measure_facts(fact: Fact, rows: Rows, subjects: Subjects, periods: Sequence[Period]) -> Floats:
    """Return a fact of everybody in every period, (num_subjects, num_periods).

    NaN where the table has no rows at all, or where a mean has none; sums and counts of nobody's rows are 0.
    ``periods`` follow one another.
    """
    shape = subjects.num, len(periods)
    if rows[fact.table].is_empty():
        return np.full(shape, np.nan)
    chosen = pick_rows(fact, rows)
    if fact.window == "end":
        chosen = _held_at_end(chosen, periods)
        return _sum_up(fact, spread(chosen, subjects), shape)
    if fact.window in ("year", "year_before") or fact.how == "kept":
        return _sum_years(fact, chosen, subjects, periods)
    placed = place_rows(chosen, periods, so_far=fact.window == "so_far")
    if fact.window == "so_far" and fact.how not in ("sum", "count"):
        return _sum_so_far(fact, placed, subjects, shape)
    found = _sum_up(fact, spread(placed, subjects), shape)
    return np.cumsum(found, axis=1) if fact.window == "so_far" else found


def pick_rows(fact: Fact, rows: Rows) -> pl.DataFrame:
    """Return the rows a fact is made of, with its date as ``date``."""
    frame = rows[fact.table]
    if fact.on:
        frame = frame.with_columns(date=pl.col(fact.on))
    for column, values in fact.where:
        held = pl.col(column).cast(pl.String).str.strip_chars().str.to_lowercase()
        frame = frame.filter(held.is_in([value.lower() for value in values]))
    return frame


def window_of(fact: Fact, period: Period) -> tuple[date, date]:
    """Return the days whose rows make a fact in a period (half open)."""
    match fact.window:
        case "so_far" | "end":
            return date.min, period.until
        case "year":
            return years_before(period.until, 2 if fact.how == "kept" else 1), period.until
        case "year_before":
            return years_before(period.until, 2), years_before(period.until, 1)
        case _:
            return period.since, period.until


def place_rows(rows: pl.DataFrame, periods: Sequence[Period], *, so_far: bool) -> pl.DataFrame:
    """Return the rows of the periods with the place of theirs; with ``so_far`` earlier rows count in the first."""
    edges = np.array([p.since.toordinal() for p in periods] + [periods[-1].until.toordinal()])
    days = rows["date"].to_physical().cast(pl.Int64).fill_null(-(10**7)).to_numpy() + date(1970, 1, 1).toordinal()
    at = np.searchsorted(edges, days, side="right") - 1
    at = np.where(so_far & (at < 0) & (days > 0), 0, at)
    placed = rows.with_columns(pl.Series("period", at, dtype=pl.Int64))
    return placed.filter(pl.col("period") >= 0, pl.col("period") < len(periods))


def _held_at_end(rows: pl.DataFrame, periods: Sequence[Period]) -> pl.DataFrame:
    """Return what holds on the last day of each period."""
    held = [
        rows.filter(pl.col("since") < period.until, pl.col("until") >= period.until).with_columns(
            period=pl.lit(place, pl.Int64)
        )
        for place, period in enumerate(periods)
    ]
    return pl.concat(held)


def _value(fact: Fact) -> pl.Expr:
    """Return a row's value as a whole number: ten-thousandths of amounts, millionths of other numbers."""
    if fact.column.endswith("_e4"):
        return pl.col(fact.column).fill_null(0)
    return (pl.col(fact.column).cast(pl.Float64) * _FINE).round(0).cast(pl.Int64)


def _size(fact: Fact) -> int:
    return E4 if fact.column.endswith("_e4") else _FINE


def _sum_up(fact: Fact, rows: pl.DataFrame, shape: tuple[int, int]) -> Floats:
    """Return the fact of rows that know their subject and period.

    A sale of two owners stands there twice, in parts: together they are one.
    """
    by = ["subject", "period"]
    if fact.table in _SHARED and fact.how in ("count", "mean") and not fact.column.endswith("_e4"):
        rows = rows.unique([*by, "row"], keep="first")
    match fact.how:
        case "sum":
            found = rows.group_by(by).agg(value=_value(fact).sum() / _size(fact))
        case "count":
            found = rows.group_by(by).agg(value=pl.len().cast(pl.Float64))
        case "distinct":
            found = rows.group_by(by).agg(value=pl.col(fact.column).drop_nulls().n_unique().cast(pl.Float64))
        case "last":
            ordered = rows.sort("date", _value(fact))
            found = ordered.group_by(by, maintain_order=True).agg(value=_value(fact).last() / _size(fact))
        case _:
            known = rows.filter(pl.col(fact.column).is_not_null())
            found = known.group_by(by).agg(value=_value(fact).sum() / pl.col("row").n_unique() / _size(fact))
    values = np.full(shape, np.nan if fact.how in ("mean", "last") else 0.0)
    values[found["subject"].to_numpy(), found["period"].to_numpy()] = found["value"].to_numpy()
    return values


def _sum_years(fact: Fact, rows: pl.DataFrame, subjects: Subjects, periods: Sequence[Period]) -> Floats:
    """Return facts of twelve months up to the end of each period; ``kept``: who is also in the twelve before."""
    found = np.empty((subjects.num, len(periods)))
    for place, period in enumerate(periods):
        since, until = window_of(fact, period)
        inside = rows.filter(pl.col("date") >= since, pl.col("date") < until)
        if fact.how == "kept":
            middle = years_before(period.until, 1)
            inside = inside.filter(
                (pl.col("date") < middle).any().over(fact.column), (pl.col("date") >= middle).any().over(fact.column)
            ).filter(pl.col("date") >= middle)
        told = spread(inside.with_columns(period=pl.lit(0, pl.Int64)), subjects)
        how = Fact(fact.name, fact.table, "distinct" if fact.how == "kept" else fact.how, fact.column)
        found[:, place] = _sum_up(how, told, (subjects.num, 1))[:, 0]
    return found


def _sum_so_far(fact: Fact, placed: pl.DataFrame, subjects: Subjects, shape: tuple[int, int]) -> Floats:
    """Return means and distinct counts from the beginning up to each period."""
    found = np.empty(shape)
    for place in range(shape[1]):
        inside = placed.filter(pl.col("period") <= place).with_columns(period=pl.lit(0, pl.Int64))
        found[:, place] = _sum_up(fact, spread(inside, subjects), (shape[0], 1))[:, 0]
    return found
