"""Plans: made from a setup in the background, put in force, replaced; each version stays as it is."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from quotum.web.bridge.plans import MadePlan, plan_company
from quotum.web.queries.permissions import require
from quotum.web.records.models import Job, PlanVersion, Setup, User
from quotum.web.services.jobs import Refused, Running, start_job
from quotum.web.services.recording import record_change
from quotum.web.services.setups import require_targets


def ask_for_plan(user: User, setup: Setup, reason: str = "") -> Job:
    """Start the making of a plan from a setup."""
    require(user, "set_target")
    with transaction.atomic():
        return start_job(user, "plan", {"setup": setup.pk, "reason": reason})


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
        version = PlanVersion.objects.create(
            name=made.name, setup=setup, settings_text=text, address=made.address, digest=made.digest, parent=parent,
            since=made.since, until=made.until, totals=made.totals, feasibility=made.feasibility,
            findings=made.findings, by=user, reason=reason,
        )  # fmt: skip
        after = {"name": version.name, "digest": version.digest, "totals": version.totals}
        record_change(user, "planned", "plans", version.pk, after=after, reason=reason)
    return version


def put_in_force(user: User | None, version: PlanVersion, reason: str = "") -> None:
    """Put a plan in force and supersede the one that was; a user needs the right to set the company's targets."""
    if user is not None:
        require_targets(user)
    if version.state == "proposed":
        raise PermissionDenied("its units have not decided yet")
    with transaction.atomic():
        before = PlanVersion.objects.select_for_update().filter(state="in_force").exclude(pk=version.pk)
        for old in before:
            record_change(user, "superseded", "plans", old.pk, before="in_force", after="superseded", reason=reason)
        before.update(state="superseded")
        record_change(user, "put in force", "plans", version.pk, before=version.state, after="in_force", reason=reason)
        version.state = "in_force"
        version.save(update_fields=["state"])
