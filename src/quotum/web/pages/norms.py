"""The page of norms and cadences: how often customers are seen, what people do in a day."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from quotum.web.pages.company import tabs_of
from quotum.web.pages.doors import PageRequest, behind
from quotum.web.queries.company_lists import edit_reach
from quotum.web.queries.norms import SECTIONS, history_of_norms, norms_of
from quotum.web.records.models import Setup
from quotum.web.services.norms import change_norms


@behind("edit_company")
def show_norms(request: PageRequest) -> HttpResponse:
    """Show the norms of a setup, the newest unless another is chosen; change them."""
    if not edit_reach(request.user).everywhere:
        raise PermissionDenied("edit_company")
    setups = Setup.objects.order_by("-changed", "pk")
    chosen = request.GET.get("setup", "")
    setup = get_object_or_404(Setup, pk=chosen) if chosen.isascii() and chosen.isdigit() else setups.first()
    problems: list[str] = []
    if request.method == "POST" and setup is not None:
        changes = {}
        for name, value in request.POST.items():
            kind, _sep, rest = name.partition("|")
            section, _sep, key = rest.partition("|")
            if kind == "norm":
                changes[section, key] = str(value).strip()
        section, key = request.POST.get("new-section", ""), request.POST.get("new-name", "").strip()
        if key:
            role, _sep, activity = key.partition(".")
            place = (f"norms.{role}", activity) if section == "norms" else (section, key)
            changes[place] = request.POST.get("new-value", "").strip()
        try:
            change_norms(request.user, setup, changes, request.POST.get("reason", "")[:500],
                         request.POST.get("seen", ""))  # fmt: skip
        except ValidationError as error:
            problems = error.messages
        else:
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('norms')}?setup={setup.pk}")
    q = request.GET.get("q", "")
    return render(request, "pages/norms.html", {
        "setup": setup, "setups": setups, "sections": norms_of(setup, q).items() if setup else (), "q": q,
        "choices": SECTIONS, "problems": problems, "tabs": tabs_of(request), "room": None,
        "history": history_of_norms(setup) if setup else (),
    }, status=400 if problems else 200)  # fmt: skip
