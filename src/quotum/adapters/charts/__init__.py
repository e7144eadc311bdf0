"""Charts of a review as Vega-Lite: the same dictionaries become pictures here and live charts in a browser."""

from quotum.adapters.charts.bullets import draw_bullets
from quotum.adapters.charts.heat_map import draw_heat_map
from quotum.adapters.charts.pace import draw_pace
from quotum.adapters.charts.waterfall import draw_waterfall

__all__ = ["draw_bullets", "draw_heat_map", "draw_pace", "draw_waterfall"]
