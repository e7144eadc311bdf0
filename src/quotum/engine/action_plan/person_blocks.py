"""A person's visits in one block of days: needs become patterns, days shifts; the kernel finds days and order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from quotum.engine.action_plan.calls import Call, CallPlan, Morning, place_calls, swap_clashes, time_calls
from quotum.engine.action_plan.clock import Lunch
from quotum.engine.action_plan.daily_limits import DailyLimits
from quotum.engine.action_plan.person_tasks import Booking, Contact, Floats, PersonTask, Place
from quotum.engine.action_plan.routing.problem import PeriodicProblem, Shifts, Solution, list_patterns
from quotum.engine.action_plan.spacing import Need, keep_published, list_day_sets
from quotum.engine.tables.opening_hours import CLOSED
from quotum.engine.tables.visit_settings import VisitSettings

_HUGE = 1e6
ROUNDING = 0.4
"""Times are whole minutes; what a way has beyond them must not close a door or end a day."""

State = tuple[int | None, int]
"""Day of the last contact (None: not known), and of the next due one."""
_SOON = 2  # working days around a visit in which a call says little


@dataclass(frozen=True, slots=True)
class Trip:
    """Nights away: from ``first`` day to ``last``, sleeping at ``hotel``, a place of the block."""

    first: int
    last: int
    hotel: int


@dataclass(frozen=True, slots=True)
class Block:
    """A block before its routes are sought. Places: visits, bookings, home and end, and the hotel slept at before."""

    start: int
    end: int
    visits: tuple[Contact, ...]
    needs: tuple[Need, ...]
    bookings: tuple[Booking, ...]
    places: tuple[Place, ...]
    calls: Mapping[int, tuple[Call, ...]]
    call_plan: CallPlan
    call_needs: Mapping[str, Need]
    mornings: Mapping[int, Morning]
    days: tuple[int, ...]  # that are worked
    weekdays: Mapping[int, int]  # of these, Monday is 0
    leaves: Mapping[int, float]  # on the clock without lunch
    minutes: Mapping[int, float]  # left for driving and visits
    lunches: Mapping[int, Lunch]  # of the days
    begun: Trip | None = None  # whose first days are over

    @property
    def keys(self) -> tuple[str, ...]:
        """The customers of the places; bases have none."""
        keys = (*(c.customer for c in self.visits), *(b.customer for b in self.bookings))
        return *keys, *[""] * (len(self.places) - len(keys))

    def key_of(self, place: int) -> str:
        """Return the customer of a visit or booking."""
        visits = len(self.visits)
        return self.visits[place].customer if place < visits else self.bookings[place - visits].customer


def published_days(task: PersonTask, kind: str, block: Block | range) -> dict[str, tuple[int, ...]]:
    """Return the days of a published plan by customer, those in a block or range of days."""
    start, end = (block.start, block.end) if isinstance(block, Block) else (block.start, block.stop)
    days: dict[str, list[int]] = {}
    for customer, of_kind, day in task.published:
        if of_kind == kind and start <= day < end:
            days.setdefault(customer, []).append(day)
    return {customer: tuple(sorted(of)) for customer, of in days.items()}


def open_days(contact: Contact, task: PersonTask, days: Sequence[int]) -> tuple[int, ...]:
    """Return the days on which a customer is the person's and open."""
    return tuple(day for day in days if contact.is_held(day) and contact.hours[task.dates[day].weekday()] != CLOSED)


def visiting_window(contact: Contact, settings: VisitSettings, weekday: int, lunch: Lunch) -> tuple[float, float]:
    """Return between which moments of the clock without lunch a visit may begin; the second may lie before the first.

    ``weekday``: Monday is 0. Who is open beyond working time is seen within it.
    """
    opens, closes = contact.hours[weekday]
    return _window(max(opens, settings.visits_from), min(closes, settings.day[1]) - contact.minutes, lunch)


@lru_cache(maxsize=4096)
def _window(earliest: int, latest: int, lunch: Lunch) -> tuple[float, float]:
    return lunch.without(earliest), lunch.latest_without(latest)


