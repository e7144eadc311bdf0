"""Somebody's day and week: what was planned, what came of it, what is open, what managers said."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from quotum.web.queries.clock import monday_of, span_of, today
from quotum.web.queries.permissions import may, people_within, reach_of, require
from quotum.web.records.models import AgendaItem, LogEntry, OpenItem, Person, Remark, User

CONTACTS = ("call", "visit", "appointment", "job")
_NOT_SHOWN = tuple(f"customer__{name}" for name in (
    "channel", "area", "class_name", "potential", "monthly_demand", "days_to_order", "opens", "closes", "minutes",
    "currency", "weekdays", "address", "main_business", "current_supplier", "price_level", "needs", "discounts",
    "credit", "card_changed", "note", "search_text",
))  # fmt: skip
"""Fields of a customer that no list of a day shows."""

SOON_DAYS = 7
"""Open items are shown so many days before they are due."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a person. ``beside``: what was done and not planned; ``open_items``: overdue ones first."""

    person: Person
    day: date
    items: list[AgendaItem]
    beside: list[LogEntry]
    open_items: list[OpenItem]
    remarks: list[Remark]
    next_day: date | None = None
    next_items: list[AgendaItem] = field(default_factory=list)

    @property
    def contacts(self) -> list[AgendaItem]:
        """What there is to do."""
        return [item for item in self.items if item.kind in CONTACTS]

    @property
    def done(self) -> int:
        """How many of the day's contacts are done."""
        return sum(item.state == "done" for item in self.contacts)

    @property
    def stands(self) -> int:
        """How many contacts there are without those that were moved or dropped."""
        return sum(item.state not in {"postponed", "dropped"} for item in self.contacts)

    @property
    def stops(self) -> dict[str, Any]:
        """The day on a map: its places in order and the way between them."""
        placed = [item for item in self.items if item.lat is not None and item.state not in {"postponed", "dropped"}]
        points: list[dict[str, Any]] = []
        for item in placed:
            kind = "done" if item.state == "done" else "home" if item.kind in {"start", "end", "hotel"} else item.kind
            number = sum("number" in point for point in points) + 1
            label = str(item.customer) if item.customer else item.detail
            point = {"lat": item.lat, "lon": item.lon, "label": label, "kind": kind}
            points.append(point if kind == "home" else {**point, "number": number, "href": f"#item-{item.pk}"})
        way = [[item.lat, item.lon] for item in placed if item.kind != "call"]
        return {"points": points, "lines": [{"points": way, "kind": "visit"}] if len(way) > 1 else []}


@dataclass(frozen=True, slots=True)
class Week:
    """A week of a person, a day after the other, with its figures."""

    person: Person
    monday: date
    days: list[Day]
    remarks: list[Remark]
    figures: dict[str, int]
    reasons: list[tuple[str, int]]

    @property
    def before(self) -> date:
        """The Monday before."""
        return self.monday - timedelta(days=7)

    @property
    def after(self) -> date:
        """The Monday after."""
        return self.monday + timedelta(days=7)


def starts_with_today(user: User) -> bool:
    """Tell whether the user's first page is the own day: who logs work and leads nobody."""
    return bool(reach_of(user, "log_work")) and not may(user, "approve")


def find_person(user: User, key: str) -> Person:
    """Return a person whose days the user may see; raise Person.DoesNotExist else."""
    return people_within(require(user, "see_days")).select_related("unit").get(pk=key)


def day_of(person: Person, day: date) -> Day:
    """Return a person's day, in five queries."""
    since, until = span_of(day, day + timedelta(days=1))
    own = AgendaItem.objects.filter(person=person).select_related("customer")
    items = list(own.filter(date=day).defer(*_NOT_SHOWN))
    beside = LogEntry.objects.filter(person=person, item=None, at__gte=since, at__lt=until)
    remarks = Remark.objects.filter(person=person, date=day, grain="day").select_related("by")
    ahead = own.filter(date__gt=day, kind__in=CONTACTS, state__in=("planned", "started"))
    coming = list(ahead.only("date", "start_minute", "kind", "detail", "customer__name")[:20])
    next_day = coming[0].date if coming else None
    next_items = [item for item in coming if item.date == next_day]
    return Day(person, day, items, list(beside.select_related("customer").order_by("at")),
               list(open_items_of(person, day)), list(remarks), next_day, next_items)  # fmt: skip


def open_items_of(person: Person, day: date) -> list[OpenItem]:
    """Return what is open on a day: carried over until it is done, and what comes soon."""
    items = OpenItem.objects.filter(person=person, done=None, due__lte=day + timedelta(days=SOON_DAYS))
    return list(items.select_related("customer").defer(*_NOT_SHOWN)[:100])


def week_of(person: Person, day: date) -> Week:
    """Return the week of a day, filled from agenda and log: planned, done, not done and why, done beside the plan."""
    monday = monday_of(day)
    end = monday + timedelta(days=7)
    since, until = span_of(monday, end)
    items = list(AgendaItem.objects.filter(person=person, date__gte=monday, date__lt=end, kind__in=CONTACTS)
                 .select_related("customer").prefetch_related("log"))  # fmt: skip
    entries = list(LogEntry.objects.filter(person=person, at__gte=since, at__lt=until).select_related("customer")
                   .order_by("at"))  # fmt: skip
    opened = list(OpenItem.objects.filter(person=person, due__gte=monday, due__lt=end).select_related("customer"))
    remarks = list(Remark.objects.filter(person=person, date__gte=monday, date__lt=end).select_related("by"))
    days = []
    for offset in range(7):
        date_ = monday + timedelta(days=offset)
        begin, finish = span_of(date_, date_ + timedelta(days=1))
        days.append(Day(
            person, date_, [item for item in items if item.date == date_],
            [entry for entry in entries if entry.item_id is None and begin <= entry.at < finish],
            [item for item in opened if item.due == date_],
            [remark for remark in remarks if remark.grain == "day" and remark.date == date_],
        ))  # fmt: skip
    reasons = Counter(item.state_reason for item in items if item.state in {"dropped", "postponed"})
    return Week(person, monday, days, [remark for remark in remarks if remark.grain == "week"],
                _count(items, entries, opened), reasons.most_common())  # fmt: skip


def _count(items: list[AgendaItem], entries: list[LogEntry], opened: list[OpenItem]) -> dict[str, int]:
    """Return the figures of a week."""
    over = [item for item in items if item.date < today() and item.state in {"planned", "started"}]
    return {
        "planned": len(items),
        "done": sum(item.state == "done" for item in items),
        "moved": sum(item.state == "postponed" for item in items),
        "dropped": sum(item.state == "dropped" for item in items),
        "untouched": len(over),
        "beside": sum(entry.item_id is None for entry in entries),
        "visits": sum(entry.kind in {"visit", "appointment"} for entry in entries),
        "calls": sum(entry.kind == "call" for entry in entries),
        "inbound": sum(entry.inbound for entry in entries),
        "cold": sum(entry.cold for entry in entries),
        "orders": sum(entry.result == "order" for entry in entries),
        "promises_kept": sum(item.promised and item.done is not None for item in opened),
        "promises_open": sum(item.promised and item.done is None for item in opened),
    }


def spanning_items(person: Person, since: date, until: date) -> list[OpenItem]:
    """Return the open and finished items that touch the days from ``since`` until before ``until``."""
    touches = Q(due__gte=since, due__lt=until) | Q(begins__lt=until, due__gte=since)
    return list(OpenItem.objects.filter(touches, person=person).select_related("customer").order_by("due", "pk"))
