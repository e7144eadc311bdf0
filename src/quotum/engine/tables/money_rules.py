"""Rules on money: returns, cancelled lines, sums that would not fit."""

from __future__ import annotations

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.tables.cleaning import find_cancelled, unknown_places
from quotum.engine.tables.company import Company
from quotum.engine.tables.findings import amount_text, finding, list_names
from quotum.engine.tables.schema import TABLES

MAX_SUM_E4 = 2**60
"""Sums of a column beyond which the arithmetic of a plan (weighted years, several measures) could leave Int64."""


def check_money(company: Company) -> list[Issue]:
    """Check sums, and count what is kept or left out."""
    return [*check_sums(company), *_count_returns(company), *_count_cancelled(company)]


def check_sums(company: Company) -> list[Issue]:
    """Columns of amounts must add up within Int64."""
    issues = []
    for table in TABLES.values():
        for column in table.columns:
            if column.kind == "amount" and company[table.name].height:
                total = company[table.name].select(pl.col(column.field).cast(pl.Float64).abs().sum()).item()
                if total >= MAX_SUM_E4:
                    issues.append(
                        finding(company, table.name, "sum_too_large", column=column.name, value=f"{total / 1e4:.3g}")
                    )
    return issues


def _count_returns(company: Company) -> list[Issue]:
    """Negative lines are returns: they are kept and lower the history."""
    sales = company["sales"]
    negative = sales["amount_e4"] < 0
    count = negative.sum()
    if not count:
        return []
    sums = sales.filter(negative).group_by("currency").agg(pl.col("amount_e4").sum()).sort("currency", nulls_last=False)
    value = ", ".join(f"{amount_text(total)} {code or ''}".strip() for code, total in sums.iter_rows())
    return [finding(company, "sales", "returns_kept", row=int(negative.arg_true()[0]), severity="note", column="amount",
                    value=value, details=(("rows", str(count)),))]  # fmt: skip


def _count_cancelled(company: Company) -> list[Issue]:
    """Cancelled lines are left out."""
    cancelled = find_cancelled(company["sales"])
    if cancelled is None:
        return []
    words = company["sales"]["status"].filter(cancelled).unique().sort()
    return [
        finding(
            company,
            "sales",
            "cancelled_left_out",
            row=int(cancelled.arg_true()[0]),
            severity="note",
            column="status",
            value=list_names(words),
            details=(("rows", str(cancelled.sum())),),
        )
    ]


def check_places(company: Company) -> list[Issue]:
    """Coordinates 0, 0 are unknown ones."""
    issues = []
    for table in ("people", "customers"):
        rows = unknown_places(company[table]).arg_true()
        if len(rows):
            issues.append(
                finding(
                    company,
                    table,
                    "zero_coordinates",
                    row=int(rows[0]),
                    severity="warning",
                    column="lat",
                    value="0, 0",
                    details=(("rows", str(len(rows))),),
                )
            )
    return issues
