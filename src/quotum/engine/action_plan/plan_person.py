"""One person's visits over the whole horizon, block after block: what one block plans is history for the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from quotum.engine.action_plan.agenda import Entry, time_day
from quotum.engine.action_plan.daily_limits import keep_limits, name_patterns
from quotum.engine.action_plan.even_weeks import even_weeks, keep_weeks_even
from quotum.engine.action_plan.night_trips import choose_trips, empty_ways
from quotum.engine.action_plan.person_blocks import (
    Block,
    State,
    Trip,
    daily_limits,
    lay_out_block,
    make_problem,
    part_calls_from_visits,
    published_days,
    routes_by_day,
)
from quotum.engine.action_plan.person_tasks import (
    Booking,
    Contact,
    Floats,
    PersonTask,
    Place,
    TravelMinutes,
    spread_seed,
)
from quotum.engine.action_plan.routing.checking import find_faults
from quotum.engine.action_plan.routing.problem import UNPLACED, PeriodicProblem, Solution
from quotum.engine.action_plan.routing.solving import Search, solve_periodic
from quotum.engine.action_plan.unplaced import find_reason, fits
from quotum.engine.tables.visit_settings import Effort, VisitSettings

BLOCK_DAYS = 20
_ROUNDS: dict[Effort, int] = {"quick": 100, "normal": 400, "thorough": 2_000}
"""Rounds of the search for each customer of a block."""

Key = tuple[str, str]
"""Customer and kind of contact."""


@dataclass(slots=True)
class PersonVisits:
    """What was planned for a person: (customer, kind) by day, entries by day, and what is missing and why."""

    contacts: list[tuple[int, str, str]] = field(default_factory=list)  # day, customer, kind
    agenda: dict[int, list[Entry]] = field(default_factory=dict)
    needed: dict[Key, int] = field(default_factory=dict)
    missed: dict[Key, tuple[int, str]] = field(default_factory=dict)
    trips: list[tuple[int, int]] = field(default_factory=list)
    minutes: float = 0.0  # driven


def plan_person(task: PersonTask, settings: VisitSettings, travel: TravelMinutes) -> PersonVisits:
    """Return a person's contacts and days. The same task and settings give the same days, always.

    Raises RuntimeError when a plan breaks a rule of the kernel's checker: that is our mistake, never the data's.
    """
    told = PersonVisits()
    contacts = {(c.customer, kind): c for kind, of in (("visit", task.visits), ("call", task.calls)) for c in of}
    state = {key: (c.last, c.due) for key, c in contacts.items()}
    home = task.home or middle_place(task)
    ways = _ways_to_bookings(task, home, travel)
    for span in list_blocks(len(task.dates), task.begun):
        block = lay_out_block(task, settings, span, home, state, ways, told.needed)
        if block.days:
            block, routes = _plan_block(block, task, settings, travel, told)
            _keep_block(block, routes, told)
        else:
            _miss_block(block, told)
        _move_on(told, contacts, state, span, is_last=span[1] == len(task.dates))
    _miss_bookings(task, settings, told)
    return told


def list_blocks(count: int, begun: int = 0) -> list[tuple[int, int]]:
    """Return the blocks of a horizon of so many days: four weeks each, a short rest belongs to the last one.

    ``begun`` days of the same plan lie before it: a plan made anew has the blocks of the one before.
    """
    starts = list(range(0, begun + count, BLOCK_DAYS)) or [0]
    if len(starts) > 1 and begun + count - starts[-1] < BLOCK_DAYS // 2:
        starts.pop()
    ends = [start - begun for start in starts[1:] if start > begun] + [count]
    return list(zip([0, *ends[:-1]], ends, strict=True)) if count else []


def middle_place(task: PersonTask) -> Place:
    """Return where somebody without a home begins: in the middle of the customers."""
    places = [contact.place for contact in task.visits if contact.place] or [(0.0, 0.0)]
    middle = [sorted(values)[len(values) // 2] for values in zip(*places, strict=True)]
    return middle[0], middle[1]


def _plan_block(
    block: Block, task: PersonTask, settings: VisitSettings, travel: TravelMinutes, told: PersonVisits
) -> tuple[Block, dict[int, tuple[int, ...]]]:
    """Seek the routes of a block and time its days; return it with its final calls, and its routes."""
    minutes = travel(block.places, block.keys)
    search = Search(rounds=_rounds(block, settings.effort), seed=spread_seed(task.seed + block.start, task.person))
    trips = choose_trips(block, task, settings, minutes, search)
    problem = make_problem(block, task, settings, minutes, trips)
    weeks = [task.dates[day].isocalendar().week for day in range(block.start, block.end)]
    start = published_start(problem, block, task)
    if start is not None:
        problem = keep_weeks_even(problem, start, weeks, settings.even_weeks)
    solution = solve_periodic(problem, search, start=start)
    if not task.published:  # a published plan moves as little as it must
        solution = even_weeks(problem, solution, weeks, settings.even_weeks, search)
    limits = daily_limits(block, settings, problem.num_customers)
    if not limits.are_kept(problem, solution):
        given = keep_limits(problem, limits, solution)
        found = solve_periodic(given, search, start=published_start(given, block, task))
        solution = name_patterns(problem, given, found)
    faults = find_faults(problem, solution)
    if faults:
        raise RuntimeError(f"the plan of {task.person} breaks a rule: {faults[0]}")
    routes = routes_by_day(block, solution)
    trips = tuple(
        trip for trip in trips
        if trip == block.begun or any(routes.get(day) for day in range(trip.first, trip.last + 1))
    )
    block = part_calls_from_visits(block, task, routes)
    for day in block.days:
        base, hotel = _base_places(block, trips, day)
        entries = time_day(block, day, routes[day], minutes, settings, base=base, is_hotel=hotel)
        if entries:
            told.agenda[day] = entries
    told.minutes += solution.travel + empty_ways(block, trips, routes, minutes)
    told.trips += [(trip.first, trip.last) for trip in trips]
    for at, (contact, need) in enumerate(zip(block.visits, block.needs, strict=True)):
        missing = need.count - sum(at in route for route in routes.values())
        _note(told, contact, "visit", need.count, missing,
              lambda at=at: find_reason(block, task, settings, problem, limits, at, routes))  # fmt: skip
    return block, routes


def published_start(problem: PeriodicProblem, block: Block, task: PersonTask) -> Solution | None:
    """Return the published days as far as they still fit, to set out from; None where nothing was published.

    A customer whose days are no set of its patterns any more, or do not fit into a day, is left to the search.
    """
    days: dict[str, tuple[int, ...]] = {
        customer: tuple(day - block.start for day in of)
        for customer, of in published_days(task, "visit", block).items()
    }
    if not days:
        return None
    patterns = problem.patterns
    chosen = np.full(problem.num_customers, UNPLACED, np.int64)
    for at, key in enumerate(block.keys[: problem.num_customers]):
        wanted = days.get(key, ()) if at < len(block.visits) else patterns.days_of(int(patterns.first[at]))
        for pattern in range(int(patterns.first[at]), int(patterns.first[at + 1])):
            if wanted and patterns.days_of(pattern) == wanted:
                chosen[at] = pattern
    order = {(customer, day): rank for rank, (customer, _, day) in enumerate(task.published)}
    routes: list[list[int]] = [[] for _ in block.days]
    for at in sorted(np.flatnonzero(chosen != UNPLACED).tolist(), key=lambda at: (at < len(block.visits), at)):
        own = patterns.days_of(int(chosen[at]))
        shifts = [block.days.index(day + block.start) for day in own]
        tried = [_put_in(problem, block, routes[shift], at, order, shift) for shift in shifts]
        if all(route is not None for route in tried):
            for shift, route in zip(shifts, tried, strict=True):
                routes[shift] = route or []
        else:
            chosen[at] = UNPLACED
    cost = float(problem.unplaced_cost.sum())
    return Solution(chosen, tuple(tuple(route) for route in routes), cost, 0.0)


def _put_in(
    problem: PeriodicProblem, block: Block, route: list[int], at: int, order: Mapping[tuple[str, int], int], shift: int
) -> list[int] | None:
    """Return the route with one more customer, in the published order or where it fits; None: nowhere."""
    day = block.days[shift]
    if sum(problem.loads[stop] for stop in route) + problem.loads[at] > problem.shifts.max_load[shift]:
        return None
    rank = order.get((block.key_of(at), day), -1)
    place = sum(order.get((block.key_of(stop), day), -1) < rank for stop in route)
    for where in (place, *range(len(route) + 1)):
        tried = [*route[:where], at, *route[where:]]
        if fits(problem, shift, tried, problem.travel):
            return tried
    return None


def _rounds(block: Block, effort: Effort) -> int:
    return max(2_000, _ROUNDS[effort] * (len(block.visits) + len(block.bookings)))


def _ways_to_bookings(task: PersonTask, home: Place, travel: TravelMinutes) -> dict[int, float]:
    """Return the minutes from home to the first fixed date of each day."""
    first = {b.day: b for b in sorted(task.bookings, key=lambda b: (b.day, -b.start)) if b.place}
    if not first:
        return {}
    keys = ["", *(b.customer for b in first.values())]
    minutes: Floats = travel([home, *(b.place for b in first.values() if b.place)], keys)
    return {day: round(float(way)) for day, way in zip(first, minutes[0, 1:], strict=True)}


def _base_places(block: Block, trips: Sequence[Trip], day: int) -> tuple[tuple[int, int], tuple[bool, bool]]:
    count = len(block.visits) + len(block.bookings)
    came = next((trip.hotel for trip in trips if trip.first < day <= trip.last), None)
    stays = next((trip.hotel for trip in trips if trip.first <= day < trip.last), None)
    base = (count if came is None else came, count + 1 if stays is None else stays)
    return base, (came is not None, stays is not None)


def _keep_block(block: Block, routes: Mapping[int, Sequence[int]], told: PersonVisits) -> None:
    """Note contacts of the block: calls, visits, fixed dates, and the calls that are missed."""
    visits = len(block.visits)
    for day in block.days:
        told.contacts += [(day, call.customer, "call") for call in block.calls.get(day, ())]
        for place in routes[day]:
            if block.key_of(place):
                told.contacts.append((day, block.key_of(place), "visit" if place < visits else "appointment"))
    for customer, count in block.call_plan.needed.items():
        told.needed[customer, "call"] = told.needed.get((customer, "call"), 0) + count
    for customer, (count, reason) in block.call_plan.missed.items():
        known, _ = told.missed.get((customer, "call"), (0, ""))
        told.missed[customer, "call"] = known + count, reason


def _miss_block(block: Block, told: PersonVisits) -> None:
    """Note a block in which the person never works."""
    for contact, need in zip(block.visits, block.needs, strict=True):
        _note(told, contact, "visit", need.count, need.count, lambda: "no_open_day")
    for customer, count in block.call_plan.needed.items():
        told.needed[customer, "call"] = told.needed.get((customer, "call"), 0) + count
        told.missed[customer, "call"] = told.missed.get((customer, "call"), (0, ""))[0] + count, "no_open_day"


def _note(told: PersonVisits, contact: Contact, kind: str, needed: int, missing: int, reason: object) -> None:
    key = contact.customer, kind
    told.needed[key] = told.needed.get(key, 0) + needed
    if missing > 0 and callable(reason):
        told.missed[key] = told.missed.get(key, (0, ""))[0] + missing, reason()


def _move_on(
    told: PersonVisits, contacts: Mapping[Key, Contact], state: dict[Key, State], span: tuple[int, int], *,
    is_last: bool,
) -> None:  # fmt: skip
    """Bring everybody's last contact and next due day up to the end of a block."""
    last: dict[Key, int] = {}
    for day, customer, kind in told.contacts:
        key = customer, "visit" if kind == "appointment" else kind
        last[key] = max(day, last.get(key, day))
    for key, contact in contacts.items():
        for day in contact.fixed:
            if span[0] <= day < span[1]:
                last[key] = max(day, last.get(key, day))
    for key, contact in contacts.items():
        before, due = state[key]
        if key in last:
            state[key] = last[key], last[key] + contact.every
        elif due < span[1]:
            state[key] = before, span[1]  # due at once in the next block, where it is counted again
            if not is_last and not (contact.held and contact.held[-1][1] <= span[1]):
                _take_back(told, key)