def visit_days(
    contact: Contact, task: PersonTask, settings: VisitSettings, lunches: Mapping[int, Lunch]
) -> tuple[int, ...]:
    """Return the days of the person (those that have a lunch) on which a customer is open long enough for a visit."""
    found = []
    for day in open_days(contact, task, list(lunches)):
        first, last = visiting_window(contact, settings, task.dates[day].weekday(), lunches[day])
        found += [day] if first <= last else []
    return tuple(found)


def list_lunches(task: PersonTask, settings: VisitSettings, days: Sequence[int]) -> dict[int, Lunch]:
    """Return the lunch break of each day: none where a fixed date begins in it."""
    usual = Lunch(*settings.lunch)
    taken = {b.day for b in task.bookings if usual.start <= b.start < usual.start + usual.minutes}
    return {day: Lunch(usual.start, 0) if day in taken else usual for day in days}


def lay_out_block(
    task: PersonTask, settings: VisitSettings, span: tuple[int, int], home: Place,
    state: Mapping[tuple[str, str], State], ways: Mapping[int, float], needed: Mapping[tuple[str, str], int],
) -> Block:  # fmt: skip
    """Return the block of days ``span`` with its calls placed and what is left of each day for visits.

    ``state`` has, by customer and kind, the day of the last contact and the next due one; ``ways`` the minutes from
    home to the first fixed date of a day; ``needed`` how many contacts the blocks before needed.
    """
    start, end = span
    days = tuple(day for day in range(start, end) if task.is_open[day])
    bookings = tuple(b for b in task.bookings if start <= b.day < end and task.is_open[b.day])
    first = {b.day: b.start for b in sorted(bookings, key=lambda b: (b.day, -b.start))}
    depart = {day: start - ways.get(day, 0.0) for day, start in first.items()}
    planned = {kind: (published_days(task, kind, range(*span)), published_days(task, kind, range(end, len(task.dates))))
               for kind in ("visit", "call")}  # fmt: skip
    needs = {kind: [_need(contact, settings, kind, state, span, needed, planned[kind]) for contact in contacts]
             for kind, contacts in (("visit", task.visits), ("call", task.calls))}  # fmt: skip
    mornings = {day: _morning(task, settings, day, depart.get(day)) for day in days}
    due_calls = [(c, n) for c, n in zip(task.calls, needs["call"], strict=True) if n.count]
    where = {c.customer: open_days(c, task, days) for c, _ in due_calls}
    plan = place_calls(due_calls, where, mornings, planned["call"][0])
    calls = {day: time_calls(contacts, mornings[day]) or () for day, contacts in plan.days.items()}
    chosen = [at for at, need in enumerate(needs["visit"]) if need.count]
    visits = tuple(task.visits[at] for at in chosen)
    places = (*(v.place or home for v in visits), *(b.place or home for b in bookings), home, task.end or home)
    begun = _begun_trip(task, days, len(places)) if start == 0 else None
    if begun is not None and task.away is not None:
        places = (*places, task.away.hotel)
    lunches, minutes = list_lunches(task, settings, days), {}
    leaves = {day: _leave(settings, calls.get(day, ()), depart.get(day), lunches[day]) for day in days}
    for day in days:
        called = sum(call.end - call.start for call in calls.get(day, ()))
        minutes[day] = min(task.minutes_per_day - called, lunches[day].without(settings.day[1]) - leaves[day])
    return Block(start, end, visits, tuple(needs["visit"][at] for at in chosen), bookings, places, calls, plan,
                 {c.customer: n for c, n in due_calls}, mornings, days,
                 {day: task.dates[day].weekday() for day in days}, leaves, minutes, lunches, begun)  # fmt: skip


def _begun_trip(task: PersonTask, days: Sequence[int], hotel: int) -> Trip | None:
    """Return the rest of a trip that had begun before; it ends early where a day of it is not worked any more."""
    if task.away is None or 0 not in days:
        return None
    last = 0
    while last < task.away.last and last + 1 in days and (task.dates[last + 1] - task.dates[last]).days == 1:
        last += 1
    return Trip(-1, last, hotel)


