"""Scoring a period, and the schemes it goes by: everybody may read them, few write them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from quotum.web.bridge.demo import demo_scheme
from quotum.web.bridge.schemes import tell_rules
from quotum.web.pages.doors import PageRequest, behind
from quotum.web.pages.score_words import REFUSALS
from quotum.web.queries.permissions import may, require_everywhere
from quotum.web.queries.scores import list_choices, plans_to_score
from quotum.web.records.models import Scheme
from quotum.web.services.approvals import NotNow
from quotum.web.services.scores import SchemeRefused, ask_for_scores, keep_scheme


@behind("appraise")
def appraise(request: PageRequest) -> HttpResponse:
    """Choose plan, period and schemes, and start the scoring."""
    require_everywhere(request.user, "appraise")
    plans, schemes = list(plans_to_score()), list(Scheme.objects.order_by("name"))
    asked = request.POST if request.method == "POST" else request.GET
    plan = next((each for each in plans if str(each.pk) == asked.get("plan")), plans[0] if plans else None)
    if request.method == "POST" and plan is not None:
        chosen = [scheme for scheme in schemes if str(scheme.pk) in request.POST.getlist("scheme")]
        try:
            job = ask_for_scores(request.user, plan, asked.get("period", ""), chosen, asked.get("reason", ""))
        except NotNow as refusal:
            messages.error(request, str(REFUSALS[refusal.code]))
        else:
            return redirect("job", job.pk)
    choices = list_choices(plan) if plan else []
    return render(request, "pages/appraise.html", {
        "plans": plans, "plan": plan, "schemes": schemes, "choices": choices, "period": asked.get("period", ""),
    })  # fmt: skip


@behind("see_scores")
def list_schemes(request: PageRequest) -> HttpResponse:
    """Show the rules of every scheme; those who appraise add one."""
    may_appraise = may(request.user, "appraise")
    told = [(scheme, tell_rules(scheme.name, scheme.text)) for scheme in Scheme.objects.order_by("name")[:20]]
    return render(request, "pages/schemes.html", {"schemes": told, "may_appraise": may_appraise})


@behind("appraise")
def edit_scheme(request: PageRequest, scheme: int | None = None) -> HttpResponse:
    """Change a scheme's text, or write a new one; what is wrong is told beside it."""
    found = None if scheme is None else get_object_or_404(Scheme, pk=scheme)
    name, text = (found.name, found.text) if found else ("", demo_scheme())
    findings = None
    if request.method == "POST":
        name = found.name if found else request.POST.get("name", "")
        text = request.POST.get("text", "").replace("\r\n", "\n")
        try:
            kept, findings = keep_scheme(request.user, name, text, request.POST.get("reason", ""))
        except SchemeRefused as refusal:
            findings = refusal.findings
            messages.error(request, _("It was not kept."))
        except NotNow as refusal:
            messages.error(request, str(REFUSALS[refusal.code]))
        else:
            messages.success(request, _("Kept."))
            if not findings:
                return redirect("schemes")
            found = kept
    return render(request, "pages/scheme.html", {"scheme": found, "name": name, "text": text, "findings": findings})