def _take_back(told: PersonVisits, key: Key) -> None:
    """Take one missed contact out of the count: it is not missed yet, only later."""
    count, reason = told.missed.get(key, (0, ""))
    if count:
        told.needed[key] -= 1
        told.missed[key] = count - 1, reason
        if count == 1:
            del told.missed[key]


def _miss_bookings(task: PersonTask, settings: VisitSettings, told: PersonVisits) -> None:
    """Note fixed dates that are in no day, and why."""
    kept = {
        (day, entry.start, entry.customer)
        for day, entries in told.agenda.items()
        for entry in entries
        if entry.kind == "appointment"
    }
    for booking in task.bookings:
        key = booking.customer, "appointment"
        told.needed[key] = told.needed.get(key, 0) + 1
        if (booking.day, booking.start, booking.customer) not in kept:
            told.missed[key] = told.missed.get(key, (0, ""))[0] + 1, _why_not_kept(booking, task, settings)


def _why_not_kept(booking: Booking, task: PersonTask, settings: VisitSettings) -> str:
    """Tell why a fixed date is in no day: a day off, outside of working time, another date, or the way to it."""
    if booking.day < 0 or not task.is_open[booking.day]:
        return "day_off"
    if booking.start < settings.day[0] or booking.start + booking.minutes > settings.day[1]:
        return "outside_time"
    others = [b for b in task.bookings if b is not booking and b.day == booking.day]
    overlaps = any(b.start < booking.start + booking.minutes and booking.start < b.start + b.minutes for b in others)
    return "appointment" if overlaps else "unreachable"
