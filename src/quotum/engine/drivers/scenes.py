"""The scene a tree is evaluated in: the plan's periods, who is there in them, and for whom it is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.periods import Period, cut_periods
from quotum.engine.basics.trees import Tree
from quotum.engine.curves.day_weights import Floats
from quotum.engine.drivers.expressions import Lag
from quotum.engine.drivers.presence import count_person_days, find_working_days, period_edges
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings


@dataclass(frozen=True, slots=True)
class Scene:
    """Periods × scopes. A scope is the company (named ``""``), or each unit, or each person.

    Arrays over periods are (num_periods,); ``person_days`` is (num_people, num_periods); ``belongs`` holds for each
    scope the positions of its people.
    """

    company: Company
    settings: PlanSettings
    periods: tuple[Period, ...]
    by: str  # "" | unit | person
    scopes: tuple[str, ...]
    belongs: tuple[npt.NDArray[np.int64], ...]
    dates: npt.NDArray[np.datetime64]
    worked: Floats
    edges: npt.NDArray[np.int64]
    person_days: Floats

    @property
    def days(self) -> Floats:
        """The calendar days of each period."""
        return np.diff(self.edges).astype(np.float64)

    @property
    def working_days(self) -> Floats:
        """The days of each period that are worked."""
        return np.add.reduceat(self.worked, self.edges[:-1])

    @property
    def months(self) -> Floats:
        """The months of each period: a whole one is 1, part of one its part of the days."""
        return np.array([count_months(p.since, p.until) for p in self.periods])

    def days_of(self, role: str = "") -> Floats:
        """Return the person-days of each scope, (num_scopes, num_periods); of one role where one is named."""
        days = self.person_days
        if role:
            days = days * (self.company["people"]["role"] == role).fill_null(value=False).to_numpy()[:, None]
        return self._gather(days)

    def mean_of(self, column: str) -> Floats:
        """Return what a day of work brings on average by a column of people, (num_scopes, num_periods).

        Where nobody of a scope is there it is what they would bring, each counting the same.
        """
        value = self.company["people"][column].fill_null(0.0).to_numpy()[:, None]
        heads = self._gather(np.ones(value.shape))
        alike = self._gather(value) / np.maximum(heads, 1.0)
        days, above = self.days_of(), self._gather(self.person_days * value)
        return np.asarray(np.where(days > 0, above / np.where(days > 0, days, 1.0), alike))

    def _gather(self, of_people: Floats) -> Floats:
        """Return the sums over the people of each scope: (num_people, n) in, (num_scopes, n) out."""
        sums = [of_people[people].sum(axis=0) for people in self.belongs]
        return np.array(sums).reshape(len(self.scopes), of_people.shape[1])

    def share(self) -> Floats:
        """Return each scope's part of the company's person-days, (num_scopes, num_periods); the company's own is 1."""
        if not self.by:
            return np.ones((1, len(self.periods)))
        total = self.person_days.sum(axis=0)
        parts = np.zeros((len(self.scopes), len(total)))
        return np.asarray(np.divide(self.days_of(), total, out=parts, where=total > 0))

    def units_below(self, scope: str) -> set[str]:
        """Return the units of a scope: itself and those below; everything for the company, nothing for a person."""
        units = self.company["units"]
        if self.by == "unit":
            return Tree.of(units["unit"].to_list(), units["parent"].to_list()).subtree(scope)
        return set() if self.by else {"", *units["unit"].to_list()}


def set_scene(
    company: Company, settings: PlanSettings, days: pl.DataFrame, *, grain: str = "month", by: str = "",
    only: Sequence[str] = (),
) -> Scene:  # fmt: skip
    """Return the scene of a plan: ``days(date, kind)`` covers it; ``by`` is empty, ``unit`` or ``person``.

    ``only`` names the units or people wanted, in their order; all of them, by key, when it is empty. A unit has the
    people of the units below it.
    """
    periods = tuple(cut_periods(settings.since, settings.until, grain, settings.fiscal_start))
    dates, worked = find_working_days(settings, days)
    edges = period_edges(periods, dates)
    people = company["people"]
    scopes = tuple(only) or (("",) if not by else tuple(sorted(company[{"unit": "units"}.get(by, "people")][by])))
    if by == "unit":
        units = Tree.of(company["units"]["unit"].to_list(), company["units"]["parent"].to_list())
        belongs = tuple(people["unit"].is_in(sorted(units.subtree(scope))).arg_true().to_numpy() for scope in scopes)
    elif by:
        position = {person: at for at, person in enumerate(people["person"])}
        belongs = tuple(np.array([position[scope]], dtype=np.int64) for scope in scopes)
    else:
        belongs = (np.arange(people.height),)
    counted = count_person_days(company, settings, dates, worked, edges)
    return Scene(company, settings, periods, by, scopes, belongs, dates, worked, edges, counted)


def count_months(since: date, until: date) -> float:
    """Return how many months lie in [since, until): the parts of a month count by its days."""
    return sum((p.until - p.since).days / _days_in_month(p.since) for p in cut_periods(since, until, "month"))


def weigh_lag(periods: Sequence[Period], lag: Lag, *, adds_up: bool) -> tuple[Floats, Floats]:
    """Return what each period takes from each earlier one, (num_periods, num_periods), and from before the plan.

    The period is moved back by the lag and laid over the others, as if things went on evenly within each. Of what adds
    up, the part of the other period that is covered; of what does not, the part of the own days. What lies before the
    plan (num_periods,) is in months, or a part of the days.
    """
    size = len(periods)
    weights, before = np.zeros((size, size)), np.zeros(size)
    edges = np.array([*(p.since for p in periods), periods[-1].until], dtype="datetime64[D]").astype(np.int64)
    length = np.diff(edges)
    for at, period in enumerate(periods):
        since, until = (_move_back(day, lag) for day in (period.since, period.until))
        own = max(until - since, 1)
        covered = np.clip(np.minimum(edges[1:], until) - np.maximum(edges[:-1], since), 0, None)
        weights[at] = covered / (length if adds_up else own)
        end = min(until, int(edges[0]))
        if end > since:
            before[at] = count_months(_day(since), _day(end)) if adds_up else (end - since) / own
    return weights, before


def _move_back(day: date, lag: Lag) -> int:
    """Return the day so much earlier, as days since 1970."""
    if lag.unit == "months":
        month = day.year * 12 + day.month - 1 - lag.amount
        first = date(max(month // 12, 1), month % 12 + 1, 1)
        moved = first + timedelta(min(day.day, _days_in_month(first)) - 1)
    else:
        moved = day - timedelta(lag.amount * (7 if lag.unit == "weeks" else 1))
    return (moved - date(1970, 1, 1)).days


def _day(number: int) -> date:
    return date(1970, 1, 1) + timedelta(number)


def _days_in_month(day: date) -> int:
    return ((day.replace(day=28) + timedelta(4)).replace(day=1) - timedelta(1)).day
