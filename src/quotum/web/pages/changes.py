"""The record of changes as a page."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from quotum.web.pages.doors import PageRequest, behind
from quotum.web.queries.changes import changes_within
from quotum.web.queries.permissions import require


@behind("see_changes")
def list_changes(request: PageRequest) -> HttpResponse:
    """List who changed what when, as far as the user may see it."""
    changes = changes_within(require(request.user, "see_changes"), request.GET.get("q", ""))
    page = Paginator(changes, 50).get_page(request.GET.get("page"))
    return render(request, "pages/changes.html", {"page": page, "q": request.GET.get("q", "")})
