"""Keys for programs: one's own, made, shown once, ended."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from quotum.web.pages.doors import PageRequest
from quotum.web.queries.permissions import may
from quotum.web.records.models import ApiToken
from quotum.web.records.roles import CAPABILITIES
from quotum.web.services.tokens import make_token, revoke_token

SCOPES = {
    "see_numbers": _("See targets, plans and standing"), "see_customers": _("See customers"),
    "see_people": _("See people and units"), "see_days": _("See agendas and logs"), "see_scores": _("See scores"),
    "appraise": _("Score periods and answer objections"), "see_changes": _("See the record of changes"),
    "set_target": _("Set targets, make and propose plans"),
    "force_plan": _("Put a plan in force without approvals"), "edit_plan": _("Edit numbers of drafts"),
    "propose": _("Ask for other numbers"), "approve": _("Decide about plans, answer challenges"),
    "edit_company": _("Edit units, people, products and customers"), "import_data": _("Bring files in"),
    "log_work": _("Log work of the day"), "manage_accounts": _("Manage accounts"),
}  # fmt: skip
"""What a key may do, in words."""


@login_required
def show(request: PageRequest) -> HttpResponse:
    """List one's keys, or make a new one and show it this once."""
    scopes = {scope: SCOPES[scope] for scope in CAPABILITIES if may(request.user, scope)}
    secret, problem = "", ""
    if request.method == "POST":
        wanted = [scope for scope in request.POST.getlist("scope") if scope in scopes]
        name = request.POST.get("name", "").strip()[:100]
        if name and wanted:
            secret = make_token(request.user, name, wanted)
        else:
            problem = str(_("Give the key a name and at least one thing it may do."))
    tokens = [(token, [SCOPES.get(scope, scope) for scope in token.scopes])
              for token in request.user.api_tokens.order_by("-created")]  # fmt: skip
    shown = {"tokens": tokens, "scopes": scopes, "secret": secret, "problem": problem}
    return render(request, "pages/tokens.html", shown, status=400 if problem else 200)


@require_POST
@login_required
def revoke(request: PageRequest, token: int) -> HttpResponse:
    """End one of one's own keys."""
    revoke_token(request.user, get_object_or_404(ApiToken, pk=token, user=request.user))
    return redirect("tokens")
