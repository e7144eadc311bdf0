"""New versions of a plan from what was edited: the draft with all its edits is written as a plan of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from quotum.web.bridge.drafts import DraftRefused
from quotum.web.bridge.findings import list_findings
from quotum.web.bridge.plans import MadePlan, Plan, keep_plan, list_totals
from quotum.web.queries.permissions import require
from quotum.web.queries.workspace import changes_in_force, find_draft
from quotum.web.records.models import Job, PlanVersion, User
from quotum.web.services.jobs import Refused, Running, start_job
from quotum.web.services.plans import keep_version


def ask_for_version(user: User, version: PlanVersion, reason: str = "") -> Job:
    """Start the writing of a draft with its edits as a new version."""
    require(user, "edit_plan")
    if version.state != "draft":
        raise PermissionDenied("only drafts are edited")
    with transaction.atomic():
        return start_job(user, "version", {"plan": str(version.pk), "reason": reason})


def run_version_job(running: Running) -> dict[str, Any]:
    """Write the version that a job asks for; its parent is the draft, its changes are in the plan's own tables."""
    parent = PlanVersion.objects.select_related("setup").get(pk=running.arguments["plan"])
    running.tell("reading")
    draft = find_draft(parent)
    if not changes_in_force(draft.edits):
        raise Refused([], {"reason": "nothing was edited"})
    return write_version(running, parent, lambda: draft.plan)


def write_version(running: Running, parent: PlanVersion, revise: Callable[[], Plan]) -> dict[str, Any]:
    """Write what a revision of a version makes as its child, and end the job with it in one transaction.

    Raises Refused with the findings where the revision or the writing is refused; nothing is kept then.
    """
    running.tell("revising")
    try:
        plan = revise()
    except DraftRefused as refusal:
        raise Refused(refusal.findings) from refusal
    running.tell("writing")
    address, digest, issues = keep_plan(plan, parent.digest)
    if not address:
        raise Refused(list_findings(issues))
    made = MadePlan(address, digest, parent.name, parent.since, parent.until, list_totals(plan), parent.feasibility,
                    parent.findings)  # fmt: skip
    reason = str(running.arguments.get("reason", ""))
    with transaction.atomic():
        version = keep_version(running.user, parent.setup, parent.settings_text, made, reason, parent)
        result = {"plan": str(version.pk)}
        running.conclude(result)
    return result
