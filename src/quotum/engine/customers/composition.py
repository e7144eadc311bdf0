"""What sales are made of: by class, state, area, category or whatever else, with the share of each and its change."""

from __future__ import annotations

import numpy as np
import polars as pl

from quotum.engine.customers.purchases import Flags, Longs
from quotum.engine.tables.customer_tables import CUSTOMER_SCHEMAS
from quotum.engine.tables.schema import E4

COMPOSITION_SCHEMA = CUSTOMER_SCHEMAS["customer_groups"]


def compose_customers(
    dimension: str, keys: tuple[pl.Series, pl.Series], amounts_e4: tuple[Longs, Longs], served: tuple[Flags, Flags],
    decimals: int,
) -> pl.DataFrame:  # fmt: skip
    """Return the parts of a year's sales by key, the year before beside them: ``COMPOSITION_SCHEMA``.

    Each pair is of the year and of the one before, (num_customers,) each: the key a customer had then, what it brought,
    whether it was served. The key is null for customers without one.
    """
    parts = [
        pl.DataFrame({"key": key, "amount": amount, "customers": was.astype(np.int64)})
        .group_by("key")
        .agg(pl.col("amount", "customers").sum())
        for key, amount, was in zip(keys, amounts_e4, served, strict=True)
    ]
    return _set_beside(dimension, parts[0], parts[1], decimals)


def compose_products(dimension: str, keys: pl.Series, by_product: pl.DataFrame, decimals: int) -> pl.DataFrame:
    """Return the same by what was bought; ``keys`` (num_products,) name the part of each product."""
    of_product = pl.DataFrame({"product": pl.int_range(len(keys), dtype=pl.Int32, eager=True), "key": keys})
    lines = by_product.join(of_product, on="product", how="left")
    parts = [
        lines.filter(pl.col("year") == year).group_by("key").agg(amount=pl.col("amount_e4").sum(), customers=None)
        for year in (0, 1)
    ]
    return _set_beside(dimension, parts[0], parts[1], decimals)


def _set_beside(dimension: str, now: pl.DataFrame, before: pl.DataFrame, decimals: int) -> pl.DataFrame:
    """Return the parts of two years in smallest units, largest first, shares as fractions of their year's sum."""
    columns = {"amount": pl.Int64, "customers": pl.Int64}
    joined = (
        now.cast(columns)  # type: ignore[arg-type]
        .join(before.cast(columns), on="key", how="full", coalesce=True, nulls_equal=True, suffix="_before")  # type: ignore[arg-type]
        .sort("key", nulls_last=True)
        .with_columns(pl.col("amount", "amount_before").fill_null(0))
    )
    if dimension != "category":
        joined = joined.with_columns(pl.col("customers", "customers_before").fill_null(0))
    amount, past = (to_minor_together(joined[name].to_numpy(), decimals) for name in ("amount", "amount_before"))
    return (
        joined.with_columns(
            dimension=pl.lit(dimension),
            amount=pl.Series(amount),
            before=pl.Series(past),
            share=pl.Series(_shares(amount), dtype=pl.Float64),
            share_before=pl.Series(_shares(past), dtype=pl.Float64),
        )
        .filter((pl.col("amount") != 0) | (pl.col("before") != 0) | (pl.col("customers") > 0))
        .with_columns(change=pl.col("share") - pl.col("share_before"))
        .sort("amount", "key", descending=[True, False], nulls_last=True)
        .select(list(COMPOSITION_SCHEMA))
        .cast(COMPOSITION_SCHEMA)  # type: ignore[arg-type]
    )


def to_minor_together(amounts_e4: Longs, decimals: int) -> Longs:
    """Return ten-thousandths as smallest units whose sum is the rounded sum: the running total is what gets rounded."""
    running = np.concatenate([[0], np.cumsum(amounts_e4)])
    size = E4 // 10 ** min(decimals, 4)
    parts: Longs = np.diff((2 * running + size) // (2 * size) * 10 ** max(decimals - 4, 0))
    return parts


def _shares(amounts: Longs) -> list[float | None]:
    total = int(amounts.sum())
    return [amount / total if total > 0 else None for amount in amounts.tolist()]
