"""What one person has to plan: days, places, customers with their cadence, fixed dates. Plain values, one person each.

Days are numbers of the company's working days: 0 is the first of the horizon, those before it are negative. Minutes of
the day count from midnight. A task holds all that planning reads, so that people can be planned apart and again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from quotum.engine.tables.opening_hours import Hours

Floats = npt.NDArray[np.float64]
Place = tuple[float, float]
"""Degrees north and east."""
TravelMinutes = Callable[[Sequence[Place], Sequence[str]], Floats]
"""Minutes between all places, (num_places, num_places) from row to column; the keys are customers, homes are empty."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A customer who is to be visited or called again and again."""

    customer: str
    customer_class: str
    every: int  # working days
    why: str  # class, stage, prospect, round
    detail: str  # which of these
    last: int | None  # day of the last contact, None: not known
    due: int  # day of the next one; may lie after the horizon
    minutes: int
    place: Place | None
    hours: Hours  # of a week from Monday on
    missed: float
    late: float
    early: float
    last_date: date | None = None
    due_date: date | None = None
    most: int | None = None  # contacts that are needed at most: what a published plan held; None: as many as are due
    limits: tuple[str, ...] = ()  # names of [visits.per_day] that count its visits
    fixed: tuple[int, ...] = ()  # days of fixed dates with the customer, whoever keeps them
    as_planned: bool = False  # nothing of it has changed since the plan that is made anew
    held: tuple[tuple[int, int], ...] = ()  # stretches of days in which the customer is the person's; empty: all

    def is_held(self, day: int) -> bool:
        """Whether the customer is the person's on a day."""
        return not self.held or any(begin <= day < end for begin, end in self.held)


@dataclass(frozen=True, slots=True)
class Booking:
    """A fixed date: it is kept as it is or told to be impossible."""

    customer: str  # empty: none
    day: int
    start: int
    minutes: int
    kind: str
    place: Place | None
    when: date
    limits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Away:
    """Who sleeps at a hotel before the first day: where, and on which day the published plan drives home."""

    hotel: Place
    last: int


@dataclass(frozen=True, slots=True)
class PersonTask:
    """Everything that decides a person's visits in a horizon."""

    person: str
    home: Place | None
    end: Place | None
    dates: tuple[date, ...]
    is_open: tuple[bool, ...]  # the person works on the day
    minutes_per_day: int
    visits_per_day: int
    calls_per_day: int
    visits: tuple[Contact, ...]
    calls: tuple[Contact, ...]
    bookings: tuple[Booking, ...]
    published: tuple[tuple[str, str, int], ...]  # customer, kind, day of a plan that is made anew
    seed: int
    away: Away | None = None
    begun: int = 0  # days of the plan that is made anew before the first day


def spread_seed(seed: int, key: str) -> int:
    """Return a seed of a person's own, the same whoever else is planned."""
    value = seed % 2**31
    for letter in key:
        value = (value * 1_000_003 + ord(letter)) % (2**31 - 1)
    return value
