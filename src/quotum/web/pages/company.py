"""Pages of the company's records: lists, one record with its history, many changed at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from quotum.web.pages.company_forms import BulkForm, MoveForm, RecordForm, show_value
from quotum.web.pages.doors import PageRequest
from quotum.web.queries.company_lists import (
    editable_records,
    find_records,
    history_of,
    list_filters,
    mark_of,
    may_add,
    records_within,
    values_of,
)
from quotum.web.queries.company_rooms import ROOMS, Room, title_of
from quotum.web.queries.permissions import may, reach_of, require
from quotum.web.records.models import Ownership
from quotum.web.services.company_records import MOST_AT_ONCE, add_record, change_record, change_records, remove_record
from quotum.web.services.handing_over import hand_customers, move_people

ROWS = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a list: the key, and what is shown of it as (field, value)."""

    key: str
    cells: list[tuple[str, Any]]


def in_room(capability: str = "") -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Let in who may see a table, or has the capability named; a table that is not there is 404."""

    def guard(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        @login_required
        def entered(request: PageRequest, table: str, *args: Any, **kwargs: Any) -> HttpResponse:
            if table not in ROOMS:
                raise Http404(table)
            require(request.user, capability or ROOMS[table].sees)
            return view(request, ROOMS[table], *args, **kwargs)

        return entered

    return guard


@login_required
def enter(request: PageRequest) -> HttpResponse:
    """Go to the first table the user may see."""
    for table, room in ROOMS.items():
        if may(request.user, room.sees):
            return redirect("company-list", table)
    return redirect("home")


@in_room()
def list_table(request: PageRequest, room: Room) -> HttpResponse:
    """List the records that fit the search and filters, 50 a page."""
    found = find_records(room, request.user, request.GET.dict())
    page = Paginator(found, ROWS).get_page(request.GET.get("page"))
    rows = [Row(str(each.pk), [(name, show_value(each, name)) for name in room.columns]) for each in page]
    edits = may(request.user, "edit_company") and any(field.at_once for field in room.fields)
    sort = request.GET.get("sort", "")
    heads = [(name, title_of(room, name), f"-{name}" if sort == name else name, sort.removeprefix("-") == name,
              sort.startswith("-")) for name in room.columns]  # fmt: skip
    return render(request, "pages/company_list.html", {
        "room": room, "page": page, "rows": rows, "heads": heads, "q": request.GET.get("q", ""), "sort": sort,
        "filters": list_filters(room, request.user, request.GET.dict()), "tabs": tabs_of(request), "edits": edits,
        "may_add": may_add(room, request.user), "at_once": [field for field in room.fields if field.at_once],
    })  # fmt: skip


@in_room()
def show_record(request: PageRequest, room: Room) -> HttpResponse:
    """Show one record with its form and history; change it."""
    key = request.GET.get("key", "")
    record = _find(request, room, key)
    editable = may(request.user, "edit_company") and editable_records(room, request.user).filter(pk=record.pk).exists()
    initial = {**values_of(room, record), "seen": mark_of(room, record)}
    form = RecordForm(room, request.user, request.POST or None, initial=initial, is_new=False)
    if request.method == "POST":
        if not editable:
            raise PermissionDenied("edit_company")
        if form.is_valid():
            values = form.values()
            reason, seen = form.cleaned_data["reason"], form.cleaned_data["seen"]
            try:
                change_record(request.user, room, record.pk, values, reason, seen)
            except ValidationError as error:
                form.tell(error)
            else:
                messages.success(request, _("Saved."))
                return redirect(address_of(room, record.pk))
    status = 400 if request.method == "POST" else 200
    return render(request, "pages/company_record.html", _shown(request, room, record, form, editable), status=status)


@in_room("edit_company")
def add(request: PageRequest, room: Room) -> HttpResponse:
    """Show the form of a new record, and add it."""
    if not may_add(room, request.user):
        raise PermissionDenied("edit_company")
    form = RecordForm(room, request.user, request.POST or None, is_new=True)
    if request.method == "POST" and form.is_valid():
        try:
            made = add_record(request.user, room, form.cleaned_data.get(room.key, ""), form.values(),
                              form.cleaned_data["reason"])  # fmt: skip
        except ValidationError as error:
            form.tell(error)
        else:
            messages.success(request, _("Added."))
            return redirect(address_of(room, made.pk))
    status = 400 if request.method == "POST" else 200
    return render(request, "pages/company_record.html",
                  {"room": room, "form": form, "record": None, "editable": True, "tabs": tabs_of(request)},
                  status=status)  # fmt: skip


@require_POST
@in_room("edit_company")
def move(request: PageRequest, room: Room) -> HttpResponse:
    """Hand a customer over, or move a person, on a date."""
    field = next((each for each in room.fields if each.dated), None)
    if field is None:
        raise Http404(room.table)
    record = _find(request, room, request.GET.get("key", ""))
    form = MoveForm(field, request.user, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            _move(request, room, [record.pk], given["to"], given["since"], given["reason"])
        except ValidationError as error:
            form.add_error(None, error.messages[0])
        else:
            messages.success(request, _("Saved."))
            return redirect(address_of(room, record.pk))
    context = _shown(request, room, record, RecordForm(room, request.user, is_new=False,
                     initial={**values_of(room, record), "seen": mark_of(room, record)}), editable=True)  # fmt: skip
    return render(request, "pages/company_record.html", {**context, "move": form}, status=400)


@require_POST
@in_room("edit_company")
def remove(request: PageRequest, room: Room) -> HttpResponse:
    """Remove a record that nothing names."""
    record = _find(request, room, request.GET.get("key", ""))
    try:
        remove_record(request.user, room, record.pk, request.POST.get("reason", "")[:500])
    except room.model.DoesNotExist as error:
        raise PermissionDenied("edit_company") from error
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(address_of(room, record.pk))
    messages.success(request, _("Removed."))
    return redirect("company-list", room.table)


@require_POST
@in_room("edit_company")
def change_many(request: PageRequest, room: Room) -> HttpResponse:
    """Show the form for one field of the chosen records, then change them all."""
    keys = _chosen(request, room)
    names = [field.name for field in room.fields if field.at_once]
    name = request.POST.get("field", "")
    if name not in names or not keys:
        messages.error(request, _("Choose some rows and what to change."))
        return redirect("company-list", room.table)
    given = request.POST if "value" in request.POST else None
    form = BulkForm(room, request.user, name, given, initial={"field": name})
    status = 200
    if form.is_bound:
        status = 400
        if form.is_valid():
            try:
                count = _change_all(request, room, keys, name, form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, error.messages[0])
            else:
                text = ngettext("%(count)d row was changed.", "%(count)d rows were changed.", count)
                messages.success(request, text % {"count": count})
                return redirect("company-list", room.table)
    context = {"room": room, "form": form, "count": len(keys), "keys": json.dumps(keys), "tabs": tabs_of(request)}
    return render(request, "pages/company_many.html", context, status=status)


def address_of(room: Room, key: object) -> str:
    """Return the address of a record's page."""
    return reverse("company-record", args=[room.table]) + "?" + urlencode({"key": str(key)})


