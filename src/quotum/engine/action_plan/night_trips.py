"""Nights away: trips to far towns are decided before days are filled, from a few candidates that are each tried."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import numpy as np

from quotum.engine.action_plan.person_blocks import Block, Trip, make_problem, routes_by_day
from quotum.engine.action_plan.person_tasks import Floats, PersonTask
from quotum.engine.action_plan.routing.solving import Search, solve_periodic
from quotum.engine.tables.visit_settings import VisitSettings

_FEWEST = 2  # visits for which a town is looked at
_TOWN = 0.4  # part of the way home within which far customers belong to one town
_MOST_TRIPS, _NIGHTS = 4, (1, 2, 4)  # in four weeks; nights of a trip


def choose_trips(
    block: Block, task: PersonTask, settings: VisitSettings, travel: Floats, search: Search
) -> tuple[Trip, ...]:
    """Return the nights away that make the block cheapest, none where none pays.

    A trip that had begun before goes on as it was planned. For each far town two, three or five days in a row with the
    nights at its middle customer are tried on the earliest, the middle and the latest such days, one trip more at a
    time, each with a short search; a night costs ``overnight_cost``. ``travel``: minutes between the block's places.
    """
    towns = list_towns(block, settings, travel)
    chosen = () if block.begun is None else (block.begun,)
    if not towns or not settings.overnight_after:
        return chosen
    brief = replace(search, rounds=max(1_000, search.rounds // 5))
    best = _price(block, task, settings, travel, brief, chosen)
    for town in towns[:_MOST_TRIPS]:
        candidates = [
            (*chosen, Trip(first, first + nights, town))
            for nights in _NIGHTS
            for first in _first_days(block, task, nights, chosen)
            if _can_drive(block, travel, town, first, first + nights)
        ]
        prices = [(_price(block, task, settings, travel, brief, tried), at) for at, tried in enumerate(candidates)]
        if prices and min(prices)[0] < best:
            best, at = min(prices)
            chosen = candidates[at]
    return chosen


def list_towns(block: Block, settings: VisitSettings, travel: Floats) -> list[int]:
    """Return the middle customers of far towns with enough visits, the one with most of them first."""
    home = len(block.visits) + len(block.bookings)
    far = [at for at in range(len(block.visits)) if travel[home, at] > settings.overnight_after]
    towns: list[tuple[int, int]] = []
    while far:
        seed = max(far, key=lambda at: (float(travel[home, at]), -at))
        own = [at for at in far if travel[seed, at] <= _TOWN * travel[home, seed]]
        middle = min(own, key=lambda at: (float(np.sum(travel[at, own])), at))
        visits = sum(block.needs[at].count for at in own)
        if visits >= _FEWEST:
            towns.append((-visits, middle))
        far = [at for at in far if at not in own]
    return [middle for _, middle in sorted(towns)]


def _first_days(block: Block, task: PersonTask, nights: int, chosen: tuple[Trip, ...]) -> list[int]:
    """Return up to three first days of runs of calendar days that are worked and free of other trips."""
    days = set(block.days)
    taken = {day for trip in chosen for day in range(trip.first, trip.last + 1)}
    found = [
        day
        for day in block.days
        if all(day + k in days and day + k not in taken for k in range(nights + 1))
        and task.dates[day + nights] - task.dates[day] == timedelta(days=nights)
    ]
    return [found[0], found[len(found) // 2], found[-1]] if len(found) > 2 else found


def _can_drive(block: Block, travel: Floats, town: int, first: int, last: int) -> bool:
    """Tell whether the way to a town fits into the first day of a trip, and the way home into its last."""
    home = len(block.visits) + len(block.bookings)
    there, back = float(travel[home, town]), float(travel[town, home + 1])
    return there <= block.minutes[first] and back <= block.minutes[last]


def empty_ways(block: Block, trips: Sequence[Trip], routes: Mapping[int, Sequence[int]], travel: Floats) -> float:
    """Return the minutes driven to and from hotels on days on which nobody is seen: the search does not know them."""
    home, minutes = len(block.visits) + len(block.bookings), 0.0
    for trip in trips:
        minutes += 0.0 if routes.get(trip.first, True) else float(travel[home, trip.hotel])
        minutes += 0.0 if routes[trip.last] else float(travel[trip.hotel, home + 1])
    return minutes


def _price(
    block: Block, task: PersonTask, settings: VisitSettings, travel: Floats, search: Search, trips: tuple[Trip, ...]
) -> float:
    nights = sum(trip.last - trip.first for trip in trips)
    solution = solve_periodic(make_problem(block, task, settings, travel, trips), search)
    ways = empty_ways(block, trips, routes_by_day(block, solution), travel)
    return solution.cost + nights * settings.overnight_cost + ways
