"""Draws the pictures of the docs: ``python docs/images/draw.py [FOLDER]`` writes them beside this file or to FOLDER.

Plain SVG without outside fonts or files, on a light ground, so that they can be read anywhere. The figures are those of
the pages they stand on; a test compares the pictures with what this script draws.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from pictures_of_plans import (
    draw_across,
    draw_along,
    draw_bounds,
    draw_currencies,
    draw_customers,
    draw_cuts,
    draw_layers,
    draw_overview,
    draw_ownership,
    draw_reasons,
    draw_whole_units,
)
from pictures_of_work import (
    draw_appraisal,
    draw_drivers,
    draw_feasibility,
    draw_forecast,
    draw_replanning,
    draw_tracking,
)

PICTURES: dict[str, Callable[[], str]] = {
    "overview": draw_overview,
    "across": draw_across,
    "along": draw_along,
    "cuts": draw_cuts,
    "layers": draw_layers,
    "bounds": draw_bounds,
    "reasons": draw_reasons,
    "ownership": draw_ownership,
    "whole-units": draw_whole_units,
    "feasibility": draw_feasibility,
    "forecast": draw_forecast,
    "tracking": draw_tracking,
    "customers": draw_customers,
    "currencies": draw_currencies,
    "drivers": draw_drivers,
    "replanning": draw_replanning,
    "appraisal": draw_appraisal,
}


def write_pictures(folder: Path) -> None:
    """Write every picture as ``<name>.svg``."""
    for name, draw in PICTURES.items():
        (folder / f"{name}.svg").write_text(draw(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write_pictures(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
