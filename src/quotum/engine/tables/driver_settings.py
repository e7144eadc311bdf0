"""What plan.toml says about drivers: formulas, known values, how sure they are, and what there is to meet them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Per = Literal["", "day", "week", "month", "year", "plan"]
PERS: tuple[Per, ...] = ("", "day", "week", "month", "year", "plan")
"""Empty: a rate or a number that is the same at any time. Otherwise so much each working day, week … or in the plan."""


@dataclass(frozen=True, slots=True)
class Driver:
    """One named quantity: a formula of others, or a known value (given, estimated from tables, or heads from a date).

    ``error`` is one standard deviation of the value, ``low`` to ``high`` are the bounds it may be solved within.
    """

    name: str
    formula: str = ""
    value: float | None = None
    per: Per = ""
    each: str = ""  # "person": everybody has this value; otherwise it is the company's
    estimate: str = ""  # what it is taken from the tables as, e.g. average_order
    role: str = ""  # of estimates and heads: only people of this role
    people: float | None = None  # heads who are there from ``since`` to ``until``, beside those of the table people
    since: date | None = None
    until: date | None = None
    unit: str = ""  # of heads: the unit they belong to
    ramp: tuple[float, ...] | None = None  # of heads: their first months; the plan's own where absent
    before: float = 0.0  # what lags find before the plan: so much a month, or the number
    error: float = 0.0
    low: float = 0.0
    high: float | None = None
    whole: bool = False  # counted in whole ones: both readings are shown
    measured_in: str = ""  # e.g. "EUR/order": formulas must agree with it


@dataclass(frozen=True, slots=True)
class Norm:
    """How much of an activity a role is to do: thirty calls a day, twenty visits a week."""

    role: str
    activity: str
    amount: float
    per: Literal["day", "week", "month"]


@dataclass(frozen=True, slots=True)
class DriverSettings:
    """The drivers in the order of the file; ``capacity`` are (driver, formula of what there is of it)."""

    drivers: tuple[Driver, ...] = ()
    capacity: tuple[tuple[str, str], ...] = ()
    norms: tuple[Norm, ...] = ()

    def find(self, name: str) -> Driver | None:
        """Return the driver of a name."""
        return next((driver for driver in self.drivers if driver.name == name), None)
