"""A ratio is never split or summed: it is computed again from the slices of its parts."""

from __future__ import annotations

import polars as pl

from quotum.engine.tables.plan_settings import Measure
from quotum.engine.tables.whole_ratios import divide_amounts


def divide_slices(numerator: pl.DataFrame, denominator: pl.DataFrame, ratio: Measure, keys: list[str]) -> pl.DataFrame:
    """Return the slice of a ratio, rounded half up to its decimals; null where a part is missing or divides by 0."""
    on = [*keys, "since", "until", "period", "level"]
    both = numerator.join(denominator, on=on, how="full", coalesce=True, nulls_equal=True, suffix="_below")
    return (
        both.select(
            *on[:-1],
            pl.lit(ratio.name).alias("measure"),
            "level",
            divide_amounts("amount", ratio.decimals),
            pl.lit(ratio.decimals, pl.Int64).alias("decimals"),
            divide_amounts("last_year", ratio.decimals),
        )
        .select(numerator.columns)
        .sort(*keys, "since", nulls_last=True)
    )
