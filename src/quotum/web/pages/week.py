"""The week sheet that fills itself, the boards, and the manager's Monday."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quotum.web.pages.day import missing_is_404, read_day
from quotum.web.pages.day_forms import SpanForm
from quotum.web.pages.doors import PageRequest, behind
from quotum.web.queries.boards import month_board, week_board
from quotum.web.queries.clock import monday_of, today
from quotum.web.queries.days import find_person, week_of
from quotum.web.queries.standing import find_standings, needed_of
from quotum.web.queries.teams import monday_of_team
from quotum.web.services.day import own_person
from quotum.web.services.open_items import may_remark
from quotum.web.services.visits import ask_for_visits


@behind("log_work")
def show_own_week(request: PageRequest) -> HttpResponse:
    """Lead to the user's own week."""
    return redirect("week", monday_of(today()).isoformat(), own_person(request.user).pk)


@behind("see_days")
@missing_is_404
def show_week(request: PageRequest, day: str, person: str) -> HttpResponse:
    """Show the week sheet of somebody within reach."""
    whom = find_person(request.user, person)
    week = week_of(whom, read_day(day))
    now = monday_of(today()) == week.monday
    values = {"week": week, "own": whom.pk == request.user.person_id, "today": today(),
              "needed": needed_of(whom.pk, find_standings()) if now else None,
              "may_remark": may_remark(request.user, whom)}  # fmt: skip
    return render(request, "pages/week.html", values)


@behind("see_days")
@missing_is_404
def show_week_board(request: PageRequest, day: str, person: str) -> HttpResponse:
    """Show today's focus, tomorrow and the week of somebody within reach."""
    whom, at = find_person(request.user, person), read_day(day)
    values = {"person": whom, "day": at, "columns": week_board(whom, at), "own": whom.pk == request.user.person_id,
              "today": today(), "before": at - timedelta(days=7), "after": at + timedelta(days=7)}  # fmt: skip
    return render(request, "pages/week_board.html", values)


@behind("see_days")
@missing_is_404
def show_month_board(request: PageRequest, day: str, person: str) -> HttpResponse:
    """Show the month of somebody within reach, with what spans its weeks."""
    whom, at = find_person(request.user, person), read_day(day)
    first = at.replace(day=1)
    values = {"person": whom, "day": at, "rows": month_board(whom, at), "today": today(),
              "before": (first - timedelta(days=1)).replace(day=1),
              "after": (first + timedelta(days=32)).replace(day=1)}  # fmt: skip
    return render(request, "pages/month_board.html", values)


@behind("approve")
def show_monday(request: PageRequest) -> HttpResponse:
    """Show a manager the team: who is behind on what, what was promised."""
    monday = monday_of_team(request.user, request.GET.get("page"))
    since = monday_of(today()) + timedelta(days=7)
    form = SpanForm(initial={"since": since, "until": since + timedelta(days=14)})
    return render(request, "pages/monday.html", {"monday": monday, "page": monday.page, "form": form, "today": today()})


@require_POST
@behind("approve")
@missing_is_404
def plan_visits(request: PageRequest) -> HttpResponse:
    """Start the planning of the team's days."""
    form = SpanForm(request.POST)
    if not form.is_valid():
        raise ValidationError(_("Choose the days."))
    job = ask_for_visits(request.user, form.cleaned_data["since"], form.cleaned_data["until"])
    return redirect("job", job.pk)
