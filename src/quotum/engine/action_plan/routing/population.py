"""The plans a search keeps: some that hold all limits, some that do not yet, neither too many nor too much alike.

Method: Vidal et al. 2012, Operations Research 60(3), 4.5, with the sizes of Vidal 2022 (Computers &
Operations Research 140).
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from quotum.engine.action_plan.routing.problem import Floats, Ints
from quotum.engine.kernels.periodic import (
    Plan,
    Rules,
    Weights,
    draw_below,
    find_distances,
    find_excess,
    list_links,
    pack,
    unpack,
)

FEWEST, MOST = 8, 25
"""How many plans of a group are kept, by how many children there will be time for."""

_GROWTH, _ELITE, _CLOSE = 2.6, 4, 5
_ALIKE = 1e-9
_ROOM = int(MOST * _GROWTH) + 1


class Group:
    """Plans of one kind, packed line by line into arrays."""

    def __init__(self, rules: Rules, num_visits: int) -> None:
        self.count = 0
        self.flat = np.zeros((_ROOM, num_visits), np.int64)
        self.length = np.zeros((_ROOM, len(rules.shift_day)), np.int64)
        self.pattern = np.zeros((_ROOM, len(rules.load)), np.int64)
        self.figures = np.zeros((_ROOM, 3))  # cost without fines, load and minutes beyond the limits
        self.apart = np.full((_ROOM, _ROOM), np.inf)
        self.fitness = np.zeros(_ROOM)

    def price(self, weights: Weights) -> Floats:
        """Return the cost of every plan with its fines."""
        figures = self.figures[: self.count]
        return figures[:, 0] + figures[:, 1] * weights.load + figures[:, 2] * weights.minutes

    def rank(self, weights: Weights) -> None:
        """Bring fitness up to date: rank by price, and rank by distance to the nearest few; less is better."""
        n = self.count
        if n == 0:
            return
        by_price = _ranks(self.price(weights))
        apart = self.apart[:n, :n]
        close = min(_CLOSE, n - 1)
        nearest = np.partition(apart, close - 1, axis=1)[:, :close].mean(axis=1) if close else np.ones(1)
        trust = 1.0 - min(_ELITE, n) / n
        self.fitness[:n] = (by_price + trust * _ranks(-nearest)) / n

    def drop_worst(self, weights: Weights) -> None:
        """Let go of a plan that has a twin, or else of the least fit; never of the cheapest."""
        n = self.count
        self.rank(weights)
        badness = self.fitness[:n] + 10.0 * (self.apart[:n, :n].min(axis=1) <= _ALIKE)
        badness[np.argmin(self.price(weights))] = -1.0
        worst, last = int(np.argmax(badness)), n - 1
        for lines in (self.flat, self.length, self.pattern, self.figures, self.apart):
            lines[worst] = lines[last]
        self.apart[:, worst] = self.apart[:, last]
        self.apart[worst, worst] = np.inf
        self.count = last


class Population:
    """Two groups: plans that hold all limits, and plans that do not."""

    def __init__(self, rules: Rules, size: int) -> None:
        self.rules, self.size = rules, size
        self.groups = {held: Group(rules, count_visits(rules)) for held in (True, False)}
        shape = (len(rules.load), len(rules.shift_first) - 1)
        self._before, self._after = np.zeros(shape, np.int64), np.zeros(shape, np.int64)

    def add(self, plan: Plan, weights: Weights) -> tuple[float, float, float]:
        """Take in a plan; the worst of its group make room when they are too many. Returns cost and excesses."""
        load, minutes = find_excess(self.rules, plan)
        cost = float(plan.total[0]) - load * weights.load - minutes * weights.minutes
        group = self.groups[load == 0.0 and minutes == 0.0]
        n = group.count
        list_links(self.rules, plan, self._before, self._after)
        find_distances(self.rules, group.flat, group.length, n, self._before, self._after, group.apart[n])
        group.apart[:n, n] = group.apart[n, :n]
        group.apart[n, n] = np.inf
        pack(self.rules, plan, group.flat[n], group.length[n], group.pattern[n])
        group.figures[n] = cost, load, minutes
        group.count += 1
        if group.count > self.size * _GROWTH:
            while group.count > self.size:
                group.drop_worst(weights)
        return cost, load, minutes

    def rank(self, weights: Weights) -> None:
        """Rank both groups anew."""
        for group in self.groups.values():
            group.rank(weights)

    def choose(self, state: npt.NDArray[np.uint64]) -> tuple[bool, int]:
        """Return the better of two plans drawn by chance: its group and its line. ``rank`` must be up to date."""
        one, two = self._draw(state), self._draw(state)
        return one if self.groups[one[0]].fitness[one[1]] < self.groups[two[0]].fitness[two[1]] else two

    def _draw(self, state: npt.NDArray[np.uint64]) -> tuple[bool, int]:
        feasible = self.groups[True].count
        line = int(draw_below(state, feasible + self.groups[False].count))
        return (True, line) if line < feasible else (False, line - feasible)

    def restore(self, key: tuple[bool, int], weights: Weights, plan: Plan) -> None:
        """Make ``plan`` the one that is kept there."""
        group, line = self.groups[key[0]], key[1]
        unpack(self.rules, weights, group.flat[line], group.length[line], group.pattern[line], plan)


def _ranks(values: Floats) -> Ints:
    ranks = np.empty(len(values), np.int64)
    ranks[np.argsort(values, kind="stable")] = np.arange(len(values))
    return ranks


def count_visits(rules: Rules) -> int:
    """How many visits can a plan have at most?"""
    sizes = np.diff(rules.day_first)
    return int(sum(sizes[a:b].max(initial=0) for a, b in pairwise(rules.pattern_first.tolist())))
