"""The planner finds what trying everything finds, on problems small enough to try everything."""

from dataclasses import replace

import numpy as np
import pytest
from routing_worlds import cheapest_cost, make_problem

from quotum.engine.action_plan.routing.checking import find_faults
from quotum.engine.action_plan.routing.problem import list_patterns
from quotum.engine.action_plan.routing.solving import Search, solve_periodic

QUICK = Search(rounds=30_000)


@pytest.mark.parametrize("seed", range(8))
def test_the_same_optimum_as_trying_everything(seed):
    problem = make_problem(seed, customers=5 + seed % 2, days=2 + seed % 3, tight=1.0 + 0.2 * (seed % 4))
    solution = solve_periodic(problem, QUICK)
    assert find_faults(problem, solution) == []
    assert solution.cost == pytest.approx(cheapest_cost(problem))


@pytest.mark.parametrize("seed", range(4))
def test_the_same_optimum_with_windows(seed):
    problem = make_problem(seed, customers=5, days=3, windows=True)
    solution = solve_periodic(problem, QUICK)
    assert find_faults(problem, solution) == []
    assert solution.cost == pytest.approx(cheapest_cost(problem))


def test_ways_there_and_back_may_differ():
    problem = make_problem(1, customers=5, days=2)
    chance = np.random.default_rng(5)
    problem = replace(problem, travel=problem.travel * (1.0 + chance.random(problem.travel.shape)))
    assert solve_periodic(problem, QUICK).cost == pytest.approx(cheapest_cost(problem))


def test_a_customer_is_left_out_where_that_is_cheaper():
    problem = make_problem(2, customers=4, days=2)
    problem = replace(problem, unplaced_cost=np.array([0.5, 1000.0, 1000.0, 1000.0]))
    solution = solve_periodic(problem, QUICK)
    assert solution.unplaced == (0,)
    assert solution.cost == pytest.approx(cheapest_cost(problem))


def test_a_pattern_without_days_is_a_choice_like_others():
    problem = make_problem(3, customers=3, days=2)
    problem = replace(problem, patterns=list_patterns([[((), 3.0)], [((0,), 0.0), ((), 1e4)], [((0, 1), 0.0)]]))
    solution = solve_periodic(problem, QUICK)
    assert solution.unplaced == ()
    assert solution.cost == pytest.approx(cheapest_cost(problem))
