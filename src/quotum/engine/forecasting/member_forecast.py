"""What members of a split, or rows, are expected to bring: many series at once, without ranges."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from quotum.engine.forecasting.months import Months
from quotum.engine.forecasting.panel import Floats, Longs, Panel, take_series, with_start
from quotum.engine.forecasting.rolling import blend_best, choose_methods, list_methods, run_methods, score_methods
from quotum.engine.forecasting.seasonal import pool_season, steady_seasons
from quotum.engine.tables.plan_settings import PlanSettings

_CHUNK = 4_096  # series that are worked on at a time: their months stay in the processor's cache
_TRIED = 2_000  # series on which the methods are tried out; of more, every so many-th
_ORIGINS = 8


def forecast_members(
    months: Months, settings: PlanSettings, member: Longs, column: Longs, value_e4: Longs, num_members: int
) -> Floats:
    """Return what each member's coming months bring, (num_members, horizon), in ten-thousandths.

    ``member``, ``column`` (-1: no known month) and ``value_e4`` are lines of sales, (num_lines,).
    """
    known = (member >= 0) & (column >= 0)
    sold = np.zeros(num_members * months.num_known, dtype=np.int64)
    np.add.at(sold, member[known] * months.num_known + column[known], value_e4[known])
    values = sold.reshape(num_members, -1).astype(np.float64)
    exposure = months.weigh()[None, :]
    alone = np.full(num_members, -1, dtype=np.int64)
    panel = with_start(Panel(values, exposure, months.first.month - 1, alone, np.zeros(0, dtype=np.int64)))
    return forecast_series(panel, settings)


def weigh_plan(months: Months) -> Floats:
    """Return which part of each coming month belongs to the plan, (horizon,)."""
    in_plan = np.array([piece.in_plan for piece in months.pieces], dtype=bool)
    weighed: Floats = months.parts()[in_plan].sum(axis=0)
    return weighed


def forecast_series(panel: Panel, settings: PlanSettings) -> Floats:
    """Return the coming months of many series without parents, (num_series, horizon).

    One blend of methods, those that do best on a part of the series, serves them all. Seasons lean on that of all
    series together. Memory stays small: some thousand series are worked on at a time.
    """
    num_series, horizon = len(panel.values), panel.horizon
    if not num_series or panel.num_months == 0 or horizon == 0:
        return np.zeros((num_series, horizon))
    methods = list_methods(settings.forecast.methods, settings.history_years)
    tried = take_series(replace(panel, season=np.ones((num_series, 1))), slice(None, None, -(-num_series // _TRIED)))
    scores = score_methods(tried, methods, horizon, _ORIGINS)
    best = choose_methods(scores, np.zeros(len(tried.values), dtype=np.int64), 1, settings.forecast.best)[0]
    chosen = {name: method for number, (name, method) in enumerate(methods.items()) if number in best}
    pooled = pool_season(panel.values, panel.exposure, panel.first_month)
    made = np.empty((num_series, horizon))
    for first in range(0, num_series, _CHUNK):
        part = take_series(replace(panel, season=np.ones((num_series, 1))), slice(first, first + _CHUNK))
        part = replace(part, season=steady_seasons(part, pooled))
        everybody = np.tile(np.arange(len(chosen)), (len(part.values), 1))
        made[first : first + _CHUNK] = blend_best(part, run_methods(part, chosen), everybody, horizon)
    return made
