"""Models of an outside forecasting library, kept behind the engine's promise of a method."""

from quotum.adapters.forecasts.statsforecast_models import MODELS, find_outside_models

__all__ = ["MODELS", "find_outside_models"]
