"""The workspace: a draft's numbers as a spreadsheet, for the script as JSON and without it as a table with fields."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from quotum.web.bridge.findings import say_finding
from quotum.web.pages.doors import PageRequest, behind
from quotum.web.pages.templatetags.amounts import amount, growth
from quotum.web.pages.workspace_texts import grid_texts, list_findings, list_notes, say_note, signed, sum_up
from quotum.web.queries.permissions import require
from quotum.web.queries.workspace import (
    GRAINS,
    Draft,
    Row,
    View,
    comments_of,
    cut_choices,
    editable_rows,
    find_draft,
    grid_of,
    holds_of,
    list_columns,
    rows_below,
    steps_of,
    write_under,
)
from quotum.web.records.models import PlanVersion, User
from quotum.web.services import versions
from quotum.web.services.workspace import (
    EditRefused,
    MovedOn,
    Outcome,
    Typing,
    add_comment,
    apply_edits,
    hold_number,
    preview_edits,
    redo_batch,
    undo_batch,
    view_of,
)

_INTL = {"zh-hans": "zh-Hans", "zh-hant": "zh-Hant"}
_SHOW_CENTS_BELOW = 10**5
_FEW_BELOW = 8
"""A place with fewer members below it is open at first."""


@require_GET
@behind("see_numbers")
def show_workspace(request: PageRequest, plan: uuid.UUID) -> HttpResponse:
    """Show a version's numbers to be changed; without a script one place of the tree with what lies right below it."""
    version, view = _find(request, plan)
    draft = find_draft(version)
    reach = require(request.user, "see_numbers")
    rows = grid_of(draft, view, reach)
    editable = bool(editable_rows(request.user, version, rows))
    labels = {row.key: row.label for row in rows} | {write_under(row.pairs[-1:]): row.label for row in rows}
    return render(request, "pages/workspace.html", {
        "plan": version, "view": view, "query": _query(request, view), "grains": GRAINS,
        "measures": [total["measure"] for total in version.totals], "cuts": cut_choices(draft.plan),
        "cut": _cut(request, draft), "sequence": draft.sequence, "steps": steps_of(draft.edits, request.user),
        "table": _lay_table(request, draft, view, rows),
        "comments": [(_name(said.under, labels), said) for said in comments_of(version, reach, rows)],
        "holds": [{**hold, "label": _name(hold["under"], labels)} for hold in holds_of(draft, rows)],
        "rows": rows[:400], "columns": list_columns(draft.plan.settings, view.grain),
        "editable": editable, "may_finish": draft.sequence > 0 and editable,
    })  # fmt: skip


@require_GET
@behind("see_numbers")
def send_cells(request: PageRequest, plan: uuid.UUID) -> JsonResponse:
    """Answer with the whole grid as far as the user may see it."""
    version, view = _find(request, plan)
    draft, reach = find_draft(version), require(request.user, "see_numbers")
    rows = grid_of(draft, view, reach)
    editable = editable_rows(request.user, version, rows)
    columns = list_columns(draft.plan.settings, view.grain)
    decimals = draft.plan.settings.measures[view.measure].decimals
    is_level = draft.plan.settings.measures[view.measure].kind == "level"
    query, links = _query(request, view), {}
    for name in ("rows", "preview", "apply", "undo", "redo"):
        links[name] = reverse(f"workspace_{name}", args=[plan]) + query
    links["explain"] = reverse("explain", args=[plan]) + query
    notes = _count_comments(comments_of(version, reach, rows), [column.key for column in columns])
    language = get_language() or "en"
    shown = _count_shown(rows, decimals)
    steps = steps_of(draft.edits, request.user)
    return JsonResponse({
        "version": draft.sequence, "readonly": not editable,
        "numbers": {"locale": _INTL.get(language, language), "decimals": decimals, "scale": 1, "suffix": "",
                    "shown": shown,
                    "mark": "," if language.startswith("es") else "."},
        "periods": [{"key": c.key, "label": c.label, "parent": c.parent, "open": c.parent is None or len(columns) < 20,
                     "readonly": is_level and c.parent is not None} for c in columns],
        "asides": [{"key": "last_year", "label": _("Last year")}, {"key": "growth", "label": _("Growth")}],
        "rows": _list_rows(rows, editable, notes, decimals, shown),
        "steps": {"undo": _("Take back") if steps.undo else None, "redo": _("Make again") if steps.redo else None},
        "links": links, "texts": grid_texts(),
    })  # fmt: skip


