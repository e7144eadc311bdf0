"""The order of steps: before the calendar one way down to the rows, after it cuts; both orders give the same people."""

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from quotum.engine.tables.plan_settings import AcrossStep
from small_company import CUSTOMER, FLAT, PERSON, PRODUCT, UNIT, months, numbers, plan, refusal, slice_of, tea_house

SUM = pl.col("amount").sum()


def test_a_split_before_the_calendar_makes_rows_with_curves_of_their_own():
    made = plan(tea_house(), UNIT, PERSON, FLAT)
    assert made["quotas"]["person"].n_unique() > 4
    assert not made.cuts


def test_a_split_after_the_calendar_makes_cuts_that_follow_their_row():
    made = plan(tea_house(), UNIT, FLAT, replace(PERSON, of="calendar"))
    assert made["quotas"]["person"].null_count() == made["quotas"].height
    assert list(made.cuts) == ["person"]


def test_people_get_the_same_year_in_either_order():
    """Eve, hired in April: as a row she has nothing due before; as a cut she follows the months of her unit."""
    rows, cuts = plan(tea_house(), UNIT, PERSON, FLAT), plan(tea_house(), UNIT, FLAT, replace(PERSON, of="calendar"))
    assert numbers(rows) == numbers(cuts)
    assert months(rows, person="eve")[:3] == [0, 0, 0]
    assert months(cuts, person="eve")[0] > 0


def test_months_first_then_people_adds_up_every_month():
    made = plan(tea_house(), FLAT, UNIT, PERSON, CUSTOMER)
    whole = months(made)
    for by in ("unit", "person", "customer"):
        frame = slice_of(made, by, grain="month")
        assert frame.group_by("since").agg(SUM).sort("since")["amount"].to_list() == whole


def test_cuts_of_cuts_add_up_to_the_cut_above():
    made = plan(tea_house(), UNIT, PERSON, FLAT, CUSTOMER, AcrossStep("product", "product", of="customer"))
    frame = slice_of(made, "customer", "product", grain="month").group_by("customer", "since").agg(SUM)
    above = slice_of(made, "customer", grain="month").select("customer", "since", "amount")
    assert frame.sort("customer", "since").rows() == above.sort("customer", "since").rows()


def test_two_cuts_may_stand_side_by_side():
    made = plan(tea_house(), UNIT, PERSON, FLAT, CUSTOMER, PRODUCT)
    assert set(made.cuts) == {"customer", "product"}
    assert sum(numbers(made, "customer").values()) == sum(numbers(made, "product").values()) == 10_000_00


def test_a_cut_may_name_the_step_whose_members_are_the_rows():
    by_calendar = plan(tea_house(), UNIT, PERSON, FLAT, CUSTOMER)
    by_person = plan(tea_house(), UNIT, PERSON, FLAT, replace(CUSTOMER, of="person"))
    assert by_calendar.cuts["customer"].equals(by_person.cuts["customer"])


def test_without_of_a_cut_splits_the_cut_before_it():
    made = plan(tea_house(), UNIT, PERSON, FLAT, CUSTOMER, AcrossStep("product", "product"))
    assert made.cuts["product"].columns == ["row", "customer", "product", "commit", "extra"]


@pytest.mark.parametrize(
    ("steps", "rule", "column"),
    [
        ((UNIT, PERSON, AcrossStep("customer", "customer", of="unit"), FLAT), "step_not_in_line", "customer"),
        ((UNIT, PERSON, FLAT, replace(CUSTOMER, of="unit")), "step_of_no_row", "customer"),
        ((UNIT, PERSON, FLAT, AcrossStep("product", "product", of="nothing")), "step_of_no_row", "product"),
        ((UNIT, AcrossStep("unit_2", "unit"), FLAT), "dimension_twice", "unit_2"),
        ((UNIT, PERSON, FLAT, AcrossStep("again", "person", of="calendar")), "dimension_twice", "again"),
        ((UNIT, PERSON, FLAT, CUSTOMER, AcrossStep("again", "customer", of="customer")), "dimension_twice", "again"),
        ((AcrossStep("product", "product", basis=(("potential", 1.0),)),), "basis_not_for_dimension", "product"),
        ((AcrossStep("class", "class", fallback="market_share"),), "basis_not_for_dimension", "class"),
    ],
)
def test_steps_that_do_not_fit_are_refused_by_name(steps, rule, column):
    assert (rule, column) in {(issue.rule, issue.column) for issue in refusal(tea_house(), *steps)}


def test_all_steps_that_do_not_fit_are_told_at_once():
    wrong = AcrossStep("class", "class", basis=(("ability", 1.0),)), AcrossStep("product", "product", of="nothing")
    assert len(refusal(tea_house(), wrong[0], FLAT, wrong[1])) == 2


def test_customers_may_be_rows_themselves():
    made = plan(tea_house(), UNIT, PERSON, AcrossStep("customer", "customer"), FLAT)
    assert sum(numbers(made, "customer").values()) == 10_000_00
    of_eve = made["quotas"].filter(person="eve", customer="lodge")
    assert of_eve["since"].to_list() == [date(2027, 7, 1)]


def test_no_steps_at_all_mean_the_usual_ones():
    made = plan(tea_house())
    assert set(made.cuts) == {"customer", "product"}
    assert sum(numbers(made).values()) == 10_000_00
