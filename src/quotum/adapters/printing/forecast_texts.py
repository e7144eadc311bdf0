"""Texts of findings about forecasts."""

from __future__ import annotations

FORECAST_TEXTS: dict[str, tuple[str, str]] = {
    "forecast_model_unknown": (
        "{column} names the model `{value}`.[ Did you mean {nearest}?]",
        "Use one of: {known}; quotum's own methods go under `methods`.",
    ),
    "forecast_library_missing": (
        "{column} names {value}, but the library statsforecast is not installed.",
        "Install it with: pip install 'quotum[forecasts]'. quotum's own methods need nothing.",
    ),
    "forecast_of_ratio": (
        "{value} is a ratio: it has no history of its own.",
        "Forecast its parts: {known}.",
    ),
    "forecast_without_history": (
        "Nothing was sold in a whole month up to {value}: there is nothing to forecast from.",
        "Add sales, or check as_of in plan.toml.",
    ),
}
