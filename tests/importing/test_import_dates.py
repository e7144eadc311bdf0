"""Dates of every style are read rightly, or not at all."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from import_worlds import SALES, errors, opened
from quotum.adapters.files.importing.dates import ORDERS, read_date, read_dates, weigh_order

DAYS = st.dates(date(1950, 1, 1), date(2199, 12, 31))
_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def obvious(text: str, order: str) -> date | None:
    """Read three numbers parted by one mark, and look the month's length up."""
    mark = next((letter for letter in text if letter in "-/. "), "")
    parts = text.split(mark) if mark else []
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    if len(parts[0]) == 4 and len(parts[1]) <= 2 and len(parts[2]) <= 2:
        year, month, day = map(int, parts)
    elif len(parts[2]) in (2, 4) and len(parts[0]) <= 2 and len(parts[1]) <= 2 and order != "year-month-day":
        first, second, year = map(int, parts)
        year += 2000 if len(parts[2]) == 2 else 0
        day, month = (first, second) if order == "day-month-year" else (second, first)
    else:
        return None
    leap = month == 2 and (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    if not (1 <= month <= 12 and year >= 1 and 1 <= day <= _LENGTHS[month - 1] + leap):
        return None
    return date(year, month, day)


DIGITS = st.text("0123456789-/.", min_size=5, max_size=10).filter(lambda text: not text.isdigit())


@given(DIGITS, st.sampled_from(ORDERS))
def test_dates_are_read_as_the_obvious_twin_reads_them(text, order):
    assert read_date(text, order) == obvious(text, order)


@given(DAYS, st.sampled_from([
    ("{0:%Y-%m-%d}", "year-month-day"), ("{0:%Y/%m/%d}", "year-month-day"), ("{0:%Y%m%d}", "year-month-day"),
    ("{0.year}年{0.month}月{0.day}日", "year-month-day"), ("{0:%d/%m/%Y}", "day-month-year"),
    ("{0.day}.{0.month}.{0.year}", "day-month-year"), ("{0:%m/%d/%Y}", "month-day-year"),
    ("{0:%d-%b-%Y}", "year-month-day"), ("{0:%B} {0.day}, {0.year}", "year-month-day"),
]))  # fmt: skip
def test_every_day_survives_being_written_in_a_style(day, style):
    form, order = style
    text = form.format(day)
    assert read_date(text, order) == day
    read, wrong = read_dates(pl.Series([text, f" {text} 00:00:00", None]), order)
    assert (read.cast(pl.String).to_list(), wrong) == ([day.isoformat()] * 2 + [None], None)
    read, wrong = read_dates(pl.Series([text, " soon", "-", None]), order)
    assert (read.to_list(), wrong.to_list()) == ([day.isoformat(), "soon", None, None], [False, True, False, False])


@pytest.mark.parametrize(("text", "day"), [
    ("31 de enero de 2027", date(2027, 1, 31)), ("31 ene 2027", date(2027, 1, 31)),
    ("2027年01月31日", date(2027, 1, 31)),
    ("2027-02-30", None), ("20271301", None), ("31-Foo-2027", None), ("45678", None), ("01/02/2027", None),
    ("1/2.2027", None), ("", None), ("２０２７-01-31", date(2027, 1, 31)),
])  # fmt: skip
def test_names_of_months_and_what_is_no_date(text, day):
    assert read_date(text, "year-month-day") == day


@pytest.mark.parametrize(("values", "tells"), [
    (["31/01/2027"], "day_first"), (["01/31/2027"], "month_first"), (["01/02/2027"], "unclear"), (["2027-01-02"], None),
    (["31/01/27"], "unclear"), (["5/5/2027"], None),
])  # fmt: skip
def test_values_tell_the_order(values, tells):
    found = weigh_order(pl.Series(values))
    assert {name for name in ("day_first", "month_first", "unclear") if getattr(found, name)} == ({tells} - {None})


def days(tmp_path, rows, extra=""):
    rows = "".join(f"{row},C,1\n" for row in rows)
    company = opened(tmp_path, extra + SALES, {"orders.csv": "Day,Client,Net\n" + rows})
    return errors(company), [str(day) for day in company.company["sales"]["date"]]


def test_one_clear_date_tells_the_others(tmp_path):
    assert days(tmp_path, ["03/04/2026", "31/01/2026"]) == ([], ["2026-04-03", "2026-01-31"])


def test_unclear_dates_are_told_and_can_be_stated(tmp_path):
    assert days(tmp_path, ["03/04/2026"])[0][0] == ("import_dates_unclear", "orders.csv", None, "Day", "03/04/2026")
    for order, day in (("day-month-year", "2026-04-03"), ("month-day-year", "2026-03-04")):
        assert days(tmp_path, ["03/04/2026", "03/04/26"], f'[import]\ndates = "{order}"\n') == ([], [day, day])


def test_two_orders_in_one_file_are_told(tmp_path):
    found = [error[0] for error in days(tmp_path, ["31/01/2026", "01/31/2026"])[0]]
    assert sorted(found) == ["import_dates_mixed", "import_not_a_date"]
