"""Any one driver from the others: what is solved gives the goal back; none, several and whole answers are told."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotum.engine.drivers import check_capacity, list_worth, solve_driver
from quotum.engine.drivers.sensitivity import choose_step
from quotum.engine.drivers.solving import find_form, find_shape
from small_company import firm
from small_drivers import plan_of, play_of, total

CHAIN = """
profit = "revenue * margin - wages"
revenue = "orders * average_order"
orders = "lag(visits, 14 days) * rate"
visits = { formula = "person_days * each", before = 80 }
each = 4
rate = { value = 0.2, high = 1 }
average_order = 1_000
margin = { value = 0.3, low = -1, high = 1 }
wages = { value = 2_000, per = "month", each = "person" }
calls = "visits / answered"
answered = { value = 0.15, high = 1 }
cover = "orders / (orders + missed)"
missed = { value = 5, per = "month" }
"""
TEAM = firm(
    {"ann": "N", "bob": "N"},
    people=[
        {"person": "bob", "hired": "2027-03-01", "visits_per_day": 5},
        {"person": "ann", "visits_per_day": 3, "calls_per_day": 20},
    ],
)


@pytest.fixture(scope="module")
def chain():
    return play_of(CHAIN, TEAM)


@given(
    st.sampled_from(["each", "average_order", "rate", "people", "working_days", "visits", "orders"]),
    st.sampled_from(["profit", "revenue", "orders", "cover"]), st.floats(0.5, 0.95),
)  # fmt: skip
@settings(max_examples=40)
def test_what_is_solved_gives_the_goal_back(chain, unknown, goal, part):
    wanted = part * (1 if goal == "cover" else total(chain, goal))
    found = solve_driver(chain, unknown, goal, wanted)
    if unknown not in chain.tree.below(goal):
        assert found.answer == "none"
    elif unknown == goal:
        assert found.values == pytest.approx((wanted,))
    else:
        reached = chain.sum_up(chain.evaluate({unknown: found.value * find_shape(chain, unknown, 0)}, 0), goal)
        assert float(reached) == pytest.approx(wanted, rel=1e-7)


def test_twice_the_goal_takes_twice_the_orders(chain):
    one, two = (solve_driver(chain, "orders", "revenue", goal).value for goal in (50_000, 100_000))
    assert two == pytest.approx(2 * one)


def test_other_money_is_another_scale_only():
    play = play_of(CHAIN, TEAM)
    large = play_of(CHAIN.replace("1_000", "1_000_000"), TEAM)
    assert solve_driver(large, "each", "revenue", 6e10).value == pytest.approx(
        solve_driver(play, "each", "revenue", 6e7).value
    )


def test_a_driver_below_the_line_is_solved_exactly(chain):
    found = solve_driver(chain, "answered", "calls", 20_000)
    assert found.value == pytest.approx(total(chain, "visits") / 20_000)
    assert find_form(chain, "answered", "calls") == (-1, False)


def test_a_goal_that_does_not_depend_on_it(chain):
    assert solve_driver(chain, "answered", "revenue", 1).answer == "none"
    assert solve_driver(chain, "answered", "revenue", total(chain, "revenue")).answer == "any"


def test_what_lies_outside_of_the_bounds_is_told(chain):
    found = solve_driver(chain, "rate", "revenue", 10 * total(chain, "revenue"))
    assert (found.answer, found.values, found.outside) == ("none", (), pytest.approx((2.0,)))
    assert found.best[1] == pytest.approx(5 * total(chain, "revenue"))


def test_a_parabola_has_two_answers():
    play = play_of("profit = 'price * (100 - price)'\nprice = 20")
    found = solve_driver(play, "price", "profit", 2_100)
    assert (found.answer, found.values) == ("many", pytest.approx((30, 70)))
    assert solve_driver(play, "price", "profit", 2_600).answer == "none"
    assert solve_driver(play, "price", "profit", 2_500).values == pytest.approx((50,), rel=1e-3)


def test_a_square_has_two_answers_and_one_within_the_bounds():
    play = play_of("area = 'side ^ 2 + 1'\nside = 3")
    found = solve_driver(play, "side", "area", 26)
    assert (found.values, found.outside) == (pytest.approx((5,)), pytest.approx((-5,)))
    assert solve_driver(play, "side", "area", 0.5).answer == "none"


def test_a_cap_makes_a_stretch_of_answers():
    play = play_of("sold = 'min(made, wanted)'\nmade = 50\nwanted = 80")
    found = solve_driver(play, "made", "sold", 80)
    assert (found.answer, found.values) == ("many", ())
    assert found.spans[0][0] == pytest.approx(80, rel=1e-6)
    assert solve_driver(play, "made", "sold", 81).answer == "none"
    assert solve_driver(play, "made", "sold", 60).values == pytest.approx((60,))


def test_a_step_that_jumps_over_the_goal_has_no_answer():
    play = play_of("lorries = 'ceil(tonnes / 20)'\ntonnes = 55")
    assert solve_driver(play, "tonnes", "lorries", 2.5).answer == "none"
    span = solve_driver(play, "tonnes", "lorries", 3).spans[0]
    assert span == (pytest.approx(40, rel=1e-6), pytest.approx(60, rel=1e-6))


@given(st.integers(1, 60), st.integers(1, 40), st.integers(2, 9))
@settings(max_examples=40)
def test_an_unknown_that_stands_twice_is_found(a, b, x):
    play = play_of(f"y = '{a} * x + {b} * x ^ 3 / (x + 1)'\nx = 1")
    found = solve_driver(play, "x", "y", a * x + b * x**3 / (x + 1))
    assert found.values == pytest.approx((x,), rel=1e-7)


def test_profit_zero_is_a_goal_too():
    play = play_of("profit = 'n * 3 - 60'\nn = 5")
    assert solve_driver(play, "n", "profit", 0).values == pytest.approx((20,))


def test_heads_and_calendar_names_can_be_solved():
    text = """
    sales = 'team * months * 10'
    team = 'old + new'
    old = { people = 2 }
    new = { people = 3, since = 2027-07-01, ramp = [] }
    """
    play = play_of(text)
    assert total(play, "sales") == pytest.approx(10 * (24 + 18))
    assert solve_driver(play, "new", "sales", 10 * (24 + 36)).value == pytest.approx(6)
    assert solve_driver(play, "old", "sales", 10 * (60 + 18)).value == pytest.approx(5)


def test_every_way_out_does_mend_what_is_short(chain):
    wanted = 1.5 * total(chain, "revenue")
    table = check_capacity(chain, {"revenue": wanted})
    head = table.row(0, named=True)
    assert (head["kind"], head["need"], head["enough"]) == ("goal", wanted, False)
    assert head["have"] == pytest.approx(total(chain, "revenue"))
    assert {way["driver"] for way in head["ways_out"]} == {"average_order", "rate", "each", "people", "working_days"}
    for way in head["ways_out"]:
        shape = find_shape(chain, way["driver"], 0)
        met = chain.sum_up(chain.evaluate({way["driver"]: way["needed"] * shape}, 0), "revenue")
        assert float(met) == pytest.approx(wanted)


def test_what_there_is_is_held_against_what_leads_to_the_goal():
    text = CHAIN.replace("before = 80", "before = 0") + "[capacity]\nvisits = 'visits_there'\ncalls = 'calls_there'\n"
    play = play_of("[drivers]" + text, TEAM)
    table = check_capacity(play, {"revenue": total(play, "revenue")})
    visits, calls = (table.filter(kind="supply", node=name).row(0, named=True) for name in ("visits", "calls"))
    there = play_of("n = 'visits_there'", TEAM)
    assert visits["need"] == pytest.approx(total(play, "visits"))
    assert visits["have"] == pytest.approx(total(there, "n"))
    assert not visits["enough"]
    ways = {way["driver"]: way for way in visits["ways_out"]}
    assert {"people", "working_days", "visits_a_day", "rate", "average_order"} <= set(ways)
    assert "each" not in ways
    assert calls["need"] == pytest.approx(total(play, "calls"))
    assert {way["driver"] for way in calls["ways_out"]} >= {"answered", "calls_a_day"}


def test_backwards_from_a_goal_that_is_given():
    text = """
    [drivers]
    visits = "orders / rate"
    orders = "revenue / average_order"
    revenue = { estimate = "target" }
    rate = { value = 0.2, high = 1 }
    average_order = 10
    minutes = "visits * 90"
    [capacity]
    visits = "person_days * 4"
    minutes = "person_days * 300"
    """
    play = play_of(text, firm({"ann": "N"}), plan_of("2027-01-01", "2028-01-01"))
    table = check_capacity(play, {"revenue": 10_000})
    assert table["node"].to_list() == ["visits", "minutes"]
    assert table["need"].to_list() == pytest.approx([5_000, 450_000])
    assert table["have"].to_list() == pytest.approx([261 * 4, 261 * 300])
    ways = {way["driver"]: way["needed"] for way in table.row(0, named=True)["ways_out"]}
    assert ways["people"] == pytest.approx(5_000 / 261 / 4)
    assert ways["average_order"] == pytest.approx(10 * 5_000 / 1_044)
    assert "rate" in ways  # 0.2 × 4.79 is still below 1
    assert check_capacity(play, {"revenue": 1_000})["enough"].to_list() == [True, True]


def test_goals_the_tree_has_not_are_left_out(chain):
    assert check_capacity(chain, {"tonnes": 5}).height == 0


def test_one_more_is_a_step_that_people_take():
    assert [choose_step(value) for value in (0, 0.2, 1, 4, 253, 1_667, 240_000, -12_000)] == [
        0.01, 0.01, 0.01, 1, 1, 100, 10_000, 1_000]  # fmt: skip


def test_one_more_head_is_a_head():
    play = play_of('sales = "heads * 5"\nheads = { people = 1 }', TEAM)
    assert list_worth(play, "sales").row(0, named=True)["step"] == 1


def test_what_one_more_is_worth(chain):
    table = list_worth(chain, "revenue")
    worth = {line["driver"]: line for line in table.iter_rows(named=True)}
    assert worth["rate"]["step"] == 0.01
    assert worth["rate"]["worth"] == pytest.approx(total(chain, "revenue") / 20)
    assert worth["average_order"]["elasticity"] == pytest.approx(1)
    assert worth["each"]["elasticity"] < 1  # what was visited before the plan counts too
    one_more = play_of(CHAIN.replace("each = 4", "each = 5"), TEAM)
    assert worth["each"]["worth"] == pytest.approx(total(one_more, "revenue") - total(chain, "revenue"))
    assert np.isfinite(table["worth"].to_numpy()).all()
    assert table.schema["worth"] == pl.Float64
