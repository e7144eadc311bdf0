"""A person's planned days as rows of the visit plan's tables, in their order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quotum.engine.action_plan.person_tasks import PersonTask

if TYPE_CHECKING:  # compiled loops load with it; readers of visits need none
    from quotum.engine.action_plan.plan_person import PersonVisits

Rows = dict[str, list[tuple[object, ...]]]
"""By table: rows in the order of the columns of ``VISIT_SCHEMAS``."""


def list_rows(task: PersonTask, told: PersonVisits) -> Rows:
    """Return the rows of the tables that planning fills."""
    return {
        "cadences": _cadence_rows(task, told),
        "visits": _visit_rows(task, told),
        "agenda": _agenda_rows(task, told),
        "visit_days": [(task.person, day, is_open) for day, is_open in zip(task.dates, task.is_open, strict=True)],
    }


def _cadence_rows(task: PersonTask, told: PersonVisits) -> list[tuple[object, ...]]:
    planned: dict[tuple[str, str], int] = {}
    for _, customer, kind in told.contacts:
        planned[customer, kind] = planned.get((customer, kind), 0) + 1
    rows: list[tuple[object, ...]] = []
    for kind, contacts in (("visit", task.visits), ("call", task.calls)):
        for c in contacts:
            missed, reason = told.missed.get((c.customer, kind), (0, None))
            rows.append((task.person, c.customer, kind, c.customer_class, c.every, c.why, c.detail,
                         c.last_date, c.due_date, told.needed.get((c.customer, kind), 0),
                         planned.get((c.customer, kind), 0), missed, reason))  # fmt: skip
    for customer in sorted({b.customer for b in task.bookings}):
        missed, reason = told.missed.get((customer, "appointment"), (0, None))
        needed = sum(b.customer == customer for b in task.bookings)
        rows.append((task.person, customer, "appointment", None, None, "appointment", "", None, None, needed,
                     needed - missed, missed, reason))  # fmt: skip
    return rows


def _visit_rows(task: PersonTask, told: PersonVisits) -> list[tuple[object, ...]]:
    contacts = {(c.customer, kind): c for kind, of in (("visit", task.visits), ("call", task.calls)) for c in of}
    last = {key: None if c.held and c.held[0][0] > 0 else c.last for key, c in contacts.items()}
    rows: list[tuple[object, ...]] = []
    for day, customer, kind in sorted(told.contacts, key=lambda line: (line[0], line[2], line[1])):
        key = customer, "visit" if kind == "appointment" else kind
        contact, before = contacts.get(key), last.get(key)
        why, detail = (contact.why, contact.detail) if contact and kind != "appointment" else (kind, "")
        gap, every = None if before is None else day - before, contact.every if contact else None
        rows.append((task.person, customer, task.dates[day], kind, why, detail, gap, every, kind == "appointment"))
        last[key] = day
    return rows


def _agenda_rows(task: PersonTask, told: PersonVisits) -> list[tuple[object, ...]]:
    return [
        (task.person, task.dates[day], position, e.kind, e.customer or None, e.arrive, e.start, e.end, e.travel,
         *(e.place or (None, None)), e.detail)
        for day, entries in sorted(told.agenda.items())
        for position, e in enumerate(entries, start=1)
    ]  # fmt: skip
