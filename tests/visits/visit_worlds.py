"""Small sales forces in a made-up town, and what a visit plan of them says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from quotum.adapters.calendars import list_days
from quotum.engine.action_plan.checking_visits import find_visit_faults
from quotum.engine.action_plan.travel_ways import GreatCircle
from quotum.engine.action_plan.visit_plan import VisitPlan, make_visit_plan, set_scene
from quotum.engine.action_plan.visit_tasks import Scene
from quotum.engine.tables.company import Company
from quotum.engine.tables.visit_settings import Cadence, VisitSettings
from small_company import firm, settings

SINCE, UNTIL = date(2027, 1, 4), date(2027, 2, 1)  # four weeks of five days, no holidays
HOME = (55.95, -3.19)
WAY = GreatCircle()


def town(count: int, *, classes: str = "ABC", spread: float = 0.05, **more: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return rows of customers around HOME on a sunflower, classes in turn; ``more`` are further cells by customer."""
    rows = []
    for at in range(count):
        far, angle = spread * math.sqrt((at + 0.5) / count), at * 2.399963
        rows.append({
            "customer": f"K{at:02d}", "name": f"Shop {at}", "class": classes[at % len(classes)], "minutes": 30,
            "lat": HOME[0] + far * math.cos(angle), "lon": HOME[1] + 1.7 * far * math.sin(angle),
            **more.get(f"K{at:02d}", {}),
        })  # fmt: skip
    return rows


def crew(customers: list[dict[str, Any]], *, person: Mapping[str, Any] | None = None, **tables: Any) -> Company:
    """Return a company in which Ana has all the customers; ``person`` are further cells of hers."""
    ana = {"person": "Ana", "lat": HOME[0], "lon": HOME[1], "visits_per_day": 8, "calls_per_day": 10,
           "minutes_per_day": 480, **(person or {})}  # fmt: skip
    owners = {row["customer"]: row.get("person", "Ana") for row in customers}
    return firm({"Ana": "North"}, owners, people=[ana], customers=customers, **tables)


def visits(cadence: Cadence | None = None, **more: Any) -> VisitSettings:
    usual = cadence or Cadence({"A": 5, "B": 10, "C": 20})
    return VisitSettings(cadence=usual, since=SINCE, until=UNTIL, **more)


def scene(company: Company, wanted: VisitSettings, **more: Any) -> Scene:
    days, _ = list_days("", date(2026, 1, 1), wanted.until or UNTIL)
    return set_scene(company, settings(seed=7), wanted, days, **more)


def plan_visits(company: Company, wanted: VisitSettings | None = None, **more: Any) -> VisitPlan:
    """Return the checked visit plan of a company."""
    seen = scene(company, wanted or visits(), **more)
    made = make_visit_plan(seen, WAY)
    assert find_visit_faults(seen, made.tables, WAY) == []
    return made


def dates_of(plan: VisitPlan, customer: str, kind: str = "visit") -> list[date]:
    own = plan["visits"].filter((pl.col("customer") == customer) & (pl.col("kind") == kind))
    return own["date"].sort().to_list()


def told(plan: VisitPlan, customer: str, kind: str = "visit") -> dict[str, Any]:
    """Return the line of ``cadences`` of a customer."""
    own = plan["cadences"].filter((pl.col("customer") == customer) & (pl.col("kind") == kind))
    return own.row(0, named=True)
