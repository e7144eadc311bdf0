"""Forecasts as the basis of a split and as the season of rows."""

from dataclasses import replace

import pytest

from small_company import (
    CALENDAR,
    CUSTOMER,
    FLAT,
    PERSON,
    PRODUCT,
    UNIT,
    firm,
    months,
    numbers,
    plan,
    reasons,
    sale,
    tea_house,
)

EXPECTED = (("forecast", 1.0),)


def growing():
    """Return a firm where Ann's shop grows month by month and Bob's shrinks; last year they were alike."""
    sales = [
        sale(shop, 100 + rise * (12 * (year - 2024) + month - 30), f"{year}-{month:02}-10")
        for shop, rise in (("rise", 2.0), ("fall", -2.0))
        for year in (2024, 2025, 2026)
        for month in range(1, 13)
    ]
    return firm({"ann": "North", "bob": "North"}, {"rise": "ann", "fall": "bob"}, sales)


def test_who_grows_gets_more_than_by_history():
    by_history, expected = plan(growing(), PERSON, FLAT), plan(growing(), replace(PERSON, basis=EXPECTED), FLAT)
    assert numbers(by_history)["ann"] < numbers(by_history)["bob"]  # the years before last count too
    assert numbers(expected)["ann"] > 1.2 * numbers(expected)["bob"]


def test_the_weight_is_what_the_plan_is_expected_to_bring():
    lines = reasons(plan(growing(), replace(PERSON, basis=EXPECTED), FLAT), "person")
    assert 1_200 < lines["ann"]["weight_forecast"] < 2_000
    assert sum(line["share"] for line in lines.values()) == pytest.approx(1.0)


def test_every_step_may_ask_for_forecasts():
    steps = [replace(step, basis=EXPECTED) for step in (UNIT, PERSON)]
    cuts = [replace(CUSTOMER, basis=EXPECTED), replace(PRODUCT, basis=(("forecast", 0.5), ("history", 0.5)))]
    made = plan(tea_house(), *steps, replace(CALENDAR, season="forecast"), *cuts)
    usual = plan(tea_house(), UNIT, PERSON, CALENDAR, CUSTOMER, PRODUCT)
    for by in ("person", "customer", "product"):
        assert sum(numbers(made, by).values()) == 1_000_000
        for key, amount in numbers(usual, by).items():
            assert numbers(made, by)[key] == pytest.approx(amount, rel=0.3, abs=2_000)


def test_the_season_of_the_forecast_is_that_of_the_years():
    expected = months(plan(tea_house(), UNIT, PERSON, replace(CALENDAR, season="forecast")))
    usual = months(plan(tea_house(), UNIT, PERSON, CALENDAR))
    assert expected == pytest.approx(usual, rel=0.1)
    assert expected[0] < expected[11]


def test_who_never_sold_weighs_nothing_and_the_fallback_helps():
    company = firm({"ann": "North", "new": "South"}, {"shop": "ann"})
    lines = numbers(plan(company, replace(PERSON, basis=EXPECTED), FLAT))
    assert lines["ann"] == lines["new"] == 500_000
