"""The search for a good periodic route plan, by effort in rounds or until a clock outside says stop.

Two engines, by what the problem allows. *Annealing* takes visits out and puts them back; it bears windows, ways that
differ there and back, and a plan to set out from. *Breeding* keeps a population of plans and is better where ways are
symmetric and nobody has windows; it begins with what annealing finds in the first part of the effort, which is the
larger the fewer children there is time for, and ends with annealing the best plan once more. Where every day has one
shift, several plans are annealed from nothing and the best of them goes on: how often a far town is driven to is soon
decided and hardly ever changed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quotum.engine.action_plan.routing.breeding import Breeder
from quotum.engine.action_plan.routing.kernel_arrays import HARD, make_rules, read_plan, write_plan
from quotum.engine.action_plan.routing.population import count_visits
from quotum.engine.action_plan.routing.problem import UNPLACED, PeriodicProblem, Solution
from quotum.engine.kernels.periodic import Plan, Rules, anneal, copy_plan, make_desk, make_plan, reweigh, seed_draws

_SLICE = 200  # rounds of annealing between two looks at the clock
_TRIAL = 5  # children after which it is guessed how many there will be
_SLOW = 0.03  # of the effort: who takes so long for one child has no time for more
_ENOUGH = 1.0  # children for each visit: with fewer there is next to no breeding
_GUESSED = 100  # rounds of annealing by whose time that is guessed
_LUKEWARM = 0.3  # of the first temperature, for a plan that has been bred
_QUICKER = 2.5  # than those made from nothing are children of two plans

# Where every day has one shift, a far town costs a whole day, and whole days have to change places.
_ALONE_HEAT = 3.0  # times hotter
_ALONE_WHOLE = 2.0  # times as often a whole shift is taken out
_ALONE_WORTH = 0.25  # children are worth so much less
_STARTS, _STARTING = 6, 0.6  # plans made from nothing, and the part of annealing they take
_LEAST = 10  # rounds for every customer that such a plan needs
_COOLED = 0.1  # mean legs at which each of them ends


@dataclass(frozen=True)
class Search:
    """How a plan is sought."""

    rounds: int = 100_000
    """Effort: takings-out and puttings-back; a child counts as two for every customer. Not used with a clock."""
    seed: int = 0
    hot: float = 1.0
    """First temperature of annealing in mean legs; a published plan is warmed up to a tenth of it."""
    cold: float = 0.02
    single_day: float = 0.4
    whole_shift: float = 0.05
    radial: float = 0.02
    first_part: float | None = None
    """Part of the effort that is annealing, where breeding follows; None: by how many children there is time for."""
    last_part: float = 0.3
    """Part of the effort that is annealing again, from the best plan that was bred."""


class _Effort:
    """How much of the effort is spent: rounds counted, or a clock from outside."""

    def __init__(self, rounds: int, clock: Callable[[], float] | None) -> None:
        self.rounds, self.total, self.clock = 0, rounds, clock

    def spent(self) -> float:
        return self.rounds / self.total if self.clock is None else self.clock()


def solve_periodic(
    problem: PeriodicProblem,
    search: Search = Search(),
    *,
    progress: Callable[[], float] | None = None,
    start: Solution | None = None,
) -> Solution:
    """Which customers are visited on which days, by whom and in which order, at the least cost found?

    ``progress`` is a clock from outside: it returns the part of the time that is gone, 1 or more to stop; without it
    the same problem and search give the same solution, always. ``start`` is a plan to set out from; its visits should
    fit the problem. Limits of shifts always hold; who finds no place is in ``Solution.unplaced``.
    """
    rules = make_rules(problem)
    effort = _Effort(search.rounds, progress)
    if problem.num_customers == 0 or len(problem.shifts.day) == 0:
        return read_plan(problem, make_plan(rules), 0)
    state = seed_draws(search.seed)
    if start is not None:
        best = write_plan(rules, HARD, start)
        _anneal(rules, write_plan(rules, HARD, start), best, state, search, effort, (1.0, search.hot / 10, search.cold))
        return read_plan(problem, best, effort.rounds)
    best = make_plan(rules)
    if len(problem.opens) or not np.allclose(problem.travel, problem.travel.T):
        _anneal_anew(rules, best, state, search, effort, 1.0)
    else:
        _breed(rules, best, state, search, effort)
    return read_plan(problem, best, effort.rounds)


def _breed(rules: Rules, best: Plan, state: npt.NDArray[np.uint64], search: Search, effort: _Effort) -> None:
    """Anneal, breed, and anneal again, as far as there is time for each."""
    breeder = Breeder(rules, state, best)
    alone = is_alone(rules)
    children = _ALONE_WORTH * _guess_children(rules, state, effort) / max(count_visits(rules), 1) if alone else _ENOUGH
    if children >= _ENOUGH:
        children = _count_children(breeder, effort) / max(count_visits(rules), 1) * (_ALONE_WORTH if alone else 1.0)
    part = _first_part(children) if search.first_part is None else search.first_part
    found = make_plan(rules)
    _anneal_anew(rules, found, state, search, effort, part)
    breeder.expect(children * (1.0 - part))
    if found.total[0] < best.total[0]:
        copy_plan(rules, found, best)

    def is_wanted() -> bool:
        now = effort.spent()
        return now < 1.0 and (now < 1.0 - search.last_part or bool((best.pattern == UNPLACED).any()))

    if part > 0.0 and is_wanted():
        breeder.take(found)
    while is_wanted():
        breeder.step()
        effort.rounds += 2 * len(rules.load)
    copy_plan(rules, best, found)
    _anneal(rules, found, best, state, search, effort, (1.0, search.hot * _LUKEWARM, search.cold))


def _guess_children(rules: Rules, state: npt.NDArray[np.uint64], effort: _Effort) -> float:
    """How many children is there time for, going by rounds of annealing? Rather too many than too few."""
    rounds = float(effort.total)
    if effort.clock is not None:
        plan, old, best, desk = make_plan(rules), make_plan(rules), make_plan(rules), make_desk(rules)
        anneal(rules, plan, old, best, HARD, state, desk, 1e-9, 1e-9, len(rules.load), 0.0, 0.0, 0.0)
        begun = effort.spent()
        anneal(rules, plan, old, best, HARD, state, desk, 1e-9, 1e-9, _GUESSED, 0.0, 0.0, 0.0)
        rounds = _GUESSED * (1.0 - begun) / max(effort.spent() - begun, 1e-9)
    return _QUICKER * rounds / (2 * len(rules.load))


def _count_children(breeder: Breeder, effort: _Effort) -> float:
    """How many children is there time for? Some are made to see; the first, which may load code, does not count."""
    begun, made = effort.spent(), 0
    breeder.step()
    if effort.clock is None or effort.spent() < begun + _SLOW:
        begun = effort.spent()
        while made < _TRIAL and effort.spent() < begun + _SLOW:
            breeder.step()
            effort.rounds += 2 * len(breeder.rules.load)
            made += 1
    return _QUICKER * max(made, 1) * (1.0 - begun) / max(effort.spent() - begun, 1e-9)


def _first_part(children_per_visit: float) -> float:
    """What part of the effort is annealing? Breeding needs many children; annealed plans cost it variety."""
    if children_per_visit < _ENOUGH:
        return 0.97
    return 0.85 if children_per_visit < 2.5 else max(1.0 - children_per_visit / 5.0, 0.0)


def first_heat(rules: Rules, search: Search) -> float:
    """How many mean legs is the first temperature? More where a day has one shift: there whole days change places."""
    return search.hot * (_ALONE_HEAT if is_alone(rules) else 1.0)


def is_alone(rules: Rules) -> bool:
    """Has every day one shift of a kind?"""
    return len(rules.pool_first) - 1 == len(rules.shift_day)


def _anneal_anew(
    rules: Rules, best: Plan, state: npt.NDArray[np.uint64], search: Search, effort: _Effort, until: float
) -> None:
    """Anneal plans made from nothing; where days have one shift several of them, and the best of these once more."""
    begun, warm, rounds = effort.spent(), first_heat(rules, search), effort.rounds
    if until <= begun:
        return
    plan = make_plan(rules)
    if is_alone(rules):
        starts, turn = _STARTS, (until - begun) * _STARTING / _STARTS
        while starts > 0:
            _anneal(rules, make_plan(rules), best, state, search, effort, (effort.spent() + turn, warm, _COOLED))
            if starts == _STARTS:  # by now it is known how many rounds there is time for
                starts = min(starts, (effort.rounds - rounds) * _STARTS // (_LEAST * len(rules.load)))
            starts -= 1
        copy_plan(rules, best, plan)
        warm = search.hot
    _anneal(rules, plan, best, state, search, effort, (until, warm, search.cold))


def _anneal(
    rules: Rules, plan: Plan, best: Plan, state: npt.NDArray[np.uint64], search: Search, effort: _Effort,
    cooling: tuple[float, float, float],
) -> None:  # fmt: skip
    """Cool down; ``cooling``: until when, as part of the effort, and from and to how many mean legs."""
    until, warm, cold = cooling
    old, desk = make_plan(rules), make_desk(rules)
    shares = search.single_day, search.whole_shift * (_ALONE_WHOLE if is_alone(rules) else 1.0), search.radial
    anneal(rules, plan, old, best, HARD, state, desk, 1e-9, 1e-9, 20 + len(rules.load), 0.0, 0.0, 0.0)
    leg = max(float(plan.cost.sum()) / max(int(plan.length.sum()), 1), 1e-9)
    begun = min(effort.spent(), until)
    while (now := effort.spent()) < until:
        heat = leg * warm * (cold / warm) ** ((now - begun) / (until - begun))
        anneal(rules, plan, old, best, HARD, state, desk, heat, heat, _SLICE, *shares)
        reweigh(rules, plan, HARD)
        effort.rounds += _SLICE