def make_problem(
    block: Block, task: PersonTask, settings: VisitSettings, travel: Floats, trips: Sequence[Trip] = ()
) -> PeriodicProblem:
    """Return the block as arrays for the kernel: visits, then bookings; home and end are the bases, hotels are visits.

    ``travel``: minutes between the block's places. Days of the problem count from the block's start.
    """
    n, count = len(block.visits), len(block.visits) + len(block.bookings)
    hotels = sorted({trip.hotel for trip in trips})
    stops = [*range(count + 2), *hotels]
    base = {hotel: count + 2 + at for at, hotel in enumerate(hotels)}
    starts, ends = _bases(block, trips, base, count)
    num_days = block.end - block.start
    published = published_days(task, "visit", block)
    timed = (count, num_days) if count else (0, 0)
    choices, opens, closes = [], np.zeros(timed), np.full(timed, 1440.0)
    for at, (contact, need) in enumerate(zip(block.visits, block.needs, strict=True)):
        days_open = visit_days(contact, task, settings, block.lunches)
        kept = published.get(contact.customer, ())
        sets = keep_published(need, days_open, kept, settings.change_cost) if kept else list_day_sets(need, days_open)
        choices.append([([day - block.start for day in days], cost) for days, cost in sets])
        for day in days_open:
            opens[at, day - block.start], latest = visiting_window(
                contact, settings, block.weekdays[day], block.lunches[day]
            )
            closes[at, day - block.start] = latest + ROUNDING
    for at, booking in enumerate(block.bookings, start=n):
        choices.append([([booking.day - block.start], 0.0)])
        opens[at] = block.lunches[booking.day].without(booking.start)
        closes[at] = opens[at] + ROUNDING
    if not block.bookings and _always_open(block, opens, closes):
        opens, closes = np.zeros((0, 0)), np.zeros((0, 0))  # the search is faster without hours
    needed = [need.missed * need.count for need in block.needs]
    return PeriodicProblem(
        num_days,
        np.ascontiguousarray(travel[np.ix_(stops, stops)]),
        np.array([*(v.minutes for v in block.visits), *(b.minutes for b in block.bookings)], np.float64),
        np.array([1.0] * n + [float(bool(b.customer)) for b in block.bookings]),
        list_patterns(choices),
        Shifts(
            np.array(block.days, np.int64) - block.start, np.zeros(len(block.days), np.int64),
            np.array(starts, np.int64), np.array(ends, np.int64),
            np.array([block.minutes[day] + ROUNDING for day in block.days], np.float64),
            np.full(len(block.days), float(task.visits_per_day)),
            np.array([block.leaves[day] for day in block.days], np.float64),
        ),
        np.array([*needed, *[_HUGE] * len(block.bookings)], np.float64),
        opens,
        closes,
    )  # fmt: skip


def daily_limits(block: Block, settings: VisitSettings, num_customers: int) -> DailyLimits:
    """Return the limits of [visits.per_day] for the problem of a block; fixed dates have taken their part."""
    names = list(settings.per_day)
    counts = np.zeros((len(names), num_customers), np.bool_)
    most = np.zeros((len(names), block.end - block.start), np.int64)
    most += np.array([settings.per_day[name] for name in names], np.int64)[:, None]
    for limit, name in enumerate(names):
        counts[limit, : len(block.visits)] = [name in visit.limits for visit in block.visits]
        for booking in block.bookings:
            most[limit, booking.day - block.start] -= name in booking.limits
    return DailyLimits(counts, np.maximum(most, 0))


def _always_open(block: Block, opens: Floats, closes: Floats) -> bool:
    """Tell whether no customer opens after somebody may come, or closes before the day is over."""
    if not block.days or not len(opens):
        return True
    ends = max(block.leaves[day] + block.minutes[day] for day in block.days)
    services = np.array([contact.minutes for contact in block.visits], np.float64)
    first = min(block.leaves[day] for day in block.days)
    return bool((opens <= first).all() and (closes + services[:, None] >= ends).all())


