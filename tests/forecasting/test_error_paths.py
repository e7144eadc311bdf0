"""Simulated months: what goes on in them, and what series with many empty months are given."""

import numpy as np
import pytest

from quotum.engine.forecasting.panel import make_panel
from quotum.engine.forecasting.paths import draw_chance, draw_paths, gather_paths, list_orders

CHANCE = np.random.default_rng(4)
LEVEL, POOLED = np.zeros(1, dtype=np.int64), np.ones(1, dtype=bool)
DRAWS = draw_chance(7, 2_000, 12)
SPARSE = 100.0 * (CHANCE.random((1, 48)) < 0.25)


def orders_of(values):
    return list_orders(make_panel(np.asarray(values, dtype=np.float64)))[0]


def draw(orders, means):
    parts = np.full((1, 1, 12), 0.1)
    return draw_paths(gather_paths(parts, 12, LEVEL, POOLED, [orders]), 0, means, means, DRAWS)


def test_a_short_test_goes_on_as_it_ended():
    parts = np.full((1, 2, 6), np.nan)
    parts[0, 0] = [0, 1, 2, 3, 4, 5]
    parts[0, 1, :5] = [0, 1, 2, 3, 4]
    errors = gather_paths(parts, 6, LEVEL, POOLED)
    assert errors.own[0].tolist() == [[0, 1, 2, 3, 4, 5], [0, 1, 2, 3, 4, 4]]


def test_where_all_tests_are_short_they_repeat():
    parts = np.full((1, 2, 12), np.nan)
    parts[0, 0, :6] = [-5, -3, -1, 1, 3, 5]
    parts[0, 1, :3] = [-5, -3, -1]  # too short to tell
    errors = gather_paths(parts, 12, LEVEL, POOLED)
    assert errors.own[0].tolist() == [[-5, -3, -1, 1, 3, 5] * 2]


def test_months_of_a_sparse_series_are_drawn_from_its_months():
    orders = orders_of(SPARSE)
    assert orders.mean() == pytest.approx(1)
    paths = draw(orders, np.full(12, 25.0))
    assert np.allclose(paths.mean(axis=0), 25)
    assert (paths >= 0).all()
    assert 0.6 < (paths == 0).mean() < 0.9
    low, high = np.quantile(paths.sum(axis=1), (0.1, 0.9))
    assert 300 - low < high - 300  # nothing is the least, much is rare


def test_the_same_seed_draws_the_same_months():
    once, again, other = (draw_chance(seed, 50, 12).months for seed in (1, 1, 2))
    assert once.tobytes() == again.tobytes() != other.tobytes()


def test_the_first_months_do_not_depend_on_how_many_follow():
    assert (draw_chance(1, 50, 3).months == draw_chance(1, 50, 12).months[:, :3]).all()


@pytest.mark.parametrize(
    "months",
    [[0.0] * 60, [5.0] * 60, [0, 0, 0, 0, 9, 9, 9, 8, 7, 0, 0, 0] * 4, [], [0, 0, 0, 4.0, 4, 4]],
    ids=["nothing", "every month", "only in summer", "no month", "just begun"],
)
def test_other_series_keep_the_paths_of_their_errors(months):
    assert not len(orders_of([months]))


def test_nobody_can_tell_a_season_in_one_year():
    assert len(orders_of([[5.0, 0, 0, 7, 0, 0, 0, 6, 0, 0, 0, 4]])) == 12
