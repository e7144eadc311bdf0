"""Reviews: made in the background for the plan in force, kept with the day they look from."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from quotum.web.bridge.reviews import review_company
from quotum.web.queries.clock import today
from quotum.web.queries.permissions import require
from quotum.web.queries.plans import find_plan_in_force
from quotum.web.records.models import Job, PlanVersion, ReviewResult, User
from quotum.web.services.jobs import Refused, Running, start_job
from quotum.web.services.recording import record_change


def ask_for_review(user: User) -> Job | None:
    """Start a review of the plan in force as of today; None where no plan is in force."""
    require(user, "see_numbers")
    plan = find_plan_in_force()
    if plan is None:
        return None
    with transaction.atomic():
        return start_job(user, "review", {"plan": str(plan.pk), "as_of": today().isoformat()})


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
