"""A ratio is never split or summed: it is computed again from the slices of its parts."""

from __future__ import annotations

import polars as pl

from quotum.engine.tables.plan_settings import Measure


def divide_slices(numerator: pl.DataFrame, denominator: pl.DataFrame, ratio: Measure, keys: list[str]) -> pl.DataFrame:
    """Return the slice of a ratio, rounded half up to its decimals; null where a part is missing or divides by 0."""
    on = [*keys, "since", "until", "period", "level"]
    both = numerator.join(denominator, on=on, how="full", coalesce=True, nulls_equal=True, suffix="_below")
    return (
        both.select(
            *on[:-1],
            pl.lit(ratio.name).alias("measure"),
            "level",
            _divide("amount", ratio.decimals),
            pl.lit(ratio.decimals, pl.Int64).alias("decimals"),
            _divide("last_year", ratio.decimals),
        )
        .select(numerator.columns)
        .sort(*keys, "since", nulls_last=True)
    )


def _divide(column: str, decimals: int) -> pl.Expr:
    """Return floor(above / below + 1/2) in whole numbers: 128 bits, for the powers of ten of three decimals meet."""
    wide = pl.Int128
    above, below = pl.col(column).cast(wide), pl.col(f"{column}_below").cast(wide)
    above = above * _power(pl.lit(decimals) + pl.col("decimals_below")) * below.sign()
    below = below.abs() * _power(pl.col("decimals"))
    quotient = (2 * above + below) // (2 * below)
    return pl.when(below != 0).then(quotient).otherwise(None).cast(pl.Int64).alias(column)


def _power(exponent: pl.Expr) -> pl.Expr:
    return exponent.replace_strict({n: 10**n for n in range(19)}, default=None, return_dtype=pl.Int64).cast(pl.Int128)
