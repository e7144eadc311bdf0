"""A new customer counts from its first order: the county dealers of case 6, to the last unit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from quotum.engine.customers import describe_customers
from quotum.engine.customers.winning import count_needed, count_won, list_parts, sum_new_business
from quotum.engine.tables.customer_settings import CustomerSettings, NewCustomers
from small_company import firm, sale, settings

YEAR = (date(2027, 1, 1), date(2028, 1, 1))
EACH = 100_000 * 100  # about 100 k a year, in cents


def test_twenty_customers_make_two_million_only_with_a_full_year_each() -> None:
    assert 20 * EACH == 2_000_000 * 100
    assert sum_new_business(20 / 12, EACH, list_parts(*YEAR)).full_year == 2_000_000 * 100


def test_two_a_month_counted_from_the_first_order_bring_1_1_to_1_3_million() -> None:
    brought = sum_new_business(2, EACH, list_parts(*YEAR))
    assert (brought.low, brought.middle, brought.high) == (110_000_000, 120_000_000, 130_000_000)
    assert brought.full_year == 240_000_000


def test_two_a_month_make_24_a_year_and_14_by_the_end_of_july() -> None:
    assert count_won(2, *YEAR) == 24
    assert count_won(2, date(2027, 1, 1), date(2027, 8, 1)) == 14


def test_a_ramp_lowers_what_the_first_months_bring() -> None:
    parts = list_parts(*YEAR, ramp=(0.25, 0.5))
    assert parts.first[0] == pytest.approx((0.25 + 0.5 + 10) / 12)
    assert parts.first[11] == pytest.approx(0.25 / 12)
    assert parts.last[11] == 0


def test_months_that_the_plan_cuts_count_for_their_days() -> None:
    parts = list_parts(date(2027, 6, 16), date(2027, 8, 1))
    assert parts.lengths.tolist() == [0.5, 1.0]
    assert parts.first[0] == pytest.approx(1.5 / 12)


def test_nobody_is_needed_for_nothing_and_nobody_suffices_who_brings_nothing() -> None:
    assert count_needed(0, EACH) == 0
    assert count_needed(1, 0) is None
    assert count_needed(EACH * 3, EACH) == 3


def county(**prospect: object) -> tuple[object, object]:
    """Return a firm without sales that is asked for 2 M, and its settings."""
    company = firm({"ann": "North"}, {"wang": "ann"}, [], customers=[{"customer": "wang", **prospect}])
    new = CustomerSettings(new=NewCustomers(amount=100_000.0))
    return company, replace(settings(commit=2_000_000), customers=new)


def test_the_outlook_tells_both_readings_of_case_6() -> None:
    line = describe_customers(*county(), date(2026, 12, 31)).outlook.row(0, named=True)
    assert line["new_needed_minor"] == 200_000_000
    assert line["customers_if_full_year"] == 20
    assert line["customers_needed"] == 40
    assert line["new_each_minor"] == 5_000_000


def test_a_prospect_in_hand_counts_from_its_first_order_with_its_chance() -> None:
    company, wanted = county(monthly_demand=50_000.0, days_to_order=15.0)
    told = describe_customers(company, wanted, date(2026, 12, 31))
    line = told.outlook.filter(dimension="person", key="ann").row(0, named=True)
    months = 351 / (365.25 / 12)  # the first order comes on 15 January
    assert line["prospects"] == 1
    assert line["in_hand"] == pytest.approx(0.3)
    assert line["in_hand_minor"] == pytest.approx(50_000 * months * 0.3 * 100, abs=1)
    assert line["missing_minor"] == line["new_needed_minor"] - line["in_hand_minor"]
    assert line["member"] == "new_business:ann"
    assert told.prospects["quadrant"].to_list() == ["large_soon"]


def test_customers_that_are_there_bring_theirs_first() -> None:
    sales = [sale("old", 1000, f"{year}-{month:02}-10") for year in (2024, 2025, 2026) for month in range(1, 13)]
    company = firm({"ann": "North"}, {"old": "ann"}, sales)
    line = describe_customers(company, settings(commit=20_000), date(2026, 12, 31)).outlook.row(0, named=True)
    assert 1_000_000 < line["existing_minor"] <= 1_200_000
    assert line["new_needed_minor"] == 2_000_000 - line["existing_minor"]
