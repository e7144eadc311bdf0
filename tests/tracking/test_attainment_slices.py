"""Attainment by any keys and periods: what a plan asks beside what came of it, whole at every grain and parent."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from small_reviews import review, with_sales

from quotum.engine.slices import Request
from quotum.engine.slices.attaining import attain_slice
from quotum.engine.tables.plan_settings import AcrossStep, Measure, Target
from small_company import (
    CALENDAR,
    MEASURES,
    PERSON,
    PRODUCT,
    UNIT,
    USUAL,
    each_month,
    firm,
    plan,
    sale,
    settings,
    tea_house,
)

DAY = "2027-08-18"
GRAINS = (None, "quarter", "month", "week", "tenday", "day")
KEYS = (("unit",), ("unit@1",), ("person",), ("customer",), ("product",), ("channel",), ("area",), ("area@0",),
        ("class",), ("category",), ("category@0",), ("unit", "channel"), ("person", "category"))  # fmt: skip


@pytest.fixture(scope="module")
def house():
    company = tea_house()
    made = plan(company, *USUAL, commit=20_000, stretch=24_000)
    happened = [
        sale(customer, round(amount * (0.6 + 0.07 * month), 2), f"2027-{month:02}-{7 + place:02}",
             ("green", "black", "pot")[(place + month) % 3], quantity=month + place, order=f"{customer}-27-{month}")
        for month in range(1, 9)
        for place, (customer, amount) in enumerate(
            {"harbour": 95, "inn": 190, "kiosk": 133.33, "lodge": 150, "market": 260, "camp": 80}.items())
    ]  # fmt: skip
    happened.append(sale("market", -77.77, "2027-03-02", "green", quantity=-2))
    return made, review(with_sales(company, happened), made, DAY)


def cut(made, told, *by, **asked):
    frame, issues = attain_slice(made, told, Request(by=by, **asked))
    assert not [issue for issue in issues if issue.severity == "error"], issues
    return frame


@pytest.mark.parametrize("by", KEYS, ids=",".join)
def test_members_add_up_to_the_company_at_every_grain(house, by):
    made, told = house
    whole = told["attainment"].filter(dimension="company", level="commit").row(0, named=True)
    for grain in GRAINS:
        frame = cut(made, told, *by, grain=grain)
        sums = frame.select(pl.col("amount", "due", "actual").sum()).row(0)
        assert sums == (whole["target"], whole["plan_to_date"], whole["actual"]), grain


def test_a_parent_is_the_sum_of_its_members(house):
    made, told = house
    people = cut(made, told, "person", grain="month", under=(("unit", "North"),))
    north = cut(made, told, grain="month", under=(("unit", "North"),))
    assert people.group_by("since").agg(pl.col("due", "actual").sum()).sort("since").rows() == north.select(
        "since", "due", "actual").rows()  # fmt: skip
    tea = cut(made, told, "product", under=(("category", "tea"),))
    assert set(tea["product"]) == {"green", "black"}
    assert tea["actual"].sum() == cut(made, told, "category").filter(category="tea")["actual"].item()


def test_due_of_the_month_of_the_review_is_its_part_so_far(house):
    made, told = house
    months = cut(made, told, grain="month")
    past = months.filter(pl.col("until") <= date(2027, 8, 1))
    assert (past["due"] == past["amount"]).all()
    august = months.filter(period="2027-08").row(0, named=True)
    rest = months.filter(pl.col("since") > date(2027, 8, 18))
    assert 0 < august["due"] < august["amount"]
    assert rest["due"].sum() == rest["actual"].sum() == 0


def test_the_same_as_in_the_review(house):
    made, told = house
    for level in ("commit", "stretch"):
        frame = cut(made, told, "person", level=level)
        known = told["attainment"].filter(dimension="person", level=level)
        columns = ("node", "target", "plan_to_date", "actual")
        assert sorted(frame.select("person", "amount", "due", "actual").rows()) == sorted(known.select(columns).rows())


def test_a_new_customer_stands_where_the_company_says_it_belongs():
    old, new = {"customer": "old", "channel": "shop"}, {"customer": "new", "channel": "online"}
    before = firm({"ana": "North"}, {"old": "ana"}, each_month("old", 100), customers=[old])
    made = plan(before, *USUAL)
    later = firm({"ana": "North"}, {"old": "ana", "new": "ana"}, each_month("old", 100), customers=[old, new])
    sold = [sale("new", 50, "2027-02-01"), sale("old", 30, "2027-02-02")]
    told = review(with_sales(later, sold), made, "2027-03-31")
    found = {channel: (due, actual) for channel, due, actual in cut(made, told, "channel").select(
        "channel", "due", "actual").rows()}  # fmt: skip
    assert found["online"] == (0, 50_00)
    assert found["shop"][1] == 30_00


def test_products_beside_the_planned_ones_are_other():
    company = tea_house()
    made = plan(company, UNIT, PERSON, CALENDAR, replace(PRODUCT, members=("pot",)))
    told = review(with_sales(company, [sale("inn", 10, "2027-01-05", "green"), sale("inn", 20, "2027-01-05", "pot")]),
                  made, "2027-01-31")  # fmt: skip
    found = dict(cut(made, told, "product").select("product", "actual").rows())
    assert found == {"pot": 20_00, "other": 10_00}


def test_ratios_and_levels_by_any_key():
    price = Measure("price", "ratio", decimals=2, numerator="revenue", denominator="units")
    company = firm({"ana": "North", "bo": "South"}, {"inn": "ana", "pub": "bo"},
                   [*each_month("inn", 100, quantity=10), *each_month("pub", 60, quantity=10)])  # fmt: skip
    targets = (Target("revenue", 2400_00, 2400_00), Target("units", 300, 300), Target("outlets", 4, 4))
    wanted = settings(UNIT, PERSON, CALENDAR, AcrossStep("customer", "customer", of="calendar"), targets=targets)
    made = plan(company, replace(wanted, measures={**MEASURES, "price": price}))
    told = review(with_sales(company, [sale("inn", 300, "2027-01-20", quantity=20)]), made, "2027-01-31")
    prices = cut(made, told, "customer", measure="price", grain="month").filter(period="2027-01")
    assert dict(prices.select("customer", "actual").rows()) == {"inn": 15_00, "pub": None}
    outlets = cut(made, told, "person", measure="outlets", grain="month")
    assert outlets["period"].unique().to_list() == ["2027-01"]
    assert dict(outlets.select("person", "actual").rows()) == {"ana": 1, "bo": 1}


def test_what_the_plan_does_not_tell_is_an_issue(house):
    frame, issues = attain_slice(*house, Request(by=("nobody",)))
    assert frame.is_empty()
    assert [issue.rule for issue in issues] == ["unknown_dimension"]


@pytest.mark.parametrize("grain", GRAINS)
def test_last_year_stands_beside_up_to_the_same_day(house, grain):
    made, told = house
    whole = told["attainment"].filter(dimension="company", level="commit").row(0, named=True)
    frame = cut(made, told, grain=grain)
    assert frame["last_year"].sum() == whole["last_year"]
    people = cut(made, told, "person", grain=grain)
    assert people["last_year"].sum() <= whole["last_year"]
    assert frame.filter(pl.col("since") > told.as_of)["last_year"].null_count() == frame.filter(
        pl.col("since") > told.as_of).height  # fmt: skip
