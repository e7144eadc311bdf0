"""Reading periodic routing instances (Cordeau's text format, types 1 and 8, and rep months) and writing solutions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from quotum.engine.action_plan.routing.patterns import Spacing, spaced_patterns
from quotum.engine.action_plan.routing.problem import PeriodicProblem, Shifts, Solution, list_patterns

_NEVER = 1e6  # what a customer left out costs: more than any detour


@dataclass(frozen=True)
class Instance:
    """A problem together with the names its file gives to customers, vehicles and depots."""

    problem: PeriodicProblem
    numbers: tuple[int, ...]
    depot_of_shift: tuple[int, ...]
    vehicle_of_shift: tuple[int, ...]
    several_depots: bool


def read_instance(path: Path) -> Instance:
    """Read either format; ValueError where the file is of another kind."""
    return _read_rep(path) if path.suffix == ".json" else _read_cordeau(path)


def _read_rep(path: Path) -> Instance:
    data = json.loads(path.read_text(encoding="utf-8-sig"))
    customers, num_days = data["customers"], data["days"]
    choices = []
    spaced = cache(spaced_patterns)
    for customer in customers:
        spacing = Spacing(customer["frequency"], customer["gap_min"], customer["gap_max"], customer["first_max"] - 1)
        closed = {day - 1 for day in customer["closed_days"]}
        choices.append(spaced(spacing, tuple(d for d in range(num_days) if d not in closed), 100_000))
    places = np.array([[c["x"], c["y"]] for c in customers] + [[0.0, 0.0]])
    shifts = _shifts(len(customers), [(data["minutes_per_day"], data["visits_per_day"])] * num_days, 1, 1)
    service = np.array([c["service"] for c in customers], np.float64)
    problem = PeriodicProblem(
        num_days, _distances(places), service, np.ones(len(customers)), list_patterns(choices), shifts,
        np.full(len(customers), _NEVER),
    )  # fmt: skip
    vehicles = tuple((shifts.vehicle + 1).tolist())
    return Instance(problem, tuple(c["id"] for c in customers), (0,) * num_days, vehicles, False)


def _read_cordeau(path: Path) -> Instance:
    lines = [line.split() for line in path.read_text(encoding="utf-8-sig").splitlines() if line.split()]
    kind, num_vehicles, num_customers, num_days = (_whole(word) for word in lines[0][:4])
    if kind not in (1, 8):
        raise ValueError(f"{path.name} is of type {kind}; periodic instances are of type 1 or 8")
    num_depots = _whole(lines[0][4]) if kind == 8 else 1
    rows = lines[1 : 1 + num_days * num_depots]
    limits = [(float(row[0]), float(row[1])) for row in rows]
    nodes = sorted(lines[1 + len(rows) :], key=lambda row: _whole(row[0]))
    depots, customers = nodes[:num_depots], nodes[num_depots:]
    if len(customers) != num_customers:
        raise ValueError(f"{path.name} announces {num_customers} customers and lists {len(customers)}")
    places = np.array([[float(row[1]), float(row[2])] for row in customers + depots])
    choices = [_list_choices(row, num_days) for row in customers]
    shifts = _shifts(num_customers, limits, num_vehicles, num_depots)
    problem = PeriodicProblem(
        num_days, _distances(places), np.array([float(row[3]) for row in customers]),
        np.array([float(row[4]) for row in customers]), list_patterns(choices), shifts,
        np.full(num_customers, _NEVER),
    )  # fmt: skip
    return Instance(
        problem, tuple(_whole(row[0]) for row in customers),
        tuple(_whole(depots[base - num_customers][0]) for base in shifts.start.tolist()),
        tuple((shifts.vehicle % num_vehicles + 1).tolist()), kind == 8,
    )  # fmt: skip


def _shifts(first_base: int, limits: list[tuple[float, float]], num_vehicles: int, num_depots: int) -> Shifts:
    """Return the shifts of every day, depot and vehicle; ``limits`` depot after depot, each with all of its days."""
    num_days = len(limits) // num_depots
    keys = [(d, b, v) for d in range(num_days) for b in range(num_depots) for v in range(num_vehicles)]
    limit = np.array([limits[b * num_days + d] for d, b, _ in keys], np.float64).reshape(-1, 2)
    limit[limit == 0] = np.inf
    base = np.array([first_base + b for _, b, _ in keys], np.int64)
    return Shifts(
        np.array([d for d, _, _ in keys], np.int64), np.array([b * num_vehicles + v for _, b, v in keys], np.int64),
        base, base, limit[:, 0], limit[:, 1], np.zeros(len(keys)),
    )  # fmt: skip


def _whole(word: str) -> int:
    """Return a count, which some files write as 4.0."""
    return int(float(word))


def _list_choices(row: list[str], num_days: int) -> list[tuple[tuple[int, ...], float]]:
    """Return the combinations of a customer; one for whom none is listed is not visited."""
    codes = [_whole(code) for code in row[7 : 7 + _whole(row[6])]]
    return [(_decode(code, num_days), 0.0) for code in codes] or [((), 0.0)]


def _decode(code: int, num_days: int) -> tuple[int, ...]:
    """Return the days of a combination, whose leftmost bit is the first day."""
    return tuple(d for d in range(num_days) if code >> (num_days - 1 - d) & 1)


def _distances(places: np.ndarray) -> np.ndarray:
    difference = places[:, None, :] - places[None, :, :]
    return np.sqrt((difference**2).sum(axis=2))


def write_solution(instance: Instance, solution: Solution) -> str:
    """Return the solution as JSON with the file's own numbers; days and vehicles count from 1."""
    routes = []
    for r, stops in enumerate(solution.routes):
        if stops:
            depot = {"depot": instance.depot_of_shift[r]} if instance.several_depots else {}
            routes.append({"day": int(instance.problem.shifts.day[r]) + 1, "vehicle": instance.vehicle_of_shift[r],
                           **depot, "customers": [instance.numbers[c] for c in stops]})  # fmt: skip
    return json.dumps({"cost": round(solution.cost, 6), "routes": routes})
