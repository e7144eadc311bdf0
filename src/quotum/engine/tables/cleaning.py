"""What is taken out of a company's tables without anybody having to decide."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from quotum.engine.tables.company import Company

CANCELLED = (
    "cancelled", "canceled", "void", "voided", "取消", "已取消", "作废", "已作废", "作廢", "已作廢",
    "cancelado", "cancelada", "anulado", "anulada",
)  # fmt: skip
"""Words in sales.status that say a line never became a sale."""


def find_cancelled(sales: pl.DataFrame) -> pl.Series | None:
    """Return the mask of cancelled sales lines, or None where there are none."""
    status = sales["status"]
    if status.null_count() == len(status):
        return None
    words = status.unique().drop_nulls()
    cancelled = words.filter(words.str.strip_chars().str.to_lowercase().is_in(CANCELLED))
    return status.is_in(cancelled.implode()).fill_null(value=False) if len(cancelled) else None


def unknown_places(table: pl.DataFrame) -> pl.Series:
    """Return the mask of rows that lie at 0, 0: in the sea off Africa, which means nobody knows."""
    return ((table["lat"] == 0) & (table["lon"] == 0)).fill_null(value=False)


def clean_company(company: Company) -> Company:
    """Return the company without cancelled sales lines and with coordinates 0, 0 as unknown."""
    tables, sources = dict(company.tables), dict(company.sources)
    cancelled = find_cancelled(company["sales"])
    if cancelled is not None:
        tables["sales"] = company["sales"].filter(~cancelled)
        if source := sources.get("sales"):
            lines = (
                pl.int_range(len(cancelled), eager=True) + source.first_line if source.lines is None else source.lines
            )
            files = None if source.files is None else source.files.filter(~cancelled)
            sources["sales"] = replace(source, lines=lines.filter(~cancelled), files=files, unread={})
    for name in ("people", "customers"):
        unknown = unknown_places(company[name])
        if unknown.any():
            known = pl.when(~unknown)
            tables[name] = company[name].with_columns(known.then(pl.col("lat")), known.then(pl.col("lon")))
    return replace(company, tables=tables, sources=sources)
