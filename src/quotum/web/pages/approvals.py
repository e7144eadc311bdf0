"""Pages of a proposed plan: who has decided, what is asked from below, and the answers."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from quotum.web.bridge.findings import say_finding
from quotum.web.pages.doors import PageRequest, behind
from quotum.web.pages.plans import tells_unfinished
from quotum.web.queries.approvals import challenges_within, list_people, list_units
from quotum.web.queries.permissions import people_within, reach_of, require, units_within
from quotum.web.queries.setups import covers_company
from quotum.web.records.models import Approval, PlanVersion
from quotum.web.services import approvals, challenges
from quotum.web.services.typed_amounts import read_typed

WORDS = {
    "limit": _("Give a limit between 0 and 50 percent."),
    "not_draft": _("Only a draft can be proposed."),
    "decided": _("This was decided already."),
    "below_first": _("Units below it decide first."),
    "note_needed": _("Say why you return it."),
    "not_proposed": _("Numbers can be challenged while the plan is proposed."),
    "nothing_asked": _("Ask for another number than the plan has."),
    "open_already": _("An earlier challenge of this number is still open."),
    "reason_needed": _("Give a reason."),
    "number": _("This is no amount."),
    "not_approved": _("Its units have not approved it: propose it, then let them decide."),
    "unfinished": _("Accepted edits are not in its numbers yet: finish them as a version first."),
    "challenges_open": _("Challenged numbers are still open: answer them first."),
    "take_in_first": _("Granted numbers are not in the plan yet: take them in first, then decide."),
    "no_room": _(
        "The plan has no room for this number: decline it, or return the plan and change what stands against it."
    ),
    "nothing_granted": _("Nothing was granted that could be taken in."),
}


@behind("see_numbers")
def show(request: PageRequest, plan: uuid.UUID) -> HttpResponse:
    """Show the units that decide and the people's numbers beside what they ask for."""
    version = get_object_or_404(PlanVersion, pk=plan)
    reach = require(request.user, "see_numbers")
    measure = next((total for total in version.totals if total["measure"] == request.GET.get("measure")),
                   version.totals[0] if version.totals else {"measure": "", "decimals": 0})  # fmt: skip
    name, seen = str(measure["measure"]), bool(version.totals)
    asks = set(people_within(reach_of(request.user, "propose")).values_list("pk", flat=True))
    answers = set(people_within(reach_of(request.user, "approve")).values_list("pk", flat=True))
    shown = {
        "plan": version, "measure": measure,
        "units": list_units(version, reach, reach_of(request.user, "approve"), name) if seen else [],
        "people": list_people(version, reach, name) if seen else [], "asks": asks, "answers": answers,
        "may_propose": covers_company(reach_of(request.user, "set_target")), "unfinished": tells_unfinished(version),
        "granted": version.challenges.filter(state="granted").count(),
    }  # fmt: skip
    return render(request, "pages/approval.html", shown)


@require_POST
@behind("set_target")
def propose(request: PageRequest, plan: uuid.UUID) -> HttpResponse:
    """Propose a draft."""
    version = get_object_or_404(PlanVersion, pk=plan)
    try:
        percent = float(request.POST.get("percent") or 0)
        job = approvals.propose_plan(request.user, version, limit_percent=percent,
                                     reason=request.POST.get("reason", ""))  # fmt: skip
    except ValueError:
        messages.error(request, WORDS["limit"])
    except approvals.NotNow as refusal:
        messages.error(request, WORDS[refusal.code])
    else:
        if job is not None:  # a version with what was edited is written, then that one is proposed
            return redirect("job", job.pk)
    return redirect("approval", version.pk)


@require_POST
@behind("approve")
def decide(request: PageRequest, approval: int) -> HttpResponse:
    """Approve or return a unit's part."""
    within = units_within(require(request.user, "approve"))
    found = get_object_or_404(Approval, pk=approval, unit__in=within)
    try:
        approvals.decide(request.user, found, approved=request.POST.get("decision") == "approve",
                         note=request.POST.get("note", ""))  # fmt: skip
    except approvals.NotNow as refusal:
        messages.error(request, WORDS[refusal.code])
    return redirect("approval", found.plan_id)


@require_POST
@behind("propose")
def challenge(request: PageRequest, plan: uuid.UUID) -> HttpResponse:
    """Ask for another number."""
    version = get_object_or_404(PlanVersion, pk=plan)
    within = people_within(require(request.user, "propose"))
    person = get_object_or_404(within, pk=request.POST.get("person", ""))
    total = next((one for one in version.totals if one["measure"] == request.POST.get("measure")), None)
    typed = read_typed(request.POST.get("asked", ""), int(total["decimals"]), request.user.language) if total else None
    if total is None or typed is None or typed.operation != "set":
        messages.error(request, WORDS["number"])
        return redirect("approval", version.pk)
    try:
        made = challenges.challenge(request.user, version, person, str(total["measure"]), typed.amount_minor or 0,
                                    request.POST.get("reason", ""))  # fmt: skip
    except approvals.NotNow as refusal:
        messages.error(request, WORDS[refusal.code])
    else:
        messages.success(request, _("Granted by rule.") if made.by_rule else _("The manager will answer."))
    return redirect("approval", version.pk)


@require_POST
@behind("approve")
def answer(request: PageRequest, plan: uuid.UUID, challenge: int) -> HttpResponse:
    """Grant or decline a challenge."""
    version = get_object_or_404(PlanVersion, pk=plan)
    asked = get_object_or_404(challenges_within(version, require(request.user, "approve")), pk=challenge)
    try:
        challenges.answer(request.user, asked, granted=request.POST.get("decision") == "grant",
                          text=request.POST.get("answer", ""))  # fmt: skip
    except approvals.NotNow as refusal:
        messages.error(request, WORDS[refusal.code])
        for finding in refusal.findings:
            messages.error(request, say_finding(finding)[0])
    return redirect("approval", version.pk)


@require_POST
@behind("set_target")
def take_in(request: PageRequest, plan: uuid.UUID) -> HttpResponse:
    """Start a new version with what was granted."""
    version = get_object_or_404(PlanVersion, pk=plan)
    try:
        job = challenges.ask_to_take_in(request.user, version, request.POST.get("reason", ""))
    except approvals.NotNow as refusal:
        messages.error(request, WORDS[refusal.code])
        return redirect("approval", version.pk)
    return redirect("job", job.pk)

