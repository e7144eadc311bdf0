"""Scores for programs: appraisals, scores within reach, one opened to its lines and their rows."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema

from quotum.web.api.answers import ERRORS
from quotum.web.api.doors import Caller, allow
from quotum.web.queries.scores import (
    appraisals_within,
    figures_behind,
    line_of,
    open_score,
    rows_behind,
    scores_within,
)
from quotum.web.records.models import Appraisal, Score

router = Router(tags=["scores"])
MOST_ROWS = 500


class AppraisalOut(Schema):
    """A period that was scored; ``as_of`` is the last day that was looked at."""

    id: uuid.UUID
    period: str
    since: date
    until: date
    as_of: date
    plan: uuid.UUID = Field(alias="plan_id")
    digest: str
    at: datetime
    released: datetime | None


class ScoresIn(Schema):
    """Which scores: of an appraisal, a person, a period; at most ``limit`` that come after the number ``after``."""

    appraisal: uuid.UUID | None = None
    person: str = Field("", max_length=120)
    period: str = Field("", max_length=20)
    limit: int = Field(100, ge=1, le=MOST_ROWS)
    after: int = Field(0, ge=0, le=2**62)


class ScoreOut(Schema):
    """What somebody, or (without a person) a unit, came to; ``score_e2`` are hundredths of a point."""

    id: int
    appraisal: uuid.UUID = Field(alias="appraisal_id")
    person: str | None = Field(None, alias="person_id")
    unit: str = Field(alias="unit_id")
    scheme: str
    scorecard: str
    effect: str
    period: str
    since: date
    until: date
    score_e2: int | None
    rank: int | None
    among: int | None
    grade: str
    voided: list[str]
    pay_factor: float | None
    pay_minor: int | None
    last_place: bool
    improve_until: date | None


class LineOut(Schema):
    """A line of a score; its points add up to the score with those of the others."""

    place: int
    indicator: str
    weight: float
    target: float | None
    actual: float | None
    points_e2: int
    why: str
    formula: str
    target_formula: str
    figures: list[tuple[str, float | None]]


class ObjectionOut(Schema):
    """An objection with its answer."""

    indicator: str
    reason: str
    state: str
    answer: str
    at: datetime
    answered_at: datetime | None


class OpenedOut(Schema):
    """A score with its lines and objections."""

    score: ScoreOut
    lines: list[LineOut]
    objections: list[ObjectionOut]


class RowsIn(Schema):
    """Which rows behind a line: of a figure of a table (the first where nothing is named), from which on."""

    table: str = Field("", max_length=60)
    figure: str = Field("", max_length=120)
    first: int = Field(0, ge=0, le=2**31)
    limit: int = Field(100, ge=1, le=MOST_ROWS)


class RowsOut(Schema):
    """Rows of the company's tables behind a figure; ``count`` is how many there are in all."""

    table: str
    figure: str
    count: int
    columns: list[str]
    rows: list[list[Any]]


@router.get("/appraisals", response={200: list[AppraisalOut], **ERRORS}, summary="Periods that were scored")
def list_appraisals(request: Caller) -> QuerySet[Appraisal]:
    """Return the newest hundred that the caller may look at."""
    allow(request, "see_scores")
    return appraisals_within(request.user)[:100]


@router.get("/scores", response={200: list[ScoreOut], **ERRORS}, summary="Scores within reach")
def list_scores(request: Caller, asked: Query[ScoresIn]) -> QuerySet[Score]:
    """Return scores, ordered by number."""
    allow(request, "see_scores")
    wanted: dict[str, Any] = {"pk__gt": asked.after}
    for name in ("appraisal", "person", "period"):
        if value := getattr(asked, name):
            wanted[name] = value
    return scores_within(request.user).filter(**wanted).order_by("pk")[: asked.limit]


@router.get("/scores/{score}", response={200: OpenedOut, **ERRORS}, summary="One score with its lines")
def show_score(request: Caller, score: int) -> dict[str, Any]:
    """Return a score within reach."""
    found = _find(request, score)
    opened = open_score(request.user, found)
    return {"score": found, "lines": opened.sheet.lines, "objections": opened.objections}


@router.get("/scores/{score}/lines/{place}/rows", response={200: RowsOut, **ERRORS}, summary="Rows behind a line")
def show_rows(request: Caller, score: int, place: int, asked: Query[RowsIn]) -> dict[str, Any]:
    """Return rows behind a figure of a line; customers only where the token may see any."""
    found = _find(request, score)
    line = line_of(found, place)
    if line is None:
        raise Http404
    counts = figures_behind(found, line)
    source = next((pair for pair in counts if asked.table in ("", pair[0]) and asked.figure in ("", pair[1])), None)
    if source is None:
        return {"table": asked.table, "figure": asked.figure, "count": 0, "columns": [], "rows": []}
    sees_customers = "see_customers" in request.auth.scopes
    rows = rows_behind(request.user, found, line, source, asked.first, asked.limit, customers=sees_customers)
    return {"table": rows.table, "figure": rows.figure, "count": counts[source], "columns": rows.columns,
            "rows": rows.cells}  # fmt: skip


def _find(request: Caller, score: int) -> Score:
    allow(request, "see_scores")
    if score >= 2**63:
        raise Http404
    found: Score = get_object_or_404(scores_within(request.user), pk=score)
    return found
