"""Between a periodic problem and the arrays of the kernels: there before a search, back after it."""

from __future__ import annotations

import numpy as np

from quotum.engine.action_plan.routing.problem import UNPLACED, Floats, Ints, PeriodicProblem, Solution
from quotum.engine.kernels.periodic import Plan, Rules, Weights, insert_stop, make_plan

_MAX_NEAR = 200
HARD = Weights(np.inf, np.inf)


def make_rules(problem: PeriodicProblem) -> Rules:
    """Return what the kernels need to know about the problem."""
    shifts, patterns = problem.shifts, problem.patterns
    days = [_days_of(problem, c) for c in range(problem.num_customers)]
    alike = np.column_stack([shifts.day, shifts.start, shifts.end, shifts.max_minutes, shifts.max_load, shifts.leaves])
    new_pool = np.any(alike[1:] != alike[:-1], axis=1)
    pool = np.cumsum(np.concatenate([[0], new_pool])[: len(shifts.day)])
    return Rules(
        _floats(problem.travel), _floats(problem.travel.T), _floats(problem.service), _floats(problem.loads),
        _floats(problem.unplaced_cost), _ints(patterns.first), _floats(patterns.cost), _ints(patterns.day_first),
        _ints(patterns.days), _ints(np.cumsum([0, *map(len, days)])), _ints(np.concatenate([np.zeros(0), *days])),
        _ints(np.searchsorted(shifts.day, np.arange(problem.num_days + 1))), _ints(shifts.day),
        _ints(pool), _ints(np.searchsorted(pool, np.arange(pool.max(initial=-1) + 2))), _ints(shifts.start),
        _ints(shifts.end),
        _floats(shifts.leaves), _floats(shifts.max_minutes), _floats(shifts.max_load),
        find_near(problem.travel, problem.num_customers), _floats(problem.opens), _floats(problem.closes),
    )  # fmt: skip


def find_near(travel: Floats, num_customers: int) -> Ints:
    """Return for each customer the others, nearest there and back first, at most 200 of them."""
    both = travel[:num_customers, :num_customers] + travel[:num_customers, :num_customers].T
    np.fill_diagonal(both, -1.0)
    order = np.argsort(both, axis=1, kind="stable")
    return _ints(order[:, 1 : _MAX_NEAR + 1])  # nobody is nearer than the customer itself, at -1


def _days_of(problem: PeriodicProblem, customer: int) -> Ints:
    patterns = problem.patterns
    first, last = patterns.day_first[patterns.first[customer : customer + 2]]
    return np.flatnonzero(np.bincount(patterns.days[first:last]))


def read_plan(problem: PeriodicProblem, plan: Plan, rounds: int) -> Solution:
    """Return the plan as a solution, its cost counted anew."""
    routes = tuple(
        tuple(plan.stops[r, 1 : plan.length[r] + 1].tolist()) for r in range(len(problem.shifts.day))
    )
    travel = sum(
        float(problem.travel[a, b])
        for r, route in enumerate(routes)
        if route
        for a, b in zip((problem.shifts.start[r], *route), (*route, problem.shifts.end[r]), strict=True)
    )
    placed = plan.pattern != UNPLACED
    extra = float(problem.patterns.cost[plan.pattern[placed]].sum() + problem.unplaced_cost[~placed].sum())
    return Solution(plan.pattern.copy(), routes, travel + extra, travel, rounds)


def write_plan(rules: Rules, weights: Weights, start: Solution) -> Plan:
    """Return a plan that begins with the given solution; what does not fit there is left to the caller to see."""
    plan: Plan = make_plan(rules)
    for c, pattern in enumerate(start.pattern.tolist()):
        if pattern != UNPLACED:
            plan.pattern[c] = pattern
            plan.total[0] += rules.pattern_cost[pattern] - rules.unplaced_cost[c]
    for r, route in enumerate(start.routes):
        for i, c in enumerate(route):
            insert_stop(rules, plan, weights, c, r, i + 1)
    return plan


def _floats(values: np.typing.ArrayLike) -> Floats:
    return np.ascontiguousarray(values, np.float64)


def _ints(values: np.typing.ArrayLike) -> Ints:
    return np.ascontiguousarray(values, np.int64)
