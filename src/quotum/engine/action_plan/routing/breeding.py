"""Hybrid genetic search: plans are crossed, taught by local search, and the best and most unlike of them kept.

Method: HGSADC, Vidal, Crainic, Gendreau, Lahrichi, Rei, Operations Research 60(3), 2012. It needs ways that are as long
there as back, and no windows.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from quotum.engine.action_plan.routing.population import FEWEST, MOST, Population
from quotum.engine.kernels.periodic import (
    Plan,
    Rules,
    Weights,
    copy_plan,
    cross,
    draw,
    educate,
    make_cradle,
    make_desk,
    make_plan,
    make_track,
    reweigh,
    scatter,
)

_REACH = 10  # near visits of a day towards which moves are tried
_REPAIR, _HARSH = 0.5, 10.0
_FIRST = 2  # times the size of the population: plans made from nothing
_PLACES = 6.0  # in the population for each child per visit
_BY_CHANCE = 0.5  # part of customers on a random pattern in them
_TARGET, _WINDOW = 0.3, 50  # part of children that should hold a limit; after how many that is looked at
_PATIENCE = 4_000  # children without a better plan until all begins anew


class Breeder:
    """A running search; ``step`` makes one child, ``best`` is the cheapest plan so far that holds all limits."""

    def __init__(self, rules: Rules, state: npt.NDArray[np.uint64], best: Plan) -> None:
        self.rules, self.state, self.best = rules, state, best
        self.weights = first_weights(rules)
        self.mother, self.father, self.child = make_plan(rules), make_plan(rules), make_plan(rules)
        self.track, self.desk, self.cradle = make_track(rules), make_desk(rules), make_cradle(rules)
        self.size = FEWEST
        self._begin()

    def expect(self, children_per_visit: float) -> None:
        """Set the size of the population by how many children there will be time for."""
        self.size = self.population.size = int(min(max(children_per_visit * _PLACES, FEWEST), MOST))

    def _begin(self) -> None:
        self.population = Population(self.rules, self.size)
        self.recent: list[tuple[bool, bool]] = []
        self.births = self.idle = 0
        self.least = np.inf

    def step(self) -> None:
        """Make a child, teach it, take it in."""
        if self.births < _FIRST * self.size:
            scatter(self.rules, self.child, self.weights, self.state, self.desk, _BY_CHANCE)
        else:
            self._cross()
        self._teach(self.weights)
        held = self._take_in()
        self.recent.append(held)
        if not all(held) and draw(self.state) < _REPAIR:
            self.desk.dirty[:] = True
            self._teach(Weights(self.weights.load * _HARSH, self.weights.minutes * _HARSH))
            reweigh(self.rules, self.child, self.weights)
            self._take_in()
        if len(self.recent) == _WINDOW:
            self._adapt()
        self.births += 1
        self.idle += 1
        if self.idle > _PATIENCE:
            self._begin()

    def take(self, plan: Plan) -> None:
        """Take in a plan made elsewhere."""
        copy_plan(self.rules, plan, self.child)
        reweigh(self.rules, self.child, self.weights)
        self._take_in()

    def _cross(self) -> None:
        population, weights = self.population, self.weights
        population.rank(weights)
        one, two = population.choose(self.state), population.choose(self.state)
        for _ in range(10):
            if one != two:
                break
            two = population.choose(self.state)
        population.restore(one, weights, self.mother)
        population.restore(two, weights, self.father)
        cross(self.rules, weights, self.mother, self.father, self.child, self.cradle, self.state, self.desk)

    def _teach(self, weights: Weights) -> None:
        educate(self.rules, self.child, self.track, weights, self.state, self.desk, _REACH, 2)

    def _take_in(self) -> tuple[bool, bool]:
        cost, load, minutes = self.population.add(self.child, self.weights)
        held = load == 0.0, minutes == 0.0
        if all(held) and cost < self.least - 1e-7:
            self.least, self.idle = cost, 0
            if cost < self.best.total[0] - 1e-7:
                copy_plan(self.rules, self.child, self.best)
        return held

    def _adapt(self) -> None:
        """Ask more for a limit that too few plans hold, and less for one that too many do."""
        shares = [sum(held) / len(self.recent) for held in zip(*self.recent, strict=True)]
        factors = [1.2 if share < _TARGET - 0.05 else 0.85 if share > _TARGET + 0.05 else 1.0 for share in shares]
        self.weights = Weights(self.weights.load * factors[0], self.weights.minutes * factors[1])
        self.recent = []


def first_weights(rules: Rules) -> Weights:
    """What is a limit worth to begin with: a unit of load about the farthest way per largest load, a minute one."""
    far, load = float(rules.travel.max(initial=0.0)), float(rules.load.max(initial=0.0))
    return Weights(max(0.1, far / load) if load > 0 else 1.0, 1.0)
