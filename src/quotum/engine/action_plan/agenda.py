"""A day with its times: calls in the morning, then the way from stop to stop, lunch between two of them, and home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quotum.engine.action_plan.clock import Lunch
from quotum.engine.action_plan.person_blocks import Block, visiting_window
from quotum.engine.action_plan.person_tasks import Floats, Place
from quotum.engine.tables.visit_settings import VisitSettings


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a day; minutes count from midnight."""

    kind: str  # call, start, visit, appointment, lunch, end, hotel
    customer: str
    arrive: int
    start: int
    end: int
    travel: int
    place: Place | None
    detail: str = ""


def time_day(
    block: Block, day: int, route: Sequence[int], travel: Floats, settings: VisitSettings, *,
    base: tuple[int, int], is_hotel: tuple[bool, bool] = (False, False),
) -> list[Entry]:  # fmt: skip
    """Return the entries of a day in order, none if nothing is to be done.

    ``route`` are places of the block in order, ``base`` those where the day begins and ends. A day away is told even
    if nobody is seen on it.
    """
    calls = block.calls.get(day, ())
    entries = [Entry("call", call.customer, call.start, call.start, call.end, 0, None) for call in calls]
    if not route and not any(is_hotel):
        return entries
    lunch = block.lunches[day]
    now, here, moments = block.leaves[day], base[0], []
    for place in route:
        leg = round(float(travel[here, place]))
        begin = max(now + leg, _opens(block, day, place, settings))
        moments.append((place, leg, begin))
        now, here = begin + _minutes(block, place), place
    left = block.leaves[day]
    if moments:
        left = max(left, moments[0][2] - moments[0][1])  # rather later than before a closed door
    if left >= lunch.start and lunch.minutes and entries:
        entries.append(_lunch_entry(lunch, lunch.start))
    entries.append(_base_entry("start", block.places[base[0]], lunch.begin(left), 0, is_hotel=is_hotel[0]))
    free, eaten = lunch.begin(left), not lunch.minutes or left >= lunch.start
    for place, leg, begin in moments:
        arrive = free + leg
        if not eaten and begin >= lunch.start:
            at = free if free >= lunch.start else max(lunch.start, arrive)
            arrive += lunch.minutes if at == free else 0
            entries.append(_lunch_entry(lunch, at))
            eaten = True
        entries.append(_stop_entry(block, place, arrive, lunch.begin(begin), leg))
        free = entries[-1].end
    leg = round(float(travel[here, base[1]]))
    kind = "hotel" if is_hotel[1] else "end"
    return [*entries, _base_entry(kind, block.places[base[1]], free + leg, leg, is_hotel=False)]


def _stop_entry(block: Block, place: int, arrive: int, start: int, leg: int) -> Entry:
    visits, end = len(block.visits), start + _minutes(block, place)
    if place < visits:
        return Entry("visit", block.key_of(place), arrive, start, end, leg, block.visits[place].place)
    booking = block.bookings[place - visits]
    return Entry("appointment", booking.customer, arrive, start, end, leg, booking.place, booking.kind)


def _opens(block: Block, day: int, place: int, settings: VisitSettings) -> float:
    visits = len(block.visits)
    if place < visits:
        return visiting_window(block.visits[place], settings, block.weekdays[day], block.lunches[day])[0]
    return block.lunches[day].without(block.bookings[place - visits].start)


def _minutes(block: Block, place: int) -> int:
    visits = len(block.visits)
    return block.visits[place].minutes if place < visits else block.bookings[place - visits].minutes


def _lunch_entry(lunch: Lunch, at: int) -> Entry:
    return Entry("lunch", "", at, at, at + lunch.minutes, 0, None)


def _base_entry(kind: str, place: Place, minute: int, travel: int, *, is_hotel: bool) -> Entry:
    return Entry(kind, "", minute, minute, minute, travel, place, "hotel" if is_hotel else "")
