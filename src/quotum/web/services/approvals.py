"""Approving a plan along the line (K2): proposed from the top, decided unit by unit from below, in force at the end."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from quotum.web.queries.permissions import require, units_within
from quotum.web.records.models import Approval, PlanVersion, Unit, User
from quotum.web.services.recording import record_change
from quotum.web.services.setups import require_targets

MOST_PERCENT = 50.0


class NotNow(Exception):  # noqa: N818 - it is an answer
    """A step that the state of the plan does not allow; ``code`` says which."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def propose_plan(user: User, version: PlanVersion, *, limit_percent: float = 0.0, reason: str = "") -> None:
    """Propose a draft: every unit with people below it decides. Challenges within the limit are granted by rule."""
    require_targets(user)
    if not 0 <= limit_percent <= MOST_PERCENT:
        raise NotNow("limit")
    with transaction.atomic():
        locked = PlanVersion.objects.select_for_update().get(pk=version.pk)
        if locked.state != "draft":
            raise NotNow("not_draft")
        paths = Unit.objects.filter(people__isnull=False).values_list("path", flat=True).distinct()
        units = {key for path in paths for key in path.split("\n") if key}
        locked.approvals.all().delete()
        Approval.objects.bulk_create([Approval(plan=locked, unit_id=unit) for unit in sorted(units)])
        locked.state, locked.challenge_percent = "proposed", limit_percent
        locked.save(update_fields=["state", "challenge_percent"])
        after = {"state": "proposed", "units": len(units), "challenge_percent": limit_percent}
        record_change(user, "proposed", "plans", locked.pk, before="draft", after=after, reason=reason)


def decide(user: User, approval: Approval, *, approved: bool, note: str = "") -> None:
    """Approve or return a unit's part of a proposed plan; a unit comes after those below it.

    The plan is approved with its last unit. Returned, it is a draft again and what was decided stays on record. Raises
    PermissionDenied for a unit out of reach, NotNow where it is not its turn.
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
