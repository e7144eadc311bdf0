"""A slice as CSV, JSON or xlsx: what programs and spreadsheets read."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

import polars as pl

from quotum.adapters.printing.amounts import write_major
from quotum.adapters.printing.print_issues import issue_for_json
from quotum.engine.basics.issues import Issue

MAX_SHEET_ROWS = 1_048_576 - 2  # a header and a total
_MAX_CELL = 32_767
_AMOUNTS = ("amount", "last_year", "before", "after", "difference", "due", "actual")
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def slice_json(frame: pl.DataFrame, issues: Sequence[Issue] = ()) -> str:
    """Return ``{"rows": [...]}``: amounts as whole numbers of the smallest unit, dates in ISO, half open."""
    told = json.dumps([issue_for_json(issue) for issue in issues], ensure_ascii=False)
    rest = f', "issues": {told}' if issues else ""
    return f'{{"rows": {frame.write_json() if len(frame) else "[]"}{rest}}}'


def write_csv(frame: pl.DataFrame, stream: TextIO) -> None:
    """Write a slice as CSV that Excel opens as it is; amounts are decimals in major units.

    The stream must be UTF-8 without translation of line ends. No cell can become a formula.
    """
    stream.write("\ufeff")
    writer = csv.writer(stream, lineterminator="\r\n")
    columns = [name for name in frame.columns if name != "decimals"]
    writer.writerow([guard_text(name) for name in columns])
    decimals = frame["decimals"][0] if len(frame) else 0
    as_text = [
        frame[name]
        .map_elements(lambda minor: write_major(minor, decimals), return_dtype=pl.String)
        .fill_null("") if name in _AMOUNTS else _guarded(frame[name])
        for name in columns
    ]  # fmt: skip
    writer.writerows(zip(*(column.to_list() for column in as_text), strict=True))


def guard_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: an apostrophe goes before what looks like one."""
    return "'" + text if text.startswith(_STARTS_FORMULA) else text


def _guarded(column: pl.Series) -> pl.Series:
    texts = column.cast(pl.String).fill_null("")
    return texts.map_elements(guard_text, return_dtype=pl.String) if column.dtype == pl.String else texts


def write_workbook(
    frame: pl.DataFrame, path: Path, *, kind: str, as_of: date, by: Sequence[str], under: str = ""
) -> None:
    """Write a slice as one sheet: numbers with formats, frozen header, filter, totals as formulas with their values.

    Raises OSError when the file cannot be written. The same slice gives the same bytes: its date is ``as_of``.
    ``by`` are its keys and ``under`` what it was restricted to, as ``unit=North;channel=shop``: they go to a hidden
    sheet, so that an edited workbook can be read back.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"created": datetime(as_of.year, as_of.month, as_of.day)})
    decimals = frame["decimals"][0] if len(frame) else 0
    form = "#,##0" + ("." + "0" * decimals if decimals else "")
    forms = {
        "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
        "number": book.add_format({"num_format": form}),
        "percent": book.add_format({"num_format": "+0.0%;-0.0%;0.0%"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "total": book.add_format({"num_format": form, "bold": True, "top": 1}),
        "total_percent": book.add_format({"num_format": "+0.0%;-0.0%;0.0%", "bold": True, "top": 1}),
    }
    sheet = book.add_worksheet("Targets")
    columns = [name for name in frame.columns if name != "decimals"]
    _write_cells(sheet, frame, columns, forms, 10**decimals)
    may_add = kind == "flow" or (kind == "level" and frame["since"].n_unique() <= 1)
    if may_add and len(frame):
        _write_totals(sheet, frame, columns, forms, 10**decimals)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, len(frame), len(columns))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    about = book.add_worksheet("about")
    about.write_row(0, 0, ["name", "value"])
    about.write_row(1, 0, ["under", under])
    about.write_row(2, 0, ["by", ";".join(by)])
    if "currency" in frame.columns:
        about.write_row(3, 0, ["currency", next(iter(frame["currency"]), "")])
    about.hide()
    try:
        book.close()
    except FileCreateError as error:
        cause = error.args[0] if error.args else ""
        raise OSError(getattr(cause, "errno", 0), getattr(cause, "strerror", "") or str(cause)) from error


def _write_cells(sheet: Any, frame: pl.DataFrame, columns: Sequence[str], forms: dict[str, Any], unit: int) -> None:
    for at, name in enumerate([*columns, "growth"]):
        sheet.write_string(0, at, name.replace("_", " "), forms["head"])
    amount, last_year = columns.index("amount"), columns.index("last_year")
    for at, name in enumerate(columns):
        widest = min(40, max([len(name), *(len(str(v)) for v in frame[name].unique().head(2000))]))
        sheet.set_column(at, at, widest + 3)
        for line, value in enumerate(frame[name].to_list(), start=1):
            if value is None:
                continue
            if at in (amount, last_year):
                sheet.write_number(line, at, value / unit, forms["number"])
            elif isinstance(value, date):
                sheet.write_datetime(line, at, datetime(value.year, value.month, value.day), forms["date"])
            else:
                sheet.write_string(line, at, value[:_MAX_CELL])
    pairs = zip(frame["amount"].to_list(), frame["last_year"].to_list(), strict=True)
    for line, (now, before) in enumerate(pairs, start=1):
        if now is not None and before is not None and before > 0:
            _write_growth(sheet, (line, amount, last_year), now / before - 1, forms["percent"])


def _write_totals(sheet: Any, frame: pl.DataFrame, columns: Sequence[str], forms: dict[str, Any], unit: int) -> None:
    from xlsxwriter.utility import xl_rowcol_to_cell

    line, amount, last_year = len(frame) + 1, columns.index("amount"), columns.index("last_year")
    for at in range(amount):
        sheet.write_string(line, at, "" if at else "total", forms["total"])
    now, before = sum(frame["amount"].to_list()), sum(frame["last_year"].drop_nulls().to_list())
    for at, value in ((amount, now), (last_year, before)):
        cells = f"{xl_rowcol_to_cell(1, at)}:{xl_rowcol_to_cell(len(frame), at)}"
        sheet.write_formula(line, at, f"=SUBTOTAL(109,{cells})", forms["total"], value / unit)
    if before > 0:
        _write_growth(sheet, (line, amount, last_year), now / before - 1, forms["total_percent"])


def _write_growth(sheet: Any, place: tuple[int, int, int], value: float, form: Any) -> None:
    """Write the growth of a line behind last year; ``place``: the line and the columns of amount and last year."""
    from xlsxwriter.utility import xl_rowcol_to_cell

    line, amount, last_year = place
    now, before = xl_rowcol_to_cell(line, amount), xl_rowcol_to_cell(line, last_year)
    sheet.write_formula(line, last_year + 1, f'=IF({before}>0,{now}/{before}-1,"")', form, value)
