"""Traps that peers fell into (numbers of the field notes, section 4) and that a review must step over."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "tracking"))
from small_reviews import drivers, review, standing, with_sales

from quotum.adapters.printing.review_tables import draw_review, percent
from quotum.engine.revisions import revise_plan
from quotum.engine.revisions.changes import Change
from quotum.engine.slices import Request
from quotum.engine.slices.attaining import attain_slice
from small_company import (
    CALENDAR,
    CUSTOMER,
    MEASURES,
    PERSON,
    PRODUCT,
    UNIT,
    USUAL,
    each_month,
    firm,
    plan,
    sale,
    tea_house,
)
from small_company import settings as plan_settings

TWO = {"ana": "North", "bo": "North"}
SALES = [*each_month("inn", 100, product="green"), *each_month("pub", 60, product="pot")]
TEA = [{"product": "green", "category": "tea", "price": 8}, {"product": "pot", "category": "ware", "price": 30}]


def world(*steps, sold=SALES, **tables):
    company = firm(TWO, {"inn": "ana", "pub": "bo"}, sold, products=TEA, **tables)
    return company, plan(company, *(steps or (UNIT, PERSON, CALENDAR, CUSTOMER)), commit=2400)


def actual(told, by, **asked):
    made, reviewed = told
    frame, issues = attain_slice(made, reviewed, Request(by=by, **asked))
    assert not issues
    return frame


@settings(max_examples=4)
@given(st.lists(st.tuples(st.sampled_from(["inn", "pub"]), st.integers(-5_000, 99_999), st.integers(1, 180),
                          st.sampled_from(["green", "pot", None]), st.integers(1, 9)), max_size=25))  # fmt: skip
def test_trap_1_and_14_sums_are_equal_to_the_cent_in_whatever_order_rows_come(rows):
    """Peers check with a tolerance, or pass remainders on in the order of the rows."""
    company, made = WORLD
    sold = [sale(who, cents / 100, f"2027-{1 + day // 30:02}-{1 + day % 28:02}", what, quantity=pieces, order=f"o{at}")
            for at, (who, cents, day, what, pieces) in enumerate(rows)]  # fmt: skip
    one = review(with_sales(company, sold), made, "2027-07-31")
    two = review(with_sales(company, sold[::-1]), made, "2027-07-31")
    assert all(one[name].equals(two[name]) for name in one.tables)
    for dimension in ("company", "unit", "person"):
        for node, line in standing(one, dimension).items():
            assert sum(drivers(one, node, dimension).values()) == line["actual"] - line["plan_to_date"]
    assert standing(one, "company")[""]["actual"] == sum(cents for _, cents, *_ in rows)


WORLD = world()


def test_trap_2_an_owner_and_product_twice_are_counted_as_two_sales_not_four():
    """A peer multiplies what was achieved where a person has two targets of one product."""
    company, made = world(UNIT, PERSON, CALENDAR, PRODUCT)
    twice = [sale("inn", 10, "2027-01-05", "green"), sale("inn", 10, "2027-01-05", "green")]
    told = made, review(with_sales(company, twice), made, "2027-01-31")
    assert actual(told, ("person", "product")).filter(person="ana", product="green")["actual"].item() == 20_00


def test_trap_3_everything_is_more_than_one_product():
    """A peer shows 0 for "all products" beside a product with a target of its own."""
    company, made = world(UNIT, PERSON, CALENDAR, replace(PRODUCT, members=("pot",)))
    sold = [sale("inn", 10, "2027-01-05", "green"), sale("inn", 5, "2027-01-05", "pot")]
    told = made, review(with_sales(company, sold), made, "2027-01-31")
    assert dict(actual(told, ("product",)).select("product", "actual").rows()) == {"pot": 5_00, "other": 10_00}
    assert actual(told, ())["actual"].item() == 15_00


def test_trap_4_a_team_holds_what_the_teams_below_it_sold():
    """Peers show team nodes as 0, or without the teams below them."""
    company = tea_house()
    made = plan(company, *USUAL, commit=20_000)
    sold = [sale("inn", 70, "2027-01-20"), sale("harbour", 30, "2027-01-20")]
    told = review(with_sales(company, sold), made, "2027-01-31")
    units = standing(told, "unit")
    assert (units["Coast"]["actual"], units["North"]["actual"], units["House"]["actual"]) == (70_00, 100_00, 100_00)


def test_trap_5_a_deal_of_two_owners_is_not_counted_twice():
    """Joining deals with owners fans them out."""
    owners = [{"customer": "inn", "person": who, "since": "2020-01-01", "share": 0.5} for who in ("ana", "bo")]
    company, made = world(ownership=owners)
    told = review(with_sales(company, [sale("inn", 100.01, "2027-01-20")]), made, "2027-01-31")
    people = standing(told)
    assert people["ana"]["actual"] + people["bo"]["actual"] == standing(told, "company")[""]["actual"] == 100_01


def test_trap_6_over_achievement_is_seen():
    """Peers cut progress at 100 %."""
    company, made = world()
    told = review(with_sales(company, [sale("inn", 3000, "2027-01-20")]), made, "2027-01-31")
    line = standing(told)["ana"]
    assert percent(line["actual"], line["plan_to_date"]) in draw_review(told)
    assert line["actual"] > line["target"]


def test_trap_7_nothing_sold_is_zero_not_missing():
    """Peers write no actual of 0, or take a missing month for 0 % of everything."""
    company, made = world()
    told = made, review(with_sales(company, [sale("inn", 10, "2027-03-05")]), made, "2027-04-30")
    months = actual(told, ("person",), grain="month").filter(pl.col("since") <= told[1].as_of)
    assert months.filter(person="ana")["actual"].to_list() == [0, 0, 10_00, 0]
    assert months.filter(person="bo")["actual"].to_list() == [0] * 4
    assert standing(told[1])["bo"]["actual"] == 0


def test_trap_9_and_10_months_are_tied_to_the_year_and_as_long_as_they_are():
    """Peers take 30 days for every month, or leave the year untied from its months."""
    company, made = world()
    sold = [sale("inn", 10, f"2027-{month:02}-28") for month in range(1, 13)]
    told = made, review(with_sales(company, sold), made, "2027-12-31")
    year = actual(told, ()).row(0, named=True)
    for grain in ("day", "week", "tenday", "month", "quarter", "half"):
        frame = actual(told, (), grain=grain)
        assert (frame["due"].sum(), frame["actual"].sum()) == (year["due"], year["actual"])


def test_trap_11_deals_count_when_they_close_and_lost_ones_never():
    """A peer counts by the day of creation; another keeps lost deals at full value."""
    projects = [{"project": "won", "customer": "inn", "stage": "won", "since": "2026-11-01", "amount": 500,
                 "close": "2027-02-10"},
                {"project": "lost", "customer": "inn", "stage": "lost", "since": "2027-01-01", "amount": 900,
                 "close": "2027-02-10"}]  # fmt: skip
    company = firm(TWO, {"inn": "ana", "pub": "bo"}, SALES, projects=projects)
    counted = {**MEASURES, "revenue": replace(MEASURES["revenue"], actual="projects")}
    made = plan(company, replace(plan_settings(UNIT, PERSON, CALENDAR, commit=2400), measures=counted))
    before, after = (standing(review(company, made, day))["ana"]["actual"] for day in ("2027-02-09", "2027-02-10"))
    assert (before, after) == (0, 500_00)


def test_trap_12_a_change_of_seller_leaves_what_was_sold_where_it_was():
    """In a peer a new salesperson rewrites or splits the whole history."""
    owners = [{"customer": "inn", "person": "ana", "since": "2020-01-01", "until": "2027-02-01"},
              {"customer": "inn", "person": "bo", "since": "2027-02-01"}]  # fmt: skip
    company, made = world(ownership=owners)
    sold = [sale("inn", 10, "2027-01-20"), sale("inn", 20, "2027-02-20")]
    people = standing(review(with_sales(company, sold), made, "2027-02-28"))
    assert (people["ana"]["actual"], people["bo"]["actual"]) == (10_00, 20_00)


def test_trap_15_an_old_gap_is_held_against_the_target_in_force_then():
    """A peer recomputes past deficits from today's target."""
    company, made = world()
    change = Change("scale", (("person", "ana"),), factor=Fraction(2), since=date(2027, 4, 1), until=date(2028, 1, 1))
    raised, issues = revise_plan(made, [change])
    assert raised is not None, issues
    old, new = (standing(review(company, one, "2027-03-31"))["ana"] for one in (made, raised))
    assert new["plan_to_date"] == old["plan_to_date"]
    assert new["target"] > old["target"]
