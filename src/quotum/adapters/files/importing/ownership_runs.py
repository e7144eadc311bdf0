"""Dated ownership from the sequence of orders: who had a customer from when to when."""

from __future__ import annotations

from datetime import date

import polars as pl


def find_runs(cells: pl.DataFrame, order: pl.DataFrame, through: date) -> pl.DataFrame:
    """Return a row for each time a customer's orders went over to somebody, with since and until as text.

    ``cells``: customer and person of each order; ``order``: what sorts them, its column ``day`` first. Of the orders of
    one day the last counts; orders after ``through`` and those without customer, person or day do not.
    """
    frame = pl.concat([cells, order], how="horizontal").with_row_index("row")
    there = pl.all_horizontal(pl.col("customer", "person", "day").is_not_null())
    days = frame.filter(there, pl.col("day") <= through.isoformat())
    days = days.sort("customer", *order.columns, "row").unique(["customer", "day"], keep="last", maintain_order=True)
    starts = (pl.col("person") != pl.col("person").shift()) | (pl.col("customer") != pl.col("customer").shift())
    runs = days.filter(starts.fill_null(value=True))
    until = pl.when(pl.col("customer") == pl.col("customer").shift(-1)).then(pl.col("day").shift(-1))
    return runs.with_columns(since="day", until=until).drop("row", *order.columns)
