"""AdventureWorks plans its fiscal year 2022 from two years of reseller sales: 43,240,000.00, however one cuts it."""

import os
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from quotum.adapters.calendars import list_days
from quotum.adapters.files.company_folder import open_company
from quotum.engine.basics.periods import GRAINS
from quotum.engine.planning import calendar_span, make_plan
from quotum.engine.slices.explaining import explain_number
from small_company import slice_of

ROOT = Path(__file__).parents[2]
SOURCE = Path(os.environ.get("QUOTUM_DATA", ROOT.parent / "shared" / "data")) / "adventureworks"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (SOURCE / "sales_lines.csv").is_file(),
        reason="needs the AdventureWorks files in ../shared/data/adventureworks or QUOTUM_DATA",
    ),
]
QUOTAS = 43_240_000_00
TOTAL = pl.col("amount").sum()


@pytest.fixture(scope="module")
def made():
    opened = open_company(ROOT / "examples" / "adventureworks", data=SOURCE)
    assert not [issue for issue in opened.issues if issue.severity in ("error", "conflict")]
    days, _ = list_days(opened.settings.country, *calendar_span(opened.settings))
    plan, issues = make_plan(opened.company, opened.settings, days)
    assert plan is not None, issues
    return plan


@pytest.mark.parametrize("by", ["unit", "unit@1", "unit@2", "person"])
@pytest.mark.parametrize("grain", [None, *GRAINS])
def test_every_level_ends_at_the_companys_own_quotas(made, by, grain):
    assert slice_of(made, by, grain=grain)["amount"].sum() == QUOTAS
    assert slice_of(made, by, grain=grain, level="stretch")["amount"].sum() == QUOTAS * 11 // 10


def test_every_period_of_every_person_is_the_sum_of_its_days(made):
    days = slice_of(made, "person", grain="day")
    for grain in GRAINS[1:]:
        periods = slice_of(made, "person", grain=grain)
        of_day = periods.select("person", period_since="since", until="until")
        inside = days.join(of_day, on="person").filter(
            (pl.col("since") >= pl.col("period_since")) & (pl.col("since") < pl.col("until_right"))
        )
        sums = inside.group_by("person", "period_since").agg(TOTAL).sort("person", "period_since")
        assert sums["amount"].to_list() == periods.sort("person", "since")["amount"].to_list(), grain


@pytest.mark.parametrize("cut", ["customer", "product", "category"])
def test_customers_and_products_add_up_to_their_person_in_every_month(made, cut):
    people = slice_of(made, "person", grain="month").select("person", "since", "amount")
    members = slice_of(made, "person", cut, grain="month")
    assert (members["amount"] >= 0).all()
    sums = members.group_by("person", "since").agg(TOTAL)
    assert sums.sort("person", "since").rows() == people.sort("person", "since").rows()


def test_the_fiscal_year_begins_in_july(made):
    quarters = slice_of(made, grain="quarter")
    assert quarters["period"].to_list() == ["FY2022-Q1", "FY2022-Q2", "FY2022-Q3", "FY2022-Q4"]
    assert quarters["since"][0] == date(2021, 7, 1)


def test_last_year_beside_the_plan_is_what_resellers_bought_from_july_2020(made):
    sold = slice_of(made)["last_year"].item()
    assert sold == 27_921_670_52  # of 27,921,670.5182
    by_person = slice_of(made, "person")["last_year"].sum()
    assert abs(by_person - sold) <= made["quotas"].height  # each person's cents are rounded once


def test_any_persons_number_can_be_explained_down_to_a_product(made):
    person = made["quotas"].filter(pl.col("commit") > 0).sort("commit", "person")["person"][-1]
    row = made["quotas"].filter(person=person)["row"].to_list()
    product = made.cuts["product"].filter(pl.col("row").is_in(row)).sort("commit", "product")["product"][-1]
    told, _ = explain_number(made, [("person", person), ("product", product)], since=date(2021, 7, 1),
                             until=date(2021, 8, 1))  # fmt: skip
    [way] = told.ways
    assert way[0].parent_minor == QUOTAS
    assert [sum(line.amount_minor for line in step.lines) for step in way] == [step.amount_minor for step in way]
    assert way[-1].amount_minor + told.dates.amount_minor == told.amount_minor
