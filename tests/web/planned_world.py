"""A small company in the database with a plan of its own as a draft: two units, four people, two years of sales.

``director`` may do everything, ``manager`` stands above the north (ann, ben), ``rep`` is ann.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from quotum.engine.tables.schema import TABLES
from quotum.web.bridge.plans import plan_company
from quotum.web.records.models import Person, Post, Setup, Unit, User
from quotum.web.services.company_tables import take_tables
from quotum.web.services.plans import keep_version

SETUP = """[plan]
name = "Small 2027"
since = 2027-01-01
until = 2028-01-01
as_of = 2026-12-31
country = "DE"
currency = "EUR"

[[target]]
measure = "revenue"
commit = 120_000
stretch = 150_000

[[step]]
across = "unit"

[[step]]
across = "person"
floor = 0.5

[[step]]
along = "calendar"

[[step]]
across = "customer"
"""
PEOPLE = {"ann": "north", "ben": "north", "cho": "south", "dev": "south"}


def build_company():
    """Take the company's tables into the empty database, add a setup and three accounts."""
    sales, day, number = [], date(2025, 1, 6), 0
    while day < date(2026, 12, 31):
        for at, person in enumerate(PEOPLE):
            number += 1
            sales.append({"date": day, "order": f"o{number}", "customer": f"c-{person}-{number % 2}",
                          "person": person, "quantity_e4": 10_000, "amount_e4": (100 + 40 * at + day.month) * 10_000})
        day += timedelta(days=7)  # fmt: skip
    take_tables(None, {
        "units": _table("units", [{"unit": "company", "parent": None, "name": "Company"},
                                  {"unit": "north", "parent": "company", "name": "North"},
                                  {"unit": "south", "parent": "company", "name": "South"}]),
        "people": _table("people", [{"person": p, "name": p.title(), "unit": u} for p, u in PEOPLE.items()]),
        "customers": _table("customers", [{"customer": f"c-{p}-{k}", "name": f"{p} {k}", "person": p}
                                          for p in PEOPLE for k in (0, 1)]),
        "sales": _table("sales", sales),
    }, "test")  # fmt: skip
    top, north = Unit.objects.get(unit="company"), Unit.objects.get(unit="north")
    for username, role, unit, person in (("director", "sales_director", top, None),
                                         ("manager", "area_manager", north, None), ("rep", "rep", north, "ann")):
        user = User.objects.create(username=username, person=person and Person.objects.get(pk=person))
        Post.objects.create(user=user, role=role, unit=unit, since=date(2020, 1, 1))
    return Setup.objects.create(name="main", text=SETUP)


def build_plan():
    """Build the company, plan it, and return the version: a draft."""
    setup = build_company()
    made = plan_company(setup.text)
    assert made.address, made.findings
    return keep_version(None, setup, setup.text, made, "test")


def _table(name, rows):
    return pl.DataFrame(rows, schema=TABLES[name].schema)
