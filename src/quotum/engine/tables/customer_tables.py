"""The shape of what is told of customers by key: measures and the composition of sales; a plan keeps both."""

from __future__ import annotations

import polars as pl

CUSTOMER_SCHEMAS: dict[str, dict[str, type[pl.DataType]]] = {
    # What the last twelve months' sales are made of, by the key of a dimension (null: none), in smallest units of the
    # first target's measure; `before`: the twelve months before. change: of the share, as a fraction.
    "customer_groups": {"dimension": pl.String, "key": pl.String, "customers": pl.Int64, "amount": pl.Int64,
                        "share": pl.Float64, "customers_before": pl.Int64, "before": pl.Int64,
                        "share_before": pl.Float64, "change": pl.Float64},
    # How many customers are kept, new, lost …: value of the base `of`. dimension and key empty: the company.
    "customer_measures": {"dimension": pl.String, "key": pl.String, "measure": pl.String, "value": pl.Int64,
                          "of": pl.Int64, "rate": pl.Float64, "value_before": pl.Int64, "of_before": pl.Int64,
                          "rate_before": pl.Float64},
}  # fmt: skip
