"""Dates as people write them: 31/01/2027, 2027年1月31日, 20270131, 31-Jan-2027, 31 de enero de 2027.

A year of four digits at the front says everything. Of 03/04/2027 nobody can say whether it is in March or April: the
order is told by the other dates of the file (31/01/2027 can only begin with the day), or it must be stated.
"""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Literal

import polars as pl

from quotum.adapters.files.importing.numbers import NONE

Order = Literal["year-month-day", "day-month-year", "month-day-year"]
ORDERS: tuple[Order, ...] = ("year-month-day", "day-month-year", "month-day-year")

_MONTHS = (
    ("january", "jan", "enero", "ene"), ("february", "feb", "febrero"), ("march", "mar", "marzo"),
    ("april", "apr", "abril", "abr"), ("may", "mayo"), ("june", "jun", "junio"), ("july", "jul", "julio"),
    ("august", "aug", "agosto", "ago"), ("september", "sep", "sept", "septiembre", "setiembre", "set"),
    ("october", "oct", "octubre"), ("november", "nov", "noviembre"), ("december", "dec", "diciembre", "dic"),
)  # fmt: skip
_CHINESE = ("一月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "十二月")
MONTH_NAMES = {name: number for number, names in enumerate(_MONTHS, 1) for name in names} | {
    name: number for number, name in enumerate(_CHINESE, 1)
}

_TIME = r"^(.*?[0-9日])[T ]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?: ?[AaPp]\.?[Mm]\.?)?Z?$"
_HEAD = 1_000
_ISO = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_YEAR_FIRST = re.compile(r"([0-9]{4})(?:([-/. ])([0-9]{1,2})\2([0-9]{1,2})|年 ?([0-9]{1,2})月 ?([0-9]{1,2})[日号]?)")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_DAY_NAME = re.compile(r"([0-9]{1,2})[-/. ]?(?:de )?([^\W\d_]+)\.?,?[-/ ]?(?:de |del )?([0-9]{4})")
_NAME_DAY = re.compile(r"([^\W\d_]+)\.? ?([0-9]{1,2}),? ([0-9]{4})")


@dataclass(frozen=True, slots=True)
class OrderEvidence:
    """What the values of some columns say about the order of day and month."""

    day_first: str = ""  # a value whose first number can be no month
    month_first: str = ""
    unclear: str = ""

    def __add__(self, other: OrderEvidence) -> OrderEvidence:
        return OrderEvidence(
            self.day_first or other.day_first, self.month_first or other.month_first, self.unclear or other.unclear
        )


def weigh_order(cells: pl.Series) -> OrderEvidence:
    """Return what a column of text says about the order of day and month."""
    if cells.dtype != pl.String:
        return OrderEvidence()
    found = OrderEvidence()
    for text in _days(cells).unique().sort().to_list():
        if parts := _YEAR_LAST.fullmatch(_tidy(text)):
            first, second = int(parts[1]), int(parts[3])
            if len(parts[4]) == 2 or (first <= 12 and second <= 12):
                found += OrderEvidence(unclear=text if first != second else "")
            else:
                found += OrderEvidence(text if first > 12 >= second else "", text if second > 12 >= first else "")
    return found


def read_dates(cells: pl.Series, order: Order) -> tuple[pl.Series, pl.Series | None]:
    """Return a column of text as dates, and the mask of what is no date.

    What stands for nothing becomes null. None instead of a mask: every cell is a date, and they come back as such or,
    where they were written so, as 2027-01-31. With a mask all are text, and what is no date stays as it is.
    """
    if cells.dtype != pl.String or _all_iso(cells):
        return cells, None
    texts = cells.drop_nulls().unique()
    days = _without_time(texts.str.strip_chars())
    read = {day: None if day in ("", *NONE) else read_date(day, order) for day in days.unique().to_list()}
    wrong = days.is_in([day for day, found in read.items() if found is None and day not in ("", *NONE)])
    dates = days.replace_strict(read, return_dtype=pl.Date)
    if not wrong.any():
        return cells.replace_strict(texts, dates, default=None, return_dtype=pl.Date), None
    kept = pl.select(pl.when(wrong).then(days).otherwise(dates.dt.to_string("iso"))).to_series()
    as_written = cells.replace_strict(texts, kept, default=None, return_dtype=pl.String)
    return as_written, cells.is_in(texts.filter(wrong).implode()).fill_null(value=False)


def _all_iso(cells: pl.Series) -> bool:
    """Tell whether every cell is a date as 2027-01-31 or empty; the first cells mostly say that it is not so."""
    return all((part.is_null() | part.str.contains(_ISO)).all() for part in (cells.head(_HEAD), cells))


def _days(cells: pl.Series) -> pl.Series:
    """Return the distinct texts that are not written year first, without a time of day."""
    texts = _without_time(cells.drop_nulls().unique().str.strip_chars())
    return texts.filter(~texts.str.contains(r"^[0-9]{4}"))


def _without_time(texts: pl.Series) -> pl.Series:
    """Return texts without the time of day behind the date."""
    return texts.str.extract(_TIME).fill_null(texts) if texts.str.contains(":", literal=True).any() else texts


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()


def read_date(text: str, order: Order) -> date | None:
    """Return one date, None if it is none. Years of two digits only count after a stated order of day and month."""
    text = _tidy(text)
    if parts := re.fullmatch(r"([0-9]{4})([0-9]{2})([0-9]{2})", text):
        return _date(parts[1], parts[2], parts[3])
    if parts := _YEAR_FIRST.fullmatch(text):
        return _date(parts[1], parts[3] or parts[5], parts[4] or parts[6])
    if parts := _YEAR_LAST.fullmatch(text):
        year = parts[4] if len(parts[4]) == 4 else f"20{parts[4]}"
        if order == "day-month-year":
            return _date(year, parts[3], parts[1])
        return _date(year, parts[1], parts[3]) if order == "month-day-year" else None
    if parts := _DAY_NAME.fullmatch(text):
        return _date(parts[3], MONTH_NAMES.get(parts[2].lower()), parts[1])
    if parts := _NAME_DAY.fullmatch(text):
        return _date(parts[3], MONTH_NAMES.get(parts[1].lower()), parts[2])
    return None


def _date(year: str, month: str | int | None, day: str) -> date | None:
    with suppress(ValueError):
        return date(int(year), int(month or 0), int(day))
    return None
