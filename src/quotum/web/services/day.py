"""The working day: entries begun, moved, dropped and added, contacts logged. Nobody does it for somebody else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from quotum.web.queries.clock import FIRST_DAY, LAST_DAY, now, today
from quotum.web.queries.permissions import customers_within, require
from quotum.web.records.day import RESULTS
from quotum.web.records.models import AgendaItem, Customer, LogEntry, OpenItem, Person, User
from quotum.web.services.recording import record_change
from quotum.web.services.repeats import make_once

CONTACTS = ("call", "visit", "appointment", "job")
"""What of an agenda can be done; the other entries are ways and breaks."""
LAST_MINUTE = 24 * 60 - 1


@dataclass(frozen=True, slots=True)
class Contact:
    """What came of a call, a visit or another job."""

    kind: str
    result: str
    inbound: bool = False
    cold: bool = False
    minutes: int | None = None
    next_step: str = ""
    next_date: date | None = None
    promised: bool = False
    demand: str = ""
    price: str = ""
    competitor: str = ""
    note: str = ""


def own_person(user: User) -> Person:
    """Return the person whose work the user may log: the own; raise PermissionDenied where there is none."""
    reach = require(user, "log_work")
    own = user.person
    return own if own is not None and own.pk == reach.person else Person.objects.get(pk=reach.person)


def own_items(user: User) -> QuerySet[AgendaItem]:
    """Return the entries of the user's own days."""
    return AgendaItem.objects.filter(person=own_person(user))


def require_day_of_work(day: date | None) -> None:
    """Raise ValidationError for a day so far away that nobody works on it."""
    if day is not None and not FIRST_DAY <= day <= LAST_DAY:
        raise ValidationError(_("Choose a day from %(first)s to %(last)s.") % {"first": FIRST_DAY, "last": LAST_DAY})


def number_by_time(items: Iterable[AgendaItem]) -> None:
    """Number the entries of days by their time; the way home and the night stay last."""
    days: dict[tuple[str, date], list[AgendaItem]] = defaultdict(list)
    for item in items:
        days[item.person_id, item.date].append(item)
    moved = []
    for of_day in days.values():
        of_day.sort(key=lambda item: (item.kind in {"end", "hotel"}, item.start_minute, item.end_minute, item.pk))
        for position, item in enumerate(of_day, start=1):
            if item.position != position:
                item.position = position
                moved.append(item)
    AgendaItem.objects.bulk_update(moved, ["position"], batch_size=2_000)


def start_item(user: User, item: int) -> AgendaItem:
    """Begin an entry; one that was begun or is over stays as it is."""
    with transaction.atomic():
        found = _lock(user, item)
        if found.state == "planned":
            _change(user, found, state="started", started=now())
    return found


def postpone_item(user: User, item: int, to: date, reason: str = "") -> AgendaItem:
    """Move an entry that is not over to a later or earlier day from today on; the plan's own place tells where it went.

    Raises ValidationError for a day that has passed or is the entry's own.
    """
    require_day_of_work(to)
    with transaction.atomic():
        found = _lock(user, item)
        if found.state not in {"planned", "started"}:
            return found
        if to < today() or to == found.date:
            raise ValidationError(_("Choose another day, today or later."))
        _change(user, found, reason, state="postponed", moved_to=to, state_reason=reason)
        moved = _append(found.person, to, found.kind, found.customer, _minutes_of(found), why="postponed",
                        detail=found.detail, place=(found.lat, found.lon))  # fmt: skip
        _record(user, "created", moved, after=_told(moved), reason=reason)
    return found


def drop_item(user: User, item: int, reason: str) -> AgendaItem:
    """Take an entry off the day; raise ValidationError without a reason."""
    if not reason.strip():
        raise ValidationError(_("Say why."))
    with transaction.atomic():
        found = _lock(user, item)
        if found.state in {"planned", "started"}:
            _change(user, found, reason, state="dropped", state_reason=reason.strip()[:200])
    return found


def swap_item(user: User, item: int, *, earlier: bool) -> AgendaItem:
    """Change places with the contact before or after it on the day; the two keep their minutes, the gap between stays.

    The way between them is as far in both directions; ways before and after are those of the plan.
    """
    with transaction.atomic():
        found = _lock(user, item)
        beside = AgendaItem.objects.select_for_update().filter(
            person=found.person, date=found.date, kind__in=CONTACTS, state__in=("planned", "started")
        )
        order = list(beside.order_by("position", "pk"))
        at = next((index for index, other in enumerate(order) if other.pk == found.pk), None)
        to = None if at is None else at + (-1 if earlier else 1)
        if at is None or to is None or not 0 <= to < len(order):
            return found
        first, second = order[min(at, to)], order[max(at, to)]
        begin, end = first.start_minute, second.end_minute
        new_end, new_begin = begin + _minutes_of(second), end - _minutes_of(first)
        place = first.position, second.position
        _change(user, second, position=place[0], start_minute=begin, end_minute=new_end)
        _change(user, first, position=place[1], start_minute=new_begin, end_minute=end)
        return first if first.pk == found.pk else second


