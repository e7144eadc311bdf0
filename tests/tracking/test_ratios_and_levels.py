"""A ratio of a review is computed from the sums of its parts; a level is what is there on the day."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from small_reviews import drivers, review, with_sales

from quotum.adapters.printing.review_tables import draw_review, list_rows
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import Measure, Target
from small_company import CALENDAR, CUSTOMER, MEASURES, PERSON, UNIT, each_month, firm, plan, sale, settings

PRICE = Measure("price", "ratio", decimals=2, numerator="revenue", denominator="units")
SALES = [*each_month("inn", 100, quantity=10), *each_month("pub", 60, quantity=10)]
TWO = {"ana": "North", "bo": "South"}


def world(*targets):
    company = firm(TWO, {"inn": "ana", "pub": "bo"}, SALES)
    wanted = settings(UNIT, PERSON, CALENDAR, CUSTOMER, targets=targets)
    return company, plan(company, replace(wanted, measures={**MEASURES, "price": PRICE}))


def of(made, measure, dimension="person", level="commit"):
    lines = made["attainment"].filter(dimension=dimension, level=level, measure=measure)
    return {line["node"]: line for line in lines.iter_rows(named=True)}


@pytest.fixture(scope="module")
def prices():
    company, made = world(Target("revenue", 2400_00, 2400_00), Target("units", 300, 300))
    sold = [sale("inn", 300, "2027-01-20", quantity=20), sale("pub", 50, "2027-01-20", quantity=10)]
    return review(with_sales(company, sold), made, "2027-01-31")


def test_a_ratio_is_that_of_the_sums_not_the_mean_of_ratios(prices):
    people, company = of(prices, "price"), of(prices, "price", "company")[""]
    assert {name: line["actual"] for name, line in people.items()} == {"ana": 15_00, "bo": 5_00}
    assert company["actual"] == round(350_00 / 30)
    assert company["target"] == 8_00
    revenue, units = of(prices, "revenue", "company")[""], of(prices, "units", "company")[""]
    assert company["outlook"] == round(revenue["outlook"] / units["outlook"])
    assert (company["low"], company["chance"], company["needed_week"]) == (None, None, None)


def test_the_gap_of_a_ratio_is_split_between_its_parts(prices):
    for node, line in of(prices, "price").items():
        moved = prices["variance"].filter(dimension="person", node=node, level="commit", measure="price")
        assert moved["amount"].sum() == line["actual"] - line["plan_to_date"]
        assert set(moved["driver"]) <= {"numerator", "denominator"}
    assert all(sum(row["drivers"].values()) == row["actual"] - row["plan_to_date"] for row in list_rows(prices))
    assert "what is divided" in draw_review(prices)


def test_who_sold_nothing_has_no_ratio():
    company, made = world(Target("revenue", 2400_00, 2400_00), Target("units", 300, 300))
    told = review(with_sales(company, [sale("inn", 300, "2027-01-20", quantity=20)]), made, "2027-01-31")
    assert set(of(told, "price")) == {"ana"}
    assert of(told, "price", "company")[""]["actual"] == 15_00


def test_no_warning_takes_a_ratio_for_money(prices):
    assert "price" not in prices["warnings"]["key"].to_list()


def test_a_level_counts_every_customer_of_twelve_months_once():
    company, made = world(Target("outlets", 4, 4))
    sold = [sale("inn", 5, "2027-02-01"), sale("inn", 5, "2027-03-01")]  # the pub last bought in December
    told = review(with_sales(company, sold), made, "2027-06-30")
    people, whole = of(told, "outlets"), of(told, "outlets", "company")[""]
    assert {name: line["actual"] for name, line in people.items()} == {"ana": 1, "bo": 1}
    assert (whole["actual"], whole["plan_to_date"], whole["target"], whole["outlook"]) == (2, 4, 4, 2)
    later = review(with_sales(company, sold), made, "2027-12-20")
    assert {name: line["actual"] for name, line in of(later, "outlets").items()} == {"ana": 1, "bo": 0}
    assert of(later, "outlets")["bo"]["last_year"] == 1
    assert drivers(later, "bo") == {"lost_customers": -2}


def test_a_level_does_not_grow_with_time_and_belongs_to_who_holds_the_customer_now():
    owners = [{"customer": "inn", "person": "ana", "since": "2020-01-01", "until": "2027-03-01"},
              {"customer": "inn", "person": "bo", "since": "2027-03-01"}]  # fmt: skip
    company = firm(TWO, {"inn": None, "pub": "bo"}, SALES, ownership=owners)
    made = plan(company, settings(UNIT, PERSON, CALENDAR, targets=(Target("outlets", 4, 4),)))
    moved = [review(company, made, day) for day in ("2027-02-28", "2027-03-01")]
    assert [{n: line["actual"] for n, line in of(told, "outlets").items()} for told in moved] == [
        {"ana": 1, "bo": 1}, {"ana": 0, "bo": 2}]  # fmt: skip
    assert all(of(told, "outlets", "company")[""]["actual"] == 2 for told in moved)


def test_the_order_of_rows_decides_nothing():
    company, made = world(Target("revenue", 2400_00, 2400_00), Target("units", 300, 300), Target("outlets", 4, 4))
    sold = [sale("inn", 3.33 * day, f"2027-01-{day:02}", quantity=day, order=f"o{day}") for day in range(1, 29)]
    known = with_sales(company, sold)
    shuffled = {name: table.sample(fraction=1, shuffle=True, seed=3) for name, table in known.tables.items()}
    one, two = (review(world, made, "2027-01-31") for world in (known, Company({**known.tables, **shuffled})))
    for name in one.tables:
        assert one[name].equals(two[name]), name
    assert one["attainment"].select(pl.col("measure").unique().sort())["measure"].to_list() == [
        "outlets", "price", "revenue", "units"]  # fmt: skip
