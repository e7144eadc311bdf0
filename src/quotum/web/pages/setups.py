"""The target page with what it comes to while one types, the steps page with a preview, plans made from both."""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from quotum.web.bridge.findings import say_finding
from quotum.web.bridge.setups import ACROSS, BASES, SEASONS, SetupEntry, StepEntry, read_entry
from quotum.web.bridge.targets import preview_split
from quotum.web.pages import approvals
from quotum.web.pages.day_forms import date_field
from quotum.web.pages.doors import PageRequest, behind
from quotum.web.queries.clock import today
from quotum.web.queries.setups import weigh_setup
from quotum.web.records.models import Job, PlanVersion, Setup, User
from quotum.web.services import jobs, plans
from quotum.web.services.approvals import NotNow
from quotum.web.services.setups import (
    SetupRefused,
    TypedTarget,
    add_setup,
    change_steps,
    change_targets,
    copy_setup,
    keep_setup,
    require_targets,
)

_WORDS = {
    "unit": gettext_lazy("unit"), "person": gettext_lazy("person"), "area": gettext_lazy("area"),
    "channel": gettext_lazy("channel"), "category": gettext_lazy("category"), "product": gettext_lazy("product"),
    "class": gettext_lazy("class"), "customer": gettext_lazy("customer"), "history": gettext_lazy("history"),
    "forecast": gettext_lazy("forecast"), "potential": gettext_lazy("potential"), "ability": gettext_lazy("ability"),
    "headcount": gettext_lazy("headcount"), "equal": gettext_lazy("equal parts"),
    "working_days": gettext_lazy("working days"), "manual": gettext_lazy("weights given"),
    "market_capacity": gettext_lazy("market capacity"), "market_share": gettext_lazy("market share"),
    "flat": gettext_lazy("flat"), "table": gettext_lazy("months given"),
}  # fmt: skip
_NEW_STEPS = 1


@require_GET
@behind("set_target")
def list_setups(request: PageRequest) -> HttpResponse:
    """List the setups with the plans last made from them."""
    require_targets(request.user)
    setups = [(setup, read_entry(setup.text)) for setup in Setup.objects.order_by("-changed")[:50]]
    jobs_of = Job.objects.filter(by=request.user, kind__in=("plan", "version")).order_by("-created")[:10]
    return render(request, "pages/setups.html", {"setups": setups, "jobs": jobs_of})


@require_http_methods(["GET", "POST"])
@behind("set_target")
def set_target(request: PageRequest, setup: int) -> HttpResponse:
    """Show the targets with what they come to; keep others."""
    require_targets(request.user)
    found = get_object_or_404(Setup, pk=setup)
    entry, typed, wrong, findings = read_entry(found.text), {}, {}, []
    if request.method == "POST":
        typed = {name: str(value) for name, value in request.POST.items()}
        try:
            text = _typed_text(request, found)
            keep_setup(request.user, found, text, "targets", request.POST.get("reason", ""),
                       request.POST.get("seen", ""))  # fmt: skip
        except SetupRefused as refusal:
            wrong, findings = refusal.fields, refusal.findings
            _tell(request, refusal)
        else:
            messages.success(request, _("Kept."))
            return redirect("setup_steps" if "next" in request.POST else "setup_target", found.pk)
    return render(request, "pages/target.html", {
        "setup": found, "entry": entry, "typed": typed, "wrong": wrong,
        "unread": [text for field, text in wrong.items() if field != "changed"],
        "unread_findings": findings,  # what was kept is not weighed beside what was refused
        "weighed": None if wrong or findings else weigh_setup(found.text),
    }, status=422 if wrong or findings else 200)  # fmt: skip


