"""Days in the small company: what Ann has to see on Monday, 16 November 2026, and who looks on."""

from datetime import date, datetime

from django.utils import timezone
from web_world import account, build_world

from quotum.web.records.models import AgendaItem, LogEntry, OpenItem

MONDAY = date(2026, 11, 16)


def build_days():
    """Fill the small company and give Ann a start, three visits and the way home; return the visits."""
    build_world()
    add("ann", "start", 0, 480, 480)
    visits = [add("ann", "visit", place, 480 + 60 * place, 510 + 60 * place, "c-ann") for place in (1, 2, 3)]
    add("ann", "end", 4, 720, 720)
    return visits


def add(person, kind, position, start, end, customer=None, day=MONDAY, **more):
    return AgendaItem.objects.create(person_id=person, date=day, position=position, kind=kind, customer_id=customer,
                                     start_minute=start, end_minute=end, **more)  # fmt: skip


def log(person, day, result="interest", **more):
    at = timezone.make_aware(datetime(day.year, day.month, day.day, 10))
    more = {"kind": "visit", "by": account("rep"), **more}
    return LogEntry.objects.create(person_id=person, at=at, result=result, **more)


def open_item(person, text, due, **more):
    return OpenItem.objects.create(person_id=person, text=text, due=due, **more)
