"""What every route plan keeps, whatever the problem: limits, patterns, the same bytes for the same seed."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from routing_worlds import make_problem

from quotum.engine.action_plan.routing.checking import find_faults
from quotum.engine.action_plan.routing.problem import PeriodicProblem, Solution, list_patterns
from quotum.engine.action_plan.routing.solving import Search, solve_periodic

BRIEF = Search(rounds=500)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), customers=st.integers(1, 14), days=st.integers(1, 5), tight=st.floats(0.4, 2.0),
       windows=st.booleans(), part=st.sampled_from([None, 0.0]))  # fmt: skip
def test_every_plan_keeps_all_limits_and_tells_who_found_no_place(seed, customers, days, tight, windows, part):
    problem = make_problem(seed, customers=customers, days=days, tight=tight, windows=windows)
    solution = solve_periodic(problem, replace(BRIEF, rounds=2_000, first_part=part))
    assert find_faults(problem, solution) == []


def test_the_same_seed_gives_the_same_plan_and_another_seed_may_not():
    problem = make_problem(4, customers=40, days=5, vehicles=3)
    one, two = (solve_periodic(problem, BRIEF) for _ in range(2))
    assert one.routes == two.routes
    assert one.cost == two.cost
    assert solve_periodic(problem, replace(BRIEF, seed=1)).routes != one.routes


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(12)))
def test_the_order_of_customers_does_not_decide_who_finds_a_place(order):
    problem = make_problem(6, customers=12, days=3, tight=2.0)
    assert solve_periodic(_reorder(problem, order), BRIEF).unplaced == ()


def _reorder(problem: PeriodicProblem, order: list[int]) -> PeriodicProblem:
    patterns = problem.patterns
    places = [*order, *range(problem.num_customers, len(problem.travel))]
    choices = [[(patterns.days_of(p), float(patterns.cost[p])) for p in range(patterns.first[c], patterns.first[c + 1])]
               for c in order]  # fmt: skip
    return replace(
        problem, travel=problem.travel[np.ix_(places, places)], service=problem.service[order],
        loads=problem.loads[order], patterns=list_patterns(choices), unplaced_cost=problem.unplaced_cost[order],
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(4))
def test_a_day_off_has_no_visits_and_nobody_is_forced(seed):
    problem = make_problem(seed, customers=8, days=3)
    off = problem.shifts.day != 1
    problem = replace(problem, shifts=replace(problem.shifts, **{k: v[off] for k, v in vars(problem.shifts).items()}))
    solution = solve_periodic(problem, Search(rounds=5_000))
    assert find_faults(problem, solution) == []
    for c in range(8):
        if solution.pattern[c] >= 0:
            assert 1 not in problem.patterns.days_of(int(solution.pattern[c]))


def test_a_published_plan_changes_only_where_that_is_worth_its_cost():
    problem = make_problem(8, customers=30, days=4, vehicles=2, tight=2.0)
    published = solve_periodic(problem, BRIEF)
    kept = problem.patterns.cost + 1e5
    kept[published.pattern] -= 1e5
    dearer = replace(problem, patterns=replace(problem.patterns, cost=kept))
    again = solve_periodic(dearer, replace(BRIEF, seed=3), start=published)
    assert (again.pattern == published.pattern).all()
    assert again.cost <= published.cost + 1e-6


def test_a_clock_from_outside_ends_the_search():
    looks = iter([*[k / 40 for k in range(40)], *[1.0] * 50])
    solution = solve_periodic(make_problem(9), progress=lambda: next(looks))
    assert solution.rounds > 0


@pytest.mark.parametrize("change", [
    {"travel": np.zeros((2, 3))}, {"travel": np.full((7, 7), np.nan)}, {"loads": np.zeros(2)},
    {"opens": np.zeros((6, 1)), "closes": np.zeros((6, 1))}, {"num_days": 1}, {"unplaced_cost": np.full(6, np.inf)},
])  # fmt: skip
def test_a_problem_that_does_not_fit_is_refused(change):
    with pytest.raises(ValueError, match="does not keep its promise"):
        replace(make_problem(1), **change)


def test_the_checker_names_what_is_wrong():
    problem = make_problem(1, customers=6, days=3, tight=2.0)
    good = solve_periodic(problem, BRIEF)
    assert _rules(problem, replace(good, cost=good.cost + 1)) == {"cost_differs"}
    busy = next(r for r, route in enumerate(good.routes) if route)
    without = tuple(() if r == busy else route for r, route in enumerate(good.routes))
    assert "not_its_pattern" in _rules(problem, replace(good, routes=without))
    twice = tuple((*route, *route) if r == busy else route for r, route in enumerate(good.routes))
    assert {"visited_twice", "cost_differs"} <= _rules(problem, replace(good, routes=twice))
    stranger = tuple((99,) if r == busy else route for r, route in enumerate(good.routes))
    assert "unknown_stop" in _rules(problem, replace(good, routes=stranger))
    shifts = problem.shifts
    small = replace(problem, shifts=replace(shifts, max_load=shifts.max_load * 0, max_minutes=shifts.max_minutes * 0))
    assert {"too_much_load", "too_many_minutes"} <= _rules(small, good)


def _rules(problem: PeriodicProblem, solution: Solution) -> set[str]:
    return {fault.rule for fault in find_faults(problem, solution)}