@require_GET
@behind("see_numbers")
def send_rows(request: PageRequest, plan: uuid.UUID) -> JsonResponse:
    """Answer with the members of a further cut below a row."""
    version, view = _find(request, plan)
    draft, reach = find_draft(version), require(request.user, "see_numbers")
    parent = request.GET.get("parent", "")
    rows = rows_below(draft, view, reach, parent, _cut(request, draft))
    if rows is None:
        raise Http404(parent)
    every = grid_of(draft, view, reach)
    above = next(row for row in every if row.key == parent)
    editable = {row.key for row in rows} if above.key in editable_rows(request.user, version, [above]) else set()
    decimals = draft.plan.settings.measures[view.measure].decimals
    return JsonResponse({"rows": _list_rows(rows, editable, {}, decimals, _count_shown(every, decimals))})


@require_POST
@behind("edit_plan")
def preview(request: PageRequest, plan: uuid.UUID) -> HttpResponse:
    """Answer what edits would change."""
    return _answer(request, plan, lambda user, version, view, sent: preview_edits(
        user, version, view, sent["base"], sent["edits"], sent["absorb"]))  # fmt: skip


@require_POST
@behind("edit_plan")
def apply(request: PageRequest, plan: uuid.UUID) -> HttpResponse:
    """Make edits part of the draft."""
    return _answer(request, plan, lambda user, version, view, sent: apply_edits(
        user, version, view, sent["base"], sent["edits"], sent["absorb"], sent["reason"], sent["key"]))  # fmt: skip


@require_POST
@behind("edit_plan")
def undo(request: PageRequest, plan: uuid.UUID) -> HttpResponse:
    """Take the user's last batch back."""
    return _answer(request, plan, lambda user, version, view, sent: undo_batch(
        user, version, view, sent["base"], sent["key"]))  # fmt: skip


@require_POST
@behind("edit_plan")
def redo(request: PageRequest, plan: uuid.UUID) -> HttpResponse:
    """Make again what was taken back."""
    return _answer(request, plan, lambda user, version, view, sent: redo_batch(
        user, version, view, sent["base"], sent["key"]))  # fmt: skip


@require_POST
@behind("edit_plan")
def work_by_form(request: PageRequest, plan: uuid.UUID) -> HttpResponse:
    """Preview, accept, take back or make again without a script."""
    version, view = _find(request, plan)
    back = reverse("workspace", args=[plan]) + _query(request, view, at=request.GET.get("at", ""))
    typings = [
        Typing(*_read_cell(name), str(text))
        for name, text in request.POST.items()
        if name.startswith("cell ") and " | " in name and str(text).strip()
    ]
    doing, base = request.POST.get("do", "preview"), _whole(request.POST.get("base"))
    absorb, reason, key = (request.POST.get(name, "") for name in ("absorb", "reason", "key"))
    decimals = find_draft(version).plan.settings.measures[view.measure].decimals
    try:
        if doing == "undo":
            outcome = undo_batch(request.user, version, view, base)
        elif doing == "redo":
            outcome = redo_batch(request.user, version, view, base)
        elif doing == "apply":
            outcome = apply_edits(request.user, version, view, base, typings, absorb, reason, key)
        else:
            outcome = preview_edits(request.user, version, view, base, typings, absorb)
            return render(request, "pages/workspace_preview.html", {
                "plan": version, "view": view, "query": _query(request, view, at=request.GET.get("at", "")),
                "typings": typings, "absorb": absorb, "base": base, "outcome": outcome, "decimals": decimals,
                "summary": sum_up(outcome, decimals), "key": uuid.uuid4(), "back": back, "findings": outcome.findings,
                "notes": list_notes(outcome.notes, decimals),
                "gains": [(label, before, now, signed(now - before, decimals)) for label, before, now in outcome.gains],
            })  # fmt: skip
    except MovedOn as moved:
        for note in moved.notes:
            messages.warning(request, say_note(note, decimals))
        messages.warning(request, _("Others have changed this draft; look at their numbers and type yours again."))
    except EditRefused as refusal:
        for note in refusal.notes:
            messages.error(request, say_note(note, decimals))
        for finding in refusal.findings:
            messages.error(request, " ".join(say_finding(finding)))
    else:
        messages.success(request, sum_up(outcome, decimals))
    return redirect(back)


