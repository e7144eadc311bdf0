"""Which method is best at each level: every method forecasts months that are known by now, from what was known before.

The measure is the root mean squared scaled error of the M5 competition (Makridakis, Spiliotis and Assimakopoulos, Int.
J. Forecasting 38, 2022, p. 1346): squared errors of a series are divided by the mean square of what its months differ
from those of the year before, so that large and small series count alike. Squares are least for forecasts of the mean,
which is what adds up; absolute errors would prefer 0 for every series with more empty months than others. What a level
uses is the mean of its best few methods: such means are hard to beat.

Nothing after an origin is seen by the forecast made there: seasons and smoothing constants are found anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from quotum.engine.forecasting.methods import (
    Method,
    carry_intermittent,
    carry_last_year,
    carry_lasting,
    carry_same_period,
    carry_season,
    carry_theta,
    carry_trend,
)
from quotum.engine.forecasting.panel import YEAR, Floats, Longs, Panel, cut_panel
from quotum.engine.forecasting.seasonal import estimate_seasons

LEAST_TEST = 3  # months that an origin must leave to be held against
_LEAST_HISTORY = 3  # months a series must have before an origin to be counted there
MAX_ORIGINS = 24
_UNTESTED = 1 / 3  # what last year's months count for where no test has seen the whole horizon
_LEAST_MONTH = 0.2  # of a usual month: what even the weakest one counts for when errors are measured


def list_methods(
    names: Sequence[str], year_weights: Sequence[float], outside: Mapping[str, Method] | None = None
) -> dict[str, Method]:
    """Return the methods of these names, in their order."""
    known: dict[str, Method] = {
        "same_period": partial(carry_same_period, weights=tuple(year_weights)),
        "season": carry_season,
        "trend": carry_trend,
        "theta": carry_theta,
        "intermittent": carry_intermittent,
        "lasting": carry_lasting,
        "seasonal_naive": carry_last_year,
        **(outside or {}),
    }
    return {name: known[name] for name in names}


def run_methods(panel: Panel, methods: Mapping[str, Method]) -> Floats:
    """Return what each method makes of a panel with its seasons, (num_methods, num_series, horizon)."""
    return np.stack([method(panel) for method in methods.values()])


def blend_best(panel: Panel, made: Floats, chosen: Longs, horizon: int) -> Floats:
    """Return the mean of each series' chosen methods, (num_series, horizon); ``chosen`` is (num_series, num_best).

    Where less is known than a year and the horizon, no test has seen how a whole horizon turns out: last year's months
    then count for a third.
    """
    blended: Floats = made[chosen.T, np.arange(made.shape[1])].mean(axis=0)
    if panel.num_months < YEAR + horizon:
        blended = (1 - _UNTESTED) * blended + _UNTESTED * carry_last_year(panel)
    return blended


def list_origins(num_months: int, most: int = MAX_ORIGINS) -> list[int]:
    """Return the months that test forecasts start from: the last two years, if a year lies before them."""
    first = max(YEAR, num_months - 2 * YEAR) if num_months >= YEAR + 2 * LEAST_TEST else max(num_months // 2, 1)
    last = num_months - LEAST_TEST
    if last < first:
        return []
    return sorted({round(month) for month in np.linspace(first, last, min(most, last - first + 1)).tolist()})


def open_origin(panel: Panel, origin: int, horizon: int) -> tuple[Panel, Floats]:
    """Return the panel as it was before an origin, seasons found anew, and what then came, NaN where not known yet."""
    ahead = min(horizon, panel.num_months - origin)
    seen = cut_panel(panel, origin, ahead)
    seen = replace(seen, season=estimate_seasons(seen))
    came = panel.values[:, origin : origin + ahead].copy()
    came[origin - seen.start < min(_LEAST_HISTORY, origin)] = np.nan
    return seen, came


def scale_errors(panel: Panel) -> Floats:
    """Return by what squared errors of each series are divided, (num_series,): 0 for a series that never changes."""
    values, step = panel.values, YEAR if panel.num_months > YEAR else 1
    inside = np.arange(panel.num_months - step) >= panel.start[:, None]
    count = np.maximum(inside.sum(axis=1), 1)
    scale: Floats = ((values[:, step:] - values[:, :-step]) ** 2 * inside).sum(axis=1) / count
    return np.where(scale > 0, scale, (values**2).mean(axis=1))


def score_methods(panel: Panel, methods: Mapping[str, Method], horizon: int, most: int = MAX_ORIGINS) -> Floats:
    """Return each method's root mean squared scaled error for each series, (num_methods, num_series); NaN untested."""
    scale = scale_errors(panel)
    summed, count = np.zeros((len(methods), len(panel.values))), np.zeros(len(panel.values))
    for origin in list_origins(panel.num_months, most):
        seen, came = open_origin(panel, origin, horizon)
        summed += np.nan_to_num(((run_methods(seen, methods) - came) ** 2).mean(axis=2))
        count += ~np.isnan(came).any(axis=1)
    tested = (count > 0) & (scale > 0)
    return np.sqrt(np.divide(summed, count * scale, out=np.full_like(summed, np.nan), where=tested))


