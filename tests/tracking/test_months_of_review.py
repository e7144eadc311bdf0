"""The months of a review add up to where everybody stands and how it ends, and the fan ends where the outlook does."""

from __future__ import annotations

import polars as pl
import pytest
from small_reviews import review, with_sales

from small_company import CALENDAR, PERSON, UNIT, USUAL, plan, sale, tea_house


@pytest.fixture(scope="module", params=["2027-01-31", "2027-08-18", "2027-12-31"])
def told(request):
    company = tea_house()
    made = plan(company, *USUAL, commit=20_000, stretch=24_000)
    sold = [sale("inn", 100 + month, f"2027-{month:02}-10", "green", quantity=3) for month in range(1, 13)]
    return review(with_sales(company, [*sold, sale("camp", 55.55, "2027-01-20")]), made, request.param)


def test_months_add_up_to_target_actual_and_outlook_of_every_node(told):
    keys = ["dimension", "node", "level"]
    sums = told["months"].group_by(keys).agg(pl.col("target", "actual", "outlook").sum())
    standing = told["attainment"].select(*keys, "target", "actual", "outlook")
    assert sums.sort(keys).equals(standing.sort(keys))


def test_the_fan_ends_at_the_range_of_the_outlook(told):
    ends = told["months"].sort("since").group_by("dimension", "node", "level", maintain_order=True).last()
    both = ends.join(told["attainment"], on=["dimension", "node", "level"], suffix="_end").drop_nulls("low")
    if told.as_of < told.settings.until.replace(year=2027, month=12, day=31):
        assert both.height > 2
    assert ((both["low"] - both["low_end"]).abs() <= 1).all()
    assert ((both["high"] - both["high_end"]).abs() <= 1).all()


def test_the_fan_widens_and_holds_the_outlook(told):
    lines = told["months"].filter(dimension="company", level="commit").with_columns(total=pl.col("outlook").cum_sum())
    fan = lines.drop_nulls("low")
    assert (fan["low"] <= fan["total"]).all()
    assert (fan["total"] <= fan["high"]).all()
    assert lines.filter(pl.col("since") > told.as_of)["actual"].null_count() == fan.filter(
        pl.col("since") > told.as_of).height  # fmt: skip


def test_a_plan_without_people_has_months_too():
    company = tea_house()
    for steps in ((UNIT, CALENDAR), (CALENDAR,)):
        made = plan(company, *steps, commit=20_000)
        told = review(company, made, "2027-03-31")
        months = told["months"].filter(dimension="company", level="commit")
        assert months.height == 12
        assert months["target"].sum() == 20_000_00


def test_people_are_told_as_they_stand():
    made = plan(tea_house(), UNIT, PERSON, CALENDAR)
    told = review(tea_house(), made, "2027-03-31")
    assert set(told["months"].filter(dimension="person")["node"]) == set(
        told["attainment"].filter(dimension="person")["node"])  # fmt: skip
