"""Keys for programs: one's own, made, shown once, ended."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quotum.web.pages.doors import PageRequest
from quotum.web.queries.permissions import may
from quotum.web.records.models import ApiToken
from quotum.web.records.roles import CAPABILITIES
from quotum.web.services.tokens import make_token, revoke_token


@login_required
def show(request: PageRequest) -> HttpResponse:
    """List one's keys, or make a new one and show it this once."""
    scopes = [scope for scope in CAPABILITIES if may(request.user, scope)]
    secret, problem = "", ""
    if request.method == "POST":
        wanted = [scope for scope in request.POST.getlist("scope") if scope in scopes]
        name = request.POST.get("name", "").strip()[:100]
        if name and wanted:
            secret = make_token(request.user, name, wanted)
        else:
            problem = _("Give the key a name and at least one thing it may do.")
    tokens = request.user.api_tokens.order_by("-created")
    shown = {"tokens": tokens, "scopes": scopes, "secret": secret, "problem": problem}
    return render(request, "pages/tokens.html", shown, status=400 if problem else 200)


@require_POST
@login_required
def revoke(request: PageRequest, token: int) -> HttpResponse:
    """End one of one's own keys."""
    revoke_token(request.user, get_object_or_404(ApiToken, pk=token, user=request.user))
    return redirect("tokens")