class NewTargetForm(forms.Form):
    """A first target: the rest has defaults and can be changed afterwards."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=190)
    since = date_field(gettext_lazy("From"))
    until = date_field(gettext_lazy("Up to, not including"))
    currency = forms.CharField(label=gettext_lazy("Currency, such as EUR"), min_length=3, max_length=3)
    measure = forms.ChoiceField(label=gettext_lazy("What is counted"), choices=[
        ("revenue", gettext_lazy("Revenue")), ("units", gettext_lazy("Units sold")),
        ("gross_profit", gettext_lazy("Gross profit")),
    ])  # fmt: skip
    commit = forms.CharField(label=gettext_lazy("Commit: must be reached"), max_length=40)
    stretch = forms.CharField(label=gettext_lazy("Stretch: what we reach for"), max_length=40, required=False)

    def clean_currency(self) -> str:
        """Write it as it is written everywhere."""
        return str(self.cleaned_data["currency"]).upper()


@require_http_methods(["GET", "POST"])
@behind("set_target")
def add_target(request: PageRequest) -> HttpResponse:
    """Ask for a first target; its steps are those that fit most, and can be changed next."""
    require_targets(request.user)
    next_year = today().year + 1
    first = {"name": str(next_year), "since": date(next_year, 1, 1), "until": date(next_year + 1, 1, 1)}
    form = NewTargetForm(request.POST or None, initial=first, label_suffix="")
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        typed = TypedTarget(given["measure"], given["commit"], given["stretch"])
        try:
            made = add_setup(request.user, given["name"], given["since"], given["until"], given["currency"], typed,
                             request.user.language or "en")  # fmt: skip
        except SetupRefused as refusal:
            _show_refusal(form, refusal)
        else:
            return redirect("setup_target", made.pk)
    return render(request, "pages/new_target.html", {"form": form}, status=422 if form.is_bound else 200)


def _show_refusal(form: NewTargetForm, refusal: SetupRefused) -> None:
    """Say at its field why a new target was not kept."""
    for field, text in refusal.fields.items():
        place = field.rpartition("-")[2]
        said = _("Give it a name that no other has.") if place == "name" else \
            _("“%(text)s” cannot be read here.") % {"text": text}  # fmt: skip
        form.add_error(place, said)
    for finding in refusal.findings:
        form.add_error(None, " ".join(say_finding(finding)))


@require_POST
@behind("set_target")
def try_target(request: PageRequest, setup: int) -> HttpResponse:
    """Show what typed targets would come to; nothing is kept."""
    require_targets(request.user)
    found = get_object_or_404(Setup, pk=setup)
    try:
        text = _typed_text(request, found)
    except SetupRefused as refusal:
        return render(request, "partials/feasibility.html", {"unread": list(refusal.fields.values()),
                                                             "unread_findings": refusal.findings})  # fmt: skip
    return render(request, "partials/feasibility.html", {"weighed": weigh_setup(text)})


@require_http_methods(["GET", "POST"])
@behind("set_target")
def set_steps(request: PageRequest, setup: int) -> HttpResponse:
    """Show the steps; preview others, or keep them."""
    require_targets(request.user)
    found = get_object_or_404(Setup, pk=setup)
    entry = read_entry(found.text)
    steps = entry.steps if entry else []
    shown: dict[str, Any] = {}
    if request.method == "POST":
        steps, wrong = _read_steps(request.POST, steps)
        try:
            if wrong:
                raise SetupRefused(wrong)
            text = change_steps(found, steps)
            if "preview" in request.POST:
                rows, findings = preview_split(text)
                shown = {"rows": rows, "findings": findings, "previewed": True}
            else:
                keep_setup(request.user, found, text, "steps", request.POST.get("reason", ""),
                           request.POST.get("seen", ""))  # fmt: skip
                messages.success(request, _("Kept."))
                return redirect("setup_steps", found.pk)
        except SetupRefused as refusal:
            _tell(request, refusal)
    choices = {"across": [(name, _WORDS.get(name, name)) for name in ACROSS],
               "bases": [(name, _WORDS.get(name, name)) for name in BASES],
               "seasons": [(name, _WORDS.get(name, name)) for name in SEASONS]}  # fmt: skip
    return render(request, "pages/steps.html", {
        "setup": found, "steps": [*steps, *[StepEntry(across="?")] * _NEW_STEPS], "num_steps": len(steps) + _NEW_STEPS,
        **choices, **shown,
    })  # fmt: skip


@require_POST
@behind("set_target")
def copy(request: PageRequest, setup: int) -> HttpResponse:
    """Add a setup like this one."""
    found = get_object_or_404(Setup, pk=setup)
    try:
        made = copy_setup(request.user, found, request.POST.get("name", ""))
    except SetupRefused:
        messages.error(request, _("Give it a name that no other has."))
        return redirect("setups")
    return redirect("setup_target", made.pk)


@require_POST
@behind("set_target")
def make_plan(request: PageRequest, setup: int) -> HttpResponse:
    """Start the making of a plan in the background."""
    require_targets(request.user)
    found = get_object_or_404(Setup, pk=setup)
    job = plans.ask_for_plan(request.user, found, request.POST.get("reason", ""))
    return redirect("job", job.pk)


@require_POST
@behind("see_numbers")
def cancel(request: PageRequest, job: uuid.UUID) -> HttpResponse:
    """Ask one's own work in the background to stop."""
    jobs.cancel_job(get_object_or_404(Job, pk=job, by=request.user))
    return redirect("job", job)


