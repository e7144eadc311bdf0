"""New versions of a plan from what was edited and granted: a draft with all of it is written as a plan of its own."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from quotum.web.bridge.drafts import Change, DraftRefused, make_changes, write_change
from quotum.web.bridge.findings import list_findings
from quotum.web.bridge.plans import MadePlan, keep_plan, list_totals
from quotum.web.bridge.stored import remove_stored
from quotum.web.queries.approvals import units_apart
from quotum.web.queries.clock import today
from quotum.web.queries.permissions import require
from quotum.web.queries.workspace import find_draft, last_sequence
from quotum.web.records.models import Challenge, Job, PlanVersion, User
from quotum.web.services.approvals import is_unfinished, replace_proposed
from quotum.web.services.jobs import Refused, Running, start_job
from quotum.web.services.plans import keep_version

_MOST_TRIES = 5


class _MovedOn(Exception):  # noqa: N818 - it is no failure: one begins again
    """Raised to give a transaction up because the draft is no longer the one that was written."""


def ask_for_version(user: User, version: PlanVersion, reason: str = "") -> Job:
    """Start the writing of a draft with its edits as a new version."""
    require(user, "edit_plan")
    if version.state != "draft":
        raise PermissionDenied("only drafts are edited")
    with transaction.atomic():
        return start_job(user, "version", {"plan": str(version.pk), "reason": reason}, version.pk)


def run_version_job(running: Running) -> dict[str, Any]:
    """Write the version that a job asks for: the parent with what was edited and granted.

    Written again it is the version that there is. Where the job says so, or the parent is proposed, the new version is
    proposed in its place. What somebody edits meanwhile makes it begin again, so that nothing accepted is left behind.
    Raises Refused with the findings where the revision or the writing is refused; nothing is kept then.
    """
    for _try in range(_MOST_TRIES):
        parent = PlanVersion.objects.select_related("setup").get(pk=running.arguments["plan"])
        running.tell("reading")
        if not is_unfinished(parent):
            raise Refused([], {"reason": "nothing was edited or granted"})
        draft = find_draft(parent)
        granted = _list_granted(parent)
        running.tell("revising")
        try:
            plan = make_changes(draft.plan, granted, today())[0] if granted else draft.plan
        except DraftRefused as refusal:
            raise Refused(refusal.findings) from refusal
        running.tell("writing")
        address, digest, issues = keep_plan(plan, parent.digest)
        if not address:
            raise Refused(list_findings(issues))
        made = MadePlan(address, digest, parent.name, parent.since, parent.until, list_totals(plan), parent.feasibility,
                        parent.findings)  # fmt: skip
        try:
            return _keep_child(running, parent, draft.sequence, granted, made)
        except _MovedOn:
            remove_stored(address)
    raise Refused([], {"reason": "the draft is being edited"})


def _keep_child(
    running: Running, parent: PlanVersion, sequence: int, granted: list[dict[str, str]], made: MadePlan
) -> dict[str, Any]:
    """Add what was written to the versions, propose it where that was asked, and end the job, in one transaction."""
    reason, percent = str(running.arguments.get("reason", "")), running.arguments.get("propose")
    if running.job.kind == "challenges" and parent.state in ("proposed", "approved"):
        percent = parent.challenge_percent
    touched = () if percent is None else units_apart(parent, made.address)
    with transaction.atomic():
        locked = PlanVersion.objects.select_for_update(of=("self",)).select_related("setup").get(pk=parent.pk)
        if last_sequence(locked) != sequence or locked.state != parent.state or _list_granted(locked) != granted:
            raise _MovedOn
        version = locked.children.filter(digest=made.digest).first()
        if version is None:
            version = keep_version(running.user, locked.setup, locked.settings_text, made, reason, locked)
        else:
            transaction.on_commit(lambda: remove_stored(made.address))
        result = {"plan": str(version.pk)}
        if percent is not None and version.state == "draft":
            replace_proposed(running.user, locked, version, float(percent), reason, touched)
            result["proposed"] = result["plan"]
        running.conclude(result)
    return result


def find_no_room(version: PlanVersion, asked: Challenge) -> list[dict[str, Any]]:
    """Return what stands against taking a challenge in, after those granted before it; empty: nothing does."""
    try:
        make_changes(find_draft(version).plan, _list_granted(version, asked), today())
    except DraftRefused as refusal:
        return list(refusal.findings)
    return []


def _list_granted(version: PlanVersion, *more: Challenge) -> list[dict[str, str]]:
    """Return what was granted as changes: the numbers are set, siblings make up for them, totals stay."""
    decimals = {total["measure"]: int(total["decimals"]) for total in version.totals}
    granted = [*version.challenges.filter(state="granted").select_related("by").order_by("at", "pk"), *more]
    return [
        write_change(Change("set", (("person", one.person_id),), one.measure, absorb="siblings", owner=one.by.username,
                            amount_minor=one.asked_minor, reason=one.reason), decimals[one.measure])
        for one in granted
    ]  # fmt: skip
