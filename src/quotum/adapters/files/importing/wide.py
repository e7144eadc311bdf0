"""Turns wide sheets, a column for each month or quarter, into rows of one period each."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

import polars as pl

from quotum.adapters.files.importing.columns import text_of
from quotum.adapters.files.importing.dates import MONTH_NAMES
from quotum.adapters.files.importing.foreign_files import FILE, LINE
from quotum.adapters.files.importing.mapping import Wide
from quotum.adapters.files.importing.numbers import read_numbers
from quotum.adapters.files.importing.rows import Findings, Rows

SINCE, UNTIL, AMOUNT = "\0since", "\0until", "\0amount"
_NAMES = "|".join(sorted(map(re.escape, MONTH_NAMES), key=len, reverse=True))
_PARTS = {"month": rf"(?P<month>[0-9]{{1,2}}|{_NAMES})", "quarter": "(?P<quarter>[1-4])", "year": "(?P<year>[0-9]{4})"}
_TIME = re.compile(r"[ T]00:00(:00)?(\.0+)?$")


@dataclass(frozen=True, slots=True)
class Period:
    """Part of a year: its first month, how many months it has, and the year where the title names it."""

    month: int
    months: int
    year: int | None = None


def title_pattern(text: str) -> re.Pattern[str]:
    """Return the pattern of titles such as ``M{month}``, ``Q{quarter} {year}``; capitals do not matter."""
    parts = re.split(r"(\{(?:month|quarter|year)\})", text.strip())
    body = "".join(_PARTS[part[1:-1]] if re.fullmatch(r"\{\w+\}", part) else re.escape(part) for part in parts)
    return re.compile(body + r"(?:[ T]00:00(?::00)?(?:\.0+)?)?", re.IGNORECASE)


def wide_patterns(wide: Wide) -> list[re.Pattern[str]]:
    """Return the patterns of the titles that stand for periods."""
    if len(wide.columns) == 1:
        return [title_pattern(wide.columns[0])]
    return [re.compile(re.escape(name.strip()), re.IGNORECASE) for name in wide.columns]


def find_periods(wide: Wide, titles: list[str]) -> dict[str, Period]:
    """Return the period that each title stands for."""
    patterns = wide_patterns(wide)
    periods: dict[str, Period] = {}
    for title in titles:
        for place, pattern in enumerate(patterns):
            found = pattern.fullmatch(unicodedata.normalize("NFKC", title).strip())
            if not found:
                continue
            if len(patterns) > 1:
                months = 12 // len(patterns)
                periods[title] = Period(place * months + 1, months)
            elif period := _read_title(found.groupdict()):
                periods[title] = period
    return periods


def _read_title(parts: dict[str, str | None]) -> Period | None:
    stated = parts.get("year")
    year = int(stated) if stated else None
    if quarter := parts.get("quarter"):
        return Period(int(quarter) * 3 - 2, 3, year)
    if text := parts.get("month"):
        month = int(text) if text.isdigit() else MONTH_NAMES[text.lower()]
        return Period(month, 1, year) if 1 <= month <= 12 else None
    return Period(1, 12, year)


def first_day(year: int, month: int) -> date | None:
    """Return the first day of a month that may lie beyond December, None where no calendar has it."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, 1) if 1900 <= year <= 9998 else None


def period_days(period: Period, year: int, *, fiscal_start: int = 1) -> tuple[date | None, date | None]:
    """Return first day and day after of a period.

    With ``fiscal_start`` the year is the one in which the fiscal year ends: months keep their names, July of 2022 lies
    in 2021 where the year begins in July; quarters count from its beginning.
    """
    month = period.month
    if fiscal_start > 1:
        if period.months == 1:
            year -= month >= fiscal_start
        else:
            month, year = month + fiscal_start - 1, year - 1
    return first_day(year, month), first_day(year, month + period.months)


def unfold(rows: Rows, wide: Wide, fiscal_start: int, findings: Findings, path: str) -> Rows | None:
    """Return a row for each row and period that holds a number, with SINCE, UNTIL and AMOUNT as text.

    None where the columns are not there. Cells that are no numbers and years that are none are findings.
    """
    titles = [column for column in rows.cells.columns if column not in (LINE, FILE) and not rows.origin_name(column)]
    periods = find_periods(wide, titles)
    if not periods:
        findings.add("import_no_periods", file=rows.label, value=", ".join(wide.columns)[:200],
                     details={"section": path})  # fmt: skip
        return None
    if isinstance(wide.year, str) and wide.year and rows.missing([wide.year], findings, path):
        return None
    years = _years(rows, wide, findings)
    starts = fiscal_start if wide.fiscal else 1
    kept = rows.cells.drop(list(periods))
    parts = []
    for title, period in periods.items():
        cells, wrong = read_numbers(rows.cells[title], rows.origin(title).mark, wide.scale)
        if wrong is not None:
            for file, line, row in rows.lines(wrong):
                findings.add("import_not_a_number", file=file, line=line, column=title,
                             value=str(rows.cells[title][row])[:80])  # fmt: skip
            cells = pl.select(pl.when(~wrong).then(cells)).to_series()
        days = {year: period_days(period, year if period.year is None else period.year, fiscal_start=starts)
                for year in years.unique().drop_nulls().to_list()}  # fmt: skip
        since, until = ([str(days[y][k]) if y is not None and days[y][k] else None for y in years] for k in (0, 1))
        parts.append(kept.with_columns(
            pl.Series(SINCE, since, pl.String), pl.Series(UNTIL, until, pl.String), cells.alias(AMOUNT)
        ).with_row_index("\0row"))  # fmt: skip
    long = pl.concat(parts).filter(pl.col(AMOUNT).is_not_null(), pl.col(SINCE).is_not_null())
    if wide.whole:
        long = _add_up(long)
    return Rows(long.sort("\0row", maintain_order=True).drop("\0row"), rows.origins)


def _add_up(long: pl.DataFrame) -> pl.DataFrame:
    """Return one row for each row of the sheet: its amounts added up, from the first period to the last."""
    exact = pl.col(AMOUNT).cast(pl.Decimal(38, 12)).sum().cast(pl.String)
    amount = exact.str.strip_chars_end("0").str.strip_chars_end(".")
    together = long.group_by("\0row").agg(amount, pl.col(SINCE).min(), pl.col(UNTIL).max())
    return long.drop(AMOUNT, SINCE, UNTIL).unique("\0row", keep="first").join(together, on="\0row")


def _years(rows: Rows, wide: Wide, findings: Findings) -> pl.Series:
    """Return the year of each row; 0 where the titles name it."""
    if not isinstance(wide.year, str) or not wide.year:
        return pl.Series([wide.year or 0]).new_from_index(0, rows.cells.height)
    texts = text_of(wide.year, rows)
    years = texts.str.extract(r"(?i)^(?:FY ?|CY ?)?([0-9]{4})(?:\.0+)?年?度?$").cast(pl.Int64)
    wrong = (years.is_null() & texts.is_not_null()) | ~years.is_between(1900, 2199).fill_null(value=True)
    for file, line, row in rows.lines(wrong):
        findings.add("import_not_a_year", file=file, line=line, column=wide.year, value=texts[row][:80])
    return pl.select(pl.when(~wrong).then(years)).to_series()
