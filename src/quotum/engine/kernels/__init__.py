"""Fast loops over plain arrays, each with a slow, obvious twin in the tests. Using one of these names loads numba."""

from importlib import import_module
from typing import Any

_HOMES = {
    "CAPS_FALL_SHORT": "splitting",
    "FINE": "splitting",
    "FLOORS_EXCEED": "splitting",
    "NO_WEIGHT": "splitting",
    "due_cells": "running_totals",
    "due_totals": "running_totals",
    "find_flow": "crossing",
    "fit_cells": "crossing",
    "halve": "halving",
    "round_lots": "splitting",
    "round_whole": "splitting",
    "split_bounded": "splitting",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(name)
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