def add_item(
    user: User, key: str, day: date, kind: str, *, customer: str = "", detail: str = "", minutes: int = 30,
    start_minute: int | None = None,
) -> AgendaItem:  # fmt: skip
    """Add a call, a visit or another job to the own day; raise ValidationError where its object is missing."""
    person = own_person(user)
    if kind not in CONTACTS:
        raise ValidationError(_("Choose a call, a visit or a job."))
    if day < today():
        raise ValidationError(_("Choose today or a later day."))
    require_day_of_work(day)
    whom = _own_customer(user, customer)
    if whom is None and not detail.strip():
        raise ValidationError(_("Say whom to see or what to do."))

    def make() -> AgendaItem:
        place = (whom.lat, whom.lon) if whom else (None, None)
        made = _append(person, day, kind, whom, minutes, why="added", detail=detail.strip()[:200], place=place,
                       start_minute=start_minute)  # fmt: skip
        _record(user, "created", made, after=_told(made))
        return made

    with transaction.atomic():
        return make_once(user, key, AgendaItem, make)


def log_contact(
    user: User, key: str, contact: Contact, *, item: int | None = None, customer: str = "", at: datetime | None = None
) -> LogEntry:
    """Log a call, a visit or another job of one's own, planned or not; a next step with a date becomes an open item.

    An entry of the agenda is done by it, and can be done once: logged again, the first line is returned. Raises
    ValidationError for what names neither an entry nor a customer nor, in a note, what it was.
    """
    person = own_person(user)
    if contact.kind not in CONTACTS or contact.result not in RESULTS:
        raise ValidationError(_("Choose what came of it."))
    if item is None and not customer and not contact.note.strip():
        raise ValidationError(_("Choose a customer, or say in the note whom it was with or what it was."))
    require_day_of_work(contact.next_date)

    def make() -> LogEntry:
        planned = None if item is None else _lock(user, item)
        if planned is not None and (known := planned.log.first()) is not None:
            return known
        whom = planned.customer if planned is not None else _own_customer(user, customer)
        moment = at or now()
        values = {name: value for name, value in asdict(contact).items() if name not in {"promised", "minutes"}}
        values["minutes"] = contact.minutes if contact.minutes is not None else _spent(planned, moment)
        entry = LogEntry.objects.create(person=person, customer=whom, item=planned, at=moment, by=user, **values)
        if planned is not None:
            _change(user, planned, state="done", ended=moment)
        _record(user, "logged", entry, "log", after={**asdict(contact), "customer": whom and whom.pk})
        if contact.next_date is not None:
            text = contact.next_step or str(RESULTS[contact.result])
            opened = OpenItem.objects.create(person=person, customer=whom, text=text, due=contact.next_date,
                                             promised=contact.promised, log=entry)  # fmt: skip
            _record(user, "created", opened, "open_items", after={"text": text, "due": opened.due})
        return entry

    with transaction.atomic():
        return make_once(user, key, LogEntry, make)


def _own_customer(user: User, customer: str) -> Customer | None:
    """Return a customer the user may see, None where none is named; raise Customer.DoesNotExist for another."""
    return customers_within(require(user, "see_customers")).get(pk=customer) if customer else None


def _lock(user: User, item: int) -> AgendaItem:
    """Return an entry of the user's own, nobody else changes it meanwhile; raise AgendaItem.DoesNotExist else."""
    items = AgendaItem.objects.select_for_update(of=("self",)).select_related("person", "customer")
    return items.get(pk=item, person=own_person(user), kind__in=CONTACTS)


def _append(
    person: Person, day: date, kind: str, customer: Customer | None, minutes: int, *, why: str, detail: str,
    place: tuple[float | None, float | None], start_minute: int | None = None,
) -> AgendaItem:  # fmt: skip
    """Add an entry by hand, at its time or after the last contact of the day; the day is in order of time again."""
    others = AgendaItem.objects.filter(person=person, date=day)
    last = others.filter(kind__in=CONTACTS).aggregate(end=Max("end_minute"))["end"]
    start = start_minute if start_minute is not None else last if last is not None else 9 * 60
    start = min(start, LAST_MINUTE - minutes)
    position = (others.aggregate(last=Max("position"))["last"] or 0) + 1
    made = AgendaItem.objects.create(
        person=person, date=day, position=position, kind=kind, customer=customer, start_minute=max(start, 0),
        end_minute=max(start, 0) + minutes, lat=place[0], lon=place[1], why=why, detail=detail,
    )  # fmt: skip
    number_by_time(others)
    made.refresh_from_db(fields=["position"])
    return made


def _minutes_of(item: AgendaItem) -> int:
    return item.end_minute - item.start_minute


def _spent(item: AgendaItem | None, until: datetime) -> int | None:
    """Return the minutes since an entry was begun, those planned where it was not, None where nothing is known."""
    if item is None:
        return None
    if item.started is None or until < item.started:
        return _minutes_of(item)
    return min(round((until - item.started) / timedelta(minutes=1)), LAST_MINUTE)


def _change(user: User, item: AgendaItem, reason: str = "", **values: Any) -> None:
    """Set values of an entry, and put them on record."""
    before = {name: getattr(item, name) for name in values}
    for name, value in values.items():
        setattr(item, name, value)
    item.save(update_fields=list(values))
    _record(user, "changed", item, before=before, after=values, reason=reason)


def _record(user: User, action: str, record: AgendaItem | LogEntry | OpenItem, table: str = "agenda", *,
            before: Any = None, after: Any = None, reason: str = "") -> None:  # fmt: skip
    record_change(user, action, table, record.pk, before=before, after=after, reason=reason, unit=record.person.unit_id)


def _told(item: AgendaItem) -> dict[str, Any]:
    return {"person": item.person_id, "date": item.date, "kind": item.kind, "customer": item.customer_id,
            "detail": item.detail}  # fmt: skip
