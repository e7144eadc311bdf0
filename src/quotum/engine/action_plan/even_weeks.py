"""Weeks as full as each other, as far as spacing allows it at no cost: full weeks give visits to empty ones.

The search of routes knows ways and spacing, so it may put all of a month's visits into two of its weeks. Here the
customer whose other days ease the weeks most for the least detour takes them, one after the other; then the order of
every day, and the days within each week, are sought once more. A visit more in a week costs the more the fuller the
week is: ``minutes / 2 · (visits - share)² / share``, where the share goes by the days that are worked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import numpy.typing as npt

from quotum.engine.action_plan.daily_limits import DailyLimits, Days, name_patterns
from quotum.engine.action_plan.routing.problem import UNPLACED, PeriodicProblem, Solution, list_patterns
from quotum.engine.action_plan.routing.solving import Search, solve_periodic
from quotum.engine.action_plan.unplaced import fits

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_MOVES = 2  # for each customer, at most
_WORTH = 1.0  # minutes that a change must save
_PART = 8  # of the rounds of the first search: only order and days within weeks are sought


def even_weeks(
    problem: PeriodicProblem, solution: Solution, weeks: Sequence[int], minutes: float, search: Search
) -> Solution:
    """Return the solution with weeks as even as they can be for ``minutes``, or as it is where that does not pay.

    ``weeks``: of each day, any number that tells weeks apart. Every day has one shift. Nobody is seen less, nor on days
    that keep the spacing less well than before.
    """
    if minutes <= 0 or len(set(weeks)) < 2 or not any(solution.routes):
        return solution
    loads = _Weeks(problem, weeks, minutes)
    narrow, start = _at_no_cost(problem, solution)
    chosen = _exchange(narrow, start, loads)
    if chosen is None:
        return solution
    given, start = _same_weeks(narrow, chosen, loads)
    found = solve_periodic(given, replace(search, rounds=search.rounds // _PART), start=start)
    found = name_patterns(problem, given, found)
    return min(solution, found, key=lambda one: one.cost + loads.price(loads.count(one)))


def keep_weeks_even(
    problem: PeriodicProblem, published: Solution, weeks: Sequence[int], minutes: float
) -> PeriodicProblem:
    """Return the problem in which a visit that leaves its published week pays for making weeks less even."""
    if minutes <= 0 or len(set(weeks)) < 2 or not any(published.routes):
        return problem
    loads, patterns = _Weeks(problem, weeks, minutes), problem.patterns
    made = loads.count(published)
    of_pattern: Floats = np.array(
        [loads.of_day[list(patterns.days_of(p))].sum(axis=0) for p in range(len(patterns.cost))]
    ).reshape(len(patterns.cost), len(made))
    own = np.repeat(published.pattern, np.diff(patterns.first))
    more = of_pattern - of_pattern[own]
    dearer = np.where(own == UNPLACED, 0.0, np.maximum(loads.changes(made, more), 0.0))
    return replace(problem, patterns=replace(patterns, cost=patterns.cost + dearer))


class _Weeks:
    """How many visits each week has, what is its share, and what more than that costs."""

    def __init__(self, problem: PeriodicProblem, weeks: Sequence[int], minutes: float) -> None:
        known = sorted(set(weeks))
        self.of_day: Floats = np.array([[week == own for own in known] for week in weeks], np.float64)
        self.days, self.loads, self.minutes = problem.shifts.day, problem.loads, minutes
        self.worked: Floats = self.of_day[self.days].sum(axis=0)

    def count(self, solution: Solution) -> Floats:
        """Return the visits of each week."""
        made: Floats = np.zeros(self.of_day.shape[1])
        for day, route in zip(self.days.tolist(), solution.routes, strict=True):
            made += self.of_day[day] * self.loads[list(route)].sum()
        return made

    def price(self, made: Floats) -> float:
        """Return what the weeks cost in minutes."""
        return float((self._half_price(made) * (made - self._share(made)) ** 2).sum())

    def changes(self, made: Floats, more: Floats) -> Floats:
        """Return what the weeks cost less or more with so many more visits of each: (choices, weeks) -> (choices,)."""
        over = 2.0 * (made - self._share(made))
        price: Floats = (self._half_price(made) * more * (over + more)).sum(axis=1)
        return price

    def _share(self, made: Floats) -> Floats:
        share: Floats = made.sum() * self.worked / self.worked.sum()
        return share

    def _half_price(self, made: Floats) -> Floats:
        price: Floats = self.minutes / 2.0 / np.maximum(self._share(made), 1.0)
        return price


def _at_no_cost(problem: PeriodicProblem, solution: Solution) -> tuple[PeriodicProblem, Solution]:
    """Return the problem with the sets of days that cost no more than those of the solution, as many each."""
    patterns = problem.patterns
    kept = [
        [p for p in range(int(patterns.first[c]), int(patterns.first[c + 1]))
         if own == UNPLACED or (patterns.cost[p] <= patterns.cost[own]
                                and len(patterns.days_of(p)) == len(patterns.days_of(own)))]
        for c, own in enumerate(solution.pattern.tolist())
    ]  # fmt: skip
    return _only(problem, solution, kept)


def _same_weeks(problem: PeriodicProblem, solution: Solution, loads: _Weeks) -> tuple[PeriodicProblem, Solution]:
    """Return the problem with the sets of days that leave every week as full as it is."""
    patterns = problem.patterns

    week_of = loads.of_day.argmax(axis=1).tolist()

    @cache
    def of(pattern: int) -> tuple[int, ...]:
        return tuple(sorted(week_of[day] for day in patterns.days_of(pattern)))

    kept = [
        [p for p in range(int(patterns.first[c]), int(patterns.first[c + 1])) if own == UNPLACED or of(p) == of(own)]
        for c, own in enumerate(solution.pattern.tolist())
    ]
    return _only(problem, solution, kept)


def _only(
    problem: PeriodicProblem, solution: Solution, kept: Sequence[Sequence[int]]
) -> tuple[PeriodicProblem, Solution]:
    """Return problem and solution with some patterns of each customer, those of the solution among them."""
    patterns, chosen = problem.patterns, solution.pattern.copy()
    choices = [[(patterns.days_of(p), float(patterns.cost[p])) for p in own] for own in kept]
    starts = np.cumsum([0, *(len(own) for own in kept)])
    for c, own in enumerate(kept):
        if chosen[c] != UNPLACED:
            chosen[c] = starts[c] + own.index(int(chosen[c]))
    return replace(problem, patterns=list_patterns(choices)), replace(solution, pattern=chosen)


def _exchange(problem: PeriodicProblem, solution: Solution, loads: _Weeks) -> Solution | None:
    """Return the solution with other days for whom that pays, None where nobody changes."""
    movable = np.diff(problem.patterns.first) > 1
    movable &= solution.pattern != UNPLACED
    if not movable.any():
        return None
    unlimited = DailyLimits(movable[None, :], np.full((1, problem.num_days), 10**6))
    days, made, moved = Days(problem, unlimited, solution), loads.count(solution), False
    of_pattern = days.has @ loads.of_day
    banned = days.pattern == UNPLACED
    for _ in range(_MOVES * int(movable.sum())):
        value = days.value()
        here = np.array([days.row_of[int(c), int(days.chosen[c])] for c in days.limited])[days.place]
        gain = value - value[here] + loads.changes(made, of_pattern - of_pattern[here])
        gain[banned] = np.inf
        row = int(np.argmin(gain))
        if not gain[row] < -_WORTH:
            break
        c, old = int(days.limited[days.place[row]]), int(here[row])
        days.give(c, int(days.pattern[row]))
        if all(fits(problem, shift, days.routes[shift], problem.travel) for shift in _shifts(days, row)):
            made, moved = made + of_pattern[row] - of_pattern[old], True
        else:
            days.give(c, int(days.pattern[old]))
            banned[row] = True
    return replace(solution, pattern=days.chosen, routes=tuple(map(tuple, days.routes))) if moved else None


def _shifts(days: Days, row: int) -> list[int]:
    return [days.shift_of[day] for day in np.flatnonzero(days.has[row]).tolist()]
