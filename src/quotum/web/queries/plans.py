"""Plans as pages show them: tables with a total, names instead of keys, only what lies within reach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from quotum.web.bridge.plans import Request, cut_plan
from quotum.web.queries.clock import today
from quotum.web.queries.permissions import Reach, keys_within
from quotum.web.records.models import Person, PlanVersion, Unit


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table: what it is, its amounts by period and in all, last year in all (None: not known)."""

    key: str
    name: str
    above: str
    amounts: list[int]
    total: int
    last_year: int | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table of amounts in smallest units; ``periods`` head the columns, ``total`` is the sum of the lines."""

    measure: str
    currency: str
    decimals: int
    periods: list[str]
    lines: list[Line]
    total: Line | None
    findings: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which numbers of a plan somebody asks for."""

    by: Sequence[str] = ("unit",)
    grain: str | None = None
    measure: str | None = None
    level: str = "commit"
    since: date | None = None
    until: date | None = None


def cut_within(plan: PlanVersion, reach: Reach, asked: Asked) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the numbers asked for, as far as the reach goes, and findings: keys, dates, period, amount, last year."""
    by = tuple(dict.fromkeys(asked.by))
    request = Request(by, asked.grain, asked.measure, asked.level, keys_within(reach) or (), asked.since, asked.until)
    rows, findings = cut_plan(plan.address, request)
    return [{**row, "keys": {name: row[name] for name in by}} for row in rows], findings


def find_plan_in_force(day: date | None = None) -> PlanVersion | None:
    """Return the plan in force on a day, today if none is named.

    Where none covers the day, the next one to begin, else the one that ended last: next year's plan may be in force
    before the year begins, and last year's is looked at after its end.
    """
    day = day or today()
    plans = PlanVersion.objects.filter(state="in_force")
    return (
        plans.filter(since__lte=day, until__gt=day).first() or plans.filter(since__gt=day).order_by("since").first()
        or plans.order_by("-until").first()
    )  # fmt: skip


def table_of_plan(plan: PlanVersion, reach: Reach, grain: str = "quarter", measure: str | None = None) -> Table:
    """Return people's numbers by period, as far as the reach goes."""
    under = keys_within(reach)
    request = Request(by=("unit", "person"), grain=grain, measure=measure, under=under or ())
    rows, findings = cut_plan(plan.address, request)
    units = dict(Unit.objects.values_list("unit", "name"))
    people = dict(Person.objects.values_list("person", "name"))
    periods = list(dict.fromkeys(row["period"] for row in rows))
    by_person: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:
        line = by_person.setdefault((row["unit"] or "", row["person"] or ""), {"amounts": {}, "last_year": None})
        line["amounts"][row["period"]] = row["amount"]
        if row["last_year"] is not None:
            line["last_year"] = (line["last_year"] or 0) + row["last_year"]
    lines = []
    for (unit, person), line in by_person.items():
        amounts = [line["amounts"].get(period, 0) for period in periods]
        lines.append(Line(person, people.get(person) or person, units.get(unit) or unit, amounts, sum(amounts),
                          line["last_year"]))  # fmt: skip
    first: dict[str, Any] = rows[0] if rows else {"measure": measure or "", "decimals": 0}
    total = _add_up(lines) if lines else None
    currency = plan.totals[0]["currency"] if plan.totals else ""
    return Table(first["measure"], currency, first["decimals"], periods, lines, total, findings)


def _add_up(lines: list[Line]) -> Line:
    """Return the sum of lines."""
    amounts = [sum(column) for column in zip(*(line.amounts for line in lines), strict=True)]
    known = [line.last_year for line in lines if line.last_year is not None]
    return Line("", "", "", amounts, sum(amounts), sum(known) if known else None)
