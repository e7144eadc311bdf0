"""What leads a start page (G1): the five figures, who stands where, what needs somebody, as far as one may see."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from quotum.web.bridge.reviews import (
    Figure,
    Sight,
    draw_chart,
    list_drivers,
    list_figures,
    list_standing,
    list_warnings,
    sum_side_figures,
)
from quotum.web.queries.permissions import Reach, customers_within, people_within, units_within
from quotum.web.queries.plans import find_plan_in_force
from quotum.web.records.models import Customer, Person, ReviewResult, Unit

MOST_WARNINGS = 30
MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """One line: who, what is asked, due and done, the likely end with its range, in smallest units."""

    dimension: str
    node: str
    name: str
    measure: str
    decimals: int
    target: int | None
    due: int | None
    actual: int
    last_year: int | None
    outlook: int | None
    low: int | None
    high: int | None
    chance: float | None
    needed_day: int | None

    @property
    def gap(self) -> int | None:
        """What is ahead (or missing, below 0) by the day."""
        return None if self.due is None else self.actual - self.due

    @property
    def attainment(self) -> float | None:
        """Actual over target; None where nothing is asked."""
        return self.actual / self.target if self.target else None

    @property
    def pace(self) -> float | None:
        """Actual over what was due by the day; None where nothing was due."""
        return self.actual / self.due if self.due else None


@dataclass(frozen=True, slots=True)
class Reason:
    """What a driver made of a gap, in smallest units; ``part``: in hundredths of the largest one."""

    driver: str
    amount: int
    part: int

    @property
    def left(self) -> int:
        """Where its bar begins, from -100 to 100."""
        return min(self.part, 0)

    @property
    def size(self) -> int:
        """How long its bar is: a sliver where it is small, never nothing."""
        return max(abs(self.part), 1)


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why a measure stands where it does: the largest first; they add up to ``gap``."""

    measure: str
    decimals: int
    gap: int
    lines: list[Reason]


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that needs somebody: the rule, who, about whom, how large, with what the words need."""

    rule: str
    person: str
    unit: str
    customer: str
    customer_key: str
    size: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A review as a page shows it. ``lead`` are the lines of the top node, one a measure."""

    review: ReviewResult
    dimension: str
    node: str
    name: str
    lead: list[Standing]
    lines: list[Standing]
    reasons: list[Reasons]
    warnings: list[Warned]
    warning_count: int
    side: dict[str, Any]
    figures: dict[str, Figure]
    customer_count: int
    is_stale: bool


def find_review() -> ReviewResult | None:
    """Return the newest review of the plan in force."""
    plan = find_plan_in_force()
    return None if plan is None else ReviewResult.objects.filter(plan=plan).select_related("plan").first()


def sight_of(reach: Reach) -> Sight:
    """Return what of a review lies within reach."""
    if reach.everywhere:
        return Sight(everything=True)
    units = units_within(reach).values_list("unit", flat=True)
    people = people_within(reach).values_list("person", flat=True)
    return Sight(everything=False, units=list(units), people=list(people))


def show_dashboard(
    review: ReviewResult, reach: Reach, customers: Reach, node: tuple[str, str] | None, today: date
) -> Dashboard | None:
    """Return the page of a node, the top one within reach if none is named; None where it is not within reach."""
    sight = sight_of(reach)
    names = _names(sight)
    lines = [_standing(line, names) for line in list_standing(review.address, sight)]
    at = node or (_top(reach) if lines else None)
    lead = [line for line in lines if at == (line.dimension, line.node)]
    if at is None or not lead:
        return None
    people = _people_of(*at)
    warned, count = list_warnings(review.address, sight, MOST_WARNINGS)
    found = Customer.objects.filter(pk__in={line["customer"] for line in warned if line["customer"]})
    titles = dict(found.values_list("customer", "name"))
    return Dashboard(
        review, *at, lead[0].name, lead, lines[:MOST_LINES], _reasons(list_drivers(review.address, sight, *at), lead),
        [_warned(line, names, titles) for line in warned], count, sum_side_figures(review.address, people),
        list_figures(review.address, people),
        customers_within(customers).count() if customers else 0, review.as_of != today,
    )  # fmt: skip


def chart_of(
    review: ReviewResult, reach: Reach, chart: str, measure: str, node: tuple[str, str], language: str = "en",
    drivers: Mapping[str, str] | None = None,
) -> dict[str, Any] | None:  # fmt: skip
    """Return a chart of a node within reach in a language, None where it is not, or there is no such chart."""
    return draw_chart(review.address, sight_of(reach), chart, measure, *node, language, drivers)


def _top(reach: Reach) -> tuple[str, str]:
    """Return the node at which somebody's page begins."""
    if reach.everywhere:
        return "company", ""
    if reach.paths:
        return "unit", min(reach.paths, key=len).rstrip("\n").rpartition("\n")[2]
    return "person", reach.person


def _people_of(dimension: str, node: str) -> list[str] | None:
    """Return who is below a node; None stands for the whole company."""
    if dimension == "company":
        return None
    if dimension == "person":
        return [node]
    path = Unit.objects.values_list("path", flat=True).filter(pk=node).first()
    return list(Person.objects.filter(unit__path__startswith=path).values_list("pk", flat=True)) if path else []


def _names(sight: Sight) -> dict[tuple[str, str], str]:
    """Return the names of units and people in sight."""
    units = Unit.objects.filter(Q() if sight.everything else Q(unit__in=sight.units))
    people = Person.objects.filter(Q() if sight.everything else Q(person__in=sight.people))
    names = {("unit", key): name or key for key, name in units.values_list("unit", "name")}
    return names | {("person", key): name or key for key, name in people.values_list("person", "name")}


def _reasons(moves: list[dict[str, Any]], lead: list[Standing]) -> list[Reasons]:
    """Return the reasons of each measure that has any, those without effect left out."""
    found = []
    for line in lead:
        own = [(move["driver"], move["amount"]) for move in moves if move["measure"] == line.measure and move["amount"]]
        own.sort(key=lambda pair: -abs(pair[1]))
        most = max((abs(amount) for _, amount in own), default=1)
        told = [Reason(driver, amount, round(100 * amount / most)) for driver, amount in own]
        found += [Reasons(line.measure, line.decimals, sum(amount for _, amount in own), told)] if told else []
    return found


def _standing(line: dict[str, Any], names: dict[tuple[str, str], str]) -> Standing:
    day = line["needed_day"]
    return Standing(
        line["dimension"], line["node"], names.get((line["dimension"], line["node"]), line["node"]), line["measure"],
        line["decimals"], line["target"], line["plan_to_date"], line["actual"], line["last_year"], line["outlook"],
        line["low"], line["high"], line["chance"], None if day is None else round(day),
    )  # fmt: skip


def _warned(line: dict[str, Any], names: dict[tuple[str, str], str], titles: dict[str, str]) -> Warned:
    key = line["customer"] or ""
    return Warned(
        line["rule"], names.get(("person", line["person"]), line["person"] or ""),
        names.get(("unit", line["unit"]), line["unit"] or ""), titles.get(key, key) or line["key"] or "", key,
        line["size"], {"found": line["found"], "limit": line["limit"], "date": line["date"]},
    )  # fmt: skip
