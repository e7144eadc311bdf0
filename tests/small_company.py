"""A small tea house known by name, and builders that make variations of it in a line or two.

Money is written in major units and read back in cents. ``tea_house()`` is the whole world; ``firm(...)`` is an empty
one that a test fills with just what it talks about.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from functools import cache

import polars as pl

from quotum.adapters.calendars import list_days
from quotum.engine.basics.issues import Issue
from quotum.engine.planning import calendar_span, make_plan
from quotum.engine.slices import Request, cut_slice
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import AcrossStep, AlongStep, Measure, PlanSettings, Target
from quotum.engine.tables.plan_tables import Plan
from quotum.engine.tables.schema import TABLES

UNIT, PERSON, FLAT = AcrossStep("unit", "unit"), AcrossStep("person", "person"), AlongStep("calendar", season="flat")
CALENDAR = AlongStep("calendar")
CUSTOMER, PRODUCT = AcrossStep("customer", "customer", of="calendar"), AcrossStep("product", "product", of="calendar")
USUAL = (UNIT, PERSON, CALENDAR, CUSTOMER, PRODUCT)

MEASURES = {
    "revenue": Measure("revenue", decimals=2),
    "units": Measure("units", history="quantity"),
    "gross_profit": Measure("gross_profit", decimals=2, history="margin"),
    "orders": Measure("orders", history="orders"),
    "customers": Measure("customers", history="customers"),
    "outlets": Measure("outlets", kind="level", history="customers"),
}


def day(text: str) -> date:
    return date.fromisoformat(text)


def table(name: str, rows: Iterable[Mapping[str, object]]) -> pl.DataFrame:
    """Return the table ``name`` from rows in major units and ISO dates; columns that are left out are empty."""
    columns = TABLES[name].columns
    unknown = {key for row in rows for key in row} - {c.name for c in columns}
    assert not unknown, f"{name} has no column {unknown}"
    read = {"amount": lambda value: round(value * 10_000), "date": day}
    lines = [
        {c.field: None if (value := row.get(c.name)) is None else read.get(c.kind, lambda v: v)(value) for c in columns}
        for row in rows
    ]
    return pl.DataFrame(lines, schema=TABLES[name].schema)


def firm(
    people: Mapping[str, str],
    customers: Mapping[str, str | None] | None = None,
    sales: Iterable[Mapping[str, object]] = (),
    /,
    *,
    units: Mapping[str, str | None] | None = None,
    **tables: Iterable[Mapping[str, object]],
) -> Company:
    """Return a company of people (name: unit) and customers (name: owner); further tables are lists of rows.

    The units stand side by side below ``Firm`` unless ``units`` (name: parent) says otherwise. Rows of ``tables`` for
    people or customers complete what the first two arguments say.
    """
    known = units if units is not None else {"Firm": None, **dict.fromkeys(people.values(), "Firm")}
    more = {name: {row[TABLES[name].key[0]]: row for row in tables.pop(name, ())} for name in ("people", "customers")}
    rows = {
        "units": [{"unit": unit, "parent": parent} for unit, parent in known.items()],
        "people": [{"person": p, "unit": unit, **more["people"].get(p, {})} for p, unit in people.items()],
        "customers": [
            {"customer": c, "person": p, **more["customers"].get(c, {})} for c, p in (customers or {}).items()
        ],
        "sales": list(sales),
        **tables,
    }
    return Company.of({name: table(name, lines) for name, lines in rows.items()})


def sale(customer: str, amount: float, when: str = "2026-03-10", product: str | None = None, **more: object) -> dict:
    return {"date": when, "customer": customer, "product": product, "amount": amount, **more}


def each_month(customer: str, amount: float, year: int = 2026, product: str | None = None, **more: object) -> list:
    """Return twelve sales of the same amount, on the tenth of each month."""
    return [sale(customer, amount, f"{year}-{month:02}-10", product, **more) for month in range(1, 13)]


def settings(
    *steps: AcrossStep | AlongStep, commit: float = 10_000, stretch: float | None = None, **more: object
) -> PlanSettings:
    """Return the settings of a plan for 2027 with one target in revenue; ``more`` are fields of PlanSettings."""
    target = Target("revenue", round(commit * 100), round((commit if stretch is None else stretch) * 100))
    usual = {"since": date(2027, 1, 1), "until": date(2028, 1, 1), "as_of": date(2026, 12, 31), "targets": (target,)}
    return PlanSettings(name="Test", steps=tuple(steps), measures=MEASURES, **{**usual, **more})


@cache
def _days(country: str, since: date, until: date) -> tuple[pl.DataFrame, list[Issue]]:
    return list_days(country, since, until)


def try_plan(company: Company, wanted: PlanSettings) -> tuple[Plan | None, list[Issue]]:
    days, _ = _days(wanted.country, *calendar_span(wanted))
    return make_plan(company, wanted, days)


def plan(company: Company, *steps: AcrossStep | AlongStep | PlanSettings, **more: object) -> Plan:
    """Return the plan; steps may be followed by what ``settings`` takes."""
    wanted = steps[0] if steps and isinstance(steps[0], PlanSettings) else settings(*steps, **more)
    made, issues = try_plan(company, wanted)
    assert made is not None, issues
    return made


def issues_of(company: Company, *steps: AcrossStep | AlongStep, **more: object) -> list[Issue]:
    return try_plan(company, settings(*steps, **more))[1]


def refusal(company: Company, *steps: AcrossStep | AlongStep, **more: object) -> list[Issue]:
    """Return the issues that forbid a plan; there must be some, and nothing may be planned."""
    made, issues = try_plan(company, settings(*steps, **more))
    assert made is None
    return [issue for issue in issues if issue.severity in ("error", "conflict")]


def slice_of(made: Plan, *by: str, **request: object) -> pl.DataFrame:
    frame, issues = cut_slice(made, Request(by=by, **request))
    assert not [i for i in issues if i.severity == "error"], issues
    return frame


def numbers(made: Plan, by: str = "person", **request: object) -> dict[str, int]:
    """Return the amount of each key in the smallest unit."""
    frame = slice_of(made, by, **request)
    return dict(zip(frame[by], frame["amount"], strict=True))


def months(made: Plan, **under: str) -> list[int]:
    """Return the twelve (or fewer) months of a slice in the smallest unit."""
    return slice_of(made, grain="month", under=tuple(under.items()))["amount"].to_list()


def reasons(made: Plan, step: str, layer: str = "commit") -> dict[str, dict[str, object]]:
    """Return the line of ``splits`` of each member of a step, windows aside; a place's own part wins over the place."""
    of_step = (pl.col("step") == step) & (pl.col("layer") == layer) & (pl.col("dimension") != "window")
    found = made["splits"].filter(of_step)
    return {line["member"]: line for line in found.iter_rows(named=True)}


