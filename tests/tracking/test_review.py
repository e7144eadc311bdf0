"""A review holds actuals against the plan: everything sold is somebody's, once, and every table tells the same sum."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from small_reviews import drivers, review, standing, with_sales

from quotum.engine.planning import review_plan, up_to
from small_company import (
    CALENDAR,
    CUSTOMER,
    PERSON,
    PRODUCT,
    UNIT,
    USUAL,
    each_month,
    firm,
    numbers,
    plan,
    sale,
    slice_of,
    tea_house,
)

DATES = ("2027-01-31", "2027-06-30", "2027-09-14", "2027-12-31")
SUMS = ("target", "plan_to_date", "actual", "last_year", "outlook")


@pytest.fixture(scope="module")
def house():
    company = tea_house()
    made = plan(company, *USUAL, commit=20_000, stretch=24_000)
    happened = [
        sale(customer, round(amount * (0.6 + 0.07 * month), 2), f"2027-{month:02}-{7 + place:02}",
             ("green", "black", "pot")[(place + month) % 3], quantity=month + place, order=f"{customer}-27-{month}")
        for month in range(1, 13)
        for place, (customer, amount) in enumerate(
            {"harbour": 95, "inn": 190, "kiosk": 133.33, "lodge": 150, "market": 260, "camp": 80}.items())
    ]  # fmt: skip
    happened.append(sale("market", -77.77, "2027-03-02", "green", quantity=-2, order="back"))
    return with_sales(company, happened), made


@pytest.mark.parametrize("as_of", DATES)
def test_every_level_is_the_sum_of_what_is_below_it(house, as_of):
    made = review(*house, as_of)
    for level in ("commit", "stretch"):
        people, units = standing(made, "person", level), standing(made, "unit", level)
        company = standing(made, "company", level)[""]
        for name in SUMS:
            assert sum(line[name] for line in people.values()) == company[name], name
            assert units["House"][name] == company[name]
            assert units["North"][name] == units["Coast"][name] + sum(
                line[name] for line in people.values() if line["unit"] == "North"
            )


@pytest.mark.parametrize("as_of", DATES)
def test_what_was_sold_is_credited_once(house, as_of):
    company, _ = house
    made = review(*house, as_of)
    sold = company["sales"].filter(pl.col("date").is_between(date(2027, 1, 1), date.fromisoformat(as_of)))
    total = sold["amount_e4"].sum() // 100
    assert standing(made, "company")[""]["actual"] == total
    assert made["actuals"]["amount"].sum() == total
    customers = made["movers"].filter(pl.col("dimension") == "customer")
    assert customers["actual"].sum() == total
    assert made["movers"].filter(pl.col("dimension") == "product")["actual"].sum() == total


@pytest.mark.parametrize("as_of", DATES)
@pytest.mark.parametrize("level", ["commit", "stretch"])
def test_drivers_add_up_to_the_gap_of_every_node(house, as_of, level):
    made = review(*house, as_of)
    for dimension in ("company", "unit", "person"):
        for node, line in standing(made, dimension, level).items():
            assert sum(drivers(made, node, dimension, level).values()) == line["actual"] - line["plan_to_date"]


def test_what_is_due_is_what_the_plan_says(house):
    _, made = house
    for level in ("commit", "stretch"):
        due = numbers(made, until=date(2027, 6, 1), level=level)
        whole = numbers(made, level=level)
        shown = standing(review(*house, "2027-05-31"), level=level)
        assert {node: line["plan_to_date"] for node, line in shown.items() if line["in_plan"]} == due
        assert {node: line["target"] for node, line in shown.items() if line["in_plan"]} == whole


def test_nothing_after_the_day_matters(house):
    company, made = house
    early = up_to(company, date(2027, 6, 30))
    for name, frame in review(company, made, "2027-06-30").tables.items():
        assert frame.equals(review(early, made, "2027-06-30")[name]), name


def test_the_order_of_rows_does_not_matter(house):
    company, made = house
    turned = type(company)({name: frame.reverse() for name, frame in company.tables.items()})
    one, two = review(company, made, "2027-08-20"), review(turned, made, "2027-08-20")
    for name, frame in one.tables.items():
        assert frame.equals(two[name]), name


def test_before_the_plan_there_is_nothing_to_review(house):
    company, made = house
    told, issues = review_plan(company, made, pl.DataFrame(), date(2026, 6, 30))
    assert told is None
    assert [issue.rule for issue in issues] == ["review_before_plan"]


def test_when_the_plan_is_over_the_outlook_is_what_happened(house):
    for line in standing(review(*house, "2027-12-31")).values():
        assert line["outlook"] == line["low"] == line["high"] == line["actual"]
        assert line["chance"] == float(line["actual"] >= line["target"])
        assert line["needed_day"] is None


def test_attainment_may_pass_a_hundred_percent():
    """A cap at 100 would hide who does more."""
    company = firm({"ana": "North"}, {"inn": "ana"}, each_month("inn", 100))
    made = plan(company, UNIT, PERSON, CALENDAR, commit=1200)
    done = standing(review(with_sales(company, [sale("inn", 5000, "2027-01-20")]), made, "2027-01-31"))["ana"]
    assert done["actual"] == 5000_00
    assert done["actual"] > 4 * done["target"]
    assert done["needed_day"] == 0


def test_somebody_who_sold_nothing_is_told_with_nothing():
    sales = [*each_month("inn", 100), *each_month("pub", 50)]
    company = firm({"ana": "North", "bo": "North"}, {"inn": "ana", "pub": "bo"}, sales)
    made = plan(company, UNIT, PERSON, CALENDAR, commit=1800)
    shown = standing(review(with_sales(company, [sale("inn", 80, "2027-01-20")]), made, "2027-01-31"))
    assert shown["bo"]["actual"] == 0
    assert shown["bo"]["plan_to_date"] > 0


def test_a_sale_with_two_owners_is_counted_once_and_to_the_cent():
    """Three owners of a third each: 100.00 is 33.33 + 33.34 + 33.33, not three times 100."""
    shares = [{"customer": "inn", "person": p, "since": "2020-01-01", "share": 1 / 3} for p in ("ana", "bo", "cy")]
    company = firm(dict.fromkeys(("ana", "bo", "cy"), "North"), {"inn": None}, each_month("inn", 100), ownership=shares)
    made = plan(company, UNIT, PERSON, CALENDAR, commit=1200)
    shown = standing(review(with_sales(company, [sale("inn", 100, "2027-01-20")]), made, "2027-01-31"))
    assert sorted(line["actual"] for line in shown.values()) == [3333, 3333, 3334]


def test_a_customer_that_changes_hands_takes_only_later_sales_along():
    held = [{"customer": "inn", "person": "ana", "since": "2020-01-01", "until": "2027-02-01"},
            {"customer": "inn", "person": "bo", "since": "2027-02-01"}]  # fmt: skip
    company = firm({"ana": "North", "bo": "South"}, {"inn": None}, each_month("inn", 100), ownership=held)
    made = plan(company, UNIT, PERSON, CALENDAR, commit=1200)
    happened = [sale("inn", 70, "2027-01-31"), sale("inn", 30, "2027-02-01")]
    shown = standing(review(with_sales(company, happened), made, "2027-03-31"))
    assert {node: line["actual"] for node, line in shown.items()} == {"ana": 70_00, "bo": 30_00}


def test_a_return_counts_on_the_day_it_comes_back_and_is_told_by_its_name():
    company = firm({"ana": "North"}, {"inn": "ana"}, each_month("inn", 100))
    made = plan(company, UNIT, PERSON, CALENDAR, CUSTOMER, commit=1200)
    happened = [sale("inn", 100, "2027-01-10"), sale("inn", -40, "2027-02-03")]
    company = with_sales(company, happened)
    assert standing(review(company, made, "2027-01-31"))["ana"]["actual"] == 100_00
    later = review(company, made, "2027-02-28")
    assert standing(later)["ana"]["actual"] == 60_00
    assert drivers(later, "ana")["returns"] == -40_00


def test_sales_of_somebody_without_a_number_are_told_and_count_above():
    company = firm({"ana": "North"}, {"inn": "ana"}, each_month("inn", 100))
    made = plan(company, UNIT, PERSON, CALENDAR, commit=1200)
    grown = firm({"ana": "North", "new": "North"}, {"inn": "ana", "pub": "new"},
                 [*each_month("inn", 100), sale("pub", 55, "2027-01-12")])  # fmt: skip
    told = review(grown, made, "2027-01-31")
    assert standing(told)["new"]["actual"] == 55_00
    assert not standing(told)["new"]["in_plan"]
    assert standing(told, "unit")["North"]["actual"] == 55_00
    assert "review_beside_plan" in told["issues"]["rule"].to_list()


def test_a_plan_without_people_is_reviewed_by_unit():
    sales = [*each_month("inn", 100), *each_month("pub", 50)]
    company = firm({"ana": "North", "bo": "South"}, {"inn": "ana", "pub": "bo"}, sales)
    made = plan(company, UNIT, CALENDAR, commit=1800)
    told = review(with_sales(company, [sale("inn", 80, "2027-01-20")]), made, "2027-01-31")
    assert standing(told) == {}
    units = {node: line["actual"] for node, line in standing(told, "unit").items()}
    assert units == {"Firm": 80_00, "North": 80_00, "South": 0}
    only = plan(company, CALENDAR, commit=1800)
    assert standing(review(company, only, "2027-01-31"), "company")[""]["target"] == 1800_00


def test_gaps_of_customers_lie_beside_the_plan_of_customers():
    company = firm({"ana": "North"}, {"inn": "ana", "pub": "ana"}, [*each_month("inn", 100), *each_month("pub", 50)])
    made = plan(company, UNIT, PERSON, CALENDAR, CUSTOMER, PRODUCT, commit=1800)
    movers = review(with_sales(company, [sale("inn", 80, "2027-01-20")]), made, "2027-01-31")["movers"]
    due = slice_of(made, "customer", until=date(2027, 2, 1))
    by_customer = movers.filter(pl.col("dimension") == "customer").sort("key")
    assert by_customer["plan_to_date"].to_list() == due.sort("customer")["amount"].to_list()
    assert by_customer["gap"].sum() == 80_00 - due["amount"].sum()
