"""Which charts a review has: those of the company, and of the units and people asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quotum.adapters.charts.bullets import draw_bullets
from quotum.adapters.charts.heat_map import draw_heat_map
from quotum.adapters.charts.looks import Spec
from quotum.adapters.charts.pace import draw_pace
from quotum.adapters.charts.waterfall import draw_waterfall
from quotum.adapters.charts.words import ENGLISH
from quotum.engine.tables.review_tables import COMPANY, Review


def list_charts(
    review: Review, measure: str, level: str = "commit", nodes: Sequence[tuple[str, str]] = (),
    language: str = ENGLISH,
) -> dict[str, Spec]:  # fmt: skip
    """Return the charts by the name of their file: ``attainment``, ``months``, ``pace`` and ``why`` of each node.

    ``nodes``: (dimension, key) of units and people. Levels and ratios have no months, and so no pace.
    """
    flow = review.settings.measures[measure].kind == "flow"
    charts = {"attainment": draw_bullets(review, measure, level, language)}
    if flow:
        charts["months"] = draw_heat_map(review, measure, level, language)
    for dimension, key in [(COMPANY, ""), *nodes]:
        name = _as_file(f"-{dimension}-{key}") if key else ""
        if flow:
            charts[f"pace{name}"] = draw_pace(review, measure, dimension, key, level, language)
        charts[f"why{name}"] = draw_waterfall(review, measure, dimension, key, level, language)
    return charts


def _as_file(text: str) -> str:
    """Return a text that may be a file's name on any machine."""
    return re.sub(r'[<>:"/\\|?*\s\x00-\x1f]+', "_", text)[:80]