def with_steps(wanted: PlanSettings, *steps: AcrossStep | AlongStep) -> PlanSettings:
    return replace(wanted, steps=steps)


def tea_house() -> Company:
    """Return the tea house: Ana in the North, Bo on its coast, Cy, newcomer Eve and leaver Lou in the South.

    The harbour is Ana's, the inn Bo's; Bo and Cy share the kiosk 0.6 to 0.4; the lodge goes from Cy to Eve in July; the
    market (with returns) is Cy's, the pub Lou's who leaves in July, the spa Eve's who comes in April; nobody owns the
    camp. Ana is away in August. Two teas and a pot are sold.
    """
    monthly = {"harbour": 90, "inn": 210, "kiosk": 100, "lodge": 120, "market": 300, "pub": 60, "spa": 40, "camp": 75}
    products = ("green", "black", "pot")
    sales = [
        sale(customer, round(amount * growth * (0.7 + 0.05 * month), 2), f"{year}-{month:02}-{5 + place:02}",
             products[(place + month) % 3], quantity=month + place, order=f"{customer}-{year}-{month}")
        for year, growth in ((2024, 0.8), (2025, 0.9), (2026, 1.0))
        for month in range(1, 13)
        for place, (customer, amount) in enumerate(monthly.items())
    ]  # fmt: skip
    sales.append(sale("market", -155.55, "2026-11-20", "green", quantity=-4, order="market-back"))
    return firm(
        {"ana": "North", "bo": "Coast", "cy": "South", "eve": "South", "lou": "South"},
        {"harbour": "ana", "inn": "bo", "kiosk": "bo", "lodge": "cy", "market": "cy", "pub": "lou", "spa": "eve",
         "camp": None},
        sales,
        units={"House": None, "North": "House", "Coast": "North", "South": "House"},
        people=[{"person": "eve", "hired": "2027-04-01", "ability": 0.8}, {"person": "lou", "left": "2027-07-01"},
                {"person": "bo", "ability": 1.3}],
        customers=[{"customer": c, "area": area, "channel": channel, "class": kind, "potential": 1000.0 * (i + 1)}
                   for i, (c, area, channel, kind) in enumerate((
                       ("harbour", "Sea", "bar", "VIP"), ("inn", "Sea", "bar", "first"),
                       ("kiosk", "Sea", "shop", None),
                       ("lodge", "Hills", "bar", "first"), ("market", "Hills", "shop", "VIP"),
                       ("pub", "Hills", "bar", None), ("spa", "Hills", "bar", "first"),
                       ("camp", "Sea", "shop", None)))],
        ownership=[{"customer": "kiosk", "person": "bo", "since": "2020-01-01", "share": 0.6},
                   {"customer": "kiosk", "person": "cy", "since": "2020-01-01", "share": 0.4},
                   {"customer": "lodge", "person": "cy", "since": "2020-01-01", "until": "2027-07-01"},
                   {"customer": "lodge", "person": "eve", "since": "2027-07-01"}],
        absences=[{"person": "ana", "since": "2027-08-01", "until": "2027-09-01", "kind": "leave"}],
        areas=[{"area": "Land"}, {"area": "Sea", "parent": "Land"}, {"area": "Hills", "parent": "Land"}],
        categories=[{"category": "goods"}, {"category": "tea", "parent": "goods"},
                    {"category": "ware", "parent": "goods"}],
        products=[{"product": "green", "category": "tea", "price": 8, "cost": 4},
                  {"product": "black", "category": "tea", "price": 6, "cost": 4.5},
                  {"product": "pot", "category": "ware", "price": 30, "cost": 12}],
        events=[{"since": "2026-06-01", "until": "2026-06-15", "kind": "fair", "effect": 1.5},
                {"since": "2027-06-08", "until": "2027-06-22", "kind": "fair", "effect": 1.5},
                {"since": "2027-12-01", "until": "2027-12-24", "kind": "promotion", "scope": "unit=North",
                 "effect": 1.2}],
        market=[{"area": "Sea", "category": "tea", "year": 2026, "capacity": 9000.0, "own": 4000.0},
                {"area": "Hills", "category": "tea", "year": 2026, "capacity": 6000.0, "own": 3000.0}],
    )  # fmt: skip
