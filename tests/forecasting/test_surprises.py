"""Ranges of sums: as many times more as less, narrower where errors shrink, wider where little is known."""

import numpy as np
import pytest

from quotum.engine.forecasting import rolling
from quotum.engine.forecasting.panel import make_panel
from quotum.engine.forecasting.panel_forecast import forecast_panel
from quotum.engine.forecasting.paths import draw_chance, draw_paths
from quotum.engine.forecasting.surprises import gather_surprises, no_surprises
from quotum.engine.tables.forecast_settings import ForecastSettings

DRAWS = draw_chance(5, 1_000, 3)
NODES = 8


def surprises_of(factors, start=0, num_months=36):
    """Return surprises of tests three months long, a month apart: what came is ``factors`` times what was expected."""
    factors = np.asarray(factors, dtype=np.float64)
    shape = (NODES, len(factors), 3)
    expected = np.full(shape, 100.0)
    came = expected * factors[None, :, None]
    origins = np.arange(num_months - 2 - len(factors), num_months - 2)
    tests = rolling.Tests(origins, came, expected, expected.copy(), came / expected - 1, np.zeros(NODES))
    first = np.full(NODES, start)
    everybody = np.ones(NODES, dtype=bool)
    return gather_surprises(tests, first, num_months, np.zeros(NODES, dtype=np.int64), everybody)


def range_of(surprises):
    factors = surprises.draw(0, DRAWS.far, DRAWS.sign)
    return np.quantile(factors, (0.1, 0.9))


def test_what_came_at_twice_could_have_come_at_half():
    low, high = range_of(surprises_of([2.0] * 12))
    assert low * high == pytest.approx(1)
    assert 1.7 < high < 2.1


def test_errors_that_shrink_give_narrower_ranges_than_errors_that_grow():
    way = np.exp(np.linspace(0.6, 0.05, 18))
    assert range_of(surprises_of(way))[1] < range_of(surprises_of(way[::-1]))[1] - 0.2


def test_a_series_with_little_history_is_known_less_well():
    factors = [1.3] * 9
    assert range_of(surprises_of(factors, start=15))[1] > range_of(surprises_of(factors, start=15, num_months=48))[1]


def test_months_without_any_sales_are_no_endless_surprise():
    low, high = range_of(surprises_of([0.0, 1.0, 1.1, 0.0, 0.9, 1.0, 1.0, 1.2, 1.0, 0.9]))
    assert 0 < low < 1 < high < 12


def test_where_nothing_was_tested_paths_bring_what_is_expected():
    assert no_surprises(1).draw(0, DRAWS.far, DRAWS.sign).tolist() == [1.0] * 1_000


def test_half_of_the_paths_bring_less_and_none_less_than_nothing():
    chance = np.random.default_rng(3)
    panel = make_panel(100 * np.exp(chance.normal(0, 0.4, (4, 36))), horizon=3)
    made = forecast_panel(panel, ForecastSettings(), (3, 2, 1), np.zeros(4, dtype=np.int64))
    for node in range(4):
        paths = draw_paths(made.errors, node, made.means[node], made.usual[node], DRAWS)
        assert (paths >= 0).all()
        assert (paths.sum(axis=1) < made.means[node].sum()).mean() == pytest.approx(0.5, abs=0.01)
