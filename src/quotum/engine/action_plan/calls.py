"""Calls: no way to go, so they only take minutes of the morning; spread evenly over the days on which they are due.

Who opens late is called late, and who is closed in the morning is not called on that day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from quotum.engine.action_plan.person_tasks import Contact
from quotum.engine.action_plan.spacing import Need


@dataclass(frozen=True, slots=True)
class Call:
    """A call with its time."""

    customer: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Morning:
    """When calls may be made on a day, and how many."""

    weekday: int  # Monday is 0
    begins: int
    ends: int
    most: int
    minutes: int  # of a call


@dataclass(frozen=True, slots=True)
class CallPlan:
    """Which calls are made on which day, and why some are not."""

    days: dict[int, list[Contact]] = field(default_factory=dict)
    needed: dict[str, int] = field(default_factory=dict)
    missed: dict[str, tuple[int, str]] = field(default_factory=dict)  # customer -> number and reason


def time_calls(contacts: Sequence[Contact], morning: Morning) -> tuple[Call, ...] | None:
    """Return a morning's calls one after the other within the customers' hours, None where they do not fit.

    Among those who are open the one who closes first is called next; where nobody is, the first to open is waited for.
    """
    left = sorted((*contact.hours[morning.weekday], contact.customer) for contact in contacts)
    timed: list[Call] = []
    now = morning.begins
    while left:
        now = max(now, left[0][0])
        end, opens, customer = min((closes, opens, customer) for opens, closes, customer in left if opens <= now)
        if now + morning.minutes > min(end, morning.ends):
            return None
        left.remove((opens, end, customer))
        timed.append(Call(customer, now, now + morning.minutes))
        now += morning.minutes
    return tuple(timed)


def place_calls(
    contacts: Sequence[tuple[Contact, Need]], open_days: Mapping[str, Sequence[int]], mornings: Mapping[int, Morning],
    published: Mapping[str, Sequence[int]],
) -> CallPlan:  # fmt: skip
    """Return the calls of a block, the most urgent placed first, each on the emptiest day that suits it.

    ``open_days`` by customer. A call that finds no day within its tolerance takes the first later one with room, or
    else the last earlier one; one that finds none at all is missed, with the reason. Days of a plan that was
    ``published`` before come first.
    """
    plan = CallPlan({day: [] for day in mornings}, {contact.customer: need.count for contact, need in contacts})
    taken: dict[str, list[int]] = {}
    due = sorted(
        (day, contact.every, contact.customer, place)
        for place, (contact, need) in enumerate(contacts)
        for day in need.ideals()
    )
    for ideal, _, customer, place in due:
        contact, need = contacts[place]
        days = [day for day in open_days[customer] if _is_apart(need, day, taken.get(customer, []))]
        free = [day for day in days if _has_room(plan.days[day], contact, mornings[day])]
        near = [day for day in free if abs(day - ideal) <= need.tolerance]
        later = [day for day in free if day > ideal]
        known = [day for day in published.get(customer, ()) if day in free and 2 * abs(day - ideal) <= need.every]
        if known:
            chosen = min(known, key=lambda day: (abs(day - ideal), day))
        elif near:
            chosen = min(near, key=lambda day: (len(plan.days[day]), abs(day - ideal), day))
        elif free:
            chosen = later[0] if later else free[-1]
        else:
            reason = _why_not(contact, open_days[customer], days, mornings, plan.days)
            number, _ = plan.missed.get(customer, (0, ""))
            plan.missed[customer] = number + 1, reason
            continue
        taken.setdefault(customer, []).append(chosen)
        plan.days[chosen].append(contact)
    return plan


def swap_clashes(
    plan: CallPlan, needs: Mapping[str, Need], open_days: Mapping[str, Sequence[int]],
    seen: Mapping[int, frozenset[str]], mornings: Mapping[int, Morning],
) -> dict[int, list[Contact]]:  # fmt: skip
    """Return the calls by day, exchanged between days so that nobody is called on the day of a visit, if that can be.

    ``seen``: who is visited on each day. Each day keeps its number of calls, so that its minutes stay as they are;
    ``mornings`` end where calls end now.
    """
    days = {day: list(contacts) for day, contacts in plan.days.items()}

    def suits(contact: Contact, leaves: int, comes: int) -> bool:
        """Tell whether a call may go from one day to another."""
        customer, need = contact.customer, needs[contact.customer]
        others = [day for day, of in days.items() if day != leaves and any(c.customer == customer for c in of)]
        near = abs(comes - leaves) <= need.tolerance and comes in open_days[customer]
        return near and customer not in seen.get(comes, frozenset()) and _is_apart(need, comes, others)

    for day in sorted(days):
        for at, contact in enumerate(days[day]):
            if contact.customer not in seen.get(day, frozenset()):
                continue
            found = next(
                (
                    (other, place)
                    for other in sorted(days, key=lambda d: (abs(d - day), d))
                    if other != day and suits(contact, day, other)
                    for place, partner in enumerate(days[other])
                    if suits(partner, other, day)
                    and _fits([*days[other][:place], contact, *days[other][place + 1 :]], mornings[other])
                    and _fits([*days[day][:at], partner, *days[day][at + 1 :]], mornings[day])
                ),
                None,
            )
            if found is not None:
                other, place = found
                days[day][at], days[other][place] = days[other][place], contact
    return days


def _has_room(contacts: Sequence[Contact], contact: Contact, morning: Morning) -> bool:
    return len(contacts) < morning.most and _fits([*contacts, contact], morning)


def _fits(contacts: Sequence[Contact], morning: Morning) -> bool:
    """Tell whether calls can be made in a morning; where all are open throughout their number says it."""
    for contact in contacts:
        opens, closes = contact.hours[morning.weekday]
        if opens > morning.begins or closes < morning.ends:
            return time_calls(contacts, morning) is not None
    return len(contacts) * morning.minutes <= morning.ends - morning.begins


def _why_not(
    contact: Contact, open_days: Sequence[int], apart: Sequence[int], mornings: Mapping[int, Morning],
    days: Mapping[int, Sequence[Contact]],
) -> str:  # fmt: skip
    """Tell why a call has no day: ``closed`` where the customer never opens while calls are made."""
    if not open_days:
        return "no_open_day"
    if not any(mornings[day].most for day in open_days):
        return "calls_cap"
    if not any(_fits([contact], mornings[day]) for day in open_days if mornings[day].most):
        return "closed"
    if not apart:
        return "spacing"
    full = all(len(days[day]) >= mornings[day].most for day in apart if mornings[day].most)
    return "calls_cap" if full else "no_minutes"


def _is_apart(need: Need, day: int, taken: Sequence[int]) -> bool:
    """Tell whether a day is no closer than allowed to the other contacts of the customer."""
    others = [*taken, *need.fixed, *([] if need.last is None else [need.last])]
    return all(abs(day - other) >= need.least for other in others)
