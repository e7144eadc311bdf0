"""Boards: today's focus, tomorrow and the week; the month with what spans its weeks."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q

from quotum.web.queries.clock import monday_of
from quotum.web.queries.days import CONTACTS
from quotum.web.records.models import AgendaItem, OpenItem, Person


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the week board: what is to be finished, whom to see, and how many calls beside."""

    name: str  # today, tomorrow, week
    day: date
    items: list[OpenItem]
    visits: list[AgendaItem]
    calls: int


@dataclass(frozen=True, slots=True)
class Cell:
    """A day of the month board."""

    day: date
    inside: bool
    planned: int
    done: int
    due: list[OpenItem]


@dataclass(frozen=True, slots=True)
class Bar:
    """Work that spans days, within one week: from weekday to weekday (1 to 7)."""

    item: OpenItem
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Row:
    """A week of the month board."""

    monday: date
    cells: list[Cell]
    bars: list[Bar] = field(default_factory=list)


def week_board(person: Person, day: date) -> list[Column]:
    """Return three columns: the day with what is overdue, the next day with something to do, the rest of the week."""
    end = monday_of(day) + timedelta(days=7)
    waits = AgendaItem.objects.filter(person=person, kind__in=CONTACTS, state__in=("planned", "started"))
    after = waits.filter(date__gt=day).order_by("date").values_list("date", flat=True).first()
    tomorrow = after or day + timedelta(days=1)
    until = max(end, tomorrow + timedelta(days=1))
    items = list(waits.filter(date__gte=day, date__lt=until).select_related("customer"))
    opened = list(OpenItem.objects.filter(person=person, done=None, due__lt=until)
                  .select_related("customer").order_by("-focus", "due", "pk"))  # fmt: skip

    def column(name: str, first: date, last: date) -> Column:
        from_ = date.min if name == "today" else first
        inside = [item for item in items if first <= item.date <= last]
        return Column(name, first, [item for item in opened if from_ <= item.due <= last],
                      [item for item in inside if item.kind != "call"],
                      sum(item.kind == "call" for item in inside))  # fmt: skip

    rest = tomorrow + timedelta(days=1)
    columns = [column("today", day, day), column("tomorrow", tomorrow, tomorrow)]
    return [*columns, column("week", rest, end - timedelta(days=1))] if rest < end else columns


def month_board(person: Person, day: date) -> list[Row]:
    """Return the weeks of a day's month: contacts planned and done by day, what is due, and what spans days."""
    first = day.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    begin, end = monday_of(first), monday_of(last) + timedelta(days=7)
    contacts = AgendaItem.objects.filter(person=person, date__gte=begin, date__lt=end, kind__in=CONTACTS)
    stand = contacts.exclude(state__in=("postponed", "dropped")).order_by()
    counts: dict[date, Any] = {found["date"]: found for found in stand
        .values("date").annotate(planned=Count("pk"), done=Count("pk", filter=Q(state="done")))}  # fmt: skip
    touches = Q(due__gte=begin, due__lt=end) | Q(begins__lt=end, due__gte=begin)
    opened = list(OpenItem.objects.filter(touches, person=person).select_related("customer").order_by("due", "pk"))
    spans = [item for item in opened if item.begins is not None and item.begins < item.due]
    rows = []
    for monday in (begin + timedelta(days=offset) for offset in range(0, (end - begin).days, 7)):
        days = [monday + timedelta(days=offset) for offset in range(7)]
        cells = [
            Cell(at, at.month == day.month, counts.get(at, {}).get("planned", 0), counts.get(at, {}).get("done", 0),
                 [item for item in opened if item.due == at and item not in spans])
            for at in days
        ]  # fmt: skip
        bars = [_bar(item, monday) for item in spans if (item.begins or item.due) <= days[-1] and item.due >= monday]
        rows.append(Row(monday, cells, bars))
    return rows


def _bar(item: OpenItem, monday: date) -> Bar:
    begins = item.begins or item.due
    return Bar(item, max((begins - monday).days, 0) + 1, min((item.due - monday).days, 6) + 1)
