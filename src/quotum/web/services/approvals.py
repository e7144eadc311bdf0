"""Approving a plan along the line (K2): proposed from the top, decided unit by unit from below, in force at the end."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from quotum.web.queries.approvals import number_of
from quotum.web.queries.permissions import require, units_within
from quotum.web.queries.workspace import changes_in_force, find_draft
from quotum.web.records.models import Approval, Job, PlanVersion, Unit, User
from quotum.web.services.jobs import start_job
from quotum.web.services.recording import record_change
from quotum.web.services.setups import require_targets

MOST_PERCENT = 50.0


class NotNow(Exception):  # noqa: N818 - it is an answer
    """A step that the state of the plan does not allow; ``code`` says which, ``findings`` what stands against it."""

    def __init__(self, code: str, findings: Sequence[Mapping[str, Any]] = ()) -> None:
        self.code, self.findings = code, list(findings)
        super().__init__(code)


def propose_plan(user: User, version: PlanVersion, *, limit_percent: float = 0.0, reason: str = "") -> Job | None:
    """Propose a draft: every unit with people below it decides. Challenges within the limit are granted by rule.

    Where the draft was edited, or numbers of it were granted before it was returned, a version that has them is written
    first and that one is proposed: the job that does both is returned.
    """
    require_targets(user)
    if not 0 <= limit_percent <= MOST_PERCENT:
        raise NotNow("limit")
    with transaction.atomic():
        locked = PlanVersion.objects.select_for_update().get(pk=version.pk)
        if locked.state != "draft":
            raise NotNow("not_draft")
        if is_unfinished(locked):
            arguments = {"plan": str(locked.pk), "reason": reason, "propose": limit_percent}
            return start_job(user, "version", arguments, f"{locked.pk} to propose")
        open_approval(user, locked, limit_percent, reason)
    return None


def is_unfinished(version: PlanVersion) -> bool:
    """Tell whether a version has accepted edits, or granted numbers, that are not in its plan."""
    return bool(changes_in_force(find_draft(version).edits)) or version.challenges.filter(state="granted").exists()


def open_approval(
    user: User | None, version: PlanVersion, limit_percent: float, reason: str, decided: Collection[Approval] = ()
) -> None:
    """Let the units decide about a draft, within the transaction of the caller; ``decided`` are decisions that stay."""
    paths = Unit.objects.filter(people__isnull=False).values_list("path", flat=True).distinct()
    units = {key for path in paths for key in path.split("\n") if key}
    kept = {one.unit_id: one for one in decided}
    version.approvals.all().delete()
    lines = [Approval(plan=version, unit_id=unit) for unit in sorted(units)]
    for line in lines:
        if known := kept.get(line.unit_id):
            line.state, line.by, line.at, line.note = known.state, known.by, known.at, known.note
    Approval.objects.bulk_create(lines)
    version.state, version.challenge_percent = "proposed", limit_percent
    version.save(update_fields=["state", "challenge_percent"])
    after = {"state": "proposed", "units": len(units), "challenge_percent": limit_percent, "decided": sorted(kept)}
    record_change(user, "proposed", "plans", version.pk, before="draft", after=after, reason=reason)


def replace_proposed(
    user: User | None, old: PlanVersion, new: PlanVersion, limit_percent: float, reason: str, touched: Collection[str]
) -> None:
    """Propose a version in the place of another, within the transaction of the caller.

    Units below which no number is another one keep what they decided; challenges still open go along. ``touched`` are
    the units whose people have other numbers.
    """
    paths = Unit.objects.filter(pk__in=touched).values_list("path", flat=True)
    above = {key for path in paths for key in path.split("\n") if key}
    decided = old.approvals.filter(state="approved").exclude(unit__in=above) if old.state == "proposed" else ()
    open_approval(user, new, limit_percent, reason, list(decided))
    for asked in old.challenges.filter(state="open"):
        asked.plan, asked.was_minor = new, number_of(new, asked.person_id, asked.measure) or 0
        asked.save(update_fields=["plan", "was_minor"])
    record_change(user, "superseded", "plans", old.pk, before=old.state, after="superseded", reason=reason)
    old.state = "superseded"
    old.save(update_fields=["state"])


def check_challenges(version: PlanVersion, below: str = "") -> None:
    """Raise NotNow where a challenge is open, or what was granted is not in the plan; ``below``: a unit's path."""
    asked = version.challenges.filter(person__unit__path__startswith=below)
    if asked.filter(state="open").exists():
        raise NotNow("challenges_open")
    if asked.filter(state="granted").exists():
        raise NotNow("take_in_first")


def decide(user: User, approval: Approval, *, approved: bool, note: str = "") -> None:
    """Approve or return a unit's part of a proposed plan; a unit comes after those below it.

    The plan is approved with its last unit. Returned, it is a draft again and what was decided stays on record. Raises
    PermissionDenied for a unit out of reach, NotNow where it is not its turn, or where its people's challenges are open
    or were granted and are not yet in the plan.
    """
    reach = require(user, "approve")
    if not units_within(reach).filter(pk=approval.unit_id).exists():
        raise PermissionDenied("unit")
    with transaction.atomic():
        plan = PlanVersion.objects.select_for_update().get(pk=approval.plan_id)
        fresh = Approval.objects.select_for_update(of=("self",)).select_related("unit").get(pk=approval.pk)
        if plan.state != "proposed" or fresh.state != "waiting":
            raise NotNow("decided")
        below = plan.approvals.exclude(state="approved").filter(unit__path__startswith=fresh.unit.path)
        if approved and below.exclude(pk=fresh.pk).exists():
            raise NotNow("below_first")
        if approved:
            others = plan.approvals.exclude(state="approved").exclude(pk=fresh.pk)
            check_challenges(plan, fresh.unit.path if others.exists() else "")
        if not approved and not note.strip():
            raise NotNow("note_needed")
        fresh.state, fresh.by, fresh.at, fresh.note = "approved" if approved else "returned", user, timezone.now(), note
        fresh.save()
        unit = fresh.unit_id
        record_change(user, fresh.state, "approvals", f"{plan.pk} {unit}", after=fresh.state, reason=note, unit=unit)
        state = "draft" if not approved else (
            "approved" if not plan.approvals.exclude(state="approved").exists() else "proposed"
        )  # fmt: skip
        if state != plan.state:
            record_change(user, state, "plans", plan.pk, before=plan.state, after=state, reason=note)
            plan.state = state
            plan.save(update_fields=["state"])
