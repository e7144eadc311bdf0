"""Forecasts of series side by side: the best methods of each level, their means, their errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from quotum.engine.forecasting.methods import Method
from quotum.engine.forecasting.panel import Bools, Floats, Longs, Panel
from quotum.engine.forecasting.paths import ErrorPaths, gather_paths, list_orders
from quotum.engine.forecasting.rolling import (
    blend_best,
    choose_methods,
    list_methods,
    run_methods,
    run_tests,
    score_methods,
    usual_months,
)
from quotum.engine.forecasting.seasonal import estimate_seasons
from quotum.engine.forecasting.surprises import gather_surprises
from quotum.engine.tables.forecast_settings import ForecastSettings

NO_METHOD = "none"
"""The method of a series without history."""


@dataclass(frozen=True, slots=True)
class PanelForecast:
    """Forecasts before they are made to agree, (num_series,) each.

    ``means`` and ``usual`` (num_series, horizon): what is expected, and what months bring at the level of the last
    twelve. ``variance`` is that of the errors, ``error`` the sum of absolute errors over the sum of amounts in tests.
    """

    means: Floats
    usual: Floats
    variance: Floats
    method: list[str]
    error: Floats
    errors: ErrorPaths

    def repeat(self, at: Longs) -> PanelForecast:
        """Return the forecasts of nodes that have the series ``at``."""
        old = self.errors
        errors = ErrorPaths([old.own[i] for i in at], old.pool, old.size[at], old.own_size[at], old.trust[at],
                            [old.orders[i] for i in at], old.surprises.take(at))  # fmt: skip
        return PanelForecast(self.means[at], self.usual[at], self.variance[at], [self.method[i] for i in at],
                     self.error[at], errors)  # fmt: skip


def forecast_panel(
    panel: Panel,
    settings: ForecastSettings,
    year_weights: Sequence[float],
    level: Longs,
    outside: Mapping[str, Method] | None = None,
    like: Longs | None = None,
    pooled: Bools | None = None,
) -> PanelForecast:
    """Return the forecast of each series by the best methods of its level, chosen by test forecasts.

    ``level`` (num_series,) tells whose methods are chosen together, ``like`` (num_series,) which series each is a copy
    of: copies are forecast once. ``outside`` are further methods by name. ``pooled`` (num_series,) are the series
    whose error paths are lent to all, all of them where it is left out.
    """
    outside = outside or {}
    kept, at = np.unique(np.arange(len(level)) if like is None else like, return_inverse=True)
    if len(kept) < len(level):
        parent = np.where(panel.parent[kept] >= 0, at[panel.parent[kept]], -1)
        many = len(panel.exposure) > 1
        once = replace(panel, values=panel.values[kept], exposure=panel.exposure[kept] if many else panel.exposure,
                       parent=parent, start=panel.start[kept])  # fmt: skip
        lent = None if pooled is None else pooled[kept]
        return forecast_panel(once, settings, year_weights, level[kept], outside, None, lent).repeat(at)
    names = [*settings.methods, *(name for name in outside if name not in settings.methods)]
    num_nodes, horizon = len(panel.values), panel.horizon
    pooled = np.ones(num_nodes, dtype=bool) if pooled is None else pooled
    if panel.num_months == 0 or horizon == 0:
        nothing = np.zeros((num_nodes, horizon))
        errors = gather_paths(np.full((num_nodes, 0, horizon), np.nan), horizon, level, pooled)
        unknown = np.full(num_nodes, np.nan)
        return PanelForecast(nothing, nothing, np.zeros(num_nodes), [NO_METHOD] * num_nodes, unknown, errors)
    methods = list_methods(names, year_weights, outside)
    scores = score_methods(panel, methods, horizon)
    chosen = choose_methods(scores, level, int(level.max()) + 1, settings.best)[level]
    tests = run_tests(panel, methods, chosen, horizon)
    panel = replace(panel, season=estimate_seasons(panel))
    means = blend_best(panel, run_methods(panel, methods), chosen, horizon)
    usual = usual_months(panel)
    surprises = gather_surprises(tests, panel.start, panel.num_months, level, pooled)
    errors = gather_paths(tests.parts, horizon, level, pooled, list_orders(panel), surprises)
    known = panel.start < panel.num_months
    blends = ["+".join(names[number] for number in best) for best in chosen.tolist()]
    method = [blend if there else NO_METHOD for blend, there in zip(blends, known, strict=True)]
    return PanelForecast(means, usual, (errors.size * usual.mean(axis=1)) ** 2, method, tests.error, errors)
