"""How a rule says what it found: rows of a table become issues with file, line and value."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import polars as pl

from quotum.engine.basics.issues import Issue, Severity
from quotum.engine.tables.company import Company
from quotum.engine.tables.schema import E4, E10, TABLES

MOST_LISTED = 200
"""Findings of one rule, table and column that are listed; the last of them counts the rest."""
MOST_LINES = 20

Details = tuple[tuple[str, str], ...]


def finding(
    company: Company, table: str, rule: str, *, row: int | None = None, severity: Severity = "error",
    column: str = "", value: object = "", details: Details = (),
) -> Issue:  # fmt: skip
    """Return the issue of one row of a table, or of the table as a whole."""
    source = company.sources.get(table)
    line = source.line(row) if source and row is not None else None
    return Issue(
        rule=rule,
        severity=severity,
        table=table,
        file="" if source is None else source.file if row is None else source.file_at(row),
        line=line,
        column=column,
        value=_text(value),
        details=details,
    )


def findings(
    company: Company, table: str, rule: str, rows: pl.Series, *, column: str, severity: Severity = "error",
    details: Details = (),
) -> list[Issue]:  # fmt: skip
    """Return an issue for each of the rows with what stands in ``column``; the last of many counts the rest."""
    described = TABLES[table].column(column)
    values = company[table][described.field]
    listed = rows.head(MOST_LISTED).to_list()
    texts = [values[row] for row in listed]
    if described.kind == "amount":
        texts = [None if amount is None else amount_text(amount) for amount in texts]
    found = [finding(company, table, rule, row=row, severity=severity, column=column, value=text, details=details)
             for row, text in zip(listed, texts, strict=True)]  # fmt: skip
    return counted(found, len(rows))


def counted(found: list[Issue], count: int) -> list[Issue]:
    """Return the listed issues, the last of them counting those of ``count`` that are not listed."""
    if found and count > len(found):
        found[-1] = replace(found[-1], more=count - len(found))
    return found


def list_lines(company: Company, table: str, rows: Sequence[int]) -> str:
    """Return the lines of rows as text, the first twenty of them."""
    source = company.sources.get(table)
    lines = [str(source.line(row) if source else row + 1) for row in rows[:MOST_LINES]]
    if source and len({source.file_at(row) for row in rows[:MOST_LINES]}) > 1:
        lines = [f"{source.file_at(row)}:{line}" for row, line in zip(rows, lines, strict=False)]
    return ", ".join(lines) + (" …" if len(rows) > MOST_LINES else "")


def list_names(names: Iterable[str], most: int = 10) -> str:
    """Return some names as text."""
    every = list(names)
    return ", ".join(every[:most]) + (" …" if len(every) > most else "")


def amount_text(amount_e4: int) -> str:
    """Return ten-thousandths as a plain decimal of major units."""
    whole, rest = divmod(abs(amount_e4), E4)
    return f"{'-' if amount_e4 < 0 else ''}{whole}" + (f".{rest:04d}".rstrip("0") if rest else "")


def rate_text(rate_e10: int) -> str:
    """Return a rate in parts of 10^-10 as a plain decimal."""
    whole, rest = divmod(rate_e10, E10)
    return f"{whole}" + (f".{rest:010d}".rstrip("0") if rest else "")


def _text(value: object) -> str:
    return "" if value is None else str(value)[:80]
