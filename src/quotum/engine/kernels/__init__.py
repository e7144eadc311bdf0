"""Fast loops over plain arrays, each with a slow, obvious twin in the tests. Importing this loads numba."""

from quotum.engine.kernels.crossing import find_flow, fit_cells
from quotum.engine.kernels.halving import halve
from quotum.engine.kernels.running_totals import due_cells, due_totals
from quotum.engine.kernels.splitting import (
    CAPS_FALL_SHORT,
    FINE,
    FLOORS_EXCEED,
    NO_WEIGHT,
    round_lots,
    round_whole,
    split_bounded,
)

__all__ = [
    "CAPS_FALL_SHORT",
    "FINE",
    "FLOORS_EXCEED",
    "NO_WEIGHT",
    "due_cells",
    "due_totals",
    "find_flow",
    "fit_cells",
    "halve",
    "round_lots",
    "round_whole",
    "split_bounded",
]
