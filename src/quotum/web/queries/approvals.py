"""A proposed plan as those see it who decide: unit by unit, with what people ask for beside what the top asks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet

from quotum.web.bridge.plans import Request, cut_plan
from quotum.web.queries.permissions import Reach, people_within, units_within
from quotum.web.records.models import Approval, Challenge, Person, PlanVersion


@dataclass(frozen=True, slots=True)
class UnitLine:
    """A unit's part: its commitment and last year in smallest units, who decides it when."""

    approval: Approval
    depth: int
    commit: int
    last_year: int
    is_next: bool
    may_decide: bool


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person's number from the top beside what is asked from below."""

    person: Person
    commit: int
    last_year: int | None
    asked: Challenge | None

    @property
    def difference(self) -> int | None:
        """What is asked less what the plan says."""
        return None if self.asked is None else self.asked.asked_minor - self.asked.was_minor


def number_of(plan: PlanVersion, person: str, measure: str) -> int | None:
    """Return a person's commitment over the whole plan; None where there is none."""
    if measure not in {total["measure"] for total in plan.totals}:
        return None
    rows, _ = cut_plan(plan.address, Request(by=(), measure=measure, under=(("person", person),)))
    return rows[0]["amount"] if rows else None


def list_units(plan: PlanVersion, seen: Reach, decides: Reach, measure: str) -> list[UnitLine]:
    """Return the units within reach that decide about a plan, as a tree from the top."""
    commit, before = _sum_by_unit(plan, measure)
    approvals = list(plan.approvals.select_related("unit", "by").order_by("unit__path"))
    open_paths = [one.unit.path for one in approvals if one.state != "approved"]
    within = set(units_within(seen).values_list("pk", flat=True))
    deciding = set(units_within(decides).values_list("pk", flat=True)) if decides else set()
    lines = []
    for one in approvals:
        if one.unit_id not in within:
            continue
        path = one.unit.path
        is_next = one.state == "waiting" and not any(other != path and other.startswith(path) for other in open_paths)
        lines.append(UnitLine(
            one, path.count("\n") - 1, sum(commit[key] for key in commit if key.startswith(path)),
            sum(before[key] for key in before if key.startswith(path)), is_next,
            plan.state == "proposed" and one.unit_id in deciding,
        ))  # fmt: skip
    return lines


def list_people(plan: PlanVersion, reach: Reach, measure: str) -> list[PersonLine]:
    """Return the people within reach with their numbers and newest challenges, the largest difference first."""
    rows, _ = cut_plan(plan.address, Request(by=("person",), measure=measure))
    numbers = {row["person"]: row for row in rows if row["person"]}
    newest: dict[str, Challenge] = {}
    for one in plan.challenges.filter(measure=measure).select_related("by", "answered_by").order_by("at"):
        newest[one.person_id] = one
    lines = [
        PersonLine(person, numbers[person.pk]["amount"], numbers[person.pk]["last_year"], newest.get(person.pk))
        for person in people_within(reach).select_related("unit").order_by("unit__path", "pk")
        if person.pk in numbers
    ]
    return sorted(lines, key=lambda line: -abs(line.difference or 0))


def units_apart(before: PlanVersion, address: str) -> set[str]:
    """Return the units whose people have other numbers in a version than in the plan at an address, in any month."""
    apart = set()
    for total in before.totals:
        for level in ("commit", "stretch"):
            asked = Request(by=("unit", "person"), grain="month", measure=total["measure"], level=level)
            old, new = (
                {(row["unit"], row["person"], row["period"]): row["amount"] for row in cut_plan(one, asked)[0]}
                for one in (before.address, address)
            )
            apart |= {key[0] for key in old.keys() | new.keys() if key[0] and old.get(key) != new.get(key)}
    return apart


def challenges_within(plan: PlanVersion, reach: Reach) -> QuerySet[Challenge]:
    """Return a plan's challenges about people within reach."""
    return plan.challenges.filter(person__in=people_within(reach)).select_related("person", "by")


def _sum_by_unit(plan: PlanVersion, measure: str) -> tuple[Counter[str], Counter[str]]:
    """Return commitments and last year by the path of the unit that carries them."""
    rows, _ = cut_plan(plan.address, Request(by=("unit",), measure=measure))
    paths = dict(plan.approvals.values_list("unit", "unit__path"))
    commit: Counter[str] = Counter()
    before: Counter[str] = Counter()
    for row in rows:
        if path := paths.get(row["unit"]):
            commit[path] += row["amount"]
            before[path] += row["last_year"] or 0
    return commit, before
