"""A ratio is never split or summed: its parts are, and it is computed again, in whole numbers."""

from __future__ import annotations

import polars as pl


def divide_amounts(column: str, decimals: int, below: str = "_below") -> pl.Expr:
    """Return floor(above / below + 1/2) of ``column`` and the column of that name ending in ``below``.

    ``decimals`` are those of the ratio; those of the parts stand in the columns ``decimals`` and ``decimals_below``.
    Null where a part is missing or divides by 0. 128 bits, for the powers of ten of three decimals meet.
    """
    wide = pl.Int128
    over, under = pl.col(column).cast(wide), pl.col(f"{column}{below}").cast(wide)
    over = over * _power(pl.lit(decimals) + pl.col(f"decimals{below}")) * under.sign()
    under = under.abs() * _power(pl.col("decimals"))
    quotient = (2 * over + under) // (2 * under)
    return pl.when(under != 0).then(quotient).otherwise(None).cast(pl.Int64).alias(column)


def _power(exponent: pl.Expr) -> pl.Expr:
    return exponent.replace_strict({n: 10**n for n in range(19)}, default=None, return_dtype=pl.Int64).cast(pl.Int128)
