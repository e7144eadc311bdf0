"""A customer's orders, read out of the files of sales."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from quotum.engine.tables.cleaning import CANCELLED
from quotum.web.bridge.stored import stored
from quotum.web.records.models import FactTable


def list_orders(customer: str, until: date, most: int = 50) -> list[dict[str, Any]]:
    """Return a customer's newest orders up to a day (date, order, amount_e4, lines, products), no cancelled ones."""
    lines = _lines_of(customer, until)
    if lines is None:
        return []
    orders = lines.group_by("date", "order").agg(
        pl.col("amount_e4").sum(), lines=pl.len(), products=pl.col("product").drop_nulls().unique().sort()
    )
    return orders.sort("date", "order", descending=True).head(most).collect().to_dicts()


def sum_years(customer: str, until: date) -> list[tuple[int, int]]:
    """Return what a customer bought by year up to a day, the newest first, in ten-thousandths."""
    lines = _lines_of(customer, until)
    if lines is None:
        return []
    years = lines.group_by(year=pl.col("date").dt.year()).agg(pl.col("amount_e4").sum())
    return list(years.sort("year", descending=True).collect().iter_rows())


def _lines_of(customer: str, until: date) -> pl.LazyFrame | None:
    """Return the customer's lines of the table sales; None where there is none."""
    fact = FactTable.objects.filter(table="sales").first()
    if fact is None:
        return None
    lines = pl.scan_parquet(stored(fact.address), glob=False)
    lines = lines.filter(pl.col("customer") == customer, pl.col("date") <= until)
    is_cancelled = pl.col("status").str.strip_chars().str.to_lowercase().is_in(CANCELLED)
    return lines.filter(~is_cancelled.fill_null(value=False))