@require_POST
@behind("set_target")
def force(request: PageRequest, plan: uuid.UUID) -> HttpResponse:
    """Put an approved version in force."""
    return _put_in_force(request, plan, plans.put_in_force)


@require_POST
@behind("force_plan")
def force_directly(request: PageRequest, plan: uuid.UUID) -> HttpResponse:
    """Put the first version, or an earlier one again, in force without approvals."""
    return _put_in_force(request, plan, plans.force_plan)


def _put_in_force(
    request: PageRequest, plan: uuid.UUID, put: Callable[[User, PlanVersion, str], None]
) -> HttpResponse:  # fmt: skip
    version = get_object_or_404(PlanVersion, pk=plan)
    try:
        put(request.user, version, request.POST.get("reason", ""))
    except NotNow as refusal:
        messages.error(request, approvals.WORDS[refusal.code])
    else:
        messages.success(request, _("In force from now on; the figures are being worked out."))
    return redirect("plan", plan)


def _typed_text(request: PageRequest, setup: Setup) -> str:
    """Return the setup's text with the targets of the form."""
    entry = read_entry(setup.text)
    fields = request.POST
    targets = [
        TypedTarget(name, fields.get(f"{name}-commit", ""), fields.get(f"{name}-stretch", ""))
        for name in (target.measure for target in (entry.targets if entry else []))
    ]
    quarters = range(len(entry.focus) if entry else 0)
    focus = [fields.get(f"focus-{n}", "") for n in quarters] if "focus-0" in fields else None
    text = change_targets(
        setup, fields.get("name", ""), (fields.get("since", ""), fields.get("until", "")), targets,
        request.user.language or "en", as_of=_typed_as_of(request, entry), focus=focus,
    )  # fmt: skip
    if entry and any(name.startswith("floor-") for name in fields):
        steps = _read_floors(fields, entry.steps)
        text = change_steps(Setup(text=text), steps)
    return text


def _typed_as_of(request: PageRequest, entry: SetupEntry | None) -> str:
    """Return the last day of history that was typed; a form without the field leaves it as it is."""
    kept = entry.as_of.isoformat() if entry and entry.as_of else ""
    return request.POST.get("as_of", kept)


def _read_floors(fields: Mapping[str, Any], steps: list[StepEntry]) -> list[StepEntry]:
    """Return the steps with the floors and caps of the target page."""
    return [
        replace(step, floor=str(fields.get(f"floor-{step.place}", step.floor)).strip(),
                cap=str(fields.get(f"cap-{step.place}", step.cap)).strip())
        for step in steps
    ]  # fmt: skip


def _read_steps(fields: Mapping[str, Any], before: list[StepEntry]) -> tuple[list[StepEntry], dict[str, str]]:
    """Return the steps of the form in the order asked for, without those left out, and weights that are no numbers."""
    found: list[tuple[float, int, StepEntry]] = []
    wrong: dict[str, str] = {}
    for number in range(len(before) + _NEW_STEPS):
        known = before[number] if number < len(before) else None
        across = str(fields.get(f"across-{number}", ""))
        if f"drop-{number}" in fields or (known is None and not across):
            continue
        mix = {}
        for base in BASES:
            text = str(fields.get(f"basis-{number}-{base}", "")).strip()
            try:
                weight = float(text.replace(",", ".") or 0)
            except ValueError:
                weight = math.nan
            if not 0 <= weight < math.inf:
                wrong[f"basis-{number}-{base}"] = text
            elif weight:
                mix[base] = weight
        order = str(fields.get(f"order-{number}", ""))
        names = ("of", "floor", "cap", "stretch_cap")
        typed = {name: str(fields.get(f"{name}-{number}", "")).strip() for name in names}
        step = StepEntry(
            place=known.place if known else -1, across="" if across == "calendar" else across, basis=mix,
            season=str(fields.get(f"season-{number}", "history")), **typed,
        )  # fmt: skip
        found.append((float(order) if order.replace(".", "", 1).isdecimal() else number + 1.0, number, step))
    return [step for _, _, step in sorted(found, key=lambda one: one[:2])], wrong


def _tell(request: PageRequest, refusal: SetupRefused) -> None:
    """Say why something was not kept."""
    if "changed" in refusal.fields:
        messages.error(request, _("Somebody else has changed this setup meanwhile: look at it again."))
    for text in (text for field, text in refusal.fields.items() if field != "changed"):
        messages.error(request, _("“%(text)s” cannot be read here.") % {"text": text})
    for finding in refusal.findings:
        messages.error(request, " ".join(say_finding(finding)))
