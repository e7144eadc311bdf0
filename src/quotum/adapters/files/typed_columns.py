"""Turns the cells of a file into the engine's types, column by column; what does not fit is an issue with its line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Context, Decimal

import polars as pl

from quotum.adapters.files.raw_table import RawTable
from quotum.engine.basics.issues import Issue
from quotum.engine.tables.company import Source
from quotum.engine.tables.schema import E4, E10, Table

MAX_AMOUNT_E4 = 10**18
"""Amounts of 10^14 major units or more are refused: sums of them would leave Int64."""
_MOST_MAJOR = MAX_AMOUNT_E4 // E4 - 1
MAX_RATE_DIGITS = 8
"""Rates of 10^8 or more are refused: as parts of 10^-10 they would leave Int64."""
MAX_NUMBER = 1e15
MAX_CELL = 32_767
"""Characters that a cell may hold, as in Excel."""
_MOST = 200  # findings listed a rule and column

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,9})?")
_DAY = r"^([0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2})(?:[T ][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?Z?)?$"
_NOT_FINITE = re.compile(r"[+-]?(nan|inf|infinity)", re.IGNORECASE)
_EXACT = Context(prec=MAX_CELL * 2)

Failures = list[tuple[str, pl.Series]]
"""(rule, mask of the rows it forbids)"""


@dataclass(frozen=True, slots=True)
class TypedTable:
    """A table in the engine's types, and where it comes from."""

    frame: pl.DataFrame
    source: Source
    issues: list[Issue]


def type_columns(table: Table, raw: RawTable) -> TypedTable:
    """Read every cell of a table as its column says; cells that cannot be read are empty and have an issue."""
    texts = {c.name for c in table.columns if c.kind in ("key", "text", "choice", "scope", "currency")}
    cells, kept = _without_blank_rows(raw, set() if raw.typed else texts)
    source = _source(raw, kept)
    columns: list[pl.Series] = []
    unread: dict[str, pl.Series] = {}
    issues: list[Issue] = []
    for column in table.columns:
        if column.name in cells.columns:
            values, failures = _READERS[column.kind](cells[column.name])
            if column.name in raw.refused:
                values, failures = _refuse(raw.refused[column.name], kept, values, failures, column.kind)
            columns.append(values.alias(column.field))
            found = [(rule, mask.arg_true()) for rule, mask in failures if mask.any()]
            for rule, rows in found:
                issues += _issues(rule, rows, cells[column.name], table, source)
            if found:
                unread[column.name] = pl.concat([rows for _, rows in found]).cast(pl.Int64)
    source = replace(source, unread=unread)
    return TypedTable(pl.DataFrame(columns), source, issues)


def _without_blank_rows(raw: RawTable, texts: set[str]) -> tuple[pl.DataFrame, pl.Series | None]:
    """Return the rows that hold anything, and their mask: spreadsheets leave rows of nothing but commas behind."""
    cells = raw.cells.with_columns(_without_blanks(series, texts) for series in raw.cells.get_columns())
    if raw.typed or not cells.height:
        return cells, None
    kept = cells.select(~pl.all_horizontal(pl.all().is_null())).to_series()
    return (cells, None) if kept.all() else (cells.filter(kept), kept)


def _source(raw: RawTable, kept: pl.Series | None) -> Source:
    """Return where the kept rows come from."""
    lines, files = raw.lines, raw.files
    if kept is not None:
        lines = pl.int_range(len(kept), eager=True) + raw.first_line if lines is None else lines
        lines, files = lines.filter(kept), None if files is None else files.filter(kept)
    return Source(raw.file, raw.first_line, lines, files=files, titles=raw.titles)


