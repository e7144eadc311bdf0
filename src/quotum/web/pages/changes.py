"""The record of changes as a page, and as files that other programs check."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from quotum.web.pages.day_forms import date_field
from quotum.web.pages.doors import PageRequest, behind
from quotum.web.queries.changes import AskedChanges, find_changes, name_keys
from quotum.web.queries.permissions import require
from quotum.web.records.models import Change
from quotum.web.services.recording import find_broken_seals

COLUMNS = ("sequence", "at", "user", "action", "table", "key", "unit", "before", "after", "reason", "digest")
_FORMULAS = ("=", "+", "-", "@", "\t", "\r")


class AskForm(forms.Form):
    """Which changes to show."""

    q = forms.CharField(required=False, max_length=200, label=_("Search"))
    who = forms.CharField(required=False, max_length=150, label=_("Who"))
    since = date_field(_("From"), required=False)
    to = date_field(_("To"), required=False)

    def asked(self) -> AskedChanges:
        """Return what is asked; what cannot be read asks for nothing."""
        told = self.cleaned_data if self.is_valid() or hasattr(self, "cleaned_data") else {}
        return AskedChanges(told.get("q") or "", told.get("who") or "", told.get("since"), told.get("to"))


@require_GET
@behind("see_changes")
def list_changes(request: PageRequest) -> HttpResponse:
    """List who changed what when, as far as the user may see it; tell whether the seals hold where it is asked."""
    reach = require(request.user, "see_changes")
    form = AskForm(request.GET, label_suffix="")
    page = Paginator(find_changes(reach, form.asked()), 50).get_page(request.GET.get("page"))
    names = name_keys(page)
    lines = [(change, names.get((change.table, change.key), change.key)) for change in page]
    asked = {name: request.GET[name] for name in form.fields if request.GET.get(name)}
    context: dict[str, Any] = {"page": page, "lines": lines, "form": form, "asked": asked, "whole": reach.everywhere}
    if reach.everywhere and "seals" in request.GET:
        context |= {"sealed": True, "broken": next(find_broken_seals(), None), "count": Change.objects.count()}
    return render(request, "pages/changes.html", context)


@require_GET
@behind("see_changes")
def export(request: PageRequest, kind: str) -> HttpResponse:
    """Send the changes asked for as a file, the oldest first: ``csv`` for people, ``json`` as seals are made."""
    found = find_changes(require(request.user, "see_changes"), AskForm(request.GET).asked()).order_by("sequence")
    lines = (_line(change) for change in found.iterator(chunk_size=2_000))
    content = _as_csv(lines) if kind == "csv" else _as_json(lines)
    types = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
    answer = StreamingHttpResponse(content, content_type=types[kind])
    answer["Content-Disposition"] = f'attachment; filename="changes-{timezone.localdate():%Y-%m-%d}.{kind}"'
    return cast(HttpResponse, answer)


def _line(change: Change) -> dict[str, Any]:
    told = {name: getattr(change, name) for name in COLUMNS}
    return {**told, "at": change.at.isoformat(), "user": change.user.username if change.user else None}


def _as_csv(lines: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines as CSV that a spreadsheet opens without running anything."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    yield "\ufeff"
    for line in lines:
        writer.writerow([_cell(line[name]) for name in COLUMNS])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
    yield buffer.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULAS) else value


def _as_json(lines: Iterator[dict[str, Any]]) -> Iterator[str]:
    """Yield the lines as a JSON list, one a row."""
    before = "[\n"
    for line in lines:
        yield before + json.dumps(line, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"
