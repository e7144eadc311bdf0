"""Challenges: somebody asks for another number, with a reason; a rule answers inside its limit, else the manager."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from quotum.web.bridge.drafts import Change, make_changes, write_change
from quotum.web.bridge.plans import open_plan
from quotum.web.queries.approvals import number_of
from quotum.web.queries.clock import today
from quotum.web.queries.permissions import people_within, require
from quotum.web.records.models import Challenge, Job, Person, PlanVersion, User
from quotum.web.services.approvals import NotNow
from quotum.web.services.jobs import Refused, Running, start_job
from quotum.web.services.recording import record_change
from quotum.web.services.setups import require_targets
from quotum.web.services.versions import write_version


def challenge(
    user: User, version: PlanVersion, person: Person, measure: str, asked_minor: int, reason: str
) -> Challenge:
    """Ask for another commitment of a person in a proposed plan; inside the plan's limit it is granted at once.

    Raises PermissionDenied for a person out of reach, NotNow where the plan is not proposed, nothing was asked, no
    reason was given, or an earlier challenge of the same number is still open.
    """
    if not people_within(require(user, "propose")).filter(pk=person.pk).exists():
        raise PermissionDenied("person")
    if not reason.strip():
        raise NotNow("reason_needed")
    with transaction.atomic():
        plan = PlanVersion.objects.select_for_update().get(pk=version.pk)
        was = number_of(plan, person.pk, measure)
        if plan.state != "proposed":
            raise NotNow("not_proposed")
        if was is None or asked_minor < 0 or asked_minor == was:
            raise NotNow("nothing_asked")
        if plan.challenges.filter(person=person, measure=measure, state="open").exists():
            raise NotNow("open_already")
        # Whole numbers on both sides: the limit is in percent with two decimals.
        by_rule = abs(asked_minor - was) * 10_000 <= was * round(plan.challenge_percent * 100)
        made = Challenge.objects.create(
            plan=plan, person=person, measure=measure, was_minor=was, asked_minor=asked_minor, reason=reason, by=user,
            state="granted" if by_rule else "open", by_rule=by_rule, answered_at=timezone.now() if by_rule else None,
        )  # fmt: skip
        after = {"asked": asked_minor, "state": made.state, "by_rule": by_rule}
        record_change(user, "challenged", "challenges", made.pk, before={"was": was}, after=after, reason=reason,
                      unit=person.unit_id)  # fmt: skip
    return made


def answer(user: User, asked: Challenge, *, granted: bool, text: str) -> None:
    """Grant or decline a challenge of somebody within reach; nobody answers the own one, and an answer says why."""
    reach = require(user, "approve")
    if not people_within(reach).filter(pk=asked.person_id).exists() or asked.by_id == user.pk:
        raise PermissionDenied("challenge")
    if not text.strip():
        raise NotNow("reason_needed")
    with transaction.atomic():
        fresh = Challenge.objects.select_for_update(of=("self",)).select_related("person").get(pk=asked.pk)
        if fresh.state != "open":
            raise NotNow("decided")
        fresh.state, fresh.answer = "granted" if granted else "declined", text
        fresh.answered_by, fresh.answered_at = user, timezone.now()
        fresh.save()
        record_change(user, fresh.state, "challenges", fresh.pk, before="open", after=fresh.state, reason=text,
                      unit=fresh.person.unit_id)  # fmt: skip


def ask_to_take_in(user: User, version: PlanVersion, reason: str = "") -> Job:
    """Start the writing of a new version with every challenge that was granted; the others of a unit make up for it."""
    require_targets(user)
    with transaction.atomic():
        return start_job(user, "challenges", {"plan": str(version.pk), "reason": reason})


def run_challenges_job(running: Running) -> dict[str, Any]:
    """Write the version that a job asks for: granted numbers are set, siblings absorb, totals stay."""
    parent = PlanVersion.objects.select_related("setup").get(pk=running.arguments["plan"])
    granted = parent.challenges.filter(state="granted").select_related("by").order_by("at", "pk")
    changes = [
        Change("set", (("person", one.person_id),), one.measure, absorb="siblings", amount_minor=one.asked_minor,
               owner=one.by.username, reason=one.reason)
        for one in granted
    ]  # fmt: skip
    if not changes:
        raise Refused([], {"reason": "nothing was granted"})
    decimals = {total["measure"]: int(total["decimals"]) for total in parent.totals}
    written = [write_change(change, decimals[change.measure]) for change in changes]
    return write_version(running, parent, lambda: make_changes(open_plan(parent.address), written, today())[0])