def _refuse(
    mask: pl.Series, kept: pl.Series | None, values: pl.Series, failures: Failures, kind: str
) -> tuple[pl.Series, Failures]:
    """Return the values without those that were refused before, which fail by the rule of their kind."""
    mask = mask if kept is None else mask.filter(kept)
    rule = {"date": "import_not_a_date"}.get(kind, "import_not_a_number")
    rule = "formula_text" if kind in ("key", "text", "currency") else rule
    values = pl.select(pl.when(~mask).then(values)).to_series()
    return values, [(rule, mask), *((name, wrong & ~mask) for name, wrong in failures)]


def _without_blanks(cells: pl.Series, texts: set[str]) -> pl.Series:
    """Return text without blanks around it, blank cells as null.

    Outside of the columns ``texts`` only ordinary spaces are looked for, and mostly none found: it is twice as fast.
    """
    if isinstance(cells.dtype, (pl.Categorical, pl.Enum)):
        cells = cells.cast(pl.String)
    if cells.dtype != pl.String:
        return cells
    if cells.name not in texts and not (cells.str.starts_with(" ") | cells.str.ends_with(" ") | (cells == "")).any():
        return cells
    stripped = cells.str.strip_chars()
    return pl.select(pl.when(stripped != "").then(stripped)).to_series().alias(cells.name)


def _issues(rule: str, rows: pl.Series, cells: pl.Series, table: Table, source: Source) -> list[Issue]:
    """Return an issue for each of the rows; the last of many counts the rest."""
    found = [Issue(rule=rule, table=table.name, file=source.file_at(row), line=source.line(row), column=cells.name,
                   value=str(cells[row])[:80])
             for row in rows.head(_MOST).to_list()]  # fmt: skip
    if len(rows) > _MOST:
        found[-1] = replace(found[-1], more=len(rows) - _MOST)
    return found


def _wrong_type(cells: pl.Series, dtype: type[pl.DataType]) -> tuple[pl.Series, Failures]:
    return pl.Series(cells.name, [None] * len(cells), dtype=dtype), [("wrong_type", cells.is_not_null())]


def _read_text(cells: pl.Series) -> tuple[pl.Series, Failures]:
    """Return identifiers and texts: a customer numbered 1001 is `1001`, however the file stores it."""
    if cells.dtype.is_float():
        whole = cells.cast(pl.Int64, strict=False)
        exact = pl.when(whole == cells).then(whole.cast(pl.String))
        cells = pl.select(exact.otherwise(cells.cast(pl.String))).to_series()
    if cells.dtype.is_nested() or cells.dtype in (pl.Binary, pl.Object):
        return _wrong_type(cells, pl.String)
    texts = cells.cast(pl.String)
    long = texts.str.len_bytes() > MAX_CELL
    if not long.any():
        return texts, []
    return pl.select(pl.when(~long).then(texts)).to_series(), [("cell_too_long", long.fill_null(value=False))]


def _read_choice(cells: pl.Series) -> tuple[pl.Series, Failures]:
    texts, failures = _read_text(cells)
    return texts.str.to_lowercase(), failures


def _read_currency(cells: pl.Series) -> tuple[pl.Series, Failures]:
    """Return currencies by their three letters; `usd` is USD."""
    texts, failures = _read_text(cells)
    codes = texts.str.to_uppercase()
    return _kept(codes, [*failures, ("not_a_currency", ~codes.str.contains("^[A-Z]{3}$") & codes.is_not_null())])


def _read_rate(cells: pl.Series) -> tuple[pl.Series, Failures]:
    """Return rates in parts of 10^-10, as text exactly."""
    texts, failures = _read_text(cells)
    known = {text: rate_e10(text) for text in texts.drop_nulls().unique().to_list()}
    read = {text: rate for text, rate in known.items() if isinstance(rate, int)}
    values = texts.replace_strict(read, default=None, return_dtype=pl.Int64)
    broken = [(rule, texts.is_in([text for text in known if known[text] == rule]) & texts.is_not_null())
              for rule in ("not_a_number", "rate_range")]  # fmt: skip
    return values, [*failures, *broken]


