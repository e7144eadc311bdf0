"""Customers of nobody go to near people in equal parts; who has an owner changes hands seldom."""

from __future__ import annotations

from datetime import date

import polars as pl
from visit_worlds import town, visits

from quotum.engine.action_plan.assigning import assign_customers
from quotum.engine.tables.visit_settings import Cadence
from small_company import firm

HOMES = {"Ana": (55.95, -3.30), "Ben": (55.95, -3.10), "Cao": (55.99, -3.19)}


def crew(owner=lambda at: None, homes=True, count=90):
    rows = town(count, classes="Z")
    people = [{"person": p, **({"lat": lat, "lon": lon} if homes else {})} for p, (lat, lon) in HOMES.items()]
    owners = {row["customer"]: owner(at) for at, row in enumerate(rows)}
    return firm(dict.fromkeys(HOMES, "North"), owners, people=people, customers=rows)


def shared(company, assign, owners=None):
    known = company["customers"].select("customer", owner="person").drop_nulls() if owners is None else owners
    return assign_customers(company, visits(Cadence(everyone=20), assign=assign), known, date(2027, 1, 4))


def test_parts_are_equal_and_compact():
    for homes in (True, False):
        given = shared(crew(homes=homes), "vacant")
        counts = given.group_by("owner").len()["len"].to_list()
        assert sum(counts) == 90
        assert max(counts) - min(counts) <= 4
    placed = shared(crew(), "vacant").join(crew()["customers"].select("customer", "lat", "lon"), on="customer")
    middle = {owner: (lat, lon) for owner, lat, lon in placed.group_by("owner").agg(pl.col("lat", "lon").mean()).rows()}
    assert middle["Ana"][1] < middle["Cao"][1] < middle["Ben"][1]
    assert middle["Cao"][0] > max(middle["Ana"][0], middle["Ben"][0])


def test_owners_stay_when_only_vacant_customers_are_given():
    company = crew(lambda at: "Ana" if at < 20 else None)
    given = dict(shared(company, "vacant").rows())
    assert all(given[f"K{at:02d}"] == "Ana" for at in range(20))
    counts = [list(given.values()).count(person) for person in HOMES]
    assert max(counts) - min(counts) <= 4


def test_few_change_hands_when_all_are_given_anew():
    first = shared(crew(), "vacant")
    owners = dict(first.rows())
    again = dict(shared(crew(lambda at: owners[f"K{at:02d}"]), "all").rows())
    assert sum(again[c] != owner for c, owner in owners.items()) <= 3


def test_nobody_is_given_anything_unless_asked():
    assert shared(crew(), "none").height == 0
