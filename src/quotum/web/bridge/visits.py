"""Visits planned for the database's company: everybody's days with times, as rows of the agenda."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from quotum.adapters.calendars import list_days
from quotum.adapters.travel_times import open_travel
from quotum.adapters.travel_times.routing_service import ServiceFailed
from quotum.adapters.visit_scene import check_plan, open_scene
from quotum.engine.action_plan.person_tasks import PersonTask
from quotum.engine.action_plan.visit_plan import PlanOne, VisitPlan, make_visit_plan
from quotum.engine.action_plan.visit_rows import Rows
from quotum.engine.action_plan.visit_tasks import Scene
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.tables.company import Company
from quotum.engine.tables.key_order import in_key_order
from quotum.engine.tables.visit_settings import Effort, VisitSettings
from quotum.web.bridge.company import open_records
from quotum.web.bridge.findings import list_findings
from quotum.web.bridge.logged import read_log, with_log

Tell = Callable[[str, int, int], None]
"""Told stage, done, total; raises to stop the work."""


@dataclass(frozen=True, slots=True)
class PlannedDays:
    """What planning visits brought: lines of the agenda (none where it was refused) and findings.

    A line: person, date, position, kind, customer, start, end, travel (minutes), lat, lon, why, detail.
    """

    lines: list[dict[str, Any]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    refused: bool = False


def plan_days(
    text: str, since: date, until: date, *, effort: Effort | None = None, people: Collection[str] = (),
    tell: Tell = lambda *_: None,
) -> PlannedDays:  # fmt: skip
    """Plan calls and visits from ``since`` until before ``until`` with the cadences that ``text`` (a plan.toml) sets.

    ``people`` are planned alone where they are named; findings say what could not be placed.
    """
    tell("reading", 0, 0)
    opened = open_records(text)
    issues = list(opened.issues)
    if opened.settings is None or stops(issues):
        return PlannedDays(findings=list_findings(issues), refused=True)
    settings = opened.settings
    visits = replace(settings.visits, since=since, until=until, effort=effort or settings.visits.effort)
    if not visits.cadence.is_given:
        issues.append(Issue(rule="cadence_missing", table="plan", file="plan.toml", column="cadence"))
        return PlannedDays(findings=list_findings(issues), refused=True)
    company = _with_log(in_key_order(opened.company), since)
    scene, found = open_scene(company, settings, visits)
    issues += found
    if people:
        scene = replace(scene, owners=scene.owners.filter(pl.col("owner").is_in(list(people))))
    made, found = _plan(scene, visits, tell)
    issues += found
    if made is None:
        return PlannedDays(findings=list_findings(issues), refused=True)
    return PlannedDays(_list_lines(made), list_findings(issues))


def working_days(country: str, since: date, until: date) -> list[date]:
    """Return the days from ``since`` until before ``until`` on which people of the country work."""
    days, _ = list_days(country, since, until)
    return [day for day in days.filter(pl.col("kind").is_in(["workday", "makeup"]))["date"].to_list()
            if since <= day < until]  # fmt: skip


def _plan(scene: Scene, visits: VisitSettings, tell: Tell) -> tuple[VisitPlan | None, list[Issue]]:
    """Return everybody's visits, checked by the checker that knows nothing of the planner."""
    total = scene.company["people"].height

    def run(plan: PlanOne, tasks: Iterable[PersonTask]) -> Iterator[Rows]:
        for done, task in enumerate(tasks):
            tell("visits", done, total)
            yield plan(task)

    with tempfile.TemporaryDirectory() as folder:
        travel, issues = open_travel(visits.travel, Path(folder))
        if stops(issues):
            return None, issues
        try:
            made = make_visit_plan(scene, travel, run)
            faults = check_plan(scene, made, travel)
        except ServiceFailed as problem:
            details = (("url", visits.travel.url),)
            return None, [*issues, Issue(rule="travel_service_failed", value=str(problem), details=details)]
    return (None if stops(faults) else made), [*issues, *made.issues, *faults]


def _with_log(company: Company, since: date) -> Company:
    """Return the company with the contacts logged here: they tell when somebody was last seen, also since then."""
    known = with_log(company)["activities"].filter(pl.col("date") < since)
    return replace(company, tables={**company.tables, "activities": pl.concat([known, read_log(since)])})


def _list_lines(made: VisitPlan) -> list[dict[str, Any]]:
    """Return the agenda with the reason of each contact."""
    keys = ["person", "customer", "date", "kind"]
    why = made["visits"].select(*keys, "why", told="detail").unique(keys, keep="first")
    lines = made["agenda"].join(why, on=keys, how="left").sort("person", "date", "position")
    texts = [pl.col("why").fill_null(""), pl.coalesce("told", "detail").fill_null("").alias("detail")]
    return lines.with_columns(texts).drop("told", "arrive").to_dicts()
