"""Periods of a plan: half open, clipped to it, named by their calendar (start included, end excluded, everywhere)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

GRAINS = ("day", "week", "tenday", "month", "quarter", "half", "year")

_DAY = timedelta(days=1)
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``since`` up to, not including, ``until``."""

    since: date
    until: date
    label: str


def cut_periods(since: date, until: date, grain: str | None, fiscal_start: int = 1) -> list[Period]:
    """Return the periods of ``grain`` that tile [since, until), in order; none when it holds no day.

    The first and the last are clipped, their labels are not. Without a grain the whole span is one period. A fiscal
    year that does not begin in January is named by the year in which it ends.
    """
    if since >= until:
        return []
    if grain is None:
        return [Period(since, until, f"{since}/{until}")]
    if grain not in GRAINS:
        raise ValueError(f"no grain {grain!r}")
    periods = []
    start = since
    while start < until:
        next_start, label = _next_start(start, grain, fiscal_start)
        periods.append(Period(start, min(next_start, until), label))
        start = next_start
    return periods


def years_before(day: date, years: int) -> date:
    """Return the same date ``years`` earlier; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _next_start(day: date, grain: str, fiscal_start: int) -> tuple[date, str]:
    """Return the first day after the period that holds ``day``, and the label of that period."""
    if grain in _MONTHS:
        return _next_months(day, _MONTHS[grain], fiscal_start)
    return _SHORT[grain](day)


def _next_day(day: date) -> tuple[date, str]:
    return day + _DAY, day.isoformat()


def _next_week(day: date) -> tuple[date, str]:
    year, week, weekday = day.isocalendar()
    return day + (8 - weekday) * _DAY, f"{year}-W{week:02}"


def _next_tenday(day: date) -> tuple[date, str]:
    third = min((day.day - 1) // 10, 2)
    until = _first_of_month(day.year, day.month + 1) if third == 2 else day.replace(day=10 * third + 11)
    return until, f"{day.year}-{day.month:02}-T{third + 1}"


_SHORT: dict[str, Callable[[date], tuple[date, str]]] = {"day": _next_day, "week": _next_week, "tenday": _next_tenday}


def _next_months(day: date, months: int, fiscal_start: int) -> tuple[date, str]:
    """Step over 1, 3, 6 or 12 months counted from the start of the fiscal year."""
    in_year = (day.month - fiscal_start) % 12
    number = in_year // months
    first_year = day.year if day.month >= fiscal_start else day.year - 1
    until = _first_of_month(first_year, fiscal_start + (number + 1) * months)
    year = str(first_year) if fiscal_start == 1 else f"FY{first_year + 1}"
    if months == 1:
        return until, f"{day.year}-{day.month:02}"
    return until, year if months == 12 else f"{year}-{'Q' if months == 3 else 'H'}{number + 1}"


def _first_of_month(year: int, month: int) -> date:
    """Return the first day of a month counted on past December."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
