"""Everybody's days planned in the background; what is done, begun, moved, dropped or added by hand stays."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from quotum.web.bridge.visits import PlannedDays, plan_days
from quotum.web.queries.clock import today
from quotum.web.queries.permissions import people_within, require
from quotum.web.queries.plans import find_plan_in_force
from quotum.web.records.models import AgendaItem, Job, Person, PlanVersion, User
from quotum.web.services.day import number_by_time
from quotum.web.services.jobs import Refused, Running, start_job
from quotum.web.services.recording import record_change

MOST_DAYS = 100
_BATCH = 2_000


def ask_for_visits(user: User, since: date, until: date, people: Collection[str] = (), reason: str = "") -> Job:
    """Start the planning of visits of the people within reach, or of some, by the cadences of the plan in force.

    Raises ValidationError for days that have passed or too many of them, or where no plan is in force;
    PermissionDenied for people beyond reach.
    """
    reach = require(user, "approve")
    if since < today() or not since < until <= since + timedelta(days=MOST_DAYS):
        raise ValidationError(_("Choose days from today on, a hundred at most."))
    plan = find_plan_in_force(since)
    if plan is None:
        raise ValidationError(_("No plan is in force."))
    within = people_within(reach)
    if people and within.filter(pk__in=people).count() != len(set(people)):
        raise PermissionDenied("approve")
    whom = sorted(set(people)) if people or reach.everywhere else sorted(within.values_list("pk", flat=True))
    arguments = {"plan": str(plan.pk), "since": since.isoformat(), "until": until.isoformat(), "people": whom,
                 "reason": reason}  # fmt: skip
    with transaction.atomic():
        return start_job(user, "visits", arguments)


def run_visits_job(running: Running) -> dict[str, Any]:
    """Plan the days that a job asks for."""
    asked = running.arguments
    plan = PlanVersion.objects.get(pk=asked["plan"])
    since, until, people = date.fromisoformat(asked["since"]), date.fromisoformat(asked["until"]), asked["people"]
    planned = plan_days(plan.settings_text, since, until, people=people, tell=running.tell)
    if planned.refused:
        raise Refused(planned.findings)
    count = take_days(running.user, plan, planned, since, until, people, asked.get("reason", ""))
    return {"entries": count, "findings": planned.findings[:50]}


def take_days(
    user: User | None, plan: PlanVersion, planned: PlannedDays, since: date, until: date, people: Collection[str] = (),
    reason: str = "",
) -> int:  # fmt: skip
    """Put planned days in place of the ones planned before and return the number of new entries.

    What somebody has begun, done, moved, dropped or added stays, and no entry of the same kind for the same customer
    comes beside it on its day.
    """
    with transaction.atomic():
        before = AgendaItem.objects.filter(date__gte=since, date__lt=until)
        if people:
            before = before.filter(person__in=people)
        before.filter(state="planned", plan__isnull=False).delete()
        kept = set(before.values_list("person_id", "date", "customer_id", "kind"))
        fresh = [_item(line, plan) for line in planned.lines
                 if (line["person"], line["date"], line["customer"], line["kind"]) not in kept]  # fmt: skip
        AgendaItem.objects.bulk_create(fresh, batch_size=_BATCH)
        number_by_time(before.filter(date__in={day for _, day, *_rest in kept}))
        after = {"since": since, "until": until, "entries": len(fresh), "kept": len(kept)}
        for unit in _units_of(people) or [""]:
            record_change(user, "planned", "visits", plan.pk, after=after, reason=reason, unit=unit)
    return len(fresh)


def _item(line: Mapping[str, Any], plan: PlanVersion) -> AgendaItem:
    return AgendaItem(
        person_id=line["person"], date=line["date"], position=line["position"], kind=line["kind"],
        customer_id=line["customer"], start_minute=line["start"], end_minute=line["end"], travel_minutes=line["travel"],
        lat=line["lat"], lon=line["lon"], why=line["why"], detail=line["detail"][:200], plan=plan,
    )  # fmt: skip



def _units_of(people: Collection[str]) -> list[str]:
    """Return the units whose managers should see that the days were planned anew."""
    return sorted(set(Person.objects.filter(pk__in=people).values_list("unit_id", flat=True)))
