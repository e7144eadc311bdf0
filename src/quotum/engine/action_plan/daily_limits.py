"""At most so many visits a day to customers of a kind: days are exchanged until every day keeps within its limits.

The kernel of the routes knows one limit a day, that of all visits. Where kinds of customers have limits of their own
and the routes it finds break one, days are chosen here first: the customer for whom another set of days costs least
changes it, and may not change back for a while (tabu search; Glover, ORSA Journal on Computing 1, 1989). A visit above
a limit costs more than any way, so that full days exchange visits rather than drop them. Routes are then sought
anew with these days given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from quotum.engine.action_plan.routing.problem import UNPLACED, PeriodicProblem, Solution, list_patterns

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

_MOVES, _PATIENCE = 20, 4  # for each customer of a limited kind; in all, and without a better plan
_TABU = 9
_OVER, _LATE = 2_000.0, 5.0  # minutes for each visit above a limit, and for each minute above the day's


@dataclass(frozen=True)
class DailyLimits:
    """Which customers count for which limit, and how many visits a limit leaves on each day."""

    counts: Flags
    """(num_limits, num_customers)"""
    most: Ints
    """(num_limits, num_days)"""

    def are_kept(self, problem: PeriodicProblem, solution: Solution) -> bool:
        """Whether no day has more visits of a kind than allowed."""
        if not len(self.most):
            return True
        made = np.zeros(self.most.shape, np.int64)
        for day, route in zip(problem.shifts.day.tolist(), solution.routes, strict=True):
            made[:, day] += self.counts[:, list(route)].sum(axis=1)
        return bool((made <= self.most).all())


def keep_limits(problem: PeriodicProblem, limits: DailyLimits, solution: Solution) -> PeriodicProblem:
    """Return the problem with the days of all limited customers given, chosen from a solution so that limits hold.

    Every day has one shift. Who finds no days within the limits has no pattern left.
    """
    chosen, patterns = Days(problem, limits, solution).exchange(), problem.patterns
    limited = np.flatnonzero(limits.counts.any(axis=0))
    choices: list[list[tuple[Sequence[int], float]]] = []
    for c in range(problem.num_customers):
        own = range(int(patterns.first[c]), int(patterns.first[c + 1]))
        kept = [p for p in own if c not in limited or p == chosen[c]]
        choices.append([(patterns.days_of(p), float(patterns.cost[p])) for p in kept])
    return replace(problem, patterns=list_patterns(choices))


def name_patterns(problem: PeriodicProblem, given: PeriodicProblem, solution: Solution) -> Solution:
    """Return a solution of the problem with given days as one of the problem it was made from."""
    patterns, chosen = problem.patterns, solution.pattern.copy()
    for c in np.flatnonzero(chosen != UNPLACED).tolist():
        days = given.patterns.days_of(int(chosen[c]))
        own = range(int(patterns.first[c]), int(patterns.first[c + 1]))
        chosen[c] = next(p for p in own if patterns.days_of(p) == days)
    return replace(solution, pattern=chosen)


class Days:
    """Who is visited on which days while they are exchanged, and what another set of days would cost.

    Arrays: limited customers (L,), their patterns with "no visit" behind them (P,), limits (K, days) of which the last
    is that of all visits.
    """

    def __init__(self, problem: PeriodicProblem, limits: DailyLimits, solution: Solution) -> None:
        patterns, num_days = problem.patterns, problem.num_days
        self.problem, self.kinds = problem, len(limits.most)
        self.shift_of = {day: shift for shift, day in enumerate(problem.shifts.day.tolist())}
        self.limited = np.flatnonzero(limits.counts.any(axis=0))
        self.chosen, self.routes = solution.pattern.copy(), [list(route) for route in solution.routes]
        own = [[*range(int(patterns.first[c]), int(patterns.first[c + 1])), UNPLACED] for c in self.limited]
        self.row_of = {(int(c), p): 0 for c, rows in zip(self.limited, own, strict=True) for p in rows}
        self.row_of = {key: row for row, key in enumerate(self.row_of)}
        self.place = np.repeat(np.arange(len(own)), [len(rows) for rows in own])
        self.pattern = np.array([p for rows in own for p in rows], np.int64)
        self.cost, self.has = np.zeros(len(self.pattern)), np.zeros((len(self.pattern), num_days), np.bool_)
        for row, (c, p) in enumerate(self.row_of):
            self.cost[row] = problem.unplaced_cost[c] if p == UNPLACED else patterns.cost[p]
            self.has[row, list(self._days_of(p))] = True
        self.counts = np.concatenate([limits.counts, problem.loads[None, :] > 0])
        most = np.zeros(num_days)
        most[problem.shifts.day] = np.minimum(problem.shifts.max_load, 1e6)
        self.most = np.concatenate([limits.most, most[None, :].astype(np.int64)])
        self.made, self.used = np.zeros(self.most.shape, np.int64), np.zeros(num_days)
        self.detour, self.is_in = np.zeros((len(own), num_days)), np.zeros((len(own), num_days), np.bool_)
        self.at = {int(c): place for place, c in enumerate(self.limited)}
        for day in self.shift_of:
            self._look_at(day)

    def exchange(self) -> Ints:
        """Return a pattern for each customer, UNPLACED where limits leave none; limits of kinds hold."""
        best, best_price, found = self.chosen.copy(), np.inf, 0
        tabu = np.zeros(len(self.pattern), np.int64)
        for move in range(_MOVES * len(self.limited)):
            value = self.value()
            here = [self.row_of[int(c), int(self.chosen[c])] for c in self.limited]
            price = float(value[here].sum())
            if self._is_within() and price < best_price - 1e-6:
                best, best_price, found = self.chosen.copy(), price, move
            if move > found + _PATIENCE * len(self.limited) and np.isfinite(best_price):
                break
            gain = value - value[here][self.place]
            gain[here] = np.inf
            gain[tabu > move] = np.inf
            row = int(np.argmin(gain))
            if not np.isfinite(gain[row]):
                break
            c = int(self.limited[self.place[row]])
            tabu[self.row_of[c, int(self.chosen[c])]] = move + _TABU
            self.give(c, int(self.pattern[row]))
        return best if np.isfinite(best_price) else self._drop()

    def value(self) -> Floats:
        """Return what each pattern costs its customer: itself, detours, visits and minutes above the day's limits."""
        price = self.detour.copy()
        for made, most, counts in zip(self.made, self.most, self.counts[:, self.limited], strict=True):
            price += _OVER * counts[:, None] * (made - self.is_in >= most)
        shifts, service = self.problem.shifts, self.problem.service[self.limited]
        room = np.zeros(self.problem.num_days)
        room[shifts.day] = shifts.max_minutes
        more = self.detour + service[:, None]
        price += _LATE * np.maximum(0.0, self.used + more * ~self.is_in - room)
        value: Floats = self.cost + (self.has * price[self.place]).sum(axis=1)
        return value

    def _is_within(self) -> bool:
        return bool((self.made[: self.kinds] <= self.most[: self.kinds]).all())

    def _days_of(self, pattern: int) -> tuple[int, ...]:
        return () if pattern == UNPLACED else self.problem.patterns.days_of(pattern)

    def give(self, c: int, pattern: int) -> None:
        """Visit a customer on the days of another pattern, where the detour is smallest."""
        old, new = (set(self._days_of(p)) for p in (int(self.chosen[c]), pattern))
        for day in sorted(old ^ new):
            route = self.routes[self.shift_of[day]]
            if day in old:
                route.remove(c)
            else:
                route.insert(int(np.argmin(self._detours(day, np.array([c]))[:, 0])), c)
            self._look_at(day)
        self.chosen[c] = pattern

    def _detours(self, day: int, customers: Ints) -> Floats:
        """Return how much longer a day's way is with each customer at each place of its route: (places, customers)."""
        shift, travel = self.shift_of[day], self.problem.travel
        shifts = self.problem.shifts
        ends = np.array([int(shifts.start[shift]), *self.routes[shift], int(shifts.end[shift])], np.int64)
        before, after = ends[:-1], ends[1:]
        more: Floats = travel[before][:, customers] + travel[customers][:, after].T
        return more - travel[before, after][:, None]

    def _look_at(self, day: int) -> None:
        """Reckon what it costs limited customers to come into the route of a day, or what leaving it saves."""
        shift, travel, at = self.shift_of[day], self.problem.travel, self.at
        route, shifts = self.routes[shift], self.problem.shifts
        ends = [int(shifts.start[shift]), *route, int(shifts.end[shift])]
        self.detour[:, day] = self._detours(day, self.limited).min(axis=0)
        self.is_in[:, day] = False
        for before, c, after in zip(ends, route, ends[2:], strict=False):
            if c in at:
                self.detour[at[c], day] = travel[before, c] + travel[c, after] - travel[before, after]
                self.is_in[at[c], day] = True
        self.made[:, day] = self.counts[:, route].sum(axis=1)
        self.used[day] = travel[ends[:-1], ends[1:]].sum() + self.problem.service[route].sum()

    def _drop(self) -> Ints:
        """Return the days as they are without the visits that are above a limit, cheapest customers first."""
        for c in sorted(self.limited.tolist(), key=lambda c: (float(self.problem.unplaced_cost[c]), c)):
            own = self.counts[: self.kinds, c]
            over = (self.made[: self.kinds] > self.most[: self.kinds])[own].any(axis=0)
            if over[list(self._days_of(int(self.chosen[c])))].any():
                self.give(c, UNPLACED)
        return self.chosen
