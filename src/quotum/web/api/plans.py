"""Plans for programs: versions, numbers of a slice, a new plan, the work on the way to it."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any, Literal

from django.db.models import Q
from django.shortcuts import get_object_or_404
from ninja import Field, Query, Router, Schema, Status

from quotum.web.api.answers import ERRORS, Refusal
from quotum.web.api.company import MOST_ROWS
from quotum.web.api.doors import Caller, allow, write_once
from quotum.web.queries.jobs import hide_findings, jobs_within
from quotum.web.queries.permissions import Reach
from quotum.web.queries.plans import Asked, cut_within
from quotum.web.queries.setups import covers_company
from quotum.web.records.models import Job, PlanVersion, Setup
from quotum.web.services.jobs import cancel_job
from quotum.web.services.plans import ask_for_plan

router = Router(tags=["plans"])


class PlanOut(Schema):
    """A version of a plan."""

    id: uuid.UUID
    name: str
    number: int
    state: str
    since: date
    until: date
    digest: str
    parent: uuid.UUID | None = Field(None, alias="parent_id")
    totals: list[dict[str, Any]]
    at: datetime
    reason: str


class VersionsIn(Schema):
    """Which part of the list: at most ``limit`` versions older than ``after``."""

    limit: int = Field(100, ge=1, le=MOST_ROWS)
    after: uuid.UUID | None = None


class SliceIn(Schema):
    """Which numbers: by which dimensions, at which grain, of which measure and level, between which days."""

    by: list[str] = Field(["unit"], max_length=4)
    grain: Literal["year", "half", "quarter", "month", "tenday", "week", "day"] | None = None
    measure: str | None = Field(None, max_length=60)
    level: Literal["commit", "stretch"] = "commit"
    since: date | None = None
    until: date | None = None


class NumberOut(Schema):
    """One number, in smallest units."""

    keys: dict[str, str | None]
    since: date
    until: date
    period: str
    measure: str
    level: str
    amount: int | None
    decimals: int
    last_year: int | None


class NewPlanIn(Schema):
    """What to plan: the name of a setup, and why."""

    setup: str = Field(max_length=200)
    reason: str = Field("", max_length=1000)


class JobOut(Schema):
    """Work in the background."""

    id: uuid.UUID
    kind: str
    state: str
    stage: str
    done: int
    total: int
    result: dict[str, Any] | None
    findings: list[dict[str, Any]]


@router.get("/plans", response={200: list[PlanOut], **ERRORS}, summary="Versions of plans")
def list_plans(request: Caller, page: Query[VersionsIn]) -> list[PlanVersion]:
    """Return versions, the newest first; totals only to whom the whole company is open."""
    reach = allow(request, "see_numbers")
    versions = PlanVersion.objects.order_by("-at", "-pk")
    if page.after is not None:
        last = get_object_or_404(PlanVersion, pk=page.after)
        versions = versions.filter(Q(at__lt=last.at) | Q(at=last.at, pk__lt=last.pk))
    return [_within(plan, reach) for plan in versions[: page.limit]]


@router.get("/plans/{plan}", response={200: PlanOut, **ERRORS}, summary="One version")
def show_plan(request: Caller, plan: uuid.UUID) -> PlanVersion:
    """Return a version; totals only to whom the whole company is open."""
    return _within(get_object_or_404(PlanVersion, pk=plan), allow(request, "see_numbers"))


def _within(plan: PlanVersion, reach: Reach) -> PlanVersion:
    """Return a version without what lies out of reach."""
    if not covers_company(reach):
        plan.totals = []
    return plan


@router.get("/plans/{plan}/numbers", response={200: list[NumberOut], **ERRORS}, summary="Numbers of a slice")
def show_numbers(request: Caller, plan: uuid.UUID, asked: Query[SliceIn]) -> list[dict[str, Any]]:
    """Return the numbers of a slice, only what lies within reach."""
    reach = allow(request, "see_numbers")
    version = get_object_or_404(PlanVersion, pk=plan)
    rows, findings = cut_within(version, reach, Asked(**asked.dict()))
    if any(finding["severity"] == "error" for finding in findings):
        raise Refusal(422, "invalid", "The plan cannot answer this.", findings)
    return rows


@router.post("/plans", response={202: JobOut, **ERRORS}, summary="Make a plan")
def make_plan(request: Caller, asked: NewPlanIn) -> Status[Any]:
    """Start the making of a plan; ask for the job until it is over. Takes an idempotency key."""
    allow(request, "set_target")
    setup = get_object_or_404(Setup, name=asked.setup)

    def start() -> tuple[int, Any]:
        job = ask_for_plan(request.user, setup, asked.reason)
        return 202, JobOut.from_orm(job).dict()

    return write_once(request, start)


@router.get("/jobs/{job}", response={200: JobOut, **ERRORS}, summary="How far a job is")
def show_job(request: Caller, job: uuid.UUID) -> Job:
    """Return one of the caller's own jobs, or one that the caller could have started as well."""
    return hide_findings(get_object_or_404(jobs_within(request.user), pk=job), request.user)


@router.post("/jobs/{job}/cancel", response={202: JobOut, **ERRORS}, summary="Stop a job")
def stop_job(request: Caller, job: uuid.UUID) -> Status[Job]:
    """Ask one of the caller's own jobs to stop; asking again changes nothing."""
    found = get_object_or_404(Job, pk=job, by=request.user)
    cancel_job(found)
    found.refresh_from_db()
    return Status(202, found)
