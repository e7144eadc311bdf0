"""Real places: a quarter of eight reps over the shops of Edinburgh, and AdventureWorks' resellers."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from visit_worlds import plan_visits, visits

from quotum.engine.tables.company import Company
from quotum.engine.tables.visit_settings import Cadence
from small_company import firm

DATA = Path(os.environ.get("QUOTUM_DATA", Path(__file__).parents[3] / "shared" / "data"))
SHOPS, RESELLERS = DATA / "geo_edinburgh_shops" / "shops.csv", DATA / "adventureworks" / "resellers.csv"
BIG, SMALL = ("supermarket", "department_store", "mall", "doityourself"), ("vacant", "yes")
QUARTER = date(2027, 4, 1)


def company_of(customers: pl.DataFrame, people: int) -> Company:
    """Return a company whose people have no home and whose customers have no owner yet."""
    names = [f"R{at + 1:02d}" for at in range(people)]
    bare = firm(dict.fromkeys(names, "North"))
    return Company.of({**bare.tables, "customers": customers.sort("customer")})


def edinburgh(people: int = 8) -> Company:
    """Return the shops of Edinburgh: large ones are class A, shops without a name or kind class C, the others B."""
    shops = pl.read_csv(SHOPS).filter(~pl.col("shop").is_in(["vacant"]))
    kind = pl.when(pl.col("shop").is_in(BIG)).then(pl.lit("A")).when(pl.col("name").is_null()).then(pl.lit("C"))
    hours = pl.col("opening_hours").str.extract_groups(r"^Mo-(?:Sa|Su|Fr) (\d\d:\d\d)-(\d\d:\d\d)")
    return company_of(
        shops.select(
            customer="id", name="name", **{"class": kind.otherwise(pl.lit("B"))}, lat="latitude", lon="longitude",
            city="addr_street", opens=hours.struct[0], closes=hours.struct[1], minutes=pl.lit(15.0),
        ),
        people,
    )  # fmt: skip


def resellers(people: int = 15) -> Company:
    """Return the resellers; their class is how often they order."""
    listed = pl.read_csv(RESELLERS).select(
        customer=pl.format("R{}", "ResellerKey"), name="ResellerName", **{"class": pl.col("OrderFrequency")},
        lat="Latitude", lon="Longitude", potential=pl.col("AnnualRevenue").cast(pl.Float64),
    )  # fmt: skip
    return company_of(listed, people)


@pytest.mark.slow
@pytest.mark.skipif(not SHOPS.is_file(), reason="needs the shops of Edinburgh in ../shared/data or QUOTUM_DATA")
def test_a_quarter_over_the_shops_of_edinburgh():
    wanted = visits(Cadence({"A": 20, "B": 60}, everyone=120), assign="vacant", visits_per_day=14)
    plan = plan_visits(edinburgh(), replace(wanted, until=QUARTER))
    told = plan["cadences"]
    assert told["person"].n_unique() == 8
    assert told["missed"].sum() <= 0.005 * told["needed"].sum()
    assert told.filter(pl.col("class") == "A")["missed"].sum() == 0
    per_person = plan["visits"].group_by("person").len()["len"]
    assert per_person.max() <= 1.25 * per_person.min()  # equal work
    minutes = plan["agenda"].filter(pl.col("kind") == "visit")["travel"].mean()
    assert isinstance(minutes, float)
    assert minutes <= 4  # a town: the next shop is near


@pytest.mark.slow
@pytest.mark.skipif(not RESELLERS.is_file(), reason="needs AdventureWorks in ../shared/data or QUOTUM_DATA")
def test_resellers_by_order_frequency():
    wanted = visits(Cadence({"Q": 65, "S": 130, "A": 260}), assign="vacant")
    plan = plan_visits(resellers(), replace(wanted, until=QUARTER))
    told = plan["cadences"]
    assert told["customer"].n_unique() == 701
    nowhere = next(issue for issue in plan.issues if issue.rule == "visits_without_place")
    assert dict(nowhere.details)["customers"] == "30"
    calls = told.filter(pl.col("kind") == "call")
    assert calls.height == 30
    assert calls["missed"].sum() == 0
    assert told["planned"].sum() > 0
    known = {"no_minutes", "too_dear", "too_far", "visits_cap", "spacing"}
    assert set(told.filter(pl.col("missed") > 0)["reason"]) <= known
