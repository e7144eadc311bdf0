"""What a slice did a year earlier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.periods import Period
from quotum.engine.slices.requests import Question
from quotum.engine.tables.plan_dimensions import attach_wanted, carriers
from quotum.engine.tables.plan_tables import Plan, scan
from quotum.engine.tables.schema import E4

_CARRIED = ("customer", "product")

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


def sum_history(plan: Plan, question: Question, rows: pl.DataFrame, groups: pl.DataFrame) -> tuple[Ints, Bools]:
    """Return last year's amounts in smallest units and whether they are known, both (num_groups, num_periods).

    ``rows(row, …)`` are the rows that pass, with the columns asked for that rows carry; ``groups(group, …)`` the keys.
    Unknown is a group that never had history, a period wholly outside of the history, and a level, which does not add
    up over time.
    """
    periods, place = question.periods, _places(question)
    amounts = np.zeros((len(groups), len(periods)), dtype=np.int64)
    known = np.zeros(amounts.shape, dtype=np.bool_)
    if question.measure.kind == "level" or place is None:
        return amounts, known
    keys = [*(["row"] if question.place.in_rows or not place else []), *sorted(set(place.values()))]
    of_measure = scan(plan.tables, "last_year").filter(pl.col("measure") == question.measure.name)
    lines = of_measure.select(*keys, "date", "amount_e4").collect()
    if lines.is_empty():
        return amounts, known
    # One slot more for groups and periods that are not asked for: no line has to be picked out.
    runs, run = _find_runs(lines, keys)
    if question.place.in_rows:
        runs = runs.join(rows.lazy(), on="row")
    runs = attach_wanted(runs, plan, question.by, question.under, place)
    group_of_run = _find_groups(runs, [want.text for want in question.by], groups, run[-1] + 1)
    slot = (group_of_run * (len(periods) + 1))[run]
    slot += _find_periods(periods, lines["date"])
    sums = np.zeros((len(groups) + 1) * (len(periods) + 1), dtype=np.int64)
    np.add.at(sums, slot, lines["amount_e4"].to_numpy())
    known[group_of_run[group_of_run < len(groups)]] = True
    first, last = lines.select(pl.col("date").min()).item(), _year_later(plan.settings.as_of)
    known &= np.array([p.until > first and p.since <= last for p in periods])
    return _to_minor(sums.reshape(len(groups) + 1, -1)[:-1, :-1], question.measure.decimals), known


def _places(question: Question) -> dict[str, str] | None:
    """Return the column of history that carries each dimension found in the cut; none where one is not told by it."""
    place = {}
    for want in dict.fromkeys([*question.by, *question.under]):
        if want.text in question.place.in_cut:
            found = [column for column in carriers(want.dimension) if column in _CARRIED]
            if not found:
                return None
            place[want.text] = found[0]
    return place


def _find_runs(lines: pl.DataFrame, keys: Sequence[str]) -> tuple[pl.LazyFrame, Ints]:
    """Return (run, keys …) of each run of lines with the same keys, and the run of each line, (num_lines,).

    Keys are looked up once a run: where the table is sorted by them, runs are few.
    """
    changes = [pl.col(key).ne_missing(pl.col(key).shift()) for key in keys]
    begins = lines.select(pl.any_horizontal(pl.int_range(pl.len()) == 0, *changes)).to_series()
    return lines.select(keys).filter(begins).with_row_index("run").lazy(), np.cumsum(begins.to_numpy()) - 1


def _find_groups(runs: pl.LazyFrame, by: Sequence[str], groups: pl.DataFrame, num_runs: int) -> Ints:
    """Return the group of each run, (num_runs,); one behind the last for runs that are not asked for."""
    grouped = runs.join(groups.lazy(), on=by, nulls_equal=True) if by else runs.with_columns(group=pl.lit(0))
    found = grouped.select("run", "group").collect()
    group_of_run = np.full(num_runs, len(groups), dtype=np.int64)
    group_of_run[found["run"].to_numpy()] = found["group"].to_numpy()
    return group_of_run


def _find_periods(periods: Sequence[Period], dates: pl.Series) -> Ints:
    """Return the position of the period of each date, one behind the last for dates outside, (num_dates,)."""
    lengths = [(p.until - p.since).days for p in periods]
    of_day = np.repeat([len(periods), *range(len(periods) + 1)], [1, *lengths, 1])
    first = (periods[0].since - date(1970, 1, 1)).days
    day = dates.to_physical().to_numpy() - (first - 1)
    return np.asarray(of_day[np.clip(day, 0, len(of_day) - 1)], dtype=np.int64)


def _to_minor(amounts_e4: Ints, decimals: int) -> Ints:
    """Return ten-thousandths in smallest units, rounding half up."""
    if 10**decimals >= E4:
        return np.asarray(amounts_e4 * (10**decimals // E4), dtype=np.int64)
    size = E4 // 10**decimals
    return np.asarray((2 * amounts_e4 + size) // (2 * size), dtype=np.int64)


def _year_later(day: date) -> date:
    return day.replace(year=day.year + 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)
