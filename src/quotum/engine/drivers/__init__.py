"""Driver trees: quantities tied by formulas, evaluated, solved for any one of them, held against what there is."""

from quotum.engine.drivers.assessing import (
    DriverAssessment,
    DriverGround,
    assess_drivers,
    ground_drivers,
    hold_against,
    list_goals,
)
from quotum.engine.drivers.capacity import check_capacity, find_need, find_supply, list_norms
from quotum.engine.drivers.evaluate import Play, evaluate_drivers
from quotum.engine.drivers.needs import find_needs
from quotum.engine.drivers.scenes import Scene, set_scene
from quotum.engine.drivers.sensitivity import list_worth, simulate_drivers
from quotum.engine.drivers.solving import Solution, solve_driver
from quotum.engine.drivers.trees import DriverTree, build_tree

__all__ = [
    "DriverAssessment", "DriverGround", "DriverTree", "Play", "Scene", "Solution", "assess_drivers", "build_tree",
    "check_capacity", "evaluate_drivers", "find_need", "find_needs", "find_supply", "ground_drivers", "hold_against",
    "list_goals", "list_norms", "list_worth", "set_scene", "simulate_drivers", "solve_driver",
]  # fmt: skip
