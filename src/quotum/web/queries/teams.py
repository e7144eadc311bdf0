"""The manager's Monday: who is behind on what, what was planned and done last week, what was promised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Q

from quotum.web.bridge.standing import Standing, Standings
from quotum.web.queries.clock import monday_of, today
from quotum.web.queries.days import CONTACTS
from quotum.web.queries.permissions import people_within, require
from quotum.web.queries.standing import behind, find_standings
from quotum.web.records.models import AgendaItem, OpenItem, Person, Remark, User

ROWS = 50


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the team: the month so far, last week's contacts, what is overdue. Amounts in smallest units."""

    person: Person
    standing: Standing | None
    behind: int
    planned: int
    done: int
    overdue: int
    promises: int


@dataclass(frozen=True, slots=True)
class Monday:
    """What a manager looks at on Monday, for the week before."""

    week: date
    members: list[Member]
    page: Page[str]
    standings: Standings | None
    promises: list[OpenItem]
    remarks: list[Remark]

    @property
    def decimals(self) -> int:
        """The decimals of the amounts."""
        return 0 if self.standings is None else self.standings.decimals


def monday_of_team(user: User, page: str | None) -> Monday:
    """Return the team within reach, who is furthest behind first, in as many queries for fifty people as for one."""
    within = people_within(require(user, "approve")).exclude(pk=user.person_id)
    standings = find_standings()
    told = {} if standings is None else standings.people
    gone = Q(left__isnull=False, left__lte=today())
    keys = list(within.exclude(gone).values_list("pk", flat=True))
    keys.sort(key=lambda key: (-behind(told[key]) if key in told else 0, key))
    shown = Paginator(keys, ROWS).get_page(page)
    week = monday_of(today()) - timedelta(days=7)
    contacts: dict[str, Any] = {found["person"]: found for found in AgendaItem.objects.filter(
        person__in=list(shown), date__gte=week, date__lt=week + timedelta(days=7), kind__in=CONTACTS)
        .order_by().values("person").annotate(planned=Count("pk"),
                                                         done=Count("pk", filter=Q(state="done")))}  # fmt: skip
    late: dict[str, Any] = {found["person"]: found for found in OpenItem.objects.filter(
        person__in=list(shown), done=None, due__lt=today()).order_by().values("person")
        .annotate(overdue=Count("pk"), promises=Count("pk", filter=Q(promised=True)))}  # fmt: skip
    people = Person.objects.select_related("unit").in_bulk(list(shown))
    members = [Member(people[key], told.get(key), behind(told[key]) if key in told else 0,
                      contacts.get(key, {}).get("planned", 0), contacts.get(key, {}).get("done", 0),
                      late.get(key, {}).get("overdue", 0), late.get(key, {}).get("promises", 0))
               for key in shown]  # fmt: skip
    promises = OpenItem.objects.filter(person__in=within, promised=True, done=None, due__lt=week + timedelta(days=14))
    remarks = Remark.objects.filter(person__in=within, date__gte=week).select_related("person", "by")
    return Monday(week, members, shown, standings,
                  list(promises.select_related("person", "customer").order_by("due", "pk")[:ROWS]),
                  list(remarks[:20]))  # fmt: skip
