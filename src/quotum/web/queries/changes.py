"""The record of changes, as far as somebody may see it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from quotum.web.queries.clock import span_of
from quotum.web.queries.permissions import Reach, units_within
from quotum.web.records.models import Change, PlanVersion, Upload

_OF_PLANS = {"plans", "visits"}


@dataclass(frozen=True, slots=True)
class AskedChanges:
    """Which changes somebody asks for: words in table, key and action, who made them, from a day to a day (both in)."""

    text: str = ""
    who: str = ""
    since: date | None = None
    to: date | None = None


def changes_within(reach: Reach, text: str = "") -> QuerySet[Change]:
    """Return the changes that concern units within reach, the newest first; ``text`` is looked for in table and key."""
    return find_changes(reach, AskedChanges(text))


def find_changes(reach: Reach, asked: AskedChanges) -> QuerySet[Change]:
    """Return the changes within reach that are asked for, the newest first."""
    changes = Change.objects.select_related("user")
    if not reach.everywhere:
        changes = changes.filter(unit__in=units_within(reach).values("unit"))
    if text := asked.text:
        changes = changes.filter(Q(table__icontains=text) | Q(key__icontains=text) | Q(action__icontains=text))
    if who := asked.who:
        changes = changes.filter(Q(user__username__icontains=who) | Q(user__first_name__icontains=who))
    if asked.since:
        changes = changes.filter(at__gte=span_of(asked.since, asked.since)[0])
    if asked.to:
        changes = changes.filter(at__lt=span_of(asked.to, asked.to + timedelta(days=1))[1])
    return changes


def name_keys(changes: Iterable[Change]) -> dict[tuple[str, str], str]:
    """Return names of what changes are about where its key says nothing to people: plans and files."""
    wanted: dict[str, set[str]] = {}
    for change in changes:
        if change.table in _OF_PLANS | {"uploads"} and _is_uuid(change.key):
            wanted.setdefault("uploads" if change.table == "uploads" else "plans", set()).add(change.key)
    found: dict[tuple[str, str], str] = {}
    for plan in PlanVersion.objects.filter(pk__in=wanted.get("plans", ())):
        found |= {(table, str(plan.pk)): plan.name for table in _OF_PLANS}
    for upload in Upload.objects.filter(pk__in=wanted.get("uploads", ())):
        found["uploads", str(upload.pk)] = ", ".join(upload.files)
    return found


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True
