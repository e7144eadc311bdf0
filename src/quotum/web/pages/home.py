"""The first page after signing in."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from quotum.web.pages import dashboard
from quotum.web.pages.day import show_today
from quotum.web.pages.doors import PageRequest
from quotum.web.pages.kept_pages import keep_page
from quotum.web.queries.dashboards import find_review
from quotum.web.queries.days import starts_with_today
from quotum.web.queries.first_steps import first_steps_of
from quotum.web.queries.permissions import may, reach_of
from quotum.web.queries.plans import find_plan_in_force, table_of_plan
from quotum.web.services.reviews import is_being_reviewed


@login_required
@keep_page
def show_home(request: PageRequest) -> HttpResponse:
    """Show who works in the field the own day, everybody else how things stand; before a review, the plan in force."""
    if starts_with_today(request.user):
        return show_today(request)
    if may(request.user, "see_numbers") and find_review() is not None:
        return dashboard.show(request)
    reach = reach_of(request.user, "see_numbers")
    plan = find_plan_in_force() if reach else None
    table = table_of_plan(plan, reach) if plan else None
    return render(request, "pages/home.html", {
        "plan": plan, "table": table, "working": is_being_reviewed(),
        "steps": [] if plan else first_steps_of(request.user),
    })  # fmt: skip


@require_POST
@login_required
def choose_language(request: PageRequest) -> HttpResponse:
    """Remember the user's language."""
    language = request.POST.get("language", "")
    if language not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest()
    request.user.language = language
    request.user.save(update_fields=["language"])
    back = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if own else "home")
