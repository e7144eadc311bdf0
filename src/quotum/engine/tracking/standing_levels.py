"""What a level is on a day: how many customers buy, how much is in hand. It adds up over members, never over time.

A level is what the twelve months up to the day hold: of customers, each one that bought, once. It belongs to whoever
holds the customer on the day of the review, as a debt does.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.periods import years_before
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import Measure, PlanSettings
from quotum.engine.tables.sales_values import positions, value_lines
from quotum.engine.tracking.crediting import hand_to_holders


def credit_level(
    company: Company, settings: PlanSettings, measure: Measure, holdings: pl.DataFrame, years_back: int = 0
) -> tuple[pl.DataFrame, list[Issue]]:
    """Return who is credited with what of a level on as_of, or so many years earlier: lines of ``CREDIT_SCHEMA``.

    All are dated as_of (the plan's last day, once it is over), so that growth compares the same customers; ``holdings``
    as for ``credit_sales``.
    """
    shown = min(settings.as_of, settings.until - timedelta(days=1))
    day = years_before(shown, years_back)
    inside = (pl.col("date") > years_before(day, 1)) & (pl.col("date") <= day)
    sales = company["sales"].filter(inside)
    coded = sales.select(
        "order", "amount_e4", "quantity_e4", "cost_e4", date=pl.lit(shown),
        customer=pl.Series(positions(sales["customer"], company["customers"]["customer"]), dtype=pl.Int32),
        product=pl.Series(positions(sales["product"], company["products"]["product"]), dtype=pl.Int32),
    ).filter(pl.col("customer") >= 0)  # fmt: skip
    _, value, issues = value_lines(coded, company, measure)
    lines = coded.select("date", "order", "customer", "product", value_e4=value, quantity_e4=pl.lit(0, pl.Int64))
    return hand_to_holders(lines.filter(pl.col("value_e4") != 0), holdings), issues
