"""The drawer that opens a number to its reasons, and the page that holds two versions against each other."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from quotum.web.pages.doors import PageRequest, behind
from quotum.web.pages.reason_words import tell_ledger
from quotum.web.queries.permissions import require
from quotum.web.queries.reasons import compare_versions, reasons_of
from quotum.web.queries.workspace import GRAINS, find_draft
from quotum.web.records.models import PlanVersion
from quotum.web.services.workspace import view_of

_BY = {"unit": ("unit",), "person": ("unit", "person"), "channel": ("channel",), "category": ("category",),
       "product": ("product",)}  # fmt: skip


@require_GET
@behind("see_numbers")
def explain(request: PageRequest, plan: uuid.UUID) -> HttpResponse:
    """Show why a number is what it is: as a part of a page where htmx asks, else as a page."""
    version = get_object_or_404(PlanVersion.objects.exclude(totals=[]), pk=plan)
    asked = request.GET
    view = view_of(version, asked.get("measure", ""), asked.get("level", ""), asked.get("grain", ""))
    since, _between, until = asked.get("period", "").partition("/")
    try:
        span = (date.fromisoformat(since) if since else None, date.fromisoformat(until) if until else None)
    except ValueError:
        return HttpResponseBadRequest()
    found = reasons_of(find_draft(version), view, require(request.user, "see_numbers"), asked.get("row", ""), span)
    if found is None:
        raise Http404(asked.get("row", ""))
    told: dict[str, Any] = {
        "plan": version, "view": view, "reasons": found, "period": asked.get("period", ""),
        "ledger": tell_ledger(found) if found.explanation else None, "decimals": found.decimals,
    }  # fmt: skip
    return render(request, "partials/reasons.html" if request.htmx else "pages/reasons.html", told)


@require_GET
@behind("see_numbers")
def compare(request: PageRequest) -> HttpResponse:
    """Show what differs between two versions."""
    versions = list(PlanVersion.objects.exclude(totals=[]).order_by("-at")[:100])
    by_key = {str(version.pk): version for version in versions}
    before, after = by_key.get(request.GET.get("before", "")), by_key.get(request.GET.get("after", ""))
    found, view, decimals = None, None, 0
    if before and after:
        asked = (request.GET.get(name, "") for name in ("measure", "level", "grain"))
        view = view_of(after, *asked)
        by = _BY.get(request.GET.get("by", ""), ("unit", "person"))
        found = compare_versions(before, after, view, require(request.user, "see_numbers"), by,
                                 not request.GET.get("grain"))  # fmt: skip
        decimals = next((t["decimals"] for t in after.totals if t["measure"] == view.measure), 0)
    return render(request, "pages/compare.html", {
        "versions": versions, "before": before, "after": after, "found": found, "view": view, "decimals": decimals,
        "grains": GRAINS, "grain": request.GET.get("grain", ""), "by": request.GET.get("by", "person"),
        "choices": [("unit", _("Units")), ("person", _("People")), ("channel", _("Channels")),
                    ("category", _("Categories")), ("product", _("Products"))],
        "measures": [total["measure"] for total in after.totals] if after else [],
    })  # fmt: skip