@require_POST
@behind("edit_plan")
def hold(request: PageRequest, plan: uuid.UUID) -> HttpResponse:
    """Hold a number or let go of it."""
    version, view = _find(request, plan)
    try:
        expires = date.fromisoformat(request.POST["expires"]) if request.POST.get("expires") else None
    except ValueError:
        return HttpResponseBadRequest()
    return _do_and_return(request, version, view, lambda: hold_number(
        request.user, version, request.POST.get("row", ""), request.POST.get("period", ""), view=view,
        release=request.POST.get("do") == "release", expires=expires, reason=request.POST.get("reason", "").strip(),
    ))  # fmt: skip


@require_POST
@behind("see_numbers")
def comment(request: PageRequest, plan: uuid.UUID) -> HttpResponse:
    """Say something about a number."""
    version, view = _find(request, plan)
    return _do_and_return(request, version, view, lambda: add_comment(
        request.user, version, request.POST.get("row", ""), request.POST.get("period", ""),
        request.POST.get("text", "")))  # fmt: skip


@require_POST
@behind("edit_plan")
def finish(request: PageRequest, plan: uuid.UUID) -> HttpResponse:
    """Start the writing of a new version with everything that was edited."""
    version, _view = _find(request, plan)
    job = versions.ask_for_version(request.user, version, request.POST.get("reason", "").strip())
    return redirect("job", job.pk)


Work = Callable[[User, PlanVersion, View, dict[str, Any]], Outcome]


def _answer(request: PageRequest, plan: uuid.UUID, work: Work) -> HttpResponse:
    """Do what a script asks and answer it, refusals in one shape."""
    version, view = _find(request, plan)
    sent = _read_sent(request)
    if sent is None:
        return _refuse(400, "unreadable", _("That could not be read."))
    decimals = next((t["decimals"] for t in version.totals if t["measure"] == view.measure), 0)
    try:
        outcome = work(request.user, version, view, sent)
    except MovedOn as moved:
        return _refuse(409, "moved_on", _("Others have changed this draft; their numbers are shown, yours are kept."),
                       list_notes(moved.notes, decimals), version=moved.sequence, changed=moved.changed)  # fmt: skip
    except EditRefused as refusal:
        issues = [*list_notes(refusal.notes, decimals), *list_findings(refusal.findings)]
        return _refuse(422, "refused", issues[0]["text"] if issues else _("That cannot be done."), issues)
    steps = outcome.steps
    return JsonResponse({
        "version": outcome.sequence, "changed": outcome.changed, "summary": sum_up(outcome, decimals),
        "issues": [*list_notes(outcome.notes, decimals), *list_findings(outcome.findings)],
        "steps": {"undo": _("Take back") if steps.undo else None, "redo": _("Make again") if steps.redo else None},
        "total": list(outcome.total),
    })  # fmt: skip


def _refuse(
    status: int, code: str, message: str, issues: list[dict[str, Any]] | None = None, **more: Any
) -> JsonResponse:  # fmt: skip
    return JsonResponse({"error": {"code": code, "message": message, "issues": issues or []}, **more}, status=status)


def _read_sent(request: HttpRequest) -> dict[str, Any] | None:
    """Return what a script sent, None where it is not what it should be."""
    try:
        sent = json.loads(request.body)
        edits = [Typing(str(e["row"]), str(e["period"]), str(e["text"])) for e in sent.get("edits", [])]
        options = sent.get("options") or {}
        return {"base": int(sent["base"]), "edits": edits, "absorb": str(options.get("absorb", "parent")),
                "reason": str(sent.get("reason", ""))[:1000],
                "key": request.headers.get("Idempotency-Key", "")[:200]}  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _do_and_return(
    request: PageRequest, version: PlanVersion, view: View, work: Callable[[], object]
) -> HttpResponse:  # fmt: skip
    decimals = next((t["decimals"] for t in version.totals if t["measure"] == view.measure), 0)
    try:
        work()
    except EditRefused as refusal:
        for note in refusal.notes:
            messages.error(request, say_note(note, decimals))
        for finding in refusal.findings:
            messages.error(request, " ".join(say_finding(finding)))
    else:
        messages.success(request, _("Saved."))
    return redirect(reverse("workspace", args=[version.pk]) + _query(request, view, at=request.GET.get("at", "")))


def _find(request: HttpRequest, plan: uuid.UUID) -> tuple[PlanVersion, View]:
    version = get_object_or_404(PlanVersion, pk=plan)
    if not version.totals:
        raise Http404("a version without numbers")
    asked = request.GET
    return version, view_of(version, asked.get("measure", ""), asked.get("level", ""), asked.get("grain", ""))


def _cut(request: HttpRequest, draft: Draft) -> str:
    choices = cut_choices(draft.plan)
    asked = request.GET.get("cut", "")
    return asked if asked in choices else choices[0] if choices else ""


