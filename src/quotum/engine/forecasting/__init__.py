"""Where things go if they go on as they do: same period, season, trend, simulated ranges."""

from quotum.engine.forecasting.listing import list_forecasts
from quotum.engine.forecasting.node_forecast import NodeForecast, forecast_nodes
from quotum.engine.forecasting.paths import chance_of_reaching

__all__ = ["NodeForecast", "chance_of_reaching", "forecast_nodes", "list_forecasts"]
