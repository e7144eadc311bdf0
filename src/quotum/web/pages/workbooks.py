"""A version's numbers as a workbook: downloaded, edited elsewhere, brought back, its differences accepted."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from quotum.web.pages.doors import PageRequest, behind
from quotum.web.pages.workspace_texts import say_note, signed, sum_up
from quotum.web.records.models import PlanVersion
from quotum.web.services.workbooks import look_into_workbook, make_workbook
from quotum.web.services.workspace import EditRefused, MovedOn, change_draft, view_of

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SALT = "edited workbook"
_HOURS = 12


@require_GET
@behind("see_numbers")
def download(request: PageRequest, plan: uuid.UUID) -> HttpResponse:
    """Send the user's part of a version."""
    version = get_object_or_404(PlanVersion.objects.exclude(totals=[]), pk=plan)
    asked = (request.GET.get(name, "") for name in ("measure", "level", "grain"))
    try:
        content = make_workbook(request.user, version, view_of(version, *asked))
    except EditRefused as refusal:
        for note in refusal.notes:
            messages.error(request, say_note(note, 0))
        return redirect("workspace", plan)
    name = slugify(version.name, allow_unicode=False) or "plan"
    return HttpResponse(content, _TYPE, headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'})


@require_http_methods(["GET", "POST"])
@behind("edit_plan")
def bring(request: PageRequest, plan: uuid.UUID) -> HttpResponse:
    """Take an edited workbook, show what differs, and make it part of the draft when that is accepted."""
    version = get_object_or_404(PlanVersion.objects.exclude(totals=[]), pk=plan)
    if request.method == "GET":
        return render(request, "pages/workbook.html", {"plan": version})
    decimals = version.totals[0]["decimals"] if version.totals else 0
    try:
        if "accept" in request.POST:
            return _accept(request, version, decimals)
        file = request.FILES.get("file")
        if file is None:
            return HttpResponseBadRequest()
        brought = look_into_workbook(request.user, version, file.chunks())
    except MovedOn as moved:
        for note in moved.notes[:20]:
            messages.warning(request, say_note(note, decimals))
        messages.warning(request, _("Others have changed this draft: download it again."))
        return redirect("workbook_upload", plan)
    except EditRefused as refusal:
        lines = [say_note(note, decimals) for note in refusal.notes]
        return render(request, "pages/workbook.html", {"plan": version, "problems": lines,
                                                       "findings": refusal.findings}, status=422)  # fmt: skip
    outcome = brought.outcome
    sealed = signing.dumps({"plan": str(version.pk), "user": request.user.pk, "base": brought.base,
                            "changes": brought.changes}, salt=_SALT, compress=True)  # fmt: skip
    return render(request, "pages/workbook.html", {
        "plan": version, "brought": brought, "sealed": sealed, "decimals": decimals, "key": uuid.uuid4(),
        "summary": sum_up(outcome, decimals), "findings": [*brought.findings, *outcome.findings],
        "gains": [(label, before, now, signed(now - before, decimals)) for label, before, now in outcome.gains],
    })  # fmt: skip


def _accept(request: PageRequest, version: PlanVersion, decimals: int) -> HttpResponse:
    """Make the differences that were shown part of the draft."""
    try:
        sealed = signing.loads(request.POST["accept"], salt=_SALT, max_age=_HOURS * 3600)
    except signing.BadSignature:
        return HttpResponseBadRequest()
    if sealed["plan"] != str(version.pk) or sealed["user"] != request.user.pk:
        return HttpResponseBadRequest()
    reason, key = request.POST.get("reason", "")[:1000], request.POST.get("key", "")
    outcome = change_draft(request.user, version, sealed["base"], sealed["changes"], reason, key)
    messages.success(request, sum_up(outcome, decimals))
    return redirect("workspace", version.pk)
