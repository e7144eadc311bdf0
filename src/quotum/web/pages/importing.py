"""Pages of bringing the company in: send files, see what they hold, correct, take them in."""

from __future__ import annotations

import uuid
from typing import cast

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quotum.web.pages.doors import PageRequest, behind
from quotum.web.queries.uploads import (
    AS_WRITTEN,
    change_choices,
    list_choices,
    list_forms,
    open_marked,
    show_progress,
    uploads_within,
)
from quotum.web.records.models import Upload
from quotum.web.services.importing import ask_to_take, bring_files, drop_upload, look_again, stop_work

MOST_FINDINGS = 300


@behind("import_data")
def bring(request: PageRequest) -> HttpResponse:
    """Show the form and what was brought before; keep what is sent."""
    problems: list[str] = []
    if request.method == "POST":
        files = [(file.name or "", file, file.size or 0) for file in request.FILES.getlist("files")]
        try:
            upload = bring_files(request.user, cast(list, files))  # type: ignore[type-arg]
        except ValidationError as error:
            problems = error.messages
        else:
            return redirect("upload", upload.pk)
    page = Paginator(uploads_within(request.user), 20).get_page(request.GET.get("page"))
    return render(request, "pages/bring.html", {"page": page, "problems": problems}, status=400 if problems else 200)


@behind("import_data")
def show_upload(request: PageRequest, upload: uuid.UUID) -> HttpResponse:
    """Show how far the work is, then what the files hold and what would become of it."""
    found = _find(request, upload)
    busy = found.job is not None and not found.job.is_over
    if found.job is not None:
        show_progress(found.job)
    guess = found.summary.get("guess") or {}
    tables = [(name, table) for name, table in found.summary.get("tables", {}).items()]
    template = "partials/upload.html" if request.htmx else "pages/upload.html"
    return render(request, template, {
        "upload": found, "busy": busy, "tables": tables, "findings": found.findings[:MOST_FINDINGS],
        "entries": list_choices(found.mapping, guess), "forms": list_forms(found.mapping, guess),
        "unplaced": guess.get("unplaced", {}).items(), "as_written": AS_WRITTEN,
        "failed": found.job is not None and found.job.state in {"failed", "cancelled", "refused"},
    })  # fmt: skip


@require_POST
@behind("import_data")
def look(request: PageRequest, upload: uuid.UUID) -> HttpResponse:
    """Look again with the choices of the page, or with the mapping as it was written."""
    found = _find(request, upload)
    chosen = {name.removeprefix("mode-"): str(value) for name, value in request.POST.items()
              if name.startswith("mode-")}  # fmt: skip
    mapping = request.POST.get("mapping")
    if mapping is None:
        columns: dict[tuple[str, str], str] = {}
        forms: dict[tuple[str, str], str] = {}
        for name, value in request.POST.items():
            kind, _sep, rest = name.partition("|")
            place, _sep, column = rest.rpartition("|")
            if kind == "column":
                columns[place, column] = str(value)
            elif kind == "form" and column in {"decimal", "dates"}:
                forms[place, column] = str(value)
        mapping = change_choices(found.mapping, columns, forms) if columns or forms else found.mapping
    return _do(request, found, lambda: look_again(request.user, found, mapping.replace("\r\n", "\n"),
                                                  chosen or found.summary.get("modes", {})))  # fmt: skip


@require_POST
@behind("import_data")
def take(request: PageRequest, upload: uuid.UUID) -> HttpResponse:
    """Take the files in."""
    found = _find(request, upload)
    return _do(request, found, lambda: ask_to_take(request.user, found, request.POST.get("reason", "")[:500]))


@require_POST
@behind("import_data")
def stop(request: PageRequest, upload: uuid.UUID) -> HttpResponse:
    """Cancel what is being done."""
    found = _find(request, upload)
    return _do(request, found, lambda: stop_work(request.user, found))


@require_POST
@behind("import_data")
def drop(request: PageRequest, upload: uuid.UUID) -> HttpResponse:
    """Forget files."""
    found = _find(request, upload)
    try:
        drop_upload(request.user, found)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("upload", found.pk)
    messages.success(request, _("Forgotten."))
    return redirect("import")


@behind("import_data")
def download_marked(request: PageRequest, upload: uuid.UUID, name: str) -> HttpResponse:
    """Send a workbook back with its cells marked."""
    path = open_marked(_find(request, upload).folder, name)
    if path is None:
        raise Http404(name)
    return cast(HttpResponse, FileResponse(path.open("rb"), as_attachment=True, filename=path.name))


def _do(request: PageRequest, upload: Upload, change: object) -> HttpResponse:
    """Do what was asked and show the upload again; what a service refuses is told."""
    try:
        change()  # type: ignore[operator]
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return redirect("upload", upload.pk)


def _find(request: PageRequest, upload: uuid.UUID) -> Upload:
    """Return an upload the user may see; others are 404."""
    return get_object_or_404(uploads_within(request.user), pk=upload)
