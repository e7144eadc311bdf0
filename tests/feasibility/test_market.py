"""The share of the market a target asks for; the figures of worked example 3."""

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quotum.engine.tables.feasibility_settings import FeasibilitySettings
from quotum.engine.tables.plan_settings import Measure, Target
from quotum.engine.targets.market import hold_against_market
from small_company import day, firm, sale, settings

SETS = {"measures": {"sets": Measure("sets", history="quantity"), "revenue": Measure("revenue", decimals=2)}}


def shop(**market):
    """Return a firm that sold 11,200 sets last year, 9,000 of them in the city, within the market's lines."""
    sales = [sale("hotel", 1, quantity=9_000), sale("villa", 1, quantity=2_200)]
    return firm(
        {"ana": "North"}, {"hotel": "ana", "villa": "ana"}, sales,
        customers=[{"customer": "hotel", "area": "city"}, {"customer": "villa", "area": "hills"}],
        areas=[{"area": "land"}, {"area": "city", "parent": "land"}, {"area": "hills", "parent": "land"}], **market,
    )  # fmt: skip


def air(commit=50_000, stretch=None, **more):
    target = Target("sets", commit, stretch or commit)
    return replace(settings(), **{"targets": (target,), **SETS, **more})


def rules(market):
    return [(issue.rule, dict(issue.details)) for issue in market.issues]


def test_case_3_an_eighth_of_the_market_is_four_and_a_half_times_todays_share():
    market = hold_against_market(shop(market=[{"year": 2026, "capacity": 400_000, "own": 11_200}]), air())
    [line] = market.shares.iter_rows(named=True)
    assert (line["share_commit"], line["share_now"]) == (0.125, pytest.approx(0.028))
    [(rule, said)] = rules(market)
    assert (rule, said["implied"], said["now"], said["factor"]) == ("share_multiplied", "12.5 %", "2.8 %", "4.5")


def test_areas_carry_last_years_part_of_the_target_and_a_cell_above_holds_those_below():
    market = hold_against_market(
        shop(market=[
            {"area": "city", "year": 2026, "capacity": 90_000, "own": 9_000},
            {"area": "hills", "year": 2026, "capacity": 220_000, "own": 2_200},
            {"area": "land", "year": 2026, "capacity": 310_000},
            {"area": "land", "year": 2025, "capacity": 300_000},
        ]), air(commit=11_200),
    )  # fmt: skip
    found = {line["area"]: line for line in market.shares.iter_rows(named=True)}
    assert found["city"]["commit"] == pytest.approx(9_000)
    assert found["hills"]["share_commit"] == pytest.approx(0.01)
    assert found["land"]["growth"] == pytest.approx(1 / 30)
    assert found[None]["capacity"] == 310_000
    assert market.issues == []


def test_the_capacity_is_counted_once_where_each_competitor_has_a_line():
    lines = [{"year": 2026, "capacity": 50_000, "own": 11_200, "competitor": name, "competitor_share": 0.4}
             for name in ("Meiju", "Northlight")]  # fmt: skip
    market = hold_against_market(shop(market=lines), air(commit=12_000))
    assert market.shares["capacity"].to_list()[0] == 50_000
    [said] = [said for rule, said in rules(market) if rule == "competitors_leave_less"]
    assert (said["held"], said["left"], said["implied"]) == ("80 %", "20 %", "24 %")


def test_half_a_year_is_held_against_half_of_the_market():
    company = shop(market=[{"year": 2026, "capacity": 400_000, "own": 11_200}])
    market = hold_against_market(company, air(commit=25_000, until=day("2027-07-01")))
    assert market.shares["share_commit"][0] == pytest.approx(0.125)


def test_a_target_beyond_the_market_and_own_sales_that_differ_are_told():
    market = hold_against_market(shop(market=[{"year": 2024, "capacity": 40_000, "own": 20_000}]), air())
    assert [rule for rule, _ in rules(market)] == ["market_old", "target_above_market"]
    market = hold_against_market(shop(market=[{"year": 2026, "capacity": 400_000, "own": 30_000}]), air())
    [said] = [said for rule, said in rules(market) if rule == "market_own_differs"]
    assert (said["own"], said["sold"]) == ("30,000", "11,200")


def test_without_a_market_or_for_another_measure_nothing_is_said():
    assert hold_against_market(shop(), air()).shares.is_empty()
    other = air(feasibility=FeasibilitySettings(market="revenue"))
    assert hold_against_market(shop(market=[{"year": 2026, "capacity": 1}]), other).year is None


@given(st.permutations(range(4)))
def test_the_order_of_lines_does_not_matter(order):
    places = [("city", 2026), ("hills", 2026), ("city", 2025), ("hills", 2025)]
    lines = [{"area": area, "year": year, "capacity": 1e5 / (1 + k), "own": 3e3 / 7}
             for k, (area, year) in enumerate(places)]  # fmt: skip
    usual = hold_against_market(shop(market=lines), air()).shares
    assert hold_against_market(shop(market=[lines[i] for i in order]), air()).shares.equals(usual)
    assert usual.schema["capacity"] == pl.Float64
