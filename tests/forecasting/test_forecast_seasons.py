"""Seasons: found where years agree, borrowed where there is too little to go by."""

import numpy as np

from quotum.engine.forecasting.panel import make_panel
from quotum.engine.forecasting.seasonal import estimate_seasons

SHAPE = np.array([0.5, 0.5, 0.8, 1.0, 1.2, 1.5, 1.5, 1.2, 1.0, 0.8, 1.0, 1.0])


def test_years_that_agree_give_their_season():
    season = estimate_seasons(make_panel(np.tile(SHAPE * 70, 3)[None, :]))
    np.testing.assert_allclose(season[0], SHAPE)


def test_growth_is_no_season():
    rising = (100 + 2.0 * np.arange(36))[None, :]
    np.testing.assert_allclose(estimate_seasons(make_panel(rising))[0], 1.0, atol=0.02)


def test_the_first_column_may_be_any_month():
    season = estimate_seasons(make_panel(np.tile(np.roll(SHAPE, -4), 2)[None, :], first_month=4))
    np.testing.assert_allclose(season[0], SHAPE)


def test_years_that_contradict_one_another_leave_it_to_the_parent():
    chance = np.random.default_rng(1)
    noise = chance.lognormal(0, 1.2, 36)
    panel = make_panel(np.array([np.tile(SHAPE, 3) * 1000, noise]), parent=np.array([-1, 0]))
    season = estimate_seasons(panel)
    by_month = noise.reshape(3, 12).mean(axis=0) / noise.mean()
    assert np.abs(season[1] - SHAPE).mean() < 0.5 * np.abs(by_month - SHAPE).mean()


def test_less_than_a_year_has_the_season_of_the_parent():
    values = np.array([np.tile(SHAPE, 2) * 1000, [0.0] * 18 + [7.0, 9, 7, 9, 7, 9]])
    np.testing.assert_allclose(estimate_seasons(make_panel(values, parent=np.array([-1, 0])))[1], SHAPE)


def test_series_without_parents_lean_on_all_together():
    values = np.array([np.tile(SHAPE, 2) * 1000, [0.0] * 18 + [7.0, 9, 7, 9, 7, 9]])
    season = estimate_seasons(make_panel(values))
    np.testing.assert_allclose(season[1], SHAPE, atol=0.02)


def test_no_sales_at_all_have_a_flat_season():
    np.testing.assert_array_equal(estimate_seasons(make_panel(np.zeros((1, 30)))), np.ones((1, 12)))
