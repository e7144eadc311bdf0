"""What a calendar feed holds: a person's contacts and open items around today."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from quotum.web.queries.clock import today
from quotum.web.queries.days import CONTACTS
from quotum.web.queries.permissions import reach_of
from quotum.web.records.models import AgendaItem, CalendarFeed, OpenItem, Person

BACK_DAYS, AHEAD_DAYS = 30, 120


@dataclass(frozen=True, slots=True)
class Feed:
    """A person's calendar."""

    person: Person
    items: Sequence[AgendaItem]
    open_items: Sequence[OpenItem]


def find_feed(secret: str) -> Feed | None:
    """Return the calendar behind a secret; None where it was ended or its owner's work here is over."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    feed = CalendarFeed.objects.select_related("person", "person__user").filter(digest=digest).first()
    user = getattr(feed.person, "user", None) if feed is not None else None
    if feed is None or user is None or reach_of(user, "log_work").person != feed.person_id:
        return None
    since, until = today() - timedelta(days=BACK_DAYS), today() + timedelta(days=AHEAD_DAYS)
    items = AgendaItem.objects.filter(person=feed.person, date__gte=since, date__lt=until, kind__in=CONTACTS)
    opened = OpenItem.objects.filter(person=feed.person, done=None).select_related("customer")
    return Feed(feed.person, list(items.exclude(state__in=("postponed", "dropped")).select_related("customer")),
                list(opened[:500]))  # fmt: skip


def made_on(person: str) -> CalendarFeed | None:
    """Return the feed a person has, if any."""
    return CalendarFeed.objects.filter(person=person).first()