def rate_e10(text: str) -> int | str:
    """Return a rate in parts of 10^-10, rounded half up, or the rule it breaks: above 0 and below 10^8."""
    if not _NUMBER.fullmatch(text.strip()):
        return "not_a_number"
    rate = _EXACT.create_decimal(text.strip())
    if not -20 < rate.adjusted() < MAX_RATE_DIGITS:
        return "rate_range"
    parts = int(_EXACT.multiply(rate, E10).to_integral_value(ROUND_HALF_UP, _EXACT))
    return parts if parts > 0 else "rate_range"


def _read_date(cells: pl.Series) -> tuple[pl.Series, Failures]:
    """Return dates: typed ones, 2027-01-05 and 2027/1/5; a time of day behind it is left out."""
    if cells.dtype in (pl.Date, pl.Datetime):
        dates = cells.dt.date()  # the local day where there is a time zone
    elif cells.dtype == pl.String:
        dates = cells.str.to_date("%Y-%m-%d", strict=False)
        if dates.null_count() > cells.null_count():
            day = cells.str.strip_chars().str.extract(_DAY)
            dates = dates.fill_null(day.str.replace_all("/", "-", literal=True).str.to_date("%Y-%m-%d", strict=False))
    else:
        return _wrong_type(cells, pl.Date)
    # Years below 1900 are slips of the finger or of a two-digit year; no company sells in year 27.
    dates = pl.select(pl.when(dates.dt.year() >= 1900).then(dates)).to_series()
    return dates, [("not_a_date", dates.is_null() & cells.is_not_null())]


def _read_number(cells: pl.Series) -> tuple[pl.Series, Failures]:
    """Return floats: finite and below 10^15."""
    if not (cells.dtype == pl.String or cells.dtype.is_numeric()):
        return _wrong_type(cells, pl.Float64)
    numbers = cells.cast(pl.Float64, strict=False)
    infinite = ~numbers.is_finite() & _named(cells)
    return _kept(numbers, [("not_a_number", numbers.is_null() & cells.is_not_null()), ("not_finite", infinite),
                           ("number_too_large", ~infinite & (numbers.abs() >= MAX_NUMBER))])  # fmt: skip


def _named(cells: pl.Series) -> pl.Series:
    """Tell which cells say themselves that they are not finite; of others, such as 1e999, the float ran over."""
    if cells.dtype == pl.String:
        return cells.str.contains(r"(?i)^[+-]?(nan|inf|infinity)$")
    return ~cells.cast(pl.Float64).is_finite()


def _read_whole(cells: pl.Series) -> tuple[pl.Series, Failures]:
    """Return whole numbers; 2027.0 is one."""
    numbers, failures = _read_number(cells)
    broken = numbers.is_not_null() & (numbers.round(0) != numbers)
    values, more = _kept(numbers, [("not_whole", broken)])
    return values.cast(pl.Int64), failures + more


def _read_amount(cells: pl.Series) -> tuple[pl.Series, Failures]:
    """Return amounts as ten-thousandths: text and decimals exactly, floats rounded to four places."""
    if cells.dtype == pl.String:
        return _amounts_of_text(cells)
    if cells.dtype.is_decimal():
        exact = cells.cast(pl.Decimal(38, 4))
        scaled = exact.to_physical()
        values, failures = _kept(scaled, [("too_many_decimals", exact != cells),
                                          ("amount_too_large", scaled.abs() >= MAX_AMOUNT_E4)])  # fmt: skip
        return values.cast(pl.Int64), failures
    if cells.dtype.is_integer():
        whole = cells.cast(pl.Int64, strict=False)
        huge = (whole.is_null() & cells.is_not_null()) | ~whole.is_between(-_MOST_MAJOR, _MOST_MAJOR)
        values, failures = _kept(whole, [("amount_too_large", huge)])
        return values * E4, failures
    if cells.dtype.is_float():
        scaled = (cells.cast(pl.Float64) * E4).round(0)
        finite, huge = cells.is_finite(), scaled.abs() >= MAX_AMOUNT_E4
        values, failures = _kept(scaled, [("not_finite", ~finite), ("amount_too_large", finite & huge)])
        return values.cast(pl.Int64), failures
    return _wrong_type(cells, pl.Int64)


