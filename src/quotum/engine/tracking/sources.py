"""Where actuals come from: a measure may count what was billed, paid or won instead of what was sold.

The lines take the place of sales, so that credit, outlook and reasons are the same for all of them.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import Measure

WON = ("won", "signed", "payment", "delivered", "done")
"""Stages that say a project was won; so does a chance of 1."""


def count_as_sales(company: Company, measure: Measure) -> Company:
    """Return the company with what the measure counts as its sales.

    A receipt belongs to its own customer, else to that of the invoice it pays. A project counts on the day it closes,
    with its whole amount, if it was won; what is still open or lost counts nothing.
    """
    if measure.actual == "sales":
        return company
    lines = {"invoices": _list_invoices, "receipts": _list_receipts, "projects": _list_won}[measure.actual](company)
    schema = company["sales"].schema
    full = lines.with_columns(pl.lit(None, dtype).alias(n) for n, dtype in schema.items() if n not in lines.columns)
    sales = full.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    return replace(company, tables={**company.tables, "sales": sales})


def _list_invoices(company: Company) -> pl.DataFrame:
    return company["invoices"].drop_nulls("customer").select("date", "customer", "amount_e4", order="invoice")


def _list_receipts(company: Company) -> pl.DataFrame:
    billed = company["invoices"].select("invoice", billed="customer")
    paid = company["receipts"].join(billed, on="invoice", how="left", maintain_order="left")
    return paid.select("date", "amount_e4", customer=pl.coalesce("customer", "billed")).drop_nulls("customer")


def _list_won(company: Company) -> pl.DataFrame:
    stage = pl.col("stage").fill_null("").str.strip_chars().str.to_lowercase()
    won = (stage.is_in(list(WON)) | (pl.col("chance") == 1)) & pl.col("amount_e4").is_not_null()
    found = company["projects"].filter(won).drop_nulls(["customer", "close"])
    return found.select("customer", "amount_e4", date="close", order="project")
