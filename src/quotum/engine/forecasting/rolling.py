"""Which method is best at each level: every method forecasts months that are known by now, from what was known before.

The measure is the mean absolute scaled error (Hyndman and Koehler, Int. J. Forecasting 22, 2006, p. 679): the errors of
a series are divided by what its months differ from those of the year before on average, so that large and small series
count alike. Nothing after an origin is seen by the forecast made there: seasons and smoothing constants are found anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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

BLENDS: dict[str, Callable[..., Floats]] = {"combination": np.mean, "middle": np.median}
"""What is made of the forecasts of other methods."""
_BLENDED = ("same_period", "season", "trend", "theta")
_LEAST_TEST = 3  # months that an origin must leave to be held against
_LEAST_HISTORY = 3  # months a series must have before an origin to be counted there
MAX_ORIGINS = 24
_LEAST_MONTH = 0.2  # of a usual month: what even the weakest one counts for when errors are measured


def list_methods(
    names: Sequence[str], year_weights: Sequence[float], outside: Mapping[str, Method] | None = None
) -> dict[str, Method]:
    """Return the methods of these names; blends are left to ``run_methods``."""
    own: dict[str, Method] = {
        "same_period": partial(carry_same_period, weights=tuple(year_weights)),
        "season": carry_season,
        "trend": carry_trend,
        "theta": carry_theta,
        "intermittent": carry_intermittent,
        "lasting": carry_lasting,
        "seasonal_naive": carry_last_year,
    }
    blended = _BLENDED if set(BLENDS) & set(names) else ()
    return {n: m for n, m in {**own, **(outside or {})}.items() if n in names or n in blended}


def run_methods(panel: Panel, methods: Mapping[str, Method], names: Sequence[str]) -> dict[str, Floats]:
    """Return what each method makes of a panel with its seasons, (num_series, horizon) each."""
    found = {name: method(panel) for name, method in methods.items()}
    blended = [found[name] for name in _BLENDED if name in found]
    for name, blend in BLENDS.items():
        if name in names:
            found[name] = blend(np.stack(blended), axis=0)
    return {name: found[name] for name in names if name in found}


def list_origins(num_months: int, most: int = MAX_ORIGINS) -> list[int]:
    """Return the months that test forecasts start from: the last two years, if a year lies before them."""
    first = max(YEAR, num_months - 2 * YEAR) if num_months >= YEAR + 2 * _LEAST_TEST else max(num_months // 2, 1)
    last = num_months - _LEAST_TEST
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
    """Return by what the errors of each series are divided, (num_series,): 0 for a series without anything in it."""
    values, step = panel.values, YEAR if panel.num_months > YEAR else 1
    inside = np.arange(panel.num_months - step) >= panel.start[:, None]
    count = np.maximum(inside.sum(axis=1), 1)
    scale: Floats = (np.abs(values[:, step:] - values[:, :-step]) * inside).sum(axis=1) / count
    size = np.abs(values).mean(axis=1)
    return np.where(scale > 0, scale, size)


def score_methods(
    panel: Panel, methods: Mapping[str, Method], names: Sequence[str], horizon: int, most: int = MAX_ORIGINS
) -> Floats:
    """Return each method's mean absolute scaled error for each series, (num_methods, num_series); NaN untested."""
    scale = scale_errors(panel)
    summed, count = np.zeros((len(names), len(panel.values))), np.zeros(len(panel.values))
    for origin in list_origins(panel.num_months, most):
        seen, came = open_origin(panel, origin, horizon)
        made = run_methods(seen, methods, names)
        for place, name in enumerate(names):
            summed[place] += np.nan_to_num(np.abs(made[name] - came).mean(axis=1))
        count += ~np.isnan(came).any(axis=1)
    tested = (count > 0) & (scale > 0)
    return np.divide(summed, count * scale, out=np.full_like(summed, np.nan), where=tested)


def choose_methods(scores: Floats, level: Longs, num_levels: int, usual: int) -> Longs:
    """Return the best method of each level, (num_levels,), the first of equals; ``usual`` where nothing was tested."""
    best = np.full(num_levels, usual, dtype=np.int64)
    for number in range(num_levels):
        mine = scores[:, (level == number) & ~np.isnan(scores).any(axis=0)]
        if mine.shape[1]:
            best[number] = int(mine.mean(axis=1).argmin())
    return best


@dataclass(frozen=True, slots=True)
class Tests:
    """How each series' own method did.

    ``parts`` (num_series, num_origins, horizon) are errors as parts of what a month usually brings, NaN where not
    known; ``error`` (num_series,) is the sum of absolute errors over the sum of amounts, NaN untested.
    """

    parts: Floats
    error: Floats


def run_tests(
    panel: Panel, methods: Mapping[str, Method], names: Sequence[str], chosen: Longs, horizon: int
) -> Tests:
    """Return how the method ``chosen`` (num_series,) for each series did at every origin."""
    origins = list_origins(panel.num_months)
    shape = (len(panel.values), len(origins), horizon)
    parts, missed, sold = np.full(shape, np.nan), np.zeros(shape[0]), np.zeros(shape[0])
    used = [names[number] for number in np.unique(chosen).tolist()]
    needed = {n: m for n, m in methods.items() if n in used or (set(used) & set(BLENDS) and n in _BLENDED)}
    for place, origin in enumerate(origins):
        seen, came = open_origin(panel, origin, horizon)
        made = run_methods(seen, needed, used)
        forecast = np.zeros_like(came)
        for name in used:
            mine = chosen == names.index(name)
            forecast[mine] = made[name][mine]
        errors, usual = came - forecast, usual_months(seen)
        parts[:, place, : came.shape[1]] = np.divide(errors, usual, out=np.full_like(errors, np.nan), where=usual > 0)
        tested = ~np.isnan(errors)
        missed += np.where(tested, np.abs(errors), 0.0).sum(axis=1)
        sold += np.where(tested, np.abs(came), 0.0).sum(axis=1)
    error = np.divide(missed, sold, out=np.full_like(missed, np.nan), where=sold > 0)
    return Tests(parts, error)


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
