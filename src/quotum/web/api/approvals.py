"""A plan's way into force for programs: proposed, challenged, decided unit by unit, put in force."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Field, Router, Schema, Status

from quotum.web.api.answers import ERRORS
from quotum.web.api.doors import Caller, allow, write_once
from quotum.web.api.plans import JobOut, PlanOut
from quotum.web.queries.approvals import challenges_within
from quotum.web.queries.permissions import people_within, units_within
from quotum.web.records.models import Approval, Challenge, PlanVersion
from quotum.web.services import approvals, challenges, plans

router = Router(tags=["approvals"])


class ProposeIn(Schema):
    """Challenges up to ``limit_percent`` are granted by rule."""

    limit_percent: float = Field(0.0, ge=0, le=50)
    reason: str = Field("", max_length=1000)


class ReasonIn(Schema):
    """Why."""

    reason: str = Field("", max_length=1000)


class DecisionIn(Schema):
    """Approved, or returned with a note that says why."""

    approved: bool
    note: str = Field("", max_length=1000)


class ApprovalOut(Schema):
    """What a unit decides: waiting, approved or returned."""

    id: int
    unit: str = Field(alias="unit_id")
    state: str
    at: datetime | None
    note: str


class ChallengeIn(Schema):
    """Another commitment of a person over the whole plan, in smallest units."""

    person: str = Field(max_length=120)
    measure: str = Field(max_length=60)
    asked_minor: int = Field(ge=0, le=2**53)
    reason: str = Field(max_length=1000)


class AnswerIn(Schema):
    """Granted or declined, and why."""

    granted: bool
    answer: str = Field(max_length=1000)


class ChallengeOut(Schema):
    """Somebody asks for another number: open, granted or declined."""

    id: int
    plan: uuid.UUID = Field(alias="plan_id")
    person: str = Field(alias="person_id")
    measure: str
    was_minor: int
    asked_minor: int
    reason: str
    state: str
    by_rule: bool
    answer: str
    at: datetime


@router.post("/plans/{plan}/propose", response={200: PlanOut, 202: JobOut, **ERRORS}, summary="Propose a draft")
def propose_draft(request: Caller, plan: uuid.UUID, asked: ProposeIn) -> Status[Any]:
    """Propose a draft; 202 where a version with its edits is written first. Takes an idempotency key."""
    allow(request, "set_target")
    version = get_object_or_404(PlanVersion, pk=plan)

    def propose() -> tuple[int, Any]:
        job = approvals.propose_plan(request.user, version, limit_percent=asked.limit_percent, reason=asked.reason)
        if job is not None:
            return 202, JobOut.from_orm(job).dict()
        return 200, _told(version)

    return write_once(request, propose)


@router.get("/plans/{plan}/approvals", response={200: list[ApprovalOut], **ERRORS}, summary="Who decides about a plan")
def list_approvals(request: Caller, plan: uuid.UUID) -> QuerySet[Approval]:
    """Return what the units within reach have decided."""
    within = units_within(allow(request, "see_numbers"))
    version = get_object_or_404(PlanVersion, pk=plan)
    return version.approvals.filter(unit__in=within).order_by("unit__path")


@router.post("/approvals/{approval}", response={200: ApprovalOut, **ERRORS}, summary="Decide a unit's part")
def decide(request: Caller, approval: int, decision: DecisionIn) -> Status[Any]:
    """Approve or return a unit's part of a proposed plan. Takes an idempotency key."""
    within = units_within(allow(request, "approve"))
    found = get_object_or_404(Approval.objects.filter(unit__in=within), pk=_bounded(approval))

    def do() -> tuple[int, Any]:
        approvals.decide(request.user, found, approved=decision.approved, note=decision.note)
        found.refresh_from_db()
        return 200, ApprovalOut.from_orm(found).dict(by_alias=True)

    return write_once(request, do)


@router.get("/plans/{plan}/challenges", response={200: list[ChallengeOut], **ERRORS}, summary="Numbers challenged")
def list_challenges(request: Caller, plan: uuid.UUID) -> QuerySet[Challenge]:
    """Return the newest five hundred challenges about people within reach."""
    reach = allow(request, "see_numbers")
    return challenges_within(get_object_or_404(PlanVersion, pk=plan), reach).order_by("-pk")[:500]


@router.post("/plans/{plan}/challenges", response={201: ChallengeOut, **ERRORS}, summary="Ask for another number")
def ask_for_number(request: Caller, plan: uuid.UUID, asked: ChallengeIn) -> Status[Any]:
    """Challenge a person's number of a proposed plan. Takes an idempotency key."""
    within = people_within(allow(request, "propose"))
    version = get_object_or_404(PlanVersion, pk=plan)
    person = get_object_or_404(within, pk=asked.person)

    def do() -> tuple[int, Any]:
        made = challenges.challenge(request.user, version, person, asked.measure, asked.asked_minor, asked.reason)
        return 201, ChallengeOut.from_orm(made).dict(by_alias=True)

    return write_once(request, do)


@router.post("/challenges/{challenge}/answer", response={200: ChallengeOut, **ERRORS}, summary="Answer a challenge")
def answer_challenge(request: Caller, challenge: int, given: AnswerIn) -> Status[Any]:
    """Grant or decline a challenge of somebody within reach. Takes an idempotency key."""
    within = people_within(allow(request, "approve"))
    found = get_object_or_404(Challenge.objects.filter(person__in=within), pk=_bounded(challenge))

    def do() -> tuple[int, Any]:
        challenges.answer(request.user, found, granted=given.granted, text=given.answer)
        found.refresh_from_db()
        return 200, ChallengeOut.from_orm(found).dict(by_alias=True)

    return write_once(request, do)


@router.post("/plans/{plan}/take-in", response={202: JobOut, **ERRORS}, summary="Take in what was granted")
def take_in(request: Caller, plan: uuid.UUID, asked: ReasonIn) -> Status[Any]:
    """Start a new version with the granted numbers, proposed in the plan's place. Takes an idempotency key."""
    allow(request, "set_target")
    version = get_object_or_404(PlanVersion, pk=plan)
    return write_once(request, lambda: (
        202, JobOut.from_orm(challenges.ask_to_take_in(request.user, version, asked.reason)).dict()))  # fmt: skip


@router.post("/plans/{plan}/force", response={200: PlanOut, **ERRORS}, summary="Put an approved plan in force")
def put_in_force(request: Caller, plan: uuid.UUID, asked: ReasonIn) -> Status[Any]:
    """Put a plan in force that all its units have approved. Takes an idempotency key."""
    allow(request, "set_target")
    version = get_object_or_404(PlanVersion, pk=plan)

    def do() -> tuple[int, Any]:
        plans.put_in_force(request.user, version, asked.reason)
        return 200, _told(version)

    return write_once(request, do)


def _told(version: PlanVersion) -> dict[str, Any]:
    """Return a version as it is now, to somebody who sets the company's targets."""
    version.refresh_from_db()
    return PlanOut.from_orm(version).dict(by_alias=True)


def _bounded(key: int) -> int:
    """Return a key that a database can look for; raise Http404 for another."""
    if not 0 < key < 2**62:
        raise Http404
    return key