def _change_all(request: PageRequest, room: Room, keys: list[str], name: str, given: dict[str, Any]) -> int:
    """Change one field of many records, on a date where the field asks for one."""
    if room.field(name).dated:
        return _move(request, room, keys, given["value"], given["since"], given["reason"])
    return change_records(request.user, room, keys, name, given["value"] if given["value"] is not None else
                          _nothing(room, name), given["reason"])  # fmt: skip


def _nothing(room: Room, name: str) -> str | None:
    """Return what a field holds that is empty: texts are never null."""
    return "" if room.field(name).kind in {"text", "long"} and not room.field(name).refers_to else None


def _move(request: PageRequest, room: Room, keys: list[str], to: str | None, since: Any, reason: str) -> int:
    """Hand customers over, or move people."""
    if to is None:
        raise ValidationError(_("Choose where to."))
    if room.table == "customers":
        return hand_customers(request.user, keys, to, since, reason)
    return move_people(request.user, keys, to, since, reason)


def _chosen(request: PageRequest, room: Room) -> list[str]:
    """Return the keys that were chosen: those ticked, or all that the search finds."""
    if "keys" in request.POST:
        return _read_keys(request.POST["keys"])
    if request.POST.get("all") != "1":
        return request.POST.getlist("key")
    asked = {name: request.POST.get(f"find-{name}", "") for name in ("q", *room.filters)}
    editable = editable_records(room, request.user).values("pk")
    found = find_records(room, request.user, asked).filter(pk__in=editable)
    return [str(key) for key in found.values_list("pk", flat=True)[: MOST_AT_ONCE + 1]]


def _read_keys(text: str) -> list[str]:
    """Return the keys that the second form carries as JSON; none where it is something else."""
    try:
        keys = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return keys if isinstance(keys, list) and all(isinstance(key, str) for key in keys) else []


def _find(request: PageRequest, room: Room, key: str) -> Any:
    """Return the record with this key; 404 where the user may not see it."""
    if room.makes_keys and not (key.isascii() and key.isdigit()):
        raise Http404(key)
    related = [each.name for each in room.fields if each.refers_to]
    seen = records_within(room, reach_of(request.user, room.sees))
    try:
        return seen.select_related(*related).get(pk=key)
    except (room.model.DoesNotExist, OverflowError) as error:
        raise Http404(key) from error


def _shown(request: PageRequest, room: Room, record: Any, form: RecordForm, editable: bool) -> dict[str, Any]:
    """Return what the page of a record shows."""
    history = history_of(room, record.pk, request.user)
    dated = next((each for each in room.fields if each.dated), None)
    owners = Ownership.objects.filter(customer=record).select_related("person") if room.table == "customers" else None
    return {
        "room": room, "record": record, "form": form, "editable": editable, "tabs": tabs_of(request), "owners": owners,
        "facts": [(field.label, show_value(record, field.name)) for field in room.fields],
        "dated": dated, "place": show_value(record, dated.name) if dated else None,
        "move": MoveForm(dated, request.user) if dated and editable else None,
        "history": None if history is None else Paginator(history, 20).get_page(request.GET.get("page")),
    }  # fmt: skip


def tabs_of(request: PageRequest) -> list[Room]:
    """Return the tables the user may see."""
    return [room for room in ROOMS.values() if may(request.user, room.sees)]
