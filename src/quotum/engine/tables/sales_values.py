"""What sales lines count for a measure, and whose they are: read alike by plans, forecasts and checks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import Measure
from quotum.engine.tables.schema import E4

Ints = npt.NDArray[np.int32]


def positions(values: pl.Series, keys: Sequence[str] | pl.Series) -> Ints:
    """Return the position of each value in ``keys``, -1 where it is null or unknown, (num_values,)."""
    if len(keys) == 0:
        return np.full(len(values), -1, dtype=np.int32)
    known = pl.Enum(keys if isinstance(keys, pl.Series) else list(keys))
    found: Ints = values.cast(known, strict=False).to_physical().cast(pl.Int32).fill_null(-1).to_numpy()
    return found


def value_lines(sales: pl.DataFrame, company: Company, measure: Measure) -> tuple[pl.Series, pl.Series, list[Issue]]:
    """Return what each line counts for a split and what it really brought, in ten-thousandths."""
    amount = sales["amount_e4"]
    match measure.history:
        case "quantity":
            value = sales["quantity_e4"].fill_null(0)
            return value, value, []
        case "margin":
            return _value_margin(sales, company, measure)
        case "orders":
            value = _first_of(sales, ["customer", "order"])
            return value, value, []
        case "customers":
            value = _first_of(sales.with_columns(pl.col("date").dt.year().alias("order")), ["customer", "order"])
            return value, value, []
        case _:
            return amount, amount, []


def _first_of(sales: pl.DataFrame, group: list[str]) -> pl.Series:
    """Return one unit on the first line of each group (by date and product), 0 on the others."""
    ranked = sales.with_row_index("line").sort("date", "product", "amount_e4", "line")
    first = ranked.select("line", first=pl.struct(group).is_first_distinct()).sort("line")["first"]
    return first.cast(pl.Int64) * E4


def _value_margin(sales: pl.DataFrame, company: Company, measure: Measure) -> tuple[pl.Series, pl.Series, list[Issue]]:
    """Return revenue × planned margin of the product, and the margin made.

    Profit targets come through the driver, never from profit history: a year of bad prices must not plan the next one.
    """
    price, cost = company["products"]["price_e4"], company["products"]["cost_e4"]
    known = ((price > 0) & cost.is_not_null()).fill_null(value=False).to_numpy()
    rate = np.zeros(len(known) + 1)  # the last one is for lines without a product
    margin = (price - cost).fill_null(0).to_numpy()
    rate[:-1][known] = margin[known] / price.to_numpy()[known]
    usual = float(margin[known].sum() / price.to_numpy()[known].sum()) if known.any() else 1.0
    rate[:-1][~known] = usual
    rate[-1] = usual
    amount = sales["amount_e4"].to_numpy()
    value = np.rint(amount * rate[sales["product"].to_numpy()]).astype(np.int64)
    made = sales.select(pl.col("amount_e4") - pl.col("cost_e4")).to_series()
    issues = []
    if not known.all():
        issues.append(
            Issue(rule="margin_unknown", severity="warning", table="products", column="cost", value=measure.name,
                  details=(("products", str(int((~known).sum()))), ("rate", f"{usual:.4f}")))
        )  # fmt: skip
    return pl.Series(value), made.fill_null(pl.Series(value)), issues


def channel_of_customers(company: Company) -> pl.Series:
    """Return each customer's channel: its own, else the one of its latest sale."""
    own = company["customers"]["channel"]
    sales = company["sales"]
    if own.null_count() == 0 or sales["channel"].null_count() == sales.height:
        return own
    latest = (
        sales.drop_nulls("channel").sort("date", "order", "channel").group_by("customer").agg(pl.col("channel").last())
    )
    found = company["customers"].select("customer").join(latest, on="customer", how="left", maintain_order="left")
    return own.fill_null(found["channel"])
