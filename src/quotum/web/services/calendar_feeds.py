"""Secret addresses at which people's calendars may be read: made, made anew, ended."""

from __future__ import annotations

import secrets

from django.db import transaction

from quotum.web.queries.clock import now
from quotum.web.records.models import CalendarFeed, User
from quotum.web.services.accounts import digest_of
from quotum.web.services.day import own_person
from quotum.web.services.recording import record_change


def make_feed(user: User) -> str:
    """Return a new secret for the address of one's own calendar; the one before no longer works."""
    person = own_person(user)
    secret = secrets.token_urlsafe(24)
    with transaction.atomic():
        CalendarFeed.objects.update_or_create(person=person, defaults={"digest": digest_of(secret), "made": now()})
        record_change(user, "renewed", "calendar_feeds", person.pk, unit=person.unit_id)
    return secret


def end_feed(user: User) -> None:
    """End the address of one's own calendar."""
    person = own_person(user)
    with transaction.atomic():
        if CalendarFeed.objects.filter(person=person).delete()[0]:
            record_change(user, "removed", "calendar_feeds", person.pk, unit=person.unit_id)
