"""The page everybody starts from but who works in the field: five figures, who stands where, what needs somebody."""

from __future__ import annotations

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from quotum.web.pages.doors import PageRequest, behind
from quotum.web.pages.known_words import DRIVERS
from quotum.web.queries.clock import today
from quotum.web.queries.dashboards import chart_of, find_review, show_dashboard
from quotum.web.queries.permissions import reach_of, require
from quotum.web.services.reviews import ask_for_review, is_being_reviewed, may_renew

CHARTS = {
    "pace": _("Running total: plan, actual, outlook"), "why": _("What made the difference"),
    "attainment": _("Attainment"), "months": _("Who stood where, month by month"),
}  # fmt: skip


@behind("see_numbers")
def show(request: PageRequest) -> HttpResponse:
    """Show the newest review of the plan in force from the node asked for, as far as the user may see."""
    review = find_review()
    if review is None:
        return render(request, "pages/dashboard.html", {
            "dashboard": None, "working": is_being_reviewed(), "may_renew": may_renew(request.user),
        })  # fmt: skip
    asked = request.GET.get("dimension", ""), request.GET.get("node", "")
    reach = require(request.user, "see_numbers")
    node = asked if asked[0] else None
    dashboard = show_dashboard(review, reach, reach_of(request.user, "see_customers"), node, today())
    if dashboard is None and node is not None:
        raise Http404
    return render(request, "pages/dashboard.html", {
        "dashboard": dashboard, "charts": CHARTS, "working": is_being_reviewed(), "may_renew": may_renew(request.user),
    })  # fmt: skip


@behind("see_numbers")
def send_chart(request: PageRequest, chart: str) -> HttpResponse:
    """Send a chart of the newest review as JSON."""
    review = find_review()
    node = request.GET.get("dimension", "company"), request.GET.get("node", "")
    measure = request.GET.get("measure", "")
    if review is None or chart not in CHARTS or measure not in {total["measure"] for total in review.plan.totals}:
        raise Http404
    spec = chart_of(review, require(request.user, "see_numbers"), chart, measure, node, get_language() or "en",
                    {code: str(word) for code, word in DRIVERS.items()})  # fmt: skip
    if spec is None:
        raise Http404
    return JsonResponse({"spec": spec})


@require_POST
@behind("see_numbers")
def renew(request: PageRequest) -> HttpResponse:
    """Start a review as of today."""
    job = ask_for_review(request.user)
    return redirect("job", job.pk) if job else redirect("dashboard")
