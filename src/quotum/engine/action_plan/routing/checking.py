"""Is a route plan what it says it is? Written apart from the planner and its kernels, in plain Python.

Every rule is checked from the problem alone: nothing the search has counted is believed.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from quotum.engine.action_plan.routing.problem import UNPLACED, PeriodicProblem, Solution

_SLACK = 1e-6


@dataclass(frozen=True)
class Fault:
    """One promise that a plan breaks."""

    rule: str
    """visited_twice, not_its_pattern, unknown_pattern, unknown_stop, too_much_load, too_many_minutes, too_late,
    cost_differs."""
    customer: int | None = None
    shift: int | None = None
    amount: float = 0.0
    """By how much, where that can be said."""


def find_faults(problem: PeriodicProblem, solution: Solution) -> list[Fault]:
    """Return all promises the plan breaks; an empty list means that it can be published."""
    faults: list[Fault] = []
    days: dict[int, list[int]] = defaultdict(list)
    travel = 0.0
    for shift, route in enumerate(solution.routes):
        strangers = [c for c in route if not 0 <= c < problem.num_customers]
        faults += [Fault("unknown_stop", c, shift) for c in strangers]
        if strangers:
            continue
        for c in route:
            days[c].append(int(problem.shifts.day[shift]))
        driven, found = _follow(problem, shift, route)
        travel += driven
        faults += found
    cost = travel
    for c in range(problem.num_customers):
        faults += _check_days(problem, c, int(solution.pattern[c]), sorted(days[c]))
        cost += _price(problem, c, int(solution.pattern[c]))
    for told, counted in ((solution.cost, cost), (solution.travel, travel)):
        if abs(told - counted) > _SLACK * max(1.0, abs(counted)):
            faults.append(Fault("cost_differs", amount=told - counted))
    return faults


def _follow(problem: PeriodicProblem, shift: int, route: tuple[int, ...]) -> tuple[float, list[Fault]]:
    """Drive the route once: what is travelled, and which limits are broken on the way."""
    if not route:
        return 0.0, []
    faults = []
    day, shifts = int(problem.shifts.day[shift]), problem.shifts
    timed = len(problem.opens) > 0
    left = float(shifts.leaves[shift]) if timed else 0.0
    now, here, travel, load = left, int(shifts.start[shift]), 0.0, 0.0
    for c in route:
        leg = float(problem.travel[here, c])
        now, travel, load, here = now + leg, travel + leg, load + float(problem.loads[c]), c
        if timed:
            now = max(now, float(problem.opens[c, day]))
            late = now - float(problem.closes[c, day])
            if late > _SLACK:
                faults.append(Fault("too_late", c, shift, late))
        now += float(problem.service[c])
    leg = float(problem.travel[here, int(shifts.end[shift])])
    over = now + leg - left - float(shifts.max_minutes[shift])
    if over > _SLACK:
        faults.append(Fault("too_many_minutes", None, shift, over))
    if load - float(shifts.max_load[shift]) > _SLACK:
        faults.append(Fault("too_much_load", None, shift, load - float(shifts.max_load[shift])))
    return travel + leg, faults


def _check_days(problem: PeriodicProblem, customer: int, pattern: int, days: list[int]) -> list[Fault]:
    if len(days) != len(set(days)):
        return [Fault("visited_twice", customer)]
    if pattern == UNPLACED:
        return [Fault("not_its_pattern", customer)] if days else []
    if not problem.patterns.first[customer] <= pattern < problem.patterns.first[customer + 1]:
        return [Fault("unknown_pattern", customer)]
    return [] if problem.patterns.days_of(pattern) == tuple(days) else [Fault("not_its_pattern", customer)]


def _price(problem: PeriodicProblem, customer: int, pattern: int) -> float:
    if pattern == UNPLACED:
        return float(problem.unplaced_cost[customer])
    return float(problem.patterns.cost[pattern]) if pattern < len(problem.patterns.cost) else 0.0
