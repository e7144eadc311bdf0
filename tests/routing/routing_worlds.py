"""Small periodic problems for the tests, and the slow way to solve one: try everything."""

from __future__ import annotations

from itertools import permutations, product

import numpy as np

from quotum.engine.action_plan.routing.problem import PeriodicProblem, Shifts, list_patterns


def make_problem(
    seed: int, *, customers: int = 6, days: int = 3, vehicles: int = 2, tight: float = 1.5, windows: bool = False
) -> PeriodicProblem:
    """Return a random problem: one base, patterns of one or two days with costs, limits that bind."""
    chance = np.random.default_rng(seed)
    places = chance.integers(0, 100, (customers + 1, 2)).astype(float)
    travel = np.sqrt(((places[:, None] - places[None]) ** 2).sum(axis=2))
    choices = []
    for _ in range(customers):
        visits = int(chance.integers(1, min(days, 2) + 1))
        count = int(chance.integers(1, 4))
        sets = {tuple(sorted(chance.choice(days, visits, replace=False).tolist())) for _ in range(count)}
        choices.append([(chosen, float(chance.integers(0, 20))) for chosen in sorted(sets)])
    loads = chance.integers(1, 4, customers).astype(float)
    service = chance.integers(5, 30, customers).astype(float)
    count = days * vehicles
    day = np.repeat(np.arange(days), vehicles)
    need = loads.sum() / vehicles
    base = np.full(count, customers)
    shifts = Shifts(day, np.tile(np.arange(vehicles), days), base, base, np.full(count, 300.0 * tight),
                    np.full(count, np.ceil(need * tight)), np.full(count, 480.0))  # fmt: skip
    opens = closes = np.zeros((0, 0))
    if windows:
        opens = np.where(chance.random((customers, days)) < 0.5, 480.0, 600.0)
        closes = opens + 150.0
    return PeriodicProblem(days, travel, service, loads, list_patterns(choices), shifts, np.full(customers, 1000.0),
                           opens, closes)  # fmt: skip


def cheapest_cost(problem: PeriodicProblem) -> float:
    """Return the least cost there is, from every pattern of every customer and every order of every shift."""
    n, days = problem.num_customers, problem.num_days
    by_day = [_cheapest_day(problem, d) for d in range(days)]
    patterns = problem.patterns
    choices = [
        [(float(problem.unplaced_cost[c]), ())]
        + [(float(patterns.cost[p]), patterns.days_of(p)) for p in range(patterns.first[c], patterns.first[c + 1])]
        for c in range(n)
    ]
    best = np.inf
    for chosen in product(*choices):
        cost = sum(cost for cost, _ in chosen)
        for d in range(days):
            cost += by_day[d][sum(1 << c for c in range(n) if d in chosen[c][1])]
        best = min(best, cost)
    return float(best)


def _cheapest_day(problem: PeriodicProblem, d: int) -> list[float]:
    """Return for every set of customers (a bit mask) what visiting exactly them on day d costs at least."""
    size = 1 << problem.num_customers
    best = [0.0] + [np.inf] * (size - 1)
    for shift in np.flatnonzero(problem.shifts.day == d).tolist():
        alone = [_cheapest_route(problem, shift, d, mask) for mask in range(size)]
        best = [min(best[mask ^ part] + alone[part] for part in _parts(mask)) for mask in range(size)]
    return best


def _parts(mask: int) -> list[int]:
    parts, part = [0], mask
    while part:
        parts.append(part)
        part = (part - 1) & mask
    return parts


def _cheapest_route(problem: PeriodicProblem, shift: int, d: int, mask: int) -> float:
    stops = [c for c in range(problem.num_customers) if mask >> c & 1]
    if not stops:
        return 0.0
    shifts = problem.shifts
    if sum(problem.loads[c] for c in stops) > shifts.max_load[shift]:
        return float(np.inf)
    best = np.inf
    for order in permutations(stops):
        here, travel, now, late = int(shifts.start[shift]), 0.0, float(shifts.leaves[shift]), False
        for c in order:
            travel += problem.travel[here, c]
            now += problem.travel[here, c]
            if len(problem.opens):
                now = max(now, problem.opens[c, d])
                late |= now > problem.closes[c, d]
            now += problem.service[c]
            here = c
        leg = problem.travel[here, shifts.end[shift]]
        if not late and now + leg - shifts.leaves[shift] <= shifts.max_minutes[shift]:
            best = min(best, travel + leg)
    return float(best)
