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


_PEOPLE = ("Ana", "Bo", "vacant:North")
_CUSTOMERS = {"Ana": ("c1", "c2", "c3"), "Bo": ("c4", "c5"), "vacant:North": ("c6",)}
_MEMBERS = [
    {"dimension": "unit", "key": "World", "name": "All"},
    {"dimension": "unit", "key": "North", "name": "The North", "parent": "World"},
    {"dimension": "unit", "key": "City", "name": "City", "parent": "North"},
    {"dimension": "unit", "key": "South", "name": "The South", "parent": "World"},
    {"dimension": "person", "key": "Ana", "name": "Ana María", "unit": "City"},
    {"dimension": "person", "key": "Bo", "name": "薄", "unit": "South"},
    {"dimension": "person", "key": "vacant:North", "name": "", "unit": "North"},
    {"dimension": "category", "key": "tools", "name": "Tools"},
    {"dimension": "category", "key": "saws", "name": "Saws", "parent": "tools"},
    {"dimension": "category", "key": "food", "name": "Food"},
    {"dimension": "product", "key": "p1", "name": "Saw", "category": "saws"},
    {"dimension": "product", "key": "p2", "name": "Hammer", "category": "tools"},
    {"dimension": "product", "key": "p3", "name": "Bread", "category": "food"},
    {"dimension": "channel", "key": "shop"},
    {"dimension": "channel", "key": "web"},
    {"dimension": "area", "key": "coast"},
    *({"dimension": "customer", "key": f"c{i}", "name": f"Customer {i}", "channel": "web" if i % 2 else "shop",
       "class": "VIP" if i < 3 else None, "area": "coast"} for i in range(1, 7)),
]  # fmt: skip


def _quotas() -> list[dict]:
    units = {"Ana": "City", "Bo": "South", "vacant:North": "North"}
    amounts = {"revenue": ((50_000, 20_000), (30_001, 9_999), (19_999, 1)), "units": ((400, 0), (0, 0), (300, 0)),
               "outlets": ((30, 6), (20, 0), (10, 0))}  # fmt: skip
    return [
        quota(3 * i + k, *amounts[measure][k], measure=measure, unit=units[person], person=person, curve=k)
        for i, measure in enumerate(amounts)
        for k, person in enumerate(_PEOPLE)
    ]


def _cut(quotas: list[dict], keys: dict[str, tuple[str, ...]], dimension: str) -> pl.DataFrame:
    """Split each row over the members of its person: half to the first, half of the rest to the next, and so on."""
    lines = []
    for row in quotas:
        left = {layer: row[layer] for layer in ("commit", "extra")}
        members = keys[row["person"]]
        for member in members:
            part = {layer: n if member == members[-1] else n // 2 for layer, n in left.items()}
            left = {layer: left[layer] - part[layer] for layer in left}
            lines.append({"row": row["row"], dimension: member, **part})
    return pl.DataFrame(lines, schema={"row": pl.Int32, dimension: pl.String, "commit": pl.Int64, "extra": pl.Int64})


def _product_lines(customers: pl.DataFrame) -> pl.DataFrame:
    """Split each customer of a row over two products, a third and two thirds."""
    first = pl.col("commit", "extra") // 3
    return pl.concat([
        customers.with_columns(first, product=pl.lit("p1")),
        customers.with_columns(pl.col("commit", "extra") - first, product=pl.lit("p3")),
    ]).select("row", "customer", "product", "commit", "extra").sort("row", "customer", "product")  # fmt: skip


def _history(quotas: list[dict]) -> list[dict]:
    """Bo sold nothing last year; the others bought p1 on the third of each month, and once p3."""
    lines = [{"row": row["row"], "measure": row["measure"], "customer": _CUSTOMERS[row["person"]][0], "product": "p1",
              "date": date(2027, month, 3), "amount_e4": 10_000 * month + 50}
             for row in quotas if row["person"] != "Bo" for month in range(1, 13)]  # fmt: skip
    return [*lines, {**lines[0], "product": "p3", "date": date(2027, 5, 9), "amount_e4": -30_000}]


def small_plan(settings: PlanSettings = SETTINGS) -> Plan:
    """Return the plan of three people with the cuts customer, product (side by side) and product lines of customers."""
    quotas = _quotas()
    season = [{"season": 0, "month": m, "rate": 0.5 + m / 10} for m in range(1, 13)]
    away = [{"person": "Ana", "since": date(2027, 8, 1), "until": date(2027, 9, 1), "factor": 0.0}]
    plan = bare_plan(
        [{"curve": k, "season": -1 if k == 1 else 0, "person": person} for k, person in enumerate(_PEOPLE)],
        settings=settings,
        quotas=table("quotas", quotas),
        members=table("members", _MEMBERS),
        seasons=table("seasons", season),
        availability=table("availability", away),
        last_year=table("last_year", _history(quotas)),
    )
    customers = _cut(quotas, _CUSTOMERS, "customer")
    products = _cut(quotas, dict.fromkeys(_PEOPLE, ("p1", "p2", "p3")), "product")
    return replace(plan, cuts={"customer": customers, "product": products})


def nested_plan() -> Plan:
    """Return the small plan with the product split as a step of customer, not beside it."""
    plan = small_plan()
    return replace(plan, cuts={"customer": plan.cuts["customer"], "line": _product_lines(plan.cuts["customer"])})
