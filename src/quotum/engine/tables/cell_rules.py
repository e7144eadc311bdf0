"""Rules that look at one column: filled, in range, one of its choices, a scope that names a dimension."""

from __future__ import annotations

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.nearest import nearest
from quotum.engine.tables.company import Company
from quotum.engine.tables.findings import finding, findings
from quotum.engine.tables.schema import DIMENSIONS, E4, TABLES, Column, Table


def check_cells(company: Company) -> list[Issue]:
    """Check every column of every table by what the schema says of it."""
    issues: list[Issue] = []
    for table in TABLES.values():
        if company[table.name].height:
            for column in table.columns:
                issues += _check_filled(company, table, column)
                issues += _check_range(company, table, column)
                issues += _check_choices(company, table, column)
    return issues + _check_scopes(company) + _check_dimensions(company)


def _check_filled(company: Company, table: Table, column: Column) -> list[Issue]:
    """Required values must be there; a value that could not be read has an issue already."""
    values = company[table.name][column.field]
    if not column.required or not values.null_count():
        return []
    rows = values.is_null().arg_true().cast(pl.Int64)
    source = company.sources.get(table.name)
    if source and column.name in source.unread:
        rows = rows.filter(~rows.is_in(source.unread[column.name].implode()))
    return findings(company, table.name, "value_missing", rows, column=column.name)


def _check_range(company: Company, table: Table, column: Column) -> list[Issue]:
    """Numbers must lie between the column's bounds."""
    if column.low is None and column.high is None:
        return []
    values = company[table.name][column.field]
    scale = E4 if column.kind == "amount" else 1
    low, high = values.min(), values.max()
    wrong: list[pl.Series] = []
    if column.low is not None and low is not None and low < column.low * scale:  # type: ignore[operator]
        wrong.append((values < column.low * scale).arg_true())
    if column.high is not None and high is not None and high > column.high * scale:  # type: ignore[operator]
        wrong.append((values > column.high * scale).arg_true())
    details = tuple(
        (name, f"{bound:g}") for name, bound in (("low", column.low), ("high", column.high)) if bound is not None
    )
    return [
        issue
        for rows in wrong
        for issue in findings(company, table.name, "out_of_range", rows, column=column.name, details=details)
    ]


def _check_choices(company: Company, table: Table, column: Column) -> list[Issue]:
    """Choices must be one of the words that the column knows."""
    if not column.choices:
        return []
    values = company[table.name][column.name]
    wrong = values.is_not_null() & ~values.is_in(column.choices)
    return findings(company, table.name, "unknown_choice", wrong.arg_true(), column=column.name,
                    details=(("known", ", ".join(column.choices)),))  # fmt: skip


def _check_scopes(company: Company) -> list[Issue]:
    """An event's scope must read ``dimension=key``; whether the key is there is for the reference rules."""
    issues = []
    scopes = company["events"]["scope"]
    for row in scopes.is_not_null().arg_true().to_list():
        dimension, equals, key = scopes[row].partition("=")
        if not equals or not key.strip() or dimension.strip() not in DIMENSIONS:
            near = (("nearest", nearest(dimension, DIMENSIONS)), ("known", ", ".join(DIMENSIONS)))
            issues.append(
                finding(company, "events", "unknown_scope", row=row, column="scope", value=scopes[row], details=near)
            )
    return issues


def _check_dimensions(company: Company) -> list[Issue]:
    """Locks and totals must name a dimension that a plan can be split across."""
    issues = []
    for table in ("locks", "totals"):
        names = company[table]["dimension"]
        for row in (names.is_not_null() & ~names.is_in(list(DIMENSIONS))).arg_true().to_list():
            near = (("nearest", nearest(names[row], DIMENSIONS)), ("known", ", ".join(DIMENSIONS)))
            issues.append(finding(company, table, "unknown_dimension", row=row, column="dimension", value=names[row],
                                  details=near))  # fmt: skip
    totals = company["totals"]
    for row in (totals["dimension"].is_null() != totals["key"].is_null()).arg_true().to_list():
        named = totals["dimension"][row] or totals["key"][row]
        issues.append(finding(company, "totals", "total_half_named", row=row, column="key", value=named))
    return issues