def _amounts_of_text(cells: pl.Series) -> tuple[pl.Series, Failures]:
    """Return amounts written as plain decimals; the few that are not plain are looked at one by one."""
    scaled = cells.cast(pl.Decimal(38, 4), strict=False).to_physical()
    long = cells.str.contains(r"[eE]|\.[0-9]{5}").fill_null(value=False)
    odd = long | (scaled.is_null() & cells.is_not_null())
    failures: Failures = [("amount_too_large", scaled.abs() >= MAX_AMOUNT_E4)]
    if odd.any():
        broken = long & cells.str.contains(r"^[+-]?[0-9]*\.[0-9]{4}0*[1-9][0-9]*$").fill_null(value=False)
        padded = long & cells.str.contains(r"^[+-]?[0-9]+\.[0-9]{4}0+$").fill_null(value=False)  # 12.500000 is exact
        odd = odd & ~broken & ~padded
        texts = cells.filter(odd).unique().to_list()
        seen = [_odd_amount(text.strip()) for text in texts]
        table = pl.DataFrame({"text": texts, "value": [value for value, _ in seen], "rule": [rule for _, rule in seen]},
                             schema={"text": pl.String, "value": pl.Int64, "rule": pl.String})  # fmt: skip
        found = pl.DataFrame({"text": pl.select(pl.when(odd).then(cells)).to_series()}).join(
            table, on="text", how="left", maintain_order="left")  # fmt: skip
        scaled = pl.select(pl.when(odd).then(found["value"]).otherwise(scaled)).to_series()
        failures = [("too_many_decimals", broken | (found["rule"] == "too_many_decimals").fill_null(value=False)),
                    ("amount_too_large", (scaled.abs() >= MAX_AMOUNT_E4) | (found["rule"] == "amount_too_large")),
                    *((rule, found["rule"] == rule) for rule in ("not_a_number", "not_finite"))]  # fmt: skip
    values, failures = _kept(scaled, failures)
    return values.cast(pl.Int64), failures


def _odd_amount(text: str) -> tuple[int | None, str | None]:
    """Return the ten-thousandths of an amount such as 1.5e3, or the rule it breaks."""
    if _NOT_FINITE.fullmatch(text):
        return None, "not_finite"
    if not _NUMBER.fullmatch(text):
        return None, "not_a_number"
    try:
        scaled = _EXACT.multiply(Decimal(text), E4)
    except ArithmeticError:
        return None, "amount_too_large"
    if abs(scaled) >= MAX_AMOUNT_E4:
        return None, "amount_too_large"
    return (int(scaled), None) if scaled == scaled.to_integral_value() else (None, "too_many_decimals")


def _kept(values: pl.Series, failures: Failures) -> tuple[pl.Series, Failures]:
    """Return the values with those that failed as null, and the failures that happened: one a row, the first."""
    happened: Failures = []
    for rule, mask in failures:
        wrong = mask.fill_null(value=False)
        for _, before in happened:
            wrong &= ~before
        if wrong.any():
            happened.append((rule, wrong))
    for _, wrong in happened:
        values = pl.select(pl.when(~wrong).then(values)).to_series()
    return values, happened


_READERS: dict[str, Callable[[pl.Series], tuple[pl.Series, Failures]]] = {
    "key": _read_text, "text": _read_text, "scope": _read_text, "choice": _read_choice, "date": _read_date,
    "amount": _read_amount, "number": _read_number, "whole": _read_whole, "currency": _read_currency,
    "rate": _read_rate,
}  # fmt: skip
