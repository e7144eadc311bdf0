"""What is asked of a periodic route plan, and what comes back: plain arrays, no names and no dates.

A *shift* is one person (or vehicle) on one day. A *stop* is a place: customers first, numbered 0 to N - 1, then the
bases, N to N + B - 1, at which shifts start and end. A *pattern* is a set of days on which a customer may be visited;
exactly one of the customer's patterns is served, at its cost, or none at ``unplaced_cost``. Costs are in the unit of
the travel matrix, minutes as a rule: a preferred day, a late visit or a changed plan is weighed against driving.

What the field needs and how it is said:

* cadence, allowed weekdays, absences: the list of patterns (``patterns.spaced_patterns`` makes one from spacing);
* a visit fixed to a day: only patterns that hold the day; with a time: ``opens`` and ``closes`` of that day;
* a visit that may be left out: ``unplaced_cost`` is what a missed customer costs; left as it is, nobody is left out
  who can be placed; a cadence that may be cut short has shorter patterns with a cost;
* keeping a published plan: patterns that differ cost more, see ``solving.solve_periodic(start=…)``;
* half-days and opening hours: ``opens`` and ``closes``; caps: ``max_minutes``, ``max_load`` with ``loads`` of 1;
* a day off: no shift on that day; an overnight stay: a shift that ends and one that starts at the hotel's base.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

UNPLACED = -1


@dataclass(frozen=True)
class Patterns:
    """The sets of days on which each customer may be visited; build it with ``list_patterns``."""

    first: Ints
    """(N + 1,) patterns of customer c are ``first[c]:first[c + 1]``."""
    cost: Floats
    """(K,) what choosing the pattern costs."""
    day_first: Ints
    """(K + 1,) days of pattern p are ``days[day_first[p]:day_first[p + 1]]``, rising."""
    days: Ints

    def days_of(self, pattern: int) -> tuple[int, ...]:
        """Return the days of a pattern."""
        return tuple(self.days[self.day_first[pattern] : self.day_first[pattern + 1]].tolist())


@dataclass(frozen=True)
class Shifts:
    """Who works on which day, from where to where and how long: arrays of length R, sorted by day."""

    day: Ints
    vehicle: Ints
    """Number of the person or vehicle; the same on all of its days."""
    start: Ints
    """Stop at which it begins, N or more."""
    end: Ints
    max_minutes: Floats
    """Travel, service and waiting; inf if unlimited."""
    max_load: Floats
    """Sum of ``loads`` of its visits, for instance their number; inf if unlimited."""
    leaves: Floats
    """Minute of the day at which it begins; matters with windows only."""


@dataclass(frozen=True)
class PeriodicProblem:
    """Who may be visited when, by whom, and how far everything is."""

    num_days: int
    travel: Floats
    """(N + B, N + B) from row to column; need not be symmetric."""
    service: Floats
    """(N,) minutes of one visit; they count against ``max_minutes``, not in the cost."""
    loads: Floats
    """(N,) of one visit."""
    patterns: Patterns
    shifts: Shifts
    unplaced_cost: Floats
    """(N,) of a customer who is not visited."""
    opens: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    """(N, T) earliest minute at which a visit may begin, or (0, 0): any time."""
    closes: Floats = field(default_factory=lambda: np.zeros((0, 0)))
    """(N, T) latest minute at which a visit may begin, or (0, 0)."""

    @property
    def num_customers(self) -> int:
        """How many customers are there?"""
        return len(self.service)

    def __post_init__(self) -> None:
        """Raise ValueError where shapes or numbers do not fit: compiled loops would not notice."""
        n, shifts, patterns = self.num_customers, self.shifts, self.patterns
        timed = (n, self.num_days) if len(self.opens) else (0, 0)
        _ask(self.travel.ndim == 2 and self.travel.shape[0] == self.travel.shape[1] >= n, "travel is square")
        _ask(np.isfinite(self.travel).all() and (self.travel >= 0).all(), "travel is finite and not negative")
        figures = (self.loads, self.unplaced_cost, patterns.first[1:])
        _ask({len(values) for values in figures} == {n}, "every customer has its figures")
        _ask(np.isfinite(self.unplaced_cost).all(), "unplaced_cost is finite")
        _ask(self.opens.shape == self.closes.shape == timed, "opens and closes are (customers, days)")
        _ask(len({len(value) for value in vars(shifts).values()}) == 1, "every shift has its figures")
        _ask(bool((np.diff(shifts.day) >= 0).all()), "shifts are sorted by day")
        _ask(_within(shifts.day, 0, self.num_days) and _within(patterns.days, 0, self.num_days), "days exist")
        _ask(_within(shifts.start, n, len(self.travel)) and _within(shifts.end, n, len(self.travel)), "bases exist")
        _ask(patterns.first[-1] == len(patterns.cost) == len(patterns.day_first) - 1, "every pattern has its figures")


def _within(values: Ints, low: int, high: int) -> bool:
    return len(values) == 0 or bool(values.min() >= low and values.max() < high)


def _ask(fits: bool | np.bool_, promise: str) -> None:
    if not fits:
        raise ValueError(f"a periodic problem does not keep its promise: {promise}")


@dataclass(frozen=True)
class Solution:
    """A route plan: which pattern each customer got and the order of stops of every shift."""

    pattern: Ints
    """(N,) index into the patterns, or UNPLACED."""
    routes: tuple[tuple[int, ...], ...]
    """For every shift its customers in order."""
    cost: float
    """Travel, patterns and customers left out."""
    travel: float
    rounds: int = 0
    """Iterations spent."""

    @property
    def unplaced(self) -> tuple[int, ...]:
        """Which customers are not visited, although they have a pattern or because they have none?"""
        return tuple(np.flatnonzero(self.pattern == UNPLACED).tolist())


def list_patterns(choices: Sequence[Sequence[tuple[Sequence[int], float]]]) -> Patterns:
    """Return patterns from, for each customer, pairs of days and cost; the order of pairs decides nothing but ties."""
    pairs = [pair for of_customer in choices for pair in of_customer]
    return Patterns(
        _starts([len(of_customer) for of_customer in choices]),
        np.array([cost for _, cost in pairs], np.float64),
        _starts([len(days) for days, _ in pairs]),
        np.array([day for days, _ in pairs for day in sorted(days)], np.int64),
    )


def _starts(lengths: Sequence[int]) -> Ints:
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(np.array(lengths, np.int64))])