def _query(request: HttpRequest, view: View, **more: str) -> str:
    values = {"measure": view.measure, "level": view.level, "grain": view.grain, "cut": request.GET.get("cut", "")}
    values |= more
    return "?" + urlencode({name: value for name, value in values.items() if value})


def _list_rows(
    rows: list[Row], editable: set[str], notes: dict[str, dict[int, int]], decimals: int, shown: int
) -> list[dict[str, Any]]:  # fmt: skip
    """Return rows as the grid takes them."""
    below: dict[str | None, int] = {}
    for row in rows:
        below[row.parent] = below.get(row.parent, 0) + 1
    return [
        {"key": row.key, "label": row.label, "parent": row.parent, "children": below.get(row.key, 0) or int(row.opens),
         "open": row.key in below and (row.parent is None or below[row.key] < _FEW_BELOW),
         "readonly": row.key not in editable, "amounts": row.amounts,
         "asides": [_write(row.last_year, decimals, shown),
                    growth(row.amounts[0], row.last_year)],
         "marks": row.marks, "notes": notes.get(row.key, {})}
        for row in rows
    ]  # fmt: skip


def _count_shown(rows: list[Row], decimals: int) -> int:
    """Return how many decimals the grid shows: none where amounts are large."""
    largest = max((abs(row.amounts[0]) for row in rows), default=0)
    return decimals if largest < _SHOW_CENTS_BELOW * 10**decimals else 0


def _write(minor: int | None, decimals: int, shown: int) -> str:
    """Write an amount as the grid writes those beside it, with fewer decimals where it shows fewer."""
    unit = 10 ** (decimals - shown)
    return "" if minor is None else amount((minor + unit // 2) // unit, shown)


def _count_comments(comments: list[Any], periods: list[str]) -> dict[str, dict[int, int]]:
    places = {key: at for at, key in enumerate(periods)}
    found: dict[str, dict[int, int]] = {}
    for said in comments:
        at = places.get(f"{said.since}/{said.until}", 0)
        cells = found.setdefault(said.under, {})
        cells[at] = cells.get(at, 0) + 1
    return found


def _lay_table(request: PageRequest, draft: Draft, view: View, rows: list[Row]) -> dict[str, Any]:
    """Return the plain table: a place of the tree, the way down to it, and what lies right below it."""
    by_key = {row.key: row for row in rows}
    tops = [row for row in rows if row.parent is None]
    at = by_key.get(request.GET.get("at", "")) or (tops[0] if len(tops) == 1 else None)
    shown = tops if at is None else [at, *(row for row in rows if row.parent == at.key)]
    if at is not None and at.opens:
        reach = require(request.user, "see_numbers")
        shown += (rows_below(draft, view, reach, at.key, _cut(request, draft)) or [])[:100]
    way: list[Row] = []
    up = at.parent if at else None
    while up is not None:
        way.insert(0, by_key[up])
        up = by_key[up].parent
    columns = list_columns(draft.plan.settings, view.grain)
    finest = columns if len(columns) <= 20 else [column for column in columns if column.last - column.first > 1][:20]
    places = [columns.index(column) for column in finest]
    editable = editable_rows(request.user, draft.version, rows)
    inner = {row.parent for row in rows}
    lines: list[dict[str, Any]] = [
        {"key": row.key, "label": row.label, "opens": (row.key in inner or row.opens) and row is not at,
         "cells": [{"period": columns[k].key, "label": columns[k].label, "amount": row.amounts[k],
                    "mark": row.marks.get(k, ""), "fixed": row.marks.get(k) == "fixed" or not (
                        row.key in editable or (row.parent in editable and row.key not in by_key))}
                   for k in places],
         "last_year": row.last_year}
        for row in shown
    ]  # fmt: skip
    decimals = draft.plan.settings.measures[view.measure].decimals
    return {"at": at, "way": way, "lines": lines, "columns": finest, "decimals": decimals,
            "editable": any(not cell["fixed"] for line in lines for cell in line["cells"])}  # fmt: skip


def _name(under: str, labels: Mapping[str, str]) -> str:
    """Return whose number is meant as people call them; of a member of a further cut its key behind whose it is."""
    above, _between, last = under.rpartition(";")
    return labels.get(under) or " · ".join(filter(None, [labels.get(above, above), last.partition("=")[2]]))


def _read_cell(name: str) -> tuple[str, str]:
    """Return row and period of a field of the plain table."""
    row, _between, period = name.removeprefix("cell ").partition(" | ")
    return row, period


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0
