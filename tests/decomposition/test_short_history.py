"""A history shorter than three years: the time before its first sale is unknown, not without sales."""

from __future__ import annotations

from datetime import date, timedelta

from small_company import CALENDAR, PERSON, firm, months, plan, sale

DAYS_2027 = [21, 20, 23, 22, 21, 22, 22, 22, 22, 21, 22, 23]  # Monday to Friday


def _sold_every_workday(since: date) -> list:
    days = (since + timedelta(days=n) for n in range((date(2027, 1, 1) - since).days))
    return [sale("shop", 100, day.isoformat()) for day in days if day.weekday() < 5]


def test_months_that_the_history_holds_more_often_are_not_stronger() -> None:
    company = firm({"ann": "North"}, {"shop": "ann"}, _sold_every_workday(date(2025, 7, 1)))
    made = plan(company, PERSON, CALENDAR, commit=2610)
    assert months(made) == [1000 * days for days in DAYS_2027]


def test_one_year_gives_rates_of_its_own_days() -> None:
    company = firm({"ann": "North"}, {"shop": "ann"}, _sold_every_workday(date(2026, 1, 1)))
    assert months(plan(company, PERSON, CALENDAR, commit=2610)) == [1000 * days for days in DAYS_2027]
