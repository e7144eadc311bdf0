"""What visits are planned in: a company's scene with the calendar of its country, and the check of what was planned."""

from __future__ import annotations

from datetime import date

import polars as pl

from quotum.adapters.calendars import list_days
from quotum.engine.action_plan.checking_visits import find_visit_faults
from quotum.engine.action_plan.person_tasks import TravelMinutes
from quotum.engine.action_plan.visit_plan import VisitPlan, set_scene
from quotum.engine.action_plan.visit_tasks import Scene
from quotum.engine.basics.issues import Issue
from quotum.engine.customers import describe_customers
from quotum.engine.planning import calendar_span
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.visit_settings import VisitSettings


def open_scene(company: Company, settings: PlanSettings, visits: VisitSettings) -> tuple[Scene, list[Issue]]:
    """Return the scene of a company's visits: the calendar around them, classes and prospects where they are asked."""
    begin, _ = calendar_span(settings)
    since, until = visits.since or settings.since, visits.until or settings.until
    days, issues = list_days(settings.country, min(begin, since), until)
    classes, quadrants = tell_customers(company, settings, visits)
    return set_scene(company, settings, visits, days, classes=classes, quadrants=quadrants), issues


def tell_customers(
    company: Company, settings: PlanSettings, visits: VisitSettings
) -> tuple[dict[str, str], dict[str, str]]:
    """Return classes of customers whose table has none, and the quadrants of prospects, where the cadence uses them."""
    cadence, customers = visits.cadence, company["customers"]
    by_class = bool(cadence.classes or cadence.calls)
    unknown = by_class and customers["class"].null_count() == customers.height and company["sales"].height > 0
    if not (unknown or cadence.prospects) or not settings.targets:
        return {}, {}
    told = describe_customers(company, settings, settings.as_of)
    classes = dict(told.customers.select("customer", "class").drop_nulls().iter_rows()) if unknown else {}
    quadrants = dict(told.prospects.select("customer", "quadrant").iter_rows()) if cadence.prospects else {}
    return classes, quadrants


def check_plan(
    scene: Scene, plan: VisitPlan, travel: TravelMinutes, frozen: tuple[pl.DataFrame, date] | None = None
) -> list[Issue]:
    """Return what our own checker says of a plan, as conflicts: such a plan is not stored."""
    return [
        Issue(rule="visits_break_rule", severity="conflict", table="visits", value=fault.rule,
              details=(("person", fault.person), ("customer", fault.customer), ("date", str(fault.day or "")),
                       ("found", fault.found)))
        for fault in find_visit_faults(scene, plan.tables, travel, frozen=frozen)[:20]
    ]  # fmt: skip
