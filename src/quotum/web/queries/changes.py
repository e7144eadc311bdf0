"""The record of changes, as far as somebody may see it."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from quotum.web.queries.permissions import Reach, units_within
from quotum.web.records.models import Change


def changes_within(reach: Reach, text: str = "") -> QuerySet[Change]:
    """Return the changes that concern units within reach, the newest first; ``text`` is looked for in table and key."""
    changes = Change.objects.select_related("user")
    if not reach.everywhere:
        changes = changes.filter(unit__in=units_within(reach).values("unit"))
    if text:
        changes = changes.filter(Q(table__icontains=text) | Q(key__icontains=text) | Q(action__icontains=text))
    return changes