def choose_methods(scores: Floats, level: Longs, num_levels: int, num_best: int) -> Longs:
    """Return the best methods of each level, (num_levels, num_best); the first ones where nothing could be tested.

    A level's error is the mean over its series. Of equals the one that is named first wins.
    """
    best = np.tile(np.arange(min(num_best, len(scores))), (num_levels, 1))
    for number in range(num_levels):
        mine = scores[:, (level == number) & ~np.isnan(scores).any(axis=0)]
        if mine.shape[1]:
            best[number] = np.sort(np.argsort(mine.mean(axis=1), kind="stable")[: best.shape[1]])
    return best


@dataclass(frozen=True, slots=True)
class Tests:
    """How each series' own method did.

    ``came``, ``expected`` and ``usual`` are (num_series, num_origins, horizon): what came after each of ``origins``
    (num_origins,), NaN where not known, what was expected, what a month usually brought then. ``parts`` of the same
    shape are errors as parts of what is usual, times the root of what that was beside now; ``error`` (num_series,) is
    the sum of absolute errors over the sum of amounts, NaN untested.
    """

    origins: Longs
    came: Floats
    expected: Floats
    usual: Floats
    parts: Floats
    error: Floats


def run_tests(panel: Panel, methods: Mapping[str, Method], chosen: Longs, horizon: int) -> Tests:
    """Return how the methods ``chosen`` (num_series, num_best) for each series did together at every origin."""
    origins = list_origins(panel.num_months)
    shape = (len(panel.values), len(origins), horizon)
    came, expected, usual, parts = (np.full(shape, np.nan) for _ in range(4))
    missed, sold = np.zeros(shape[0]), np.zeros(shape[0])
    used = np.unique(chosen)
    needed = {name: method for number, (name, method) in enumerate(methods.items()) if number in used}
    latest = cut_panel(panel, panel.num_months, min(horizon, panel.horizon))
    now = usual_months(replace(latest, season=estimate_seasons(latest))).mean(axis=1)
    for place, origin in enumerate(origins):
        seen, then = open_origin(panel, origin, horizon)
        ahead = then.shape[1]
        told = blend_best(seen, run_methods(seen, needed), np.searchsorted(used, chosen), horizon)
        measure = usual_months(seen)
        came[:, place, :ahead], expected[:, place, :ahead], usual[:, place, :ahead] = then, told, measure
        errors = then - told
        measure = measure * np.sqrt(_divide(now, measure.mean(axis=1)))[:, None]
        parts[:, place, :ahead] = np.divide(errors, measure, out=np.full_like(errors, np.nan), where=measure > 0)
        tested = ~np.isnan(errors)
        missed += np.where(tested, np.abs(errors), 0.0).sum(axis=1)
        sold += np.where(tested, np.abs(then), 0.0).sum(axis=1)
    error = np.divide(missed, sold, out=np.full_like(missed, np.nan), where=sold > 0)
    return Tests(np.array(origins, dtype=np.int64), came, expected, usual, parts, error)


def usual_months(panel: Panel) -> Floats:
    """Return what the coming months bring at the level of the last twelve, (num_series, horizon), none quite nothing.

    This is what errors are measured by: those of strong months are larger.
    """
    exposure, known = panel.seasonal_exposure(), panel.num_months
    first = max(known - YEAR, 0)
    inside = np.arange(first, known) >= panel.start[:, None]
    sold = (np.abs(panel.values[:, first:]) * inside).sum(axis=1)
    weighed = (exposure[:, first:known] * inside).sum(axis=1)
    rate = np.divide(sold, weighed, out=np.zeros_like(sold), where=weighed > 0)
    least = _LEAST_MONTH * sold / np.maximum(inside.sum(axis=1), 1)
    usual: Floats = np.maximum(rate[:, None] * exposure[:, known:], least[:, None])
    return usual


def _divide(above: Floats, below: Floats) -> Floats:
    return np.divide(above, below, out=np.ones_like(above), where=below > 0)
