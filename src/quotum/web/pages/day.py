"""Today on the phone: the agenda, what is still needed, what is open; and the log in three taps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from quotum.web.pages.day_forms import AddForm, LogForm, MoveForm, OpenItemForm
from quotum.web.pages.doors import PageRequest, behind
from quotum.web.pages.kept_pages import render_to_keep
from quotum.web.queries.clock import FIRST_DAY, LAST_DAY, today
from quotum.web.queries.customers import has_history
from quotum.web.queries.days import Day, day_of, find_person
from quotum.web.queries.permissions import customers_within, require
from quotum.web.queries.scores import find_latest
from quotum.web.queries.standing import find_standings, needed_of
from quotum.web.records.models import Customer, Person
from quotum.web.services import day as work
from quotum.web.services import open_items as opened

View = Callable[..., HttpResponse]


def read_day(text: str) -> date:
    """Return the day an address names; raise Http404 for another text, or a day on which nobody works."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Http404(text) from error
    if not FIRST_DAY <= day <= LAST_DAY:
        raise Http404(text)
    return day


def missing_is_404(view: View) -> View:
    """Answer 404 where something is not there for this user, and back with a message where a change is refused."""

    @wraps(view)
    def answered(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except ObjectDoesNotExist as error:
            raise Http404 from error
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
            return go_back(request)

    return answered


def go_back(request: PageRequest, anchor: str = "") -> HttpResponse:
    """Return to the page of our own that the form names, else to today."""
    to = request.POST.get("back", "")
    if not to.startswith("/") or to.startswith("//") or "\\" in to:
        to = reverse("today")
    response = redirect(f"{to}#{anchor}" if anchor else to)
    response.status_code = 303
    return response


@behind("log_work")
def show_today(request: PageRequest) -> HttpResponse:
    """Show the user's own day."""
    return answer_day(request, work.own_person(request.user), today())


@behind("see_days")
@missing_is_404
def show_day(request: PageRequest, day: str, person: str) -> HttpResponse:
    """Show a day of somebody within reach."""
    return answer_day(request, find_person(request.user, person), read_day(day))


def answer_day(request: PageRequest, person: Person, day: date) -> HttpResponse:
    """Return the page of a day: with buttons where it is the user's own."""
    shown = day_of(person, day)
    own = person.pk == request.user.person_id
    values = {
        "day": shown, "own": own, "today": today(), "before": day - timedelta(days=1), "after": day + timedelta(days=1),
        "needed": needed_of(person.pk, find_standings()) if day == today() else None, "stops": shown.stops,
        "may_remark": opened.may_remark(request.user, person), "next": next_up(shown) if own else None,
        "score": find_latest(person.pk) if own and day == today() else None,
        "add": AddForm(initial={"day": max(day, today())}), "open_form": OpenItemForm(initial={"due": day}),
    }  # fmt: skip
    return render_to_keep(request, "pages/day.html", values)


def next_up(day: Day) -> int | None:
    """Return the entry that comes next, the begun one first."""
    waiting = sorted((item for item in day.contacts if item.state in {"planned", "started"}),
                     key=lambda item: (item.state != "started", item.position))  # fmt: skip
    return waiting[0].pk if waiting else None


@require_POST
@behind("log_work")
@missing_is_404
def start(request: PageRequest, item: int) -> HttpResponse:
    """Begin an entry."""
    work.start_item(request.user, item)
    return go_back(request, f"item-{item}")


@require_POST
@behind("log_work")
@missing_is_404
def postpone(request: PageRequest, item: int) -> HttpResponse:
    """Move an entry to another day."""
    form = MoveForm(request.POST)
    if not form.is_valid():
        raise ValidationError(_("Choose a day."))
    work.postpone_item(request.user, item, form.cleaned_data["to"], form.cleaned_data["reason"])
    return go_back(request)


@require_POST
@behind("log_work")
@missing_is_404
def drop(request: PageRequest, item: int) -> HttpResponse:
    """Take an entry off the day."""
    work.drop_item(request.user, item, request.POST.get("reason", ""))
    return go_back(request)


@require_POST
@behind("log_work")
@missing_is_404
def swap(request: PageRequest, item: int) -> HttpResponse:
    """Let an entry change places with the one before or after it."""
    work.swap_item(request.user, item, earlier=request.POST.get("way") == "earlier")
    return go_back(request, f"item-{item}")


@require_POST
@behind("log_work")
@missing_is_404
def add(request: PageRequest) -> HttpResponse:
    """Add a call, a visit or another job to a day."""
    form = AddForm(request.POST)
    if not form.is_valid():
        raise ValidationError([error for found in form.errors.values() for error in found])
    told = form.cleaned_data
    at = None if told["at"] is None else told["at"].hour * 60 + told["at"].minute
    made = work.add_item(
        request.user, request.POST.get("key", ""), told["day"], told["kind"], detail=told["detail"],
        customer=request.POST.get("customer", ""), minutes=told["minutes"], start_minute=at,
    )  # fmt: skip
    messages.success(request, _("It stands in the agenda."))
    return go_back(request, f"item-{made.pk}")


@behind("log_work")
@missing_is_404
def log(request: PageRequest) -> HttpResponse:
    """Ask what came of a contact, planned (``item``) or not (``customer``), and log it."""
    asked = request.POST if request.method == "POST" else request.GET
    item = work.own_items(request.user).select_related("customer").get(pk=_number(asked["item"])) \
        if asked.get("item") else None  # fmt: skip
    customer = item.customer if item else _customer(request, asked.get("customer", ""))
    first = {"kind": item.kind if item else asked.get("kind", "call"),
             "cold": customer is not None and not has_history(customer)}  # fmt: skip
    form = LogForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            work.log_contact(request.user, request.POST.get("key", ""), form.contact(), item=item.pk if item else None,
                             customer=customer.pk if customer and item is None else "")  # fmt: skip
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Logged."))
            return go_back(request)
    back = asked.get("back", "") or (reverse("customer", args=[customer.pk]) if customer and not item else "")
    values = {"form": form, "item": item, "customer": customer, "back": back, "today": today(),
              "soon": [today() + timedelta(days=days) for days in (1, 7, 14, 30)],
              "key": request.POST.get("key", "")}  # fmt: skip
    return render(request, "pages/log.html", values, status=400 if form.is_bound else 200)


@require_POST
@behind("log_work")
@missing_is_404
def add_open(request: PageRequest) -> HttpResponse:
    """Add an open item."""
    form = OpenItemForm(request.POST)
    if not form.is_valid():
        raise ValidationError([error for found in form.errors.values() for error in found])
    opened.add_open_item(request.user, request.POST.get("key", ""), **form.cleaned_data,
                         customer=request.POST.get("customer", ""))  # fmt: skip
    return go_back(request, "open")


@require_POST
@behind("log_work")
@missing_is_404
def change_open(request: PageRequest, item: int) -> HttpResponse:
    """Finish an open item, move it, or put it on top of the boards."""
    todo = request.POST.get("do", "")
    if todo == "done":
        opened.finish_open_item(request.user, item)
    elif todo in {"top", "off"}:
        opened.put_on_top(request.user, item, focus=todo == "top")
    else:
        form = MoveForm(request.POST)
        if not form.is_valid():
            raise ValidationError(_("Choose a day."))
        opened.move_open_item(request.user, item, form.cleaned_data["to"], form.cleaned_data["reason"])
    return go_back(request, "open")


@require_POST
@behind("see_days")
@missing_is_404
def remark(request: PageRequest, day: str, person: str) -> HttpResponse:
    """Say something to somebody's day or week."""
    opened.add_remark(request.user, request.POST.get("key", ""), person, read_day(day),
                      request.POST.get("grain", "day"), request.POST.get("text", ""))  # fmt: skip
    return go_back(request, "remarks")


def _customer(request: PageRequest, key: str) -> Customer | None:
    return customers_within(require(request.user, "see_customers")).get(pk=key) if key else None


def _number(text: str) -> int:
    """Return a key as a number; what is none names nothing."""
    if not text.isdecimal():
        raise Http404(text)
    return int(text)
