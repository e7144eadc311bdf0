"""Every method does what its slow, obvious twin does, and what a reader expects on small examples."""

from dataclasses import replace

import method_twins as twins
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quotum.engine.forecasting.methods import (
    carry_intermittent,
    carry_last_year,
    carry_lasting,
    carry_same_period,
    carry_season,
    carry_theta,
    carry_trend,
)
from quotum.engine.forecasting.panel import make_panel
from quotum.engine.forecasting.seasonal import estimate_seasons

PAIRS = [
    (carry_season, twins.season_twin), (carry_trend, twins.trend_twin), (carry_theta, twins.theta_twin),
    (carry_intermittent, twins.intermittent_twin), (carry_lasting, twins.lasting_twin),
    (carry_same_period, twins.same_period_twin),
]  # fmt: skip
METHODS = [method for method, _ in PAIRS] + [carry_last_year]


def seasoned(values, exposure=None, **more):
    panel = make_panel(np.atleast_2d(np.array(values, dtype=float)), exposure, **more)
    return replace(panel, season=estimate_seasons(panel))


@st.composite
def panels(draw):
    seed, months = draw(st.integers(0, 10**6)), draw(st.integers(3, 40))
    chance = np.random.default_rng(seed)
    filled = chance.random((4, months)) < draw(st.sampled_from([0.3, 1.0]))
    values = np.round(chance.lognormal(3, 1, (4, months)) * filled)
    values[0, : months // 2] = 0
    values[:, -1] += 1  # every series has something
    exposure = chance.choice([0.0, 0.5, 1.0, 1.3], (4, months + 14), p=[0.02, 0.18, 0.6, 0.2])
    return seasoned(values, exposure, first_month=draw(st.integers(0, 11)))


@pytest.mark.parametrize(("method", "twin"), PAIRS, ids=lambda call: call.__name__)
@settings(max_examples=25, deadline=None)
@given(panel=panels())
def test_a_method_is_its_twin_for_each_series(method, twin, panel):
    made = method(panel)
    for series, exposure, season, found in zip(panel.values, panel.exposure, panel.season, made, strict=True):
        if not (exposure[: len(series)] * season[panel.months()[: len(series)]]).any():
            continue
        wanted = twin(series.tolist(), exposure.tolist(), season.tolist(), panel.first_month)
        np.testing.assert_allclose(found, wanted, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_what_never_changes_goes_on(method):
    np.testing.assert_allclose(method(seasoned([100.0] * 30)), 100.0)


@pytest.mark.parametrize("method", METHODS)
def test_a_month_with_fewer_working_days_brings_less(method):
    days = np.array([20.0, 22, 18, 21] * 12)
    made = method(seasoned(5 * days[:36], days))
    np.testing.assert_allclose(made[0], 5 * days[36:])


@pytest.mark.parametrize("method", METHODS)
def test_nothing_is_ever_below_zero(method):
    falling = [max(50.0 - 2 * month, -20.0) for month in range(36)]
    assert (method(seasoned(falling)) >= 0).all()


def test_same_period_weighs_the_years():
    years = [10.0] * 12 + [20.0] * 12 + [40.0] * 12
    np.testing.assert_allclose(carry_same_period(seasoned(years)), (3 * 40 + 2 * 20 + 10) / 6)
    np.testing.assert_allclose(carry_last_year(seasoned(years)), 40)


def test_same_period_of_the_second_year_ahead_takes_the_latest_known_one():
    made = carry_last_year(seasoned(np.arange(1.0, 13.0), horizon=24))
    np.testing.assert_allclose(made[0], [*range(1, 13), *range(1, 13)])


def test_a_rise_goes_on_with_trend_and_theta_but_not_with_season():
    rising = 100.0 + 2 * np.arange(36)
    assert carry_trend(seasoned(rising))[0].mean() > 175
    assert carry_theta(seasoned(rising))[0].mean() > carry_season(seasoned(rising))[0].mean()


def test_a_series_that_fades_out_lasts_less_than_one_with_gaps():
    gaps, faded = [12.0, 0, 0] * 12, [12.0, 0, 0] * 6 + [0.0] * 18
    made = carry_lasting(seasoned([gaps, faded]))
    assert 3.0 < made[0].mean() < 5.0
    assert made[1].mean() < made[0].mean() / 3
