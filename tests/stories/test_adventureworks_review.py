"""AdventureWorks plans fiscal 2022 on data to June 2021 and holds each quarter's end against it."""

import os
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from quotum.adapters.calendars import list_days
from quotum.adapters.files.company_folder import open_company
from quotum.engine.planning import calendar_span, make_plan, review_plan

ROOT = Path(__file__).parents[2]
SOURCE = Path(os.environ.get("QUOTUM_DATA", ROOT.parent / "shared" / "data")) / "adventureworks"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (SOURCE / "sales_lines.csv").is_file(),
        reason="needs the AdventureWorks files in ../shared/data/adventureworks or QUOTUM_DATA",
    ),
]
SOLD = {  # reseller sales of fiscal 2022 up to the day, rounded to cents
    date(2021, 9, 30): 10_926_196_09,
    date(2021, 12, 31): 20_202_422_10,
    date(2022, 3, 31): 27_302_923_83,
    date(2022, 6, 30): 36_240_484_70,
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Return the plan of June 2021 and the company as it was a year later."""
    opened = open_company(ROOT / "examples" / "adventureworks", data=SOURCE)
    days, _ = list_days(opened.settings.country, *calendar_span(opened.settings))
    plan, issues = make_plan(opened.company, opened.settings, days)
    assert plan is not None, issues
    folder = tmp_path_factory.mktemp("later")
    text = (ROOT / "examples" / "adventureworks" / "plan.toml").read_text(encoding="utf-8")
    assert "until = 2021-07-01 }" in text
    (folder / "plan.toml").write_text(text.replace("until = 2021-07-01 }", "until = 2022-07-01 }"), encoding="utf-8")
    later = open_company(folder, data=SOURCE)
    days, _ = list_days(opened.settings.country, *calendar_span(opened.settings))
    return later.company, plan, days


@pytest.mark.parametrize("day", SOLD)
def test_quarters_add_up_and_the_end_lies_in_the_range(world, day):
    made, _ = review_plan(*world, day)
    frame = made["attainment"].filter(pl.col("level") == "commit")
    company = frame.filter(pl.col("dimension") == "company").row(0, named=True)
    people = frame.filter(pl.col("dimension") == "person")
    assert company["actual"] == SOLD[day]
    for name in ("target", "plan_to_date", "actual", "last_year", "outlook"):
        assert people[name].sum() == company[name], name
    gaps = made["variance"].filter(pl.col("dimension") == "person", pl.col("level") == "commit")
    sums = dict(gaps.group_by("node").agg(pl.col("amount").sum()).iter_rows())
    assert {n: a - p for n, a, p in people.select("node", "actual", "plan_to_date").iter_rows() if a != p} == {
        node: amount for node, amount in sums.items() if amount
    }
    assert company["low"] <= SOLD[date(2022, 6, 30)] <= company["high"]
