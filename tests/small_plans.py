"""Hand-made plans: two regions, three people, six customers, four products; small enough to add up on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from quotum.engine.tables.plan_settings import AcrossStep, AlongStep, Measure, PlanSettings, Target
from quotum.engine.tables.plan_tables import PLAN_SCHEMAS, Plan

SINCE, UNTIL = date(2027, 1, 1), date(2028, 1, 1)

SETTINGS = PlanSettings(
    name="Small",
    since=SINCE,
    until=UNTIL,
    as_of=date(2026, 12, 31),
    targets=(Target("revenue", 100_000, 130_000), Target("units", 700, 700), Target("outlets", 60, 66)),
    steps=(
        AcrossStep("unit", "unit"),
        AcrossStep("person", "person", of="unit"),
        AlongStep("calendar", of="person"),
        AcrossStep("customer", "customer", of="person"),
        AcrossStep("product", "product", of="person"),
        AcrossStep("line", "product", of="customer"),
    ),
    measures={
        "revenue": Measure("revenue", decimals=2),
        "units": Measure("units", history="quantity"),
        "outlets": Measure("outlets", kind="level", history="customers"),
        "price": Measure("price", kind="ratio", decimals=2, numerator="revenue", denominator="units"),
    },
)


def table(name: str, rows: list[dict]) -> pl.DataFrame:
    """Return the plan table ``name``; columns that a row leaves out are null."""
    schema = PLAN_SCHEMAS[name]
    return pl.DataFrame([{c: row.get(c) for c in schema} for row in rows], schema=schema)


def every_day(weekdays: tuple[float, ...] = (1, 1, 1, 1, 1, 0, 0), settings: PlanSettings = SETTINGS) -> pl.DataFrame:
    """Return the days of calendar 0, weighed by weekday."""
    dates = [settings.since + timedelta(days=i) for i in range((settings.until - settings.since).days)]
    return table(
        "days", [{"calendar": 0, "date": d, "weight": float(weekdays[d.weekday()]), "kind": "work"} for d in dates]
    )


def bare_plan(curves: list[dict], *, settings: PlanSettings = SETTINGS, **tables: pl.DataFrame) -> Plan:
    """Return a plan with the given curves (a flat season, calendar 0 and the whole plan unless they say otherwise)."""
    usual = {"season": -1, "calendar": 0, "since": settings.since, "until": settings.until}
    empty = {name: table(name, []) for name in PLAN_SCHEMAS}
    return Plan(settings, {**empty, "days": every_day(settings=settings), **tables,
                           "curves": table("curves", [{**usual, **curve} for curve in curves])}, {})  # fmt: skip


def quota(row: int, commit: int, extra: int = 0, **more: object) -> dict:
    """Return one line of quotas; the row's curve has the row's number."""
    return {"row": row, "measure": "revenue", "since": SINCE, "until": UNTIL, "curve": row, "offset": row * 0.618 % 1,
            "commit": commit, "extra": extra, **more}  # fmt: skip


def replace_tables(plan: Plan, **tables: pl.DataFrame) -> Plan:
    """Return the plan with other tables in place of some of its own."""
    return replace(plan, tables={**plan.tables, **tables})
