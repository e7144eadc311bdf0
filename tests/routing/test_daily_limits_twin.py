"""Limits of kinds of customers on every day: against trying everything, on problems small enough for that."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from routing_worlds import _cheapest_day, make_problem

from quotum.engine.action_plan.daily_limits import DailyLimits, keep_limits, name_patterns
from quotum.engine.action_plan.routing.checking import find_faults
from quotum.engine.action_plan.routing.solving import Search, solve_periodic

QUICK = Search(rounds=1_500)


def cheapest_within(problem, limits) -> float:
    """Return the least cost of all plans whose days keep within the limits."""
    n, days, patterns = problem.num_customers, problem.num_days, problem.patterns
    by_day = [_cheapest_day(problem, day) for day in range(days)]
    choices = [
        [(float(problem.unplaced_cost[c]), ())]
        + [(float(patterns.cost[p]), patterns.days_of(p)) for p in range(patterns.first[c], patterns.first[c + 1])]
        for c in range(n)
    ]
    best = np.inf
    for chosen in product(*choices):
        seen = np.array([[day in chosen[c][1] for day in range(days)] for c in range(n)])
        if (limits.counts.astype(int) @ seen <= limits.most).all():
            cost = sum(cost for cost, _ in chosen)
            cost += sum(by_day[day][sum(1 << c for c in range(n) if seen[c, day])] for day in range(days))
            best = min(best, cost)
    return float(best)


@pytest.mark.parametrize("seed", range(5))
def test_limits_hold_at_little_more_than_the_least_cost(seed: int):
    problem = make_problem(seed, customers=6, days=4, vehicles=1, tight=3.0)
    problem = replace(problem, loads=np.ones(6))
    counts = np.array([[True, True, True, True, False, False], [False, False, False, True, True, True]])
    limits = DailyLimits(counts, np.array([[1, 1, 2, 1], [1, 1, 1, 1]]))
    free = solve_periodic(problem, QUICK)
    if limits.are_kept(problem, free):
        assert free.cost <= cheapest_within(problem, limits) + 1e-6
        return
    given = keep_limits(problem, limits, free)
    found = name_patterns(problem, given, solve_periodic(given, QUICK))
    assert limits.are_kept(problem, found)
    assert find_faults(problem, found) == []
    assert found.cost <= 1.1 * cheapest_within(problem, limits)
