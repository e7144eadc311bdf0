"""Customers change hands and are shared: dated ownership, windows, shares."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from small_company import CUSTOMER, FLAT, PERSON, UNIT, each_month, firm, months, numbers, plan, sale, slice_of

TWO = {"ana": "North", "bo": "South"}
ALL_DAYS = replace(FLAT, weekdays=(1,) * 7)


def owned(*rows, sales=None, **more):
    customers = {"a": "ana", "b": "bo", "x": None}
    return firm(TWO, customers, sales or [*each_month("a", 10), *each_month("b", 10), *each_month("x", 36.5)],
                ownership=[{"customer": "x", **row} for row in rows], **more)  # fmt: skip


HANDED_OVER = ({"person": "ana", "since": "2020-01-01", "until": "2027-05-01"}, {"person": "bo", "since": "2027-05-01"})


def test_shares_of_a_customer_split_its_history():
    company = owned({"person": "ana", "since": "2020-01-01", "share": 0.6},
                    {"person": "bo", "since": "2020-01-01", "share": 0.4}, sales=each_month("x", 10))  # fmt: skip
    assert numbers(plan(company, PERSON)) == {"ana": 6000_00, "bo": 4000_00}


def test_ownership_wins_over_the_customers_table():
    company = firm(TWO, {"x": "ana"}, each_month("x", 10),
                   ownership=[{"customer": "x", "person": "bo", "since": "2020-01-01"}])  # fmt: skip
    assert numbers(plan(company, PERSON)) == {"ana": 0, "bo": 10_000_00}


def test_a_customer_that_changes_hands_counts_for_each_owner_by_the_days_held():
    company = owned(*HANDED_OVER, sales=each_month("x", 36.5))
    made = plan(company, PERSON, ALL_DAYS, commit=365)
    assert numbers(made) == {"ana": 120_00, "bo": 245_00}


def test_days_are_weighed_as_the_calendar_weighs_them():
    """With weekdays only, January to April holds 86 of the year's 261 days."""
    made = plan(owned(*HANDED_OVER, sales=each_month("x", 36.5)), PERSON, FLAT, commit=261)
    assert numbers(made) == {"ana": 86_00, "bo": 175_00}


def test_two_windows_make_two_rows():
    made = plan(owned(*HANDED_OVER), PERSON, ALL_DAYS)
    rows = made["quotas"].select("person", "since", "until").rows()
    whole, may = (date(2027, 1, 1), date(2028, 1, 1)), date(2027, 5, 1)
    assert sorted(rows) == sorted([("ana", whole[0], may), ("ana", *whole), ("bo", *whole), ("bo", may, whole[1])])


def test_nothing_of_a_customer_is_due_outside_its_owners_window():
    made = plan(owned(*HANDED_OVER), PERSON, ALL_DAYS, CUSTOMER)
    of_ana, of_bo = (months(made, person=p, customer="x") for p in ("ana", "bo"))
    assert all(n > 0 for n in of_ana[:4])
    assert of_ana[4:] == [0] * 8
    assert of_bo[:4] == [0] * 4
    assert all(n > 0 for n in of_bo[4:])


def test_the_customer_as_a_whole_does_not_notice_the_change():
    made = plan(owned(*HANDED_OVER), PERSON, ALL_DAYS, CUSTOMER, commit=5650)
    found = months(made, customer="x")
    assert sum(found) == 3650_00
    days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert all(abs(n - 10_00 * d) <= 2 for n, d in zip(found, days, strict=True))


def test_a_gap_between_two_owners_is_vacant():
    company = owned({"person": "ana", "since": "2020-01-01", "until": "2027-03-01"},
                    {"person": "bo", "since": "2027-09-01"}, sales=each_month("x", 36.5))  # fmt: skip
    made = plan(company, PERSON, ALL_DAYS, CUSTOMER, commit=365)
    assert numbers(made) == {"ana": 59_00, "bo": 122_00, "vacant:North": 184_00}
    assert months(made, person="vacant:North")[0:2] == [0, 0]
    assert months(made, person="vacant:North")[8:] == [0, 0, 0, 0]


def test_a_share_that_is_not_given_out_is_vacant():
    company = owned({"person": "ana", "since": "2020-01-01", "share": 0.7}, sales=each_month("x", 10))
    assert numbers(plan(company, PERSON)) == {"ana": 7000_00, "bo": 0, "vacant:North": 3000_00}


def test_before_somebody_is_hired_the_customers_are_vacant():
    made = plan(owned({"person": "bo", "since": "2020-01-01"}, sales=each_month("x", 36.5),
                      people=[{"person": "bo", "hired": "2027-05-01"}]), PERSON, ALL_DAYS, commit=365)  # fmt: skip
    assert numbers(made) == {"ana": 0, "bo": 245_00, "vacant:South": 120_00}
    assert months(made, person="bo")[:4] == [0, 0, 0, 0]


def test_a_window_outside_of_the_plan_does_not_count():
    company = owned({"person": "ana", "since": "2020-01-01", "until": "2026-06-01"},
                    {"person": "bo", "since": "2026-06-01", "until": "2029-01-01"})  # fmt: skip
    made = plan(company, PERSON, FLAT, CUSTOMER)
    assert numbers(made, under=(("customer", "x"),)) == {"bo": numbers(made, "customer")["x"]}
    assert made["quotas"]["since"].unique().to_list() == [date(2027, 1, 1)]


def test_last_year_goes_with_the_customer_to_whoever_holds_it_that_day():
    made = plan(owned(*HANDED_OVER), PERSON, ALL_DAYS)
    frame = slice_of(made, "person", grain="month")
    last_year = {p: frame.filter(person=p)["last_year"].to_list() for p in TWO}
    assert last_year["ana"] == [46_50] * 4 + [10_00] * 8
    assert last_year["bo"] == [10_00] * 4 + [46_50] * 8


def test_last_year_of_a_shared_customer_adds_up_to_what_it_bought():
    company = owned({"person": "ana", "since": "2020-01-01", "share": 1 / 3},
                    {"person": "bo", "since": "2020-01-01", "share": 2 / 3}, sales=[sale("x", 100.0001)])  # fmt: skip
    made = plan(company, PERSON, FLAT, CUSTOMER)
    assert made["last_year"]["amount_e4"].sum() == 1_000_001


@pytest.mark.parametrize("people", [TWO, {"bo": "South", "ana": "North"}])
def test_a_vacancy_lies_with_whoever_left_it_in_any_order_of_rows(people):
    """Both owners leave on the same day; the shares stand in either order."""
    rows = [{"customer": "x", "person": p, "since": "2020-01-01", "share": 0.5} for p in people]
    leaving = [{"person": p, "left": "2027-07-01"} for p in people]
    made = plan(firm(people, {"x": None}, each_month("x", 10), ownership=rows, people=leaving), UNIT, PERSON)
    vacant = made["quotas"].filter(pl.col("person").str.starts_with("vacant"))
    assert sorted(vacant["person"]) == ["vacant:North", "vacant:South"]


def test_windows_hold_when_products_are_split_above_the_person():
    from quotum.engine.tables.plan_settings import AcrossStep

    products = [{"product": "p"}]
    sales = [sale("x", 10, f"2026-{m:02}-10", "p") for m in range(1, 13)]
    made = plan(owned(*HANDED_OVER, sales=sales, products=products), AcrossStep("product", "product"), PERSON, ALL_DAYS)
    assert months(made, person="bo")[:4] == [0, 0, 0, 0]
