"""The season of a row: its rate per unit of day weight by calendar month, steadied by those it stands under.

Sales of a month are divided by the weight of the month's days, promotions and moving holidays included, so that a
spring festival in January one year and in February the next does not look like a season. A row with few sales leans on
its parent: its own rate counts n/(n+k), n being its sales lines in a month.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from quotum.engine.curves.day_weights import Floats
from quotum.engine.decomposition.ground import SEASON_BLOCKS, Ints, Lines

NUM_MONTHS = 12


def weigh_months(
    dates: npt.NDArray[np.datetime64], weights: Floats, blocks: Sequence[tuple[np.datetime64, np.datetime64]]
) -> Floats:
    """Return the day weights summed by block and calendar month, (num_blocks, 12)."""
    month = dates.astype("datetime64[M]").astype(np.int64) % NUM_MONTHS
    sums = np.zeros((len(blocks), NUM_MONTHS))
    for block, (since, until) in enumerate(blocks):
        inside = (dates >= since) & (dates < until)
        sums[block] = np.bincount(month[inside], weights=weights[inside], minlength=NUM_MONTHS)
    return sums


def rate_rows(
    lines: Lines, row_of_line: Ints, num_rows: int, exposure: Floats, calendar_of_row: Ints, year_weights: Sequence[int]
) -> tuple[Floats, Floats]:
    """Return each row's sales per unit of day weight by month, (num_rows, 12), and its lines in a month, (num_rows,).

    ``exposure`` (num_calendars, num_blocks, 12) are the day weights behind the sales.
    """
    used = (row_of_line >= 0) & (lines.block > 0)
    row, month = row_of_line[used].astype(np.int64), lines.month[used].astype(np.int64) - 1
    value = np.zeros(num_rows * NUM_MONTHS, dtype=np.int64)
    np.add.at(value, row * NUM_MONTHS + month, lines.season_value[used])
    count = np.bincount(row, minlength=num_rows) / NUM_MONTHS
    weights = np.array([*year_weights, *[1] * SEASON_BLOCKS][:SEASON_BLOCKS], dtype=np.float64)
    base = np.einsum("b,cbm->cm", weights, exposure)[calendar_of_row]
    sold = np.maximum(value.reshape(num_rows, NUM_MONTHS), 0).astype(np.float64)
    return np.divide(sold, base, out=np.zeros_like(sold), where=base > 0), count


def steady_rates(rates: Floats, counts: Floats, ways: Sequence[Ints], shrink: float) -> Floats:
    """Return each row's rates with mean 1, shrunk down the way from the whole company to the row, (num_rows, 12).

    ``ways`` holds, from the top down, the group of each row, (num_rows,) each; rates and counts add up over a group.
    """
    above = _with_mean_one(rates.sum(axis=0, keepdims=True), np.ones((1, NUM_MONTHS)))[np.zeros(len(rates), dtype=int)]
    itself = np.arange(len(rates), dtype=np.int32)
    for group in [*ways, itself]:
        used, slot = np.unique(group, return_inverse=True)
        summed = np.zeros((len(used), NUM_MONTHS))
        np.add.at(summed, slot, rates)
        n = np.bincount(slot, weights=counts, minlength=len(used))[slot][:, None]
        own = _with_mean_one(summed[slot], above)
        above = (n * own + shrink * above) / (n + shrink) if shrink > 0 else np.where(n > 0, own, above)
    return above


def _with_mean_one(rates: Floats, otherwise: Floats) -> Floats:
    """Return the rates divided by their mean; rows without any take ``otherwise``."""
    mean = rates.mean(axis=1, keepdims=True)
    return np.where(mean > 0, np.divide(rates, mean, out=np.zeros_like(rates), where=mean > 0), otherwise)
