"""Drafts for programs: numbers typed at any level, previewed or accepted, as in the workspace."""

from __future__ import annotations

import uuid
from typing import Annotated, Any, Literal

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from quotum.web.api.answers import ERRORS
from quotum.web.api.doors import Caller, allow, write_once
from quotum.web.queries.workspace import last_sequence
from quotum.web.records.models import PlanVersion
from quotum.web.services.workspace import Typing, apply_edits, preview_edits, view_of

router = Router(tags=["drafts"])


class EditIn(Schema):
    """A number of the grid, as ``unit=north;person=ann`` in ``2027-03-01/2027-04-01``, and what is typed into it."""

    row: str = Field(max_length=400)
    period: str = Field(max_length=40)
    text: str = Field(max_length=40)


class EditsIn(Schema):
    """Edits that belong together; ``base``: the draft's number when it was seen, nothing for as it is now."""

    edits: list[EditIn] = Field(min_length=1, max_length=2000)
    base: Annotated[int, Field(ge=0, le=2**31)] | None = None
    preview: bool = False
    measure: str = Field("", max_length=60)
    level: Literal["commit", "stretch"] = "commit"
    grain: Literal["quarter", "month", "tenday", "week", "day"] = "month"
    absorb: Literal["parent", "siblings", "time"] = "parent"
    reason: str = Field("", max_length=1000)


class GainOut(Schema):
    """Who wins or loses, in smallest units over the whole plan."""

    member: str
    before: int
    after: int


class EditedOut(Schema):
    """The draft's number after the edits, what they come to, and what is to be told of them."""

    base: int
    gains: list[GainOut]
    total_before: int
    total_after: int
    findings: list[dict[str, Any]]


@router.post("/plans/{plan}/edits", response={200: EditedOut, **ERRORS}, summary="Edit a draft, or preview it")
def edit_draft(request: Caller, plan: uuid.UUID, asked: EditsIn) -> Status[Any]:
    """Make edits part of a draft, or only show what they come to. Takes an idempotency key.

    409 where others have changed the same numbers since ``base``.
    """
    allow(request, "edit_plan")
    version = get_object_or_404(PlanVersion, pk=plan)
    if not version.totals:
        raise Http404
    view = view_of(version, asked.measure, asked.level, asked.grain)
    typings = [Typing(edit.row, edit.period, edit.text) for edit in asked.edits]

    def edit() -> tuple[int, Any]:
        base = last_sequence(version) if asked.base is None else asked.base
        if asked.preview:
            outcome = preview_edits(request.user, version, view, base, typings, asked.absorb)
        else:
            outcome = apply_edits(request.user, version, view, base, typings, asked.absorb, asked.reason)
        gains = [{"member": label, "before": before, "after": after} for label, before, after in outcome.gains]
        told = [{"rule": note.code, "row": note.row, "period": note.period, "severity": note.severity}
                for note in outcome.notes]  # fmt: skip
        return 200, {"base": outcome.sequence, "gains": gains, "total_before": outcome.total[0],
                     "total_after": outcome.total[1], "findings": [*told, *outcome.findings]}  # fmt: skip

    return write_once(request, edit)
