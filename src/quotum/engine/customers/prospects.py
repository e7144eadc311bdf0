"""Who may become a customer, who comes first, and what is in hand: demand, time to the first order, chance."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from quotum.engine.customers.purchases import Flags, day_number
from quotum.engine.tables.company import Company
from quotum.engine.tables.customer_settings import ProspectRules

QUADRANTS = ("large_soon", "small_soon", "large_later", "small_later")
UNKNOWN = "unknown"
_DAYS_A_MONTH = 365.25 / 12


def list_prospects(
    company: Company,
    is_prospect: Flags,
    yearly: float | None,
    rules: ProspectRules,
    as_of: date,
    span: tuple[date, date],
) -> pl.DataFrame:
    """Return the prospects, best first: what each wants, its place in the quadrant, and what it brings in the plan.

    ``customer, position, monthly_demand, days_to_order, chance, quadrant, priority (1 to 4, 5 unknown), first_order,
    amount`` with amounts in major units; ``amount`` is demand × the months from the first order to the end of ``span``,
    before the chance. Where nothing is written the demand is a twelfth of the potential, else of ``yearly``, what a new
    customer brings; time and chance are those of the rules. A project gives its customer the best of its chances and,
    without days to order, its date of closing. Quadrants are told only where both sides are written.
    """
    customers = company["customers"].with_row_index("position").filter(pl.Series(is_prospect))
    projects = (
        company["projects"]
        .filter(pl.col("since").is_null() | (pl.col("since") <= as_of))
        .drop_nulls("customer")
        .group_by("customer")
        .agg(pl.col("chance").max(), pl.col("close").min())
    )
    close_days = (pl.col("close") - pl.lit(as_of)).dt.total_days().clip(lower_bound=0)
    known_days = pl.coalesce("days_to_order", close_days.cast(pl.Float64))
    demand = pl.when(pl.col("monthly_demand") > 0).then("monthly_demand")
    listed = customers.join(projects, on="customer", how="left", maintain_order="left").with_columns(
        quadrant=_quadrant(demand, known_days, rules),
        monthly_demand=pl.coalesce(demand, pl.col("potential") / 12, pl.lit(None if yearly is None else yearly / 12)),
        days_to_order=known_days.fill_null(rules.days_to_order),
        chance=pl.col("chance").fill_null(rules.chance),
    )
    first = day_number(as_of) + listed["days_to_order"].to_numpy().round().clip(0, 100_000)
    since, until = (day_number(day) for day in span)
    months = np.maximum(until - np.maximum(first, since), 0) / _DAYS_A_MONTH
    order = ("large_soon", "small_soon", *sorted(QUADRANTS[2:], key=lambda name: name != rules.third), UNKNOWN)
    priority = {name: place for place, name in enumerate(order, start=1)}
    return (
        listed.with_columns(
            first_order=pl.Series(first.astype(np.int32)).cast(pl.Date),
            amount=pl.col("monthly_demand").fill_null(0.0) * pl.Series(months),
            priority=pl.col("quadrant").replace_strict(priority, return_dtype=pl.Int64),
        )
        .select("customer", "position", "monthly_demand", "days_to_order", "chance", "quadrant", "priority",
                "first_order", "amount")
        .sort("priority", pl.col("amount") * pl.col("chance"), "customer", descending=[False, True, False])
    )  # fmt: skip


def _quadrant(demand: pl.Expr, days: pl.Expr, rules: ProspectRules) -> pl.Expr:
    """Return the quadrant of demand a month × days to the first order; both limits belong to the better side."""
    large, soon = demand >= rules.demand, days <= rules.days
    return (
        pl.when(large & soon).then(pl.lit("large_soon"))
        .when(~large & soon).then(pl.lit("small_soon"))
        .when(large & ~soon).then(pl.lit("large_later"))
        .when(~large & ~soon).then(pl.lit("small_later"))
        .otherwise(pl.lit(UNKNOWN))
    )  # fmt: skip
