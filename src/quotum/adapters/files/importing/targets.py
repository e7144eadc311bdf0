"""Targets that are sums of a column, and stretches that are a multiple of the commitment."""

from __future__ import annotations

from dataclasses import replace
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any

import polars as pl

from quotum.adapters.files.importing.columns import days_of
from quotum.adapters.files.importing.entries import Period
from quotum.adapters.files.importing.filters import meets
from quotum.adapters.files.importing.foreign_files import FILE, LINE, ForeignFiles
from quotum.adapters.files.importing.import_toml import read_sum
from quotum.adapters.files.importing.mapping import Sum, Wide
from quotum.adapters.files.importing.numbers import read_numbers
from quotum.adapters.files.importing.rows import Findings, Rows, as_text
from quotum.adapters.files.importing.wide import AMOUNT, SINCE, find_periods, unfold
from quotum.adapters.files.toml_sections import Section, TomlNotes

LEVELS = ("commit", "stretch")
_EXACT = Context(prec=60)
_MOST = 10**18


def find_sums(document: dict[str, Any], notes: TomlNotes) -> dict[tuple[int, str], Sum]:
    """Return the targets that are given as sums: (place of the target, level) -> what to sum."""
    sums: dict[tuple[int, str], Sum] = {}
    for place, target in enumerate(_targets(document)):
        for level in LEVELS:
            if isinstance(target.get(level), dict) and "sum" in target[level]:
                path = f"target[{place}].{level}"
                found = read_sum(Section(notes, path, target[level], f"target.{target.get('measure', place)}.{level}"))
                if found:
                    sums[place, level] = found
    return sums


def fill_targets(
    document: dict[str, Any], sums: dict[tuple[int, str], Sum], files: ForeignFiles, period: Period, findings: Findings
) -> None:
    """Write the sums into the parsed plan.toml, then the multiples: ``stretch = { of = "commit", times = 1.1 }``.

    What cannot be summed is a finding, and its level is taken out.
    """
    for place, target in enumerate(_targets(document)):
        for level in LEVELS:
            if (place, level) in sums:
                total = sum_column(sums[place, level], files, period, findings)
                target[level] = total if total is not None else Decimal(0)
            given = target.get(level)
            if isinstance(given, dict) and set(given) == {"of", "times"} and given["of"] in LEVELS:
                base, times = _number(target.get(given["of"])), _number(given["times"])
                if base is not None and times is not None:
                    grain = Decimal("0.01") if base % 1 else Decimal(1)
                    target[level] = _EXACT.multiply(base, times).quantize(grain, ROUND_HALF_EVEN, _EXACT)


def sum_column(asked: Sum, files: ForeignFiles, period: Period, findings: Findings) -> Decimal | None:
    """Return the sum of a column over the rows whose date lies in the plan, exactly; None with a finding."""
    table = files.read(asked.source)
    if table is None:
        return None
    rows = Rows.of(table)
    if rows.missing(asked.names(), findings, "target"):
        return None
    days = [rows.column(name) for name in (asked.day, *(c.column for c in asked.where if c.since or c.until)) if name]
    rows = rows.learn({} if asked.wide else {rows.column(asked.column): None}, days, findings)
    for condition in asked.where:
        rows = replace(rows, cells=rows.cells.filter(meets(condition, rows)))
    if asked.wide:
        return _sum_periods(rows, asked.wide, period, findings)
    if asked.day:
        when = days_of(asked.day, rows)
        inside = (when >= period.since.isoformat()) & (when < period.until.isoformat())
        rows = replace(rows, cells=rows.cells.filter(inside.fill_null(value=False)))
    column = rows.column(asked.column)
    cells, wrong = read_numbers(rows.cells[column], rows.origin(column).mark, asked.scale)
    if wrong is not None and wrong.any():
        for file, line, row in rows.lines(wrong):
            findings.add("import_not_a_number", file=file, line=line, column=column,
                         value=str(rows.cells[column][row])[:80])  # fmt: skip
        return None
    return _total(cells, rows, column, findings)


def _sum_periods(rows: Rows, wide: Wide, period: Period, findings: Findings) -> Decimal | None:
    """Return the sum of the columns that stand for periods of the plan."""
    titles = find_periods(wide, [title for title in rows.cells.columns if title not in (LINE, FILE)])
    rows = rows.learn(dict.fromkeys(titles), [], findings)
    before = len(findings.issues)
    long = unfold(rows, wide, period.fiscal_start, findings, "target")
    if long is None or len(findings.issues) > before:
        return None
    inside = (pl.col(SINCE) >= period.since.isoformat()) & (pl.col(SINCE) < period.until.isoformat())
    return _total(long.cells.filter(inside)[AMOUNT], rows, ", ".join(wide.columns), findings)


def _total(cells: pl.Series, rows: Rows, column: str, findings: Findings) -> Decimal | None:
    """Return the exact sum of a column of plain decimals; None with a finding where it is empty."""
    numbers = as_text(cells).drop_nulls().str.strip_chars()
    if not len(numbers):
        findings.add("import_sum_empty", file=rows.label, column=column)
        return None
    total = Decimal(0)
    for text in numbers.to_list():
        total = _EXACT.add(total, Decimal(text))
    return total


def _targets(document: dict[str, Any]) -> list[dict[str, Any]]:
    given = document.get("target", [])
    return [target for target in given if isinstance(target, dict)] if isinstance(given, list) else []


def _number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or abs(Decimal(value)) > _MOST:
        return None
    return Decimal(value)
