"""What PyVRP or OR-Tools make of a periodic instance: they know no sets of days, so these are chosen before.

``python -m benchmarks._visit_oracles pyvrp|ortools INSTANCE --seconds S --seed N --out FILE [--cpu]``, with a Python
that has the library (never both beside HiGHS). Customers with the most visits, then the farthest, come first; each gets
the days on which somebody near is visited already and shifts have room. Then every day is a problem of its own, for an
equal part of the seconds, with the library's defaults (OR-Tools: cheapest insertion, then guided local search).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks._pvrp_files import read_instance, write_solution
from quotum.engine.action_plan.routing.checking import find_faults
from quotum.engine.action_plan.routing.problem import Ints, PeriodicProblem, Solution

_FINE = 1000  # both count in whole numbers: thousandths
_ROOM = 0.93  # of a day's load and minutes that choosing days may fill


def main() -> int:
    """Return 0 for a plan that keeps all promises, 1 for one that does not, 3 where the library is missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("library", choices=["pyvrp", "ortools"])
    parser.add_argument("instance", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    parser.add_argument("--cpu", action="store_true")
    given = parser.parse_args()
    route = {"pyvrp": _route_pyvrp, "ortools": _route_ortools}[given.library]
    instance = read_instance(given.instance)
    problem, clock = instance.problem, time.process_time if given.cpu else time.perf_counter
    begun = clock()
    try:
        pattern = choose_days(problem)
        routes: dict[int, tuple[int, ...]] = {}
        for d in range(problem.num_days):
            visited = [c for c in range(problem.num_customers) if d in problem.patterns.days_of(int(pattern[c]))]
            until = begun + given.seconds * (d + 1) / problem.num_days
            shifts = np.flatnonzero(problem.shifts.day == d)
            found = route(problem, shifts, visited, lambda end=until: clock() >= end, given.seed) if visited else {}
            if found is None:
                print(f"no way found for the {len(visited)} visits of day {d + 1}", file=sys.stderr)
                return 1
            routes |= found
    except ImportError as error:
        print(f"skipped: {error.name} is not installed here", file=sys.stderr)
        return 3
    told = tuple(routes.get(r, ()) for r in range(len(problem.shifts.day)))
    start, end = problem.shifts.start.tolist(), problem.shifts.end.tolist()
    travel = sum(float(problem.travel[a, b]) for r, stops in enumerate(told) if stops
                 for a, b in zip((start[r], *stops), (*stops, end[r]), strict=True))  # fmt: skip
    solution = Solution(pattern, told, travel, travel)
    if given.out:
        given.out.write_text(write_solution(instance, solution), encoding="utf-8")
    return 1 if find_faults(problem, solution) else 0


def choose_days(problem: PeriodicProblem) -> Ints:
    """Return a pattern for each customer: near to others of its days, as far as load and minutes are not used up."""
    n, shifts, patterns = problem.num_customers, problem.shifts, problem.patterns
    room = np.array([[_ROOM * limit[shifts.day == d].sum() for limit in (shifts.max_load, shifts.max_minutes)]
                     for d in range(problem.num_days)])  # fmt: skip
    used = np.zeros((problem.num_days, 2))
    home = problem.travel[:n, n:].min(axis=1)
    near = np.repeat(home[:, None], problem.num_days, axis=1)
    visits = [len(patterns.days_of(int(p))) for p in patterns.first[:-1]]
    chosen = np.zeros(n, np.int64)
    for c in sorted(range(n), key=lambda c: (-visits[c], -home[c])):
        options = []
        for p in range(int(patterns.first[c]), int(patterns.first[c + 1])):
            days = list(patterns.days_of(p))
            minutes = problem.service[c] + near[c, days]
            more = used[days] + np.column_stack([np.full(len(days), problem.loads[c]), minutes])
            over = float(np.maximum(more / np.maximum(room[days], 1e-9) - 1.0, 0.0).sum())
            options.append((round(over, 9), float(near[c, days].sum()), float((more / room[days]).sum()), p))
        chosen[c] = min(options)[3]
        days = list(patterns.days_of(int(chosen[c])))
        used[days, 0] += problem.loads[c]
        used[days, 1] += problem.service[c] + near[c, days]
        near[:, days] = np.minimum(near[:, days], problem.travel[:n, c][:, None])
    return chosen


def _route_pyvrp(
    problem: PeriodicProblem, shifts: Ints, visited: list[int], stop: Callable[[], bool], seed: int
) -> dict[int, tuple[int, ...]] | None:
    """Return the stops of a day's shifts, or None if no plan keeps the limits."""
    from pyvrp import Model

    model, most = Model(), problem.shifts
    bases = sorted({int(most.start[r]) for r in shifts})
    stops = [*bases, *visited]
    places = [model.add_location(0, 0) for _ in stops]
    depots = {base: model.add_depot(place) for base, place in zip(bases, places, strict=False)}
    for c, place in zip(visited, places[len(bases) :], strict=True):
        model.add_client(place, delivery=[round(problem.loads[c])], service_duration=_whole(problem.service[c]))
    for a, one in zip(stops, places, strict=True):
        for b, two in zip(stops, places, strict=True):
            if a != b:
                way = round(float(problem.travel[a, b]) * _FINE)
                model.add_edge(one, two, distance=way, duration=way)
    for r in shifts:
        base = depots[int(most.start[r])]
        limits = {"shift_duration": _whole(most.max_minutes[r])} if np.isfinite(most.max_minutes[r]) else {}
        model.add_vehicle_type(1, capacity=[_cap(most.max_load[r])], start_depot=base, end_depot=base, **limits)
    best = model.solve(lambda _cost: stop(), seed=seed, display=False).best
    if not best.is_feasible():
        return None
    return {int(shifts[way.vehicle_type()]): tuple(visited[stop.idx] for stop in way if stop.is_client())
            for way in best.routes()}  # fmt: skip


def _route_ortools(
    problem: PeriodicProblem, shifts: Ints, visited: list[int], stop: Callable[[], bool], _seed: int
) -> dict[int, tuple[int, ...]] | None:
    """Return the stops of a day's shifts, or None if no plan keeps the limits. It knows no seed."""
    from ortools.constraint_solver import pywrapcp, routing_enums_pb2

    most = problem.shifts
    bases = sorted({int(most.start[r]) for r in shifts})
    places = np.array([*bases, *visited])
    ends = [bases.index(int(most.start[r])) for r in shifts]
    manager = pywrapcp.RoutingIndexManager(len(places), len(shifts), ends, ends)
    routing = pywrapcp.RoutingModel(manager)
    ways = np.rint(problem.travel[np.ix_(places, places)] * _FINE).astype(np.int64)
    served = [0] * len(bases) + [_whole(problem.service[c]) for c in visited]
    loads = [0] * len(bases) + [round(problem.loads[c]) for c in visited]
    spent = [[int(ways[a, b]) + served[a] for b in range(len(places))] for a in range(len(places))]
    routing.SetArcCostEvaluatorOfAllVehicles(routing.RegisterTransitMatrix(ways.tolist()))
    routing.AddDimensionWithVehicleCapacity(routing.RegisterUnaryTransitVector(loads), 0,
                                            [_cap(most.max_load[r]) for r in shifts], True, "load")  # fmt: skip
    if np.isfinite(most.max_minutes[shifts]).all():
        minutes = [_whole(most.max_minutes[r]) for r in shifts]
        routing.AddDimensionWithVehicleCapacity(routing.RegisterTransitMatrix(spent), 0, minutes, True, "minutes")
    search = pywrapcp.DefaultRoutingSearchParameters()
    search.first_solution_strategy = routing_enums_pb2.FirstSolutionStrategy.PARALLEL_CHEAPEST_INSERTION
    search.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    search.time_limit.FromSeconds(3600)
    routing.AddSearchMonitor(routing.solver().CustomLimit(stop))
    found = routing.SolveWithParameters(search)
    if found is None:
        return None
    told = {}
    for vehicle, r in enumerate(shifts):
        stops, index = [], found.Value(routing.NextVar(routing.Start(vehicle)))
        while not routing.IsEnd(index):
            stops.append(int(places[manager.IndexToNode(index)]))
            index = found.Value(routing.NextVar(index))
        told[int(r)] = tuple(stops)
    return told


def _whole(minutes: float) -> int:
    return int(minutes * _FINE + 1e-6)


def _cap(load: float) -> int:
    return int(load) if np.isfinite(load) else 1 << 40


if __name__ == "__main__":
    sys.exit(main())
