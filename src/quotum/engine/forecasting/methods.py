"""Methods that carry a series on: each takes a panel and returns what the coming months bring.

All work on sales divided by what a month weighs (working days, events, season) and are vectorised over the series; the
loops go over months. Smoothing constants are chosen per series from a small grid by the squared errors one month ahead.
A month that weighs little says little: it moves a level in proportion to its weight. No forecast is below 0.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from quotum.engine.forecasting.panel import YEAR, Bools, Floats, Panel

Method = Callable[[Panel], Floats]
"""A panel with its seasons in, the coming months out: (num_series, horizon)."""

_ALPHAS = (0.05, 0.1, 0.2, 0.35, 0.5)
_TREND_GRID = [(a, b, p) for a in (0.1, 0.2, 0.4) for b in (0.05, 0.15) for p in (0.9, 0.98)]
_DEMAND_GRID = [(a, b) for a in (0.05, 0.15) for b in (0.05, 0.1, 0.2)]
_CROSTON_ALPHA = 0.1


def carry_same_period(panel: Panel, weights: Sequence[float] = (3, 2, 1)) -> Floats:
    """Return the same months of earlier years, weighted: the latest known one by ``weights[0]``.

    Sales and what the months weighed are weighted alike, then divided. Where none of these months is known, the level
    of all known ones with the season is taken.
    """
    num_months = panel.num_months
    level = _mean_level(panel)[:, None] * panel.season[:, panel.months()[num_months:]]
    rates = np.empty((len(panel.values), panel.horizon))
    for ahead in range(panel.horizon):
        nearest = num_months + ahead - YEAR * (ahead // YEAR + 1)
        sold, weighed = np.zeros(len(panel.values)), np.zeros(len(panel.values))
        for place, weight in enumerate(weights):
            month = nearest - YEAR * place
            if month < 0:
                break
            known = np.where(month >= panel.start, float(weight), 0.0)
            sold += known * panel.values[:, month]
            weighed += known * panel.exposure[:, month]
        rates[:, ahead] = np.where(weighed > 0, sold / np.where(weighed > 0, weighed, 1.0), level[:, ahead])
    return np.maximum(rates * panel.exposure[:, num_months:], 0.0)


def carry_last_year(panel: Panel) -> Floats:
    """Return the same months of the year before (seasonal naive), working days set right."""
    return carry_same_period(panel, (1,))


def carry_season(panel: Panel) -> Floats:
    """Return season times level, the level by simple exponential smoothing."""
    seen = _divide_by_season(panel)
    level, _ = _smooth_levels(seen)
    return _put_season_back(panel, np.repeat(level[:, None], panel.horizon, axis=1))


def carry_trend(panel: Panel) -> Floats:
    """Return season times level with a damped trend (Gardner and McKenzie, Management Science 31, 1985, p. 1237)."""
    seen = _divide_by_season(panel)
    alpha, beta, damping = (np.array(column)[:, None] for column in zip(*_TREND_GRID, strict=True))
    shape = (len(_TREND_GRID), len(panel.values))
    level, trend = np.tile(seen.first_level, (shape[0], 1)), np.tile(seen.first_trend, (shape[0], 1))
    error_sum = np.zeros(shape)
    for rate, weight in zip(seen.rates, seen.weights, strict=True):
        expected = level + damping * trend
        moved = weight > 0  # a month before the first sale moves nothing
        error = np.where(moved, rate - expected, 0.0)
        error_sum += weight * error**2
        level = np.where(moved, expected + alpha * weight * error, level)
        trend = np.where(moved, damping * trend + alpha * beta * weight * error, trend)
    best = error_sum.argmin(axis=0), np.arange(shape[1])
    steps = np.cumsum(damping[best[0]] ** np.arange(1, panel.horizon + 1), axis=1)
    return _put_season_back(panel, level[best][:, None] + trend[best][:, None] * steps)


def carry_theta(panel: Panel) -> Floats:
    """Return season times the theta method: smoothing with half the slope of a straight line through the history.

    Assimakopoulos and Nikolopoulos, Int. J. Forecasting 16, 2000, p. 521; in the form of Hyndman and Billah, ibid. 19,
    2003, p. 287.
    """
    seen = _divide_by_season(panel)
    level, alpha = _smooth_levels(seen)
    time = np.arange(panel.num_months, dtype=np.float64)[:, None]
    weight = seen.weights.sum(axis=0)
    safe = np.where(weight > 0, weight, 1.0)
    centre, mean = (seen.weights * time).sum(axis=0) / safe, (seen.weights * seen.rates).sum(axis=0) / safe
    apart = seen.weights * (time - centre)
    spread = (apart * (time - centre)).sum(axis=0)
    slope = (apart * (seen.rates - mean)).sum(axis=0) / np.where(spread > 0, spread, 1.0)
    known = panel.num_months - panel.start
    ahead = np.arange(panel.horizon) + ((1 - (1 - alpha) ** known) / alpha)[:, None]
    return _put_season_back(panel, level[:, None] + 0.5 * slope[:, None] * ahead)


def carry_intermittent(panel: Panel) -> Floats:
    """Return size of a demand divided by the time between two, for series with many empty months.

    Croston's method without its bias: (1 - α/2) z / (p - α/2), after Syntetos (Teunter and Sani, European J. of
    Operational Research 194, 2009, p. 177); a series without empty months has p = 1 and its mean size.
    """
    seen = _divide_by_season(panel)
    size, interval = seen.first_size.copy(), 1 / np.maximum(seen.first_chance, 1e-9)
    waited = np.ones(len(panel.values))
    for rate, weight in zip(seen.rates, seen.weights, strict=True):
        bought = (rate != 0) & (weight > 0)
        size = np.where(bought, size + _CROSTON_ALPHA * (rate - size), size)
        interval = np.where(bought, interval + _CROSTON_ALPHA * (waited - interval), interval)
        waited = np.where(bought, 1.0, waited + (weight > 0))
    level = (1 - _CROSTON_ALPHA / 2) * size / (np.maximum(interval, 1.0) - _CROSTON_ALPHA / 2)
    return _put_season_back(panel, np.repeat(level[:, None], panel.horizon, axis=1))


def carry_lasting(panel: Panel) -> Floats:
    """Return size of a demand times its chance, which falls in every empty month: series may fade out.

    Teunter, Syntetos and Babai, European J. of Operational Research 214, 2011, p. 606.
    """
    seen = _divide_by_season(panel)
    alpha, beta = (np.array(column)[:, None] for column in zip(*_DEMAND_GRID, strict=True))
    shape = (len(_DEMAND_GRID), len(panel.values))
    size, chance = np.tile(seen.first_size, (shape[0], 1)), np.tile(seen.first_chance, (shape[0], 1))
    error_sum = np.zeros(shape)
    for rate, weight in zip(seen.rates, seen.weights, strict=True):
        error_sum += weight * (rate - size * chance) ** 2
        bought = (rate != 0) & (weight > 0)
        size = np.where(bought, size + alpha * (rate - size), size)
        chance = np.where(weight > 0, chance + beta * (bought - chance), chance)
    best = error_sum.argmin(axis=0), np.arange(shape[1])
    level = size[best] * chance[best]
    return _put_season_back(panel, np.repeat(level[:, None], panel.horizon, axis=1))


@dataclass(frozen=True, slots=True)
class _Seen:
    """Known months with the season taken out, month by month: arrays are (num_months, num_series) and (num_series,)."""

    rates: Floats
    weights: Floats  # 1 for a usual month, less where a month weighs less, 0 before the first sale
    first_mean: Floats  # of the first year
    first_level: Floats  # before the first month, with the trend of the first two years
    first_trend: Floats
    first_size: Floats
    first_chance: Floats


def _divide_by_season(panel: Panel) -> _Seen:
    num_months = panel.num_months
    exposure = np.ascontiguousarray(panel.seasonal_exposure()[:, :num_months].T)
    sold = np.ascontiguousarray(panel.values.T)
    inside = np.arange(num_months)[:, None] >= panel.start
    usual = exposure.mean(axis=0)
    weights = np.minimum(np.divide(exposure, usual, out=np.zeros_like(exposure), where=usual > 0), 1.0) * inside
    rates = np.divide(sold, exposure, out=np.zeros_like(sold), where=(exposure > 0) & inside)
    first = inside & (np.arange(num_months)[:, None] < panel.start + YEAR)
    second = inside & ~first & (np.arange(num_months)[:, None] < panel.start + 2 * YEAR)
    first_level = _level_of(sold, exposure, first)
    rise = (_level_of(sold, exposure, second) - first_level) / YEAR
    first_trend = np.where(second.sum(axis=0) == YEAR, rise, 0.0)
    filled = (first & (sold != 0)).sum(axis=0)
    chance = np.divide(filled, first.sum(axis=0), out=np.zeros(len(filled)), where=first.any(axis=0))
    size = np.divide(first_level, chance, out=np.zeros_like(first_level), where=chance > 0)
    start_level = first_level - 6 * first_trend  # the mean of a year is its level in the middle
    start_level = np.where(start_level > 0, start_level, first_level)
    return _Seen(rates, weights, first_level, start_level, first_trend, size, chance)


def _level_of(sold: Floats, exposure: Floats, chosen: Bools) -> Floats:
    weighed = (exposure * chosen).sum(axis=0)
    level: Floats = np.divide((sold * chosen).sum(axis=0), weighed, out=np.zeros_like(weighed), where=weighed > 0)
    return level


def _mean_level(panel: Panel) -> Floats:
    exposure = panel.seasonal_exposure()[:, : panel.num_months].T
    return _level_of(panel.values.T, exposure, np.arange(panel.num_months)[:, None] >= panel.start)


def _smooth_levels(seen: _Seen) -> tuple[Floats, Floats]:
    """Return the last level of simple exponential smoothing and the constant chosen, (num_series,) each."""
    alpha = np.array(_ALPHAS)[:, None]
    level = np.tile(np.maximum(seen.first_mean, 0.0), (len(_ALPHAS), 1))
    error_sum = np.zeros_like(level)
    for rate, weight in zip(seen.rates, seen.weights, strict=True):
        error = rate - level
        error_sum += weight * error**2
        level += alpha * weight * error
    best = error_sum.argmin(axis=0)
    return level[best, np.arange(level.shape[1])], alpha[best, 0]


def _put_season_back(panel: Panel, levels: Floats) -> Floats:
    return np.maximum(levels, 0.0) * panel.seasonal_exposure()[:, panel.num_months :]
