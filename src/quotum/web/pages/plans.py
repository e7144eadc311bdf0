"""Pages of plans: the list of versions, one version, and the work on the way to it."""

from __future__ import annotations

import uuid

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from quotum.web.pages.doors import PageRequest, behind
from quotum.web.queries.jobs import hide_findings, jobs_within
from quotum.web.queries.permissions import may, reach_of, require
from quotum.web.queries.plans import table_of_plan
from quotum.web.queries.setups import covers_company
from quotum.web.records.models import PlanVersion
from quotum.web.services.approvals import is_unfinished
from quotum.web.services.plans import may_be_forced


@behind("see_numbers")
def list_plans(request: PageRequest) -> HttpResponse:
    """List the versions, the newest first."""
    shown = {"plans": PlanVersion.objects.select_related("by")[:100], "sees_totals": _sees_company(request)}
    return render(request, "pages/plans.html", shown)


@behind("see_numbers")
def show_plan(request: PageRequest, plan: uuid.UUID) -> HttpResponse:
    """Show a version's numbers as far as the user may see them."""
    version = get_object_or_404(PlanVersion, pk=plan)
    table = table_of_plan(version, require(request.user, "see_numbers"), request.GET.get("grain", "quarter"))
    shown = {
        "plan": version, "table": table, "sees_totals": _sees_company(request), "unfinished": tells_unfinished(version),
        "may_approve": covers_company(reach_of(request.user, "set_target")),
        "may_force": may(request.user, "force_plan") and may_be_forced(version),
    }  # fmt: skip
    return render(request, "pages/plan.html", shown)


def tells_unfinished(version: PlanVersion) -> bool:
    """Tell whether a draft's page has to say that what was edited since is not in its numbers."""
    return version.state == "draft" and is_unfinished(version)


def _sees_company(request: PageRequest) -> bool:
    """Tell whether the user's reach takes in the company's totals, and findings that name anybody's numbers."""
    return covers_company(require(request.user, "see_numbers"))


@login_required
def show_job(request: PageRequest, job: uuid.UUID) -> HttpResponse:
    """Show how far work in the background is; the page asks again until it is over."""
    found = hide_findings(get_object_or_404(jobs_within(request.user), pk=job), request.user)
    template = "partials/job.html" if request.htmx else "pages/job.html"
    return render(request, template, {"job": found}, status=286 if found.is_over and request.htmx else 200)
