"""Fills a column of quotum's from columns of the files: templates, constants, value maps, numbers, dates."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from quotum.adapters.files.importing.dates import read_dates
from quotum.adapters.files.importing.mapping import FIELD, Value
from quotum.adapters.files.importing.numbers import read_numbers
from quotum.adapters.files.importing.rows import Findings, Rows, as_text, stripped
from quotum.adapters.files.workbook import rounded
from quotum.engine.tables.schema import Kind

NUMERIC: tuple[Kind, ...] = ("amount", "number", "whole", "rate")
_MOST_UNMAPPED = 20


def fill(value: Value, kind: Kind, rows: Rows, findings: Findings) -> tuple[pl.Series, pl.Series | None]:
    """Return the column's cells, and the mask of those that are refused (None: none are).

    Every column that ``value`` names must be there. Numbers come back as plain decimals, dates as 2027-01-31; what is
    refused stays as the file writes it.
    """
    height = rows.cells.height
    if value.constant is not None:
        return pl.Series([value.constant], dtype=pl.String).new_from_index(0, height), None
    cells = _gather(value, kind, rows)
    origin = rows.origin(rows.column(next(value.names())))
    if origin.form.none and cells.dtype == pl.String:
        nothing = cells.str.strip_chars().is_in(list(origin.form.none))
        cells = pl.select(pl.when(~nothing).then(cells)).to_series()
    if value.values is not None:
        cells = _map(cells, value, rows, findings)
        origin = replace(origin, mark=".", order="year-month-day")
    if kind in NUMERIC:
        cells, wrong = read_numbers(cells, origin.mark, value.scale)
        if kind == "amount" and origin.texts is not None and cells.dtype == pl.String:
            cells = pl.select(rounded(pl.lit(cells))).to_series()
        return cells, wrong
    if kind == "date":
        return read_dates(cells, origin.order)
    return _without_formulas(cells)


def _gather(value: Value, kind: Kind, rows: Rows) -> pl.Series:
    """Return the first of the value's columns and templates that is filled."""
    found = [_fill_template(text, kind, rows) if "{" in text else rows.cells[rows.column(text)] for text in value.texts]
    if len(found) == 1:
        return found[0]
    texts = [stripped(cells) for cells in found]
    return pl.select(pl.coalesce([pl.lit(cells) for cells in texts])).to_series()


def _fill_template(text: str, kind: Kind, rows: Rows) -> pl.Series:
    """Return a template filled. Of a key every part must be there; of a name some: what is missing leaves no gap."""
    names = FIELD.findall(text)
    parts = [stripped(rows.cells[rows.column(name)]).alias(str(k)) for k, name in enumerate(names)]
    frame = pl.DataFrame(parts)
    form = FIELD.sub("{}", text.replace("{}", ""))
    filled = pl.format(form, *(pl.col(str(k)).fill_null("") for k in range(len(parts))))
    there = pl.any_horizontal if kind in ("text", "choice") else pl.all_horizontal
    whole = filled.str.replace_all(r"\s+", " ").str.strip_chars() if kind == "text" else filled
    return frame.select(pl.when(there(pl.all().is_not_null())).then(whole)).to_series()


def _map(cells: pl.Series, value: Value, rows: Rows, findings: Findings) -> pl.Series:
    """Return what the file's values mean; a value that nothing is said about is a finding."""
    known = dict(value.values or {})
    texts = stripped(cells)
    strange = texts.is_not_null() & ~texts.is_in(list(known))
    if strange.any() and value.otherwise is None:
        first = pl.DataFrame({"text": texts}).with_row_index("row").filter(strange)
        unknown = first.group_by("text").agg(pl.col("row").first(), pl.len()).sort("row")
        for text, row, count in unknown.head(_MOST_UNMAPPED).iter_rows():
            mask = pl.int_range(len(texts), eager=True) == row
            for file, line, _ in rows.lines(mask):
                findings.add("import_value_unmapped", file=file, line=line, column=value.label, value=text[:80],
                             details={"rows": count, "known": ", ".join(list(known)[:20])})  # fmt: skip
    mapped = texts.replace_strict(known, default=value.otherwise, return_dtype=pl.String)
    return pl.select(pl.when(texts.is_not_null()).then(mapped)).to_series()


def _without_formulas(cells: pl.Series) -> tuple[pl.Series, pl.Series | None]:
    """Return text whose formulas are refused; ``="0012"`` is what programs write to keep zeros in front."""
    if cells.dtype != pl.String:
        return cells, None
    formula = cells.str.contains(r"^\s*=").fill_null(value=False)
    if not formula.any():
        return cells, None
    inner = cells.str.extract(r'^\s*="([^"]*)"\s*$')
    wrong = formula & inner.is_null()
    return inner.fill_null(cells), wrong if wrong.any() else None


def text_of(name: str, rows: Rows) -> pl.Series:
    """Return a column as text without blanks around it."""
    return stripped(rows.cells[rows.column(name)])


def days_of(name: str, rows: Rows) -> pl.Series:
    """Return a column as dates written 2027-01-31, null where there is none."""
    column = rows.column(name)
    days, wrong = read_dates(rows.cells[column], rows.origin(column).order)
    texts = as_text(days).str.slice(0, 10)
    return texts if wrong is None else pl.select(pl.when(~wrong).then(texts)).to_series()
