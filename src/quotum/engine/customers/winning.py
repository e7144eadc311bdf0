"""What new customers bring: each counts from its first order, so one won in June brings only the rest of the plan."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from quotum.engine.basics.periods import cut_periods
from quotum.engine.customers.purchases import Floats

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Parts:
    """The part of a full year that a customer won in each month brings up to the plan's end, (num_months,) each.

    ``first`` if it is won on the month's first day, ``last`` on its last; ``middle`` is their mean. ``lengths`` are the
    months' own parts of a month: 1, less where the plan cuts it.
    """

    months: tuple[str, ...]
    lengths: Floats
    first: Floats
    last: Floats

    @property
    def middle(self) -> Floats:
        """The part of a customer won in the middle of its month."""
        return (self.first + self.last) / 2

    @property
    def mean(self) -> float:
        """The part that customers won evenly over the plan bring on average."""
        weights = self.lengths.sum()
        return float((self.middle * self.lengths).sum() / weights) if weights > 0 else 0.0


def list_parts(since: date, until: date, ramp: Sequence[float] = ()) -> Parts:
    """Return what a customer won in each month of [since, until) brings of its full year, by the day it is won.

    ``ramp`` are the parts of a full month in its first months; after them a month brings a twelfth of the year.
    """
    periods = cut_periods(since, until, "month")
    lengths = np.array([(p.until - p.since).days / _days_in_month(p.since) for p in periods], dtype=np.float64)
    count = len(periods)
    rates = np.array([*ramp, *np.ones(max(count - len(ramp), 0))])[:count]
    first = np.array([float((lengths[m:] * rates[: count - m]).sum()) for m in range(count)]) / MONTHS_A_YEAR
    last = np.array([float((lengths[m + 1 :] * rates[: count - m - 1]).sum()) for m in range(count)]) / MONTHS_A_YEAR
    return Parts(tuple(p.label for p in periods), lengths, first, last)


@dataclass(frozen=True, slots=True)
class Brought:
    """What new customers bring within the plan, in smallest units: won on the last, on a middle, on the first day."""

    low: int
    middle: int
    high: int
    full_year: int


def sum_new_business(per_month: float | Sequence[float], yearly_minor: float, parts: Parts) -> Brought:
    """Return what ``per_month`` new customers bring within the plan, and what they would if each had a full year."""
    won = np.broadcast_to(np.asarray(per_month, dtype=np.float64), len(parts.months)) * parts.lengths
    low, middle, high = (
        round(float((won * part).sum()) * yearly_minor) for part in (parts.last, parts.middle, parts.first)
    )
    return Brought(low, middle, high, round(float(won.sum()) * yearly_minor))


def count_won(per_month: float, since: date, until: date) -> int:
    """Return how many customers are won from a day up to, not including, another at so many a month."""
    return math.floor(per_month * float(list_parts(since, until).lengths.sum()) + 1e-9)


def count_needed(missing_minor: float, each_minor: float) -> int | None:
    """Return how many customers bring an amount at ``each_minor``, None if nobody brings anything."""
    if missing_minor <= 0:
        return 0
    return math.ceil(missing_minor / each_minor - 1e-9) if each_minor > 0 else None


def _days_in_month(day: date) -> int:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return (following - timedelta(days=1)).day