def part_calls_from_visits(
    block: Block, task: PersonTask, routes: Mapping[int, Sequence[int]]
) -> Block:
    """Return the block with its calls exchanged between days so that they do not fall on visits of the customer.

    Nor close to them, if that can be; a published plan keeps its days instead.
    """
    if not any(block.calls.values()):
        return block
    seen = {day: frozenset(map(block.key_of, route)) for day, route in routes.items()}
    where = {c.customer: open_days(c, task, block.days) for of in block.call_plan.days.values() for c in of}
    ends = {day: replace(block.mornings[day], ends=calls[-1].end) for day, calls in block.calls.items() if calls}
    plan = block.call_plan
    for near in (0,) if task.published else (_SOON, 0):
        around = {day: frozenset().union(*(seen.get(other, ()) for other in range(day - near, day + near + 1)))
                  for day in block.days}  # fmt: skip
        plan = replace(plan, days=swap_clashes(plan, block.call_needs, where, around, {**block.mornings, **ends}))
    calls = {day: time_calls(contacts, block.mornings[day]) or () for day, contacts in plan.days.items()}
    return replace(block, calls=calls)


def routes_by_day(block: Block, solution: Solution) -> dict[int, tuple[int, ...]]:
    """Return the order of places of every day."""
    return dict(zip(block.days, solution.routes, strict=True))


def _bases(block: Block, trips: Sequence[Trip], base: Mapping[int, int], count: int) -> tuple[list[int], list[int]]:
    """Return where each day begins and ends: at home, or at a hotel while away."""
    starts, ends = [], []
    for day in block.days:
        came = next((trip for trip in trips if trip.first < day <= trip.last), None)
        stays = next((trip for trip in trips if trip.first <= day < trip.last), None)
        starts.append(count if came is None else base[came.hotel])
        ends.append(count + 1 if stays is None else base[stays.hotel])
    return starts, ends


def _need(
    contact: Contact, settings: VisitSettings, kind: str, state: Mapping[tuple[str, str], State],
    span: tuple[int, int], needed: Mapping[tuple[str, str], int],
    planned: tuple[Mapping[str, tuple[int, ...]], Mapping[str, tuple[int, ...]]],
) -> Need:  # fmt: skip
    """Return what a contact needs of a block, within the stretches in which the customer is the person's.

    ``planned``: the days of a published plan in the block, and after it. Of whom nothing has changed, these are what it
    needs, and what is missing beyond them.
    """
    last, due = state[contact.customer, kind]
    tolerance = settings.days_of_tolerance(contact.every)
    begin, end = (contact.held[0][0], contact.held[-1][1]) if contact.held else span
    span = max(span[0], begin), min(span[1], end)
    booked = tuple(day for day in contact.fixed if span[0] <= day < span[1])
    seen = [day for day in contact.fixed if day < span[0]]
    last = max([*([] if last is None else [last]), *seen], default=None)
    most = None if contact.most is None else max(0, contact.most - needed.get((contact.customer, kind), 0))
    kept = planned[0].get(contact.customer, ()) if contact.as_planned and most is not None else None
    if kept is not None and most is not None:
        most = max(len(kept), most - len(planned[1].get(contact.customer, ())))
    return Need(contact.every, tolerance, last, due, *span, booked, contact.missed, contact.late, contact.early, most,
                kept)  # fmt: skip


def _morning(task: PersonTask, settings: VisitSettings, day: int, depart: float | None) -> Morning:
    """Return when calls are made: before visits, lunch or the way to the first fixed date begin."""
    lunch_start, lunch_minutes = settings.lunch
    until = settings.visits_from or (lunch_start if lunch_minutes else settings.day[1])
    until = min(until, lunch_start) if lunch_minutes else until
    if depart is not None:
        until = min(until, int(depart))
    return Morning(task.dates[day].weekday(), settings.day[0], until, task.calls_per_day, settings.call_minutes)


def _leave(settings: VisitSettings, calls: Sequence[Call], depart: float | None, lunch: Lunch) -> float:
    """Return when the person leaves at the earliest, on the clock without lunch."""
    free = calls[-1].end if calls else settings.day[0]
    earliest = max(free, settings.visits_from)
    if depart is not None:
        earliest = int(max(free, min(earliest, depart)))
    return lunch.without(earliest)
