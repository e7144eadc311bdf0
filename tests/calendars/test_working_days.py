"""Working days by country: right where announced, honest where not."""

import json
import os
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from chinese_calendar import is_workday

from quotum.adapters.calendars import list_days

DATA = Path(os.environ.get("QUOTUM_DATA", Path(__file__).parents[3] / "shared" / "data")) / "holidays_cn"


def worked(days: pl.DataFrame) -> set[date]:
    return set(days.filter(pl.col("kind").is_in(["workday", "makeup"]))["date"])


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_china_agrees_with_a_second_source_day_by_day(year: int):
    days, issues = list_days("CN", date(year, 1, 1), date(year + 1, 1, 1))
    assert worked(days) == {day for day in days["date"] if is_workday(day)}
    assert (days["kind"] == "makeup").sum() == {2024: 8, 2025: 5, 2026: 6}[year]
    assert issues == []


@pytest.mark.parametrize("year", [2025, 2026])
def test_china_agrees_with_the_state_council(year: int):
    if not DATA.exists():
        pytest.skip("needs the notices in ../shared/data/holidays_cn or QUOTUM_DATA")
    listed = {
        date.fromisoformat(d["date"]): d["isOffDay"] for d in json.loads((DATA / f"{year}.json").read_text())["days"]
    }
    days, _ = list_days("CN", date(year, 1, 1), date(year + 1, 1, 1))
    assert worked(days) == {day for day in days["date"] if not listed.get(day, day.weekday() > 4)}


def test_a_year_not_announced_is_provisional_and_said_to_be():
    days, issues = list_days("CN", date(2026, 12, 1), date(2029, 1, 1))
    assert days.group_by(pl.col("date").dt.year(), maintain_order=True).agg(pl.col("provisional").all())[
        "provisional"
    ].to_list() == [False, True, True]
    assert [dict(issue.details)["year"] for issue in issues] == ["2027", "2028"]
    assert {issue.severity for issue in issues} == {"warning"}


def test_countries_without_make_up_days_are_never_provisional():
    days, issues = list_days("US", date(2030, 7, 1), date(2030, 8, 1))
    assert days.filter(pl.col("kind") == "holiday")["date"].to_list() == [date(2030, 7, 4)]
    assert issues == []


def test_no_country_has_weekends_only():
    days, issues = list_days("", date(2027, 1, 1), date(2027, 1, 8))
    assert days["kind"].to_list() == ["workday", "weekend", "weekend", *["workday"] * 4]
    assert issues == []


def test_an_unknown_country_is_an_error():
    _, issues = list_days("XX", date(2027, 1, 1), date(2027, 2, 1))
    assert [(issue.rule, issue.severity, issue.value) for issue in issues] == [("unknown_country", "error", "XX")]
