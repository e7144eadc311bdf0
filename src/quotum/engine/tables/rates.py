"""Exchange rates: how much of the plan's currency one unit of another is worth, in parts of 10^-10 (``rate_e10``).

An amount becomes ``amount × rate`` in whole numbers, rounded once, half away from zero: a return takes away exactly
what its sale had brought.
"""

from __future__ import annotations

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.tables.company import Company
from quotum.engine.tables.findings import finding, rate_text
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.schema import E10

MAX_AMOUNT_E4 = 10**18
"""Amounts of 10^14 major units or more are refused: sums of them would leave Int64."""


def at_rate(amount: pl.Expr, rate_e10: pl.Expr, unit: pl.Expr | None = None) -> pl.Expr:
    """Return ``amount × rate`` as a multiple of ``unit`` (none: 1) in Int64; null where it would be too large."""
    unit = pl.lit(1, pl.Int128) if unit is None else unit.cast(pl.Int128)
    wide = amount.cast(pl.Int128) * rate_e10.cast(pl.Int128)
    whole = (2 * wide.abs() + unit * E10) // (2 * unit * E10) * unit
    kept = pl.when(whole < MAX_AMOUNT_E4).then(whole).cast(pl.Int64)
    return pl.when(wide < 0).then(-kept).otherwise(kept)


def to_plan_minor(amount_minor: int, decimals: int, rate_e10: int, plan_decimals: int) -> int:
    """Return an amount of 0 or more of another currency in smallest units of the plan's, rounded half up."""
    size: int = E10 * 10**decimals
    doubled: int = 2 * amount_minor * rate_e10 * 10**plan_decimals + size
    return doubled // (2 * size)


def check_rates(company: Company, settings: PlanSettings) -> list[Issue]:
    """Check the table of actual rates: one a currency and day, and none but 1 of the plan's own currency."""
    rates = company["rates"].with_row_index("row").drop_nulls(["currency", "since", "rate_e10"])
    own = rates.filter((pl.col("currency") == settings.currency) & (pl.col("rate_e10") != E10))
    issues = [finding(company, "rates", "rate_of_plan_currency", row=row, column="currency", value=settings.currency)
              for row in own["row"].head(1)]  # fmt: skip
    twice = rates.group_by("currency", "since").agg(pl.col("row").sort(), pl.col("rate_e10").n_unique())
    twice = twice.filter(pl.col("rate_e10") > 1).with_columns(pl.col("row").list.get(1)).sort("row")
    return issues + [
        finding(company, "rates", "rate_twice", row=row, column="rate", value=f"{currency} {since}")
        for currency, since, row, _ in twice.iter_rows()
    ]


def latest_rates(company: Company, settings: PlanSettings) -> dict[str, str]:
    """Return the last actual rate of each currency that the plan's `as_of` may know, as text."""
    known = company["rates"].drop_nulls().filter(pl.col("since") <= settings.as_of)
    last = known.group_by("currency").agg(pl.col("rate_e10").sort_by("since").last()).sort("currency")
    return {code: rate_text(rate) for code, rate in last.iter_rows()}
