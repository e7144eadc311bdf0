"""What a slice did a year earlier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.periods import Period
from quotum.engine.slices.dimensions import attach_wanted
from quotum.engine.slices.requests import Question
from quotum.engine.tables.plan_tables import Plan, scan
from quotum.engine.tables.schema import E4

_CARRIED = ("customer", "product", "channel")

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def sum_history(plan: Plan, question: Question, rows: pl.DataFrame, groups: pl.DataFrame) -> tuple[Ints, Bools]:
    """Return last year's amounts in smallest units and whether they are known, both (num_groups, num_periods).

    ``rows(row, …)`` are the rows that pass, with the columns asked for that rows carry; ``groups(group, …)`` the keys.
    Unknown is a group that never had history, a period wholly outside of the history, and a level, which does not add
    up over time.
    """
    amounts = np.zeros((len(groups), len(question.periods)), dtype=np.int64)
    known = np.zeros(amounts.shape, dtype=np.bool_)
    place, periods = question.place, question.periods
    if question.measure.kind == "level" or not set(place.in_cut.values()) <= set(_CARRIED):
        return amounts, known
    lines = scan(plan.tables, "last_year").filter(pl.col("measure") == question.measure.name)
    first = lines.select(pl.col("date").min()).collect().item()
    if first is None:
        return amounts, known
    sums = _sum_lines(plan, question, rows, groups, lines)
    known[sums["group"].unique().to_numpy()] = True
    last = _year_later(plan.settings.as_of)
    known &= np.array([p.until > first and p.since <= last for p in periods])
    asked = sums.filter(pl.col("period").is_not_null())
    amounts[asked["group"].to_numpy(), asked["period"].to_numpy()] = asked["amount_e4"].to_numpy()
    return _to_minor(amounts, question.measure.decimals), known


def _sum_lines(
    plan: Plan, question: Question, rows: pl.DataFrame, groups: pl.DataFrame, lines: pl.LazyFrame
) -> pl.DataFrame:
    """Return (group, period, amount_e4); the period is null outside of those asked for."""
    carried = sorted(set(question.place.in_cut.values()))
    calendar = _calendar(question.periods)
    # Summed by whole numbers first: what comes after works on few lines.
    summed = (
        lines.join(calendar, on="date", how="left").group_by("row", *carried, "period").agg(pl.col("amount_e4").sum())
    )
    asked = [want.text for want in question.by]
    frame = summed.join(rows.lazy(), on="row")
    frame = attach_wanted(frame, plan, question.by, question.under, question.place.in_cut)
    by_group = frame.join(groups.lazy(), on=asked, nulls_equal=True) if asked else frame.with_columns(group=pl.lit(0))
    return by_group.group_by("group", "period").agg(pl.col("amount_e4").sum()).sort("group", "period").collect()


def _calendar(periods: Sequence[Period]) -> pl.LazyFrame:
    """Return (date, period): every day asked for and the position of its period."""
    days = [pl.date_range(p.since, p.until, "1d", closed="left", eager=True) for p in periods]
    numbered = [
        pl.LazyFrame({"date": day, "period": pl.repeat(at, len(day), dtype=pl.Int32, eager=True)})
        for at, day in enumerate(days)
    ]
    return pl.concat(numbered)


def _to_minor(amounts_e4: Ints, decimals: int) -> Ints:
    """Return ten-thousandths in smallest units, rounding half up."""
    if 10**decimals >= E4:
        return np.asarray(amounts_e4 * (10**decimals // E4), dtype=np.int64)
    size = E4 // 10**decimals
    return np.asarray((2 * amounts_e4 + size) // (2 * size), dtype=np.int64)


def _year_later(day: date) -> date:
    return day.replace(year=day.year + 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)
