"""Calls: no way to go, so they only take minutes of the morning; spread evenly over the days on which they are due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from quotum.engine.action_plan.person_tasks import Contact
from quotum.engine.action_plan.spacing import Need


@dataclass(frozen=True, slots=True)
class CallPlan:
    """Which calls are made on which day, and why some are not."""

    days: dict[int, list[Contact]] = field(default_factory=dict)
    needed: dict[str, int] = field(default_factory=dict)
    missed: dict[str, tuple[int, str]] = field(default_factory=dict)  # customer -> number and reason


def place_calls(
    contacts: Sequence[tuple[Contact, Need]], open_days: Mapping[str, Sequence[int]], room: Mapping[int, int],
    published: Mapping[str, Sequence[int]],
) -> CallPlan:  # fmt: skip
    """Return the calls of a block, the most urgent placed first, each on the emptiest day that suits it.

    ``open_days`` by customer; ``room`` is how many calls a day may hold. A call that finds no day within its tolerance
    takes the first later one with room, or else the last earlier one; one that finds none at all is missed, with the
    reason. Days of a plan that was ``published`` before come first.
    """
    plan = CallPlan({day: [] for day in room}, {contact.customer: need.count for contact, need in contacts})
    taken: dict[str, list[int]] = {}
    due = sorted(
        (day, contact.every, contact.customer, place)
        for place, (contact, need) in enumerate(contacts)
        for day in need.ideals()
    )
    for ideal, _, customer, place in due:
        contact, need = contacts[place]
        days = [day for day in open_days[customer] if _is_apart(need, day, taken.get(customer, []))]
        free = [day for day in days if len(plan.days[day]) < room[day]]
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
            reason = "no_open_day" if not open_days[customer] else "spacing" if not days else "calls_cap"
            number, _ = plan.missed.get(customer, (0, ""))
            plan.missed[customer] = number + 1, reason
            continue
        taken.setdefault(customer, []).append(chosen)
        plan.days[chosen].append(contact)
    return plan


def swap_clashes(
    plan: CallPlan, needs: Mapping[str, Need], open_days: Mapping[str, Sequence[int]],
    seen: Mapping[int, frozenset[str]],
) -> dict[int, list[Contact]]:  # fmt: skip
    """Return the calls by day, exchanged between days so that nobody is called on the day of a visit, if that can be.

    ``seen``: who is visited on each day. Each day keeps its number of calls, so that its minutes stay as they are.
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
                ),
                None,
            )
            if found is not None:
                other, place = found
                days[day][at], days[other][place] = days[other][place], contact
    return days


def _is_apart(need: Need, day: int, taken: Sequence[int]) -> bool:
    """Tell whether a day is no closer than allowed to the other contacts of the customer."""
    others = [*taken, *need.fixed, *([] if need.last is None else [need.last])]
    return all(abs(day - other) >= need.least for other in others)
