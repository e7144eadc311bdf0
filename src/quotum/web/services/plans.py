"""Plans: made from a setup in the background, put in force, replaced; each version stays as it is."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from quotum.web.bridge.plans import MadePlan, plan_company
from quotum.web.queries.permissions import require, require_everywhere
from quotum.web.records.models import Change, Job, PlanVersion, Setup, User
from quotum.web.services.approvals import NotNow, check_challenges, is_unfinished
from quotum.web.services.jobs import Refused, Running, start_job
from quotum.web.services.recording import record_change
from quotum.web.services.reviews import start_review
from quotum.web.services.setups import require_targets


def ask_for_plan(user: User, setup: Setup, reason: str = "") -> Job:
    """Start the making of a plan from a setup."""
    require(user, "set_target")
    with transaction.atomic():
        return start_job(user, "plan", {"setup": setup.pk, "reason": reason}, setup.pk)


def run_plan_job(running: Running) -> dict[str, Any]:
    """Make the plan that a job asks for."""
    setup = Setup.objects.get(pk=running.arguments["setup"])
    text = setup.text
    made = plan_company(text, running.tell)
    if not made.address:
        raise Refused(made.findings, {"feasibility": made.feasibility})
    with transaction.atomic():
        version = keep_version(running.user, setup, text, made, running.arguments.get("reason", ""))
        result = {"plan": str(version.pk)}
        running.conclude(result)
    return result


def keep_version(
    user: User | None, setup: Setup, text: str, made: MadePlan, reason: str, parent: PlanVersion | None = None
) -> PlanVersion:
    """Add a plan that was made to the versions, as a draft."""
    if made.since is None or made.until is None:
        raise ValueError("A plan that was refused is no version.")
    with transaction.atomic():
        Setup.objects.select_for_update().get(pk=setup.pk)  # one counts at a time
        last = setup.plans.order_by("-number").values_list("number", flat=True).first() or 0
        version = PlanVersion.objects.create(
            name=made.name, number=last + 1, setup=setup, settings_text=text, address=made.address, digest=made.digest,
            parent=parent, since=made.since, until=made.until, totals=made.totals, feasibility=made.feasibility,
            findings=made.findings, by=user, reason=reason,
        )  # fmt: skip
        after = {"name": version.title, "digest": version.digest, "totals": version.totals}
        record_change(user, "planned", "plans", version.pk, after=after, reason=reason)
    return version


def put_in_force(user: User, version: PlanVersion, reason: str = "") -> None:
    """Put an approved plan in force; those in force for the same days are superseded.

    Raises NotNow where its units have not approved it, or challenges are not answered or not in its numbers.
    """
    require_targets(user)
    with transaction.atomic():
        locked = PlanVersion.objects.select_for_update().get(pk=version.pk)
        if locked.state != "approved":
            raise NotNow("not_approved")
        check_challenges(locked)
        _begin(user, locked, "put in force", reason)


def force_plan(user: User | None, version: PlanVersion, reason: str) -> None:
    """Put a plan in force that was not approved: the company's first, or an earlier one again. It says why.

    Nobody (None) is a program that fills an empty database. Raises NotNow for any other plan, for a draft with edits
    that are not in it, and without a reason.
    """
    if user is not None:
        require_everywhere(user, "force_plan")
    with transaction.atomic():
        locked = PlanVersion.objects.select_for_update().get(pk=version.pk)
        if not reason.strip():
            raise NotNow("reason_needed")
        if not may_be_forced(locked):
            raise NotNow("not_approved")
        if is_unfinished(locked):
            raise NotNow("unfinished")
        _begin(user, locked, "put in force without approvals", reason)


def may_be_forced(version: PlanVersion) -> bool:
    """Tell whether a plan may come in force without approvals: none was in force yet, or this one was."""
    begun = Change.objects.filter(table="plans", action__startswith="put in force")
    if version.state == "superseded":
        return begun.filter(key=str(version.pk)).exists()
    if version.state != "draft" or PlanVersion.objects.filter(state="in_force").exists():
        return False
    return not begun.exists()


def _begin(user: User | None, version: PlanVersion, action: str, reason: str) -> None:
    """Put a locked version in force within the transaction of the caller, and have it held against what was sold."""
    # The line on record comes first: it holds back whoever puts another plan in force at the same moment.
    record_change(user, action, "plans", version.pk, before=version.state, after="in_force", reason=reason)
    in_force = PlanVersion.objects.select_for_update().filter(state="in_force").exclude(pk=version.pk)
    overlapping = in_force.filter(since__lt=version.until, until__gt=version.since)
    for old in overlapping:
        record_change(user, "superseded", "plans", old.pk, before="in_force", after="superseded", reason=reason)
    PlanVersion.objects.filter(pk__in=[old.pk for old in overlapping]).update(state="superseded")
    version.state = "in_force"
    version.save(update_fields=["state"])
    if user is not None:
        start_review(user, version)
