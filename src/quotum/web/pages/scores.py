"""Scores: the ranking of a period, one's own, one opened down to its rows, objections and their answers."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quotum.web.bridge.score_sheets import SheetLine
from quotum.web.bridge.scoring import draw_scores
from quotum.web.pages.doors import PageRequest, behind
from quotum.web.pages.score_words import REFUSALS
from quotum.web.pages.templatetags.score_words import word
from quotum.web.queries.permissions import may
from quotum.web.queries.scores import (
    MOST_DRAWN,
    appraisals_within,
    figures_behind,
    is_only_own,
    line_of,
    list_own,
    objections_within,
    open_score,
    rank_scores,
    rows_behind,
    scores_within,
)
from quotum.web.records.models import Score
from quotum.web.services import scores
from quotum.web.services.approvals import NotNow

ROWS = 50


@behind("see_scores")
def show(request: PageRequest) -> HttpResponse:
    """Show the own scores to whom no others are open, else the ranking of a period, as far as it may be seen."""
    if is_only_own(request.user):
        return render(request, "pages/own_scores.html", {"scores": list_own(request.user)})
    asked = request.GET
    card, _between, period = asked.get("card", "").rpartition("|")
    found = rank_scores(request.user, asked.get("of", ""), card, period, asked.get("q", ""))
    if found.chosen is None and asked.get("of"):
        raise Http404
    page = Paginator(found.scores, ROWS).get_page(asked.get("page"))
    may_appraise = may(request.user, "appraise")
    return render(request, "pages/scores.html", {
        "found": found, "page": page, "q": asked.get("q", ""), "may_appraise": may_appraise,
        "own": list_own(request.user)[:3], "decimals": 2,
    })  # fmt: skip


@behind("see_scores")
def send_ranking(request: PageRequest, appraisal: uuid.UUID) -> HttpResponse:
    """Send the chart of a ranking as JSON."""
    card, _between, period = request.GET.get("card", "").rpartition("|")
    found = rank_scores(request.user, str(appraisal), card, period)
    if found.chosen is None:
        raise Http404
    lines = [
        {"name": str(each.person or each.unit), "points": (each.score_e2 or 0) / 100, "fails": bool(each.improve_until)}
        for each in found.scores[:MOST_DRAWN]
    ]
    words = {"title": _("Who came to what"), "about": f"{found.card[0]}, {found.card[1]}", "points": _("Points")}
    return JsonResponse({"spec": draw_scores("ranking", lines, words)})


@behind("see_scores")
def show_score(request: PageRequest, score: int) -> HttpResponse:
    """Show a score with its lines, what follows from it, and objections."""
    found = _find(request, score)
    return render(request, "pages/score.html", {"opened": open_score(request.user, found), "score": found})


@behind("see_scores")
def send_lines(request: PageRequest, score: int) -> HttpResponse:
    """Send the chart of a score's lines as JSON."""
    opened = open_score(request.user, _find(request, score))
    lines = [{"name": str(word(line.indicator, "indicator")), "weight": round(line.weight, 2),
              "points": line.points_e2 / 100} for line in opened.sheet.lines if line.weight]  # fmt: skip
    words = {"title": _("Points of each line"), "about": _("Grey: the weight."), "points": _("Points")}
    return JsonResponse({"spec": draw_scores("lines", lines, words)})


@behind("see_scores")
def show_line(request: PageRequest, score: int, place: int) -> HttpResponse:
    """Show what a line is made of, down to the rows; 50 a page of the figure chosen."""
    found = _find(request, score)
    line = _line(found, place)
    counts = figures_behind(found, line)
    asked = (request.GET.get("table", ""), request.GET.get("figure", ""))
    source = asked if asked in counts else next(iter(counts), None)
    page = Paginator(range(counts[source] if source else 0), ROWS).get_page(request.GET.get("page"))
    rows = rows_behind(request.user, found, line, source, max(page.start_index() - 1, 0), ROWS) if source else None
    return render(request, "pages/score_line.html", {
        "score": found, "line": line, "counts": [(*pair, count, pair == source) for pair, count in counts.items()],
        "rows": rows, "page": page,
    })  # fmt: skip


@require_POST
@behind("see_scores")
def object_to(request: PageRequest, score: int) -> HttpResponse:
    """Object to a line of the own score, or to the whole."""
    found = _find(request, score)
    text = request.POST.get("place", "")
    try:
        scores.object_to(request.user, found, int(text) if text.isdecimal() else None, request.POST.get("reason", ""))
    except NotNow as refusal:
        messages.error(request, str(REFUSALS[refusal.code]))
    else:
        messages.success(request, _("Your objection is on record; it will be answered here."))
    return _see_score(found.pk)


@require_POST
@behind("see_scores")
def answer(request: PageRequest, objection: int) -> HttpResponse:
    """Uphold or refuse an objection."""
    found = get_object_or_404(objections_within(request.user), pk=objection)
    try:
        scores.answer_objection(request.user, found, upheld=request.POST.get("decision") == "uphold",
                                text=request.POST.get("answer", ""))  # fmt: skip
    except NotNow as refusal:
        messages.error(request, str(REFUSALS[refusal.code]))
    return _see_score(found.score_id)


@require_POST
@behind("appraise")
def release(request: PageRequest, appraisal: uuid.UUID) -> HttpResponse:
    """Let everybody see the own score."""
    found = get_object_or_404(appraisals_within(request.user), pk=appraisal)
    try:
        scores.release(request.user, found, request.POST.get("reason", ""))
    except NotNow as refusal:
        messages.error(request, str(REFUSALS[refusal.code]))
    response = redirect("scores")
    response.headers["Location"] += f"?of={found.pk}"
    return response


def _find(request: PageRequest, score: int) -> Score:
    found: Score = get_object_or_404(scores_within(request.user), pk=score)
    return found


def _line(score: Score, place: int) -> SheetLine:
    line = line_of(score, place)
    if line is None:
        raise Http404
    return line


def _see_score(score: int) -> HttpResponse:
    response: HttpResponse = redirect("score", score)
    response.status_code = 303
    return response
