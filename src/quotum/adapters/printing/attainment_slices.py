"""Attainment of a slice as a table for people: plan, due, actual, pace, gap and growth beside each other."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from quotum.adapters.printing.amounts import format_amount, format_growth
from quotum.adapters.printing.review_tables import percent
from quotum.adapters.printing.slice_tables import Names, name_keys
from quotum.adapters.printing.text_tables import draw_table

_FIGURES = ("amount", "due", "actual", "last_year")


def draw_attainment(frame: pl.DataFrame, keys: Sequence[str], *, kind: str, names: Names) -> str:
    """Return the table of a slice with its total, where the measure may be added up; no key is ``-``."""
    if frame.is_empty():
        return "Nothing is planned there, and nothing came of it."
    several = frame["since"].n_unique() > 1
    columns = [*keys, *(["period"] if several else [])]
    decimals = int(frame["decimals"][0])
    named = [name_keys(frame[column], names.get(column, {})) for column in columns]
    figures = [_write(line, decimals) for line in frame.select(_FIGURES).iter_rows()]
    cells = zip(*named, strict=True) if named else [()] * len(figures)
    rows = [[*cell, *line] for cell, line in zip(cells, figures, strict=True)]
    total: list[str] = []
    if columns and (kind == "flow" or (kind == "level" and not several)):
        sums = frame.select(pl.col(_FIGURES).sum()).row(0)
        sums = sums if frame["last_year"].count() else (*sums[:3], None)
        total = ["total", *[""] * (len(columns) - 1), *_write(sums, decimals)]
    head = [*columns, frame["level"][0], "due by now", "actual", "pace", "gap", "last year", "growth"]
    return draw_table(head, rows, left=len(columns), total=total)


def _write(line: tuple[int | None, ...], decimals: int) -> list[str]:
    """Return amount, due, actual, pace, gap, last year and growth as texts; what is not known stays empty."""
    amount, due, actual, last_year = line
    beside = ["", ""]
    if actual is not None and due is not None:
        beside = [percent(actual, due), format_amount(actual - due, decimals)]
    growth = "" if actual is None or last_year is None else format_growth(actual, last_year)
    told = (format_amount(value, decimals) for value in (amount, due, actual))
    return [*told, *beside, format_amount(last_year, decimals), growth]
