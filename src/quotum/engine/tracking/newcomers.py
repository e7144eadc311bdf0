"""Members that a plan cannot know: what they belong to is what the company says on the day of the review."""

from __future__ import annotations

from datetime import date

import polars as pl

from quotum.engine.tables.company import Company
from quotum.engine.tables.review_tables import REVIEW_SCHEMAS
from quotum.engine.tables.sales_values import channel_of_customers


def list_newcomers(company: Company, customers: pl.DataFrame, since: date) -> pl.DataFrame:
    """Return the table ``newcomers``: customers whose first order lies in the plan, and the products.

    ``customers(customer, first_order)`` in the order of the company's table.
    """
    own = company["customers"].select("customer", "area", "class").with_columns(channel=channel_of_customers(company))
    new = own.filter((customers["first_order"] >= since).fill_null(value=False))
    schema = REVIEW_SCHEMAS["newcomers"]
    frames = [
        new.select(pl.lit("customer").alias("dimension"), pl.col("customer").alias("key"), "channel", "area", "class"),
        company["products"].select(pl.lit("product").alias("dimension"), key="product", category="category"),
    ]
    both = pl.concat([pl.DataFrame(schema=schema), *frames], how="diagonal")
    return both.select(pl.col(name).cast(kind) for name, kind in schema.items()).sort("dimension", "key")
