"""The search for a good periodic route plan, by effort in rounds or until a clock outside says stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from quotum.engine.action_plan.routing.kernel_arrays import HARD, make_rules, read_plan, write_plan
from quotum.engine.action_plan.routing.problem import PeriodicProblem, Solution
from quotum.engine.kernels.periodic import anneal, make_plan, seed_draws

_SLICE = 2_000  # rounds between two looks at the clock


@dataclass(frozen=True)
class Search:
    """How a plan is sought."""

    rounds: int = 100_000
    """Effort: takings-out and puttings-back; ignored where a clock is passed in."""
    seed: int = 0
    hot: float = 0.3
    """First temperature in mean legs; a published plan is warmed up to a tenth of it."""
    cold: float = 0.003
    single_day: float = 0.4
    whole_shift: float = 0.05
    radial: float = 0.02


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
    if problem.num_customers == 0 or len(problem.shifts.day) == 0:
        return read_plan(problem, make_plan(rules), 0)
    state = seed_draws(search.seed)
    plan = make_plan(rules) if start is None else write_plan(rules, HARD, start)
    best = make_plan(rules) if start is None else write_plan(rules, HARD, start)
    anneal(rules, plan, best, HARD, state, 1e-9, 1e-9, 20 + problem.num_customers, 0.0, 0.0, 0.0)
    visits = max(int(plan.length.sum()), 1)
    leg = max(float(plan.cost.sum()) / visits, 1e-9)
    warm = search.hot if start is None else search.hot / 10
    done, rounds = 0.0, 0
    while done < 1.0:
        ahead = min(1.0, rounds / search.rounds) if progress is None else progress()
        step = _SLICE / search.rounds if progress is None else max(ahead - done, 1e-4)
        hot, cold = (leg * warm * (search.cold / warm) ** min(1.0, at) for at in (ahead, ahead + step))
        anneal(rules, plan, best, HARD, state, hot, cold, _SLICE,
               search.single_day, search.whole_shift, search.radial)  # fmt: skip
        rounds += _SLICE
        done = ahead + step if progress is None else progress()
    return read_plan(problem, best, rounds)
