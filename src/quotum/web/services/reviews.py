"""Reviews: made in the background for the plan in force, kept with the day they look from."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from quotum.web.bridge.reviews import review_company
from quotum.web.queries.clock import today
from quotum.web.queries.permissions import reach_of
from quotum.web.queries.plans import find_plan_in_force
from quotum.web.records.models import Job, PlanVersion, ReviewResult, User
from quotum.web.services.jobs import Refused, Running, start_job
from quotum.web.services.recording import record_change


def ask_for_review(user: User) -> Job | None:
    """Start a review of the plan in force as of today for somebody who sees more than the own numbers.

    None where no plan is in force.
    """
    if not may_renew(user):
        raise PermissionDenied("see_numbers")
    plan = find_plan_in_force()
    return None if plan is None else start_review(user, plan)


def may_renew(user: User) -> bool:
    """Tell whether somebody may have the review made anew: who sees numbers of a unit at least."""
    reach = reach_of(user, "see_numbers")
    return reach.everywhere or bool(reach.paths)


def start_review(user: User | None, plan: PlanVersion, cause: str = "") -> Job | None:
    """Start a review of a plan as of today, None where it has not begun; the one that is being made is enough.

    ``cause`` names what has changed since: a review that began before does not know of it.
    """
    if plan.since > today():
        return None
    with transaction.atomic():
        arguments = {"plan": str(plan.pk), "as_of": today().isoformat()}
        return start_job(user, "review", arguments, f"{plan.pk} {cause}".strip())


def review_of_the_day() -> Job | None:
    """Start the review of today where there is none and none was tried; None otherwise."""
    day, plan = today(), find_plan_in_force()
    if plan is None or not plan.since <= day < plan.until or plan.reviews.filter(as_of=day).exists():
        return None
    asked = {"plan": str(plan.pk), "as_of": day.isoformat()}
    if Job.objects.filter(kind="review", arguments=asked).exists():
        return None
    return start_review(None, plan)


def is_being_reviewed() -> bool:
    """Tell whether figures are being worked out."""
    return Job.objects.filter(kind="review", state__in=("waiting", "running")).exists()


def run_review_job(running: Running) -> dict[str, Any]:
    """Make the review that a job asks for."""
    plan = PlanVersion.objects.get(pk=running.arguments["plan"])
    kept = keep_review(running.user, plan, date.fromisoformat(running.arguments["as_of"]), running.tell)
    return {"review": kept.pk}


def keep_review(user: User | None, plan: PlanVersion, as_of: date, tell: Any = lambda _: None) -> ReviewResult:
    """Review a plan on a day and keep it; raise Refused with the findings where it cannot be."""
    made = review_company(plan.address, plan.settings_text, as_of, tell)
    if not made.address:
        raise Refused(made.findings)
    with transaction.atomic():
        kept = ReviewResult.objects.create(plan=plan, as_of=as_of, address=made.address, digest=made.digest)
        record_change(user, "reviewed", "plans", plan.pk, after={"as_of": as_of, "digest": made.digest})
    return kept
