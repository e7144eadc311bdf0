"""Models of statsforecast as methods of the engine: one series after the other, slow beside our own.

The library is the optional extra ``forecasts`` (``pip install quotum[forecasts]``); it is loaded when it is asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.nearest import nearest
from quotum.engine.forecasting.methods import Method
from quotum.engine.forecasting.panel import YEAR, Floats, Panel

MODELS = ("AutoETS", "AutoTheta", "AutoARIMA", "AutoCES")
_LEAST = 3  # months below which a model says nothing


def find_outside_models(names: Sequence[str]) -> tuple[dict[str, Method], list[Issue]]:
    """Return the models of these names, and what forbids to use them: an unknown name, a library that is not there."""
    unknown = [name for name in names if name not in MODELS]
    issues = [
        Issue(rule="forecast_model_unknown", column="forecast.outside", value=name,
              details=(("known", ", ".join(MODELS)), ("nearest", nearest(name, MODELS))))
        for name in unknown
    ]  # fmt: skip
    if not names or issues:
        return {}, issues
    try:
        models = import_module("statsforecast.models")
    except ImportError:
        return {}, [Issue(rule="forecast_library_missing", column="forecast.outside", value=", ".join(names))]
    return {name: _wrap(getattr(models, name)) for name in names}, []


def _wrap(model: Any) -> Method:
    """Return the method that fits a model to each series, on sales divided by what its months weigh."""

    def carry(panel: Panel) -> Floats:
        exposure = np.broadcast_to(panel.exposure, (len(panel.values), panel.exposure.shape[1]))
        known, horizon = panel.num_months, panel.horizon
        rates = np.divide(panel.values, exposure[:, :known], out=np.zeros_like(panel.values),
                          where=exposure[:, :known] > 0)  # fmt: skip
        made = np.zeros((len(rates), horizon))
        for at, start in enumerate(panel.start.tolist()):
            series = rates[at, start:]
            if len(series) >= _LEAST:
                season = YEAR if len(series) >= 2 * YEAR else 1
                made[at] = model(season_length=season).forecast(y=series, h=horizon)["mean"]
        return np.maximum(made * exposure[:, known:], 0.0)

    return carry
