"""The record of changes for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Field, Query, Router, Schema

from quotum.web.api.answers import ERRORS
from quotum.web.api.doors import Caller, allow
from quotum.web.queries.changes import changes_within
from quotum.web.records.models import Change

router = Router(tags=["changes"])


class ChangesIn(Schema):
    """Which changes: at most ``limit`` with a sequence number above ``after``, the oldest first."""

    limit: int = Field(100, ge=1, le=500)
    after: int = Field(0, ge=0, le=2**62)


class ChangeOut(Schema):
    """One line of the record."""

    sequence: int
    at: datetime
    user: int | None = Field(None, alias="user_id")
    action: str
    table: str
    key: str
    unit: str
    before: Any
    after: Any
    reason: str
    digest: str


@router.get("/changes", response={200: list[ChangeOut], **ERRORS}, summary="The record of changes")
def list_changes(request: Caller, asked: Query[ChangesIn]) -> list[Change]:
    """Return changes within reach."""
    changes = changes_within(allow(request, "see_changes")).filter(sequence__gt=asked.after)
    return list(changes.order_by("sequence")[: asked.limit])
