"""Challenges: somebody asks for another number, with a reason; a rule answers inside its limit, else the manager."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from quotum.web.queries.approvals import number_of
from quotum.web.queries.permissions import people_within, require
from quotum.web.records.models import Challenge, Job, Person, PlanVersion, User
from quotum.web.services.approvals import NotNow
from quotum.web.services.jobs import start_job
from quotum.web.services.recording import record_change
from quotum.web.services.setups import require_targets
from quotum.web.services.versions import find_no_room


def challenge(
    user: User, version: PlanVersion, person: Person, measure: str, asked_minor: int, reason: str
) -> Challenge:
    """Ask for another commitment of a person in a proposed plan; inside the plan's limit it is granted at once.

    What the plan has no room for is left to the manager, whatever the limit.

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
        made = Challenge(plan=plan, person=person, measure=measure, was_minor=was, asked_minor=asked_minor,
                         reason=reason, by=user)  # fmt: skip
        if by_rule := by_rule and not find_no_room(plan, made):
            made.state, made.by_rule, made.answered_at = "granted", True, timezone.now()
        made.save()
        after = {"asked": asked_minor, "state": made.state, "by_rule": by_rule}
        record_change(user, "challenged", "challenges", made.pk, before={"was": was}, after=after, reason=reason,
                      unit=person.unit_id)  # fmt: skip
    return made


def answer(user: User, asked: Challenge, *, granted: bool, text: str) -> None:
    """Grant or decline a challenge of somebody within reach; nobody answers the own one, and an answer says why.

    Raises NotNow with findings where what is granted could not be taken in: the number is held, or bounds forbid it.
    """
    reach = require(user, "approve")
    if not people_within(reach).filter(pk=asked.person_id).exists() or asked.by_id == user.pk:
        raise PermissionDenied("challenge")
    if not text.strip():
        raise NotNow("reason_needed")
    with transaction.atomic():
        challenges = Challenge.objects.select_for_update(of=("self",)).select_related("person", "plan", "by")
        fresh = challenges.get(pk=asked.pk)
        if fresh.state != "open":
            raise NotNow("decided")
        if granted and (findings := find_no_room(fresh.plan, fresh)):
            raise NotNow("no_room", findings)
        fresh.state, fresh.answer = "granted" if granted else "declined", text
        fresh.answered_by, fresh.answered_at = user, timezone.now()
        fresh.save()
        record_change(user, fresh.state, "challenges", fresh.pk, before="open", after=fresh.state, reason=text,
                      unit=fresh.person.unit_id)  # fmt: skip


def ask_to_take_in(user: User, version: PlanVersion, reason: str = "") -> Job:
    """Start the writing of a new version with every challenge that was granted; the others of a unit make up for it.

    A proposed plan is replaced by the new version: what the units decided stays where no number is another one.
    """
    require_targets(user)
    if version.state == "superseded" or not version.challenges.filter(state="granted").exists():
        raise NotNow("nothing_granted")
    with transaction.atomic():
        return start_job(user, "challenges", {"plan": str(version.pk), "reason": reason}, version.pk)
