"""What each customer bought on which day: sales lines summed to days, the source of every figure about customers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.periods import years_before
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import Measure
from quotum.engine.tables.sales_values import positions, value_lines
from quotum.engine.tables.schema import E4

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

NUM_YEARS = 4
"""Blocks of twelve months before a day that are looked at: this year, the one before, and what these came from."""
_EPOCH = date(1970, 1, 1)
_FIRST_DAY = (date.min - _EPOCH).days
_DAYS = 1 << 22  # more than the calendar has: customer and day fit into one number, which groups and sorts fast


@dataclass(frozen=True, slots=True)
class Purchases:
    """Days on which customers bought or gave back, sorted by customer and day; arrays are (num_entries,).

    ``customer`` is the position in the customers table, ``day`` counts from 1970. ``amount_e4`` is what the day brought
    in the measure, returns taken off, ``sold_e4`` in money; ``profit_e4`` what is left of the ``costed_e4`` of lines
    whose cost is known. An *order day* is one with ``is_order``: more was sold than given back.
    The entries of customer k are those from ``ends[k]`` up to ``ends[k + 1]``.
    ``by_product(product, year, amount_e4)``: product -1 for none, year 0 the latest.
    """

    customer: Ints
    day: Ints
    amount_e4: Longs
    costed_e4: Longs
    profit_e4: Longs
    is_order: Flags
    num_customers: int
    ends: Longs
    by_product: pl.DataFrame

    def sum_between(self, values: Longs, since: int, until: int) -> Longs:
        """Return the sum of ``values`` by customer over [since, until), exactly, (num_customers,)."""
        running = np.concatenate([[0], np.cumsum(np.where((self.day >= since) & (self.day < until), values, 0))])
        sums: Longs = running[self.ends[1:]] - running[self.ends[:-1]]
        return sums


def gather_purchases(company: Company, measure: Measure, as_of: date) -> tuple[Purchases, list[Issue]]:
    """Return what the customers of a company bought up to and including a day; later lines are not looked at.

    ``company["sales"]`` is without cancelled lines; returns stand there as negative ones.
    """
    sales = company["sales"].select("date", "order", "customer", "product", "amount_e4", "quantity_e4", "cost_e4")
    if (sales["date"] > as_of).any():
        sales = sales.filter(pl.col("date") <= as_of)
    products, keys = company["products"], company["customers"]["customer"]
    lines = sales.with_columns(product=pl.Series(positions(sales["product"], products["product"])))
    _, value, issues = value_lines(lines, company, measure)
    cost, sold = lines["cost_e4"], lines["amount_e4"]
    if cost.null_count():
        cost = cost.fill_null(_list_cost(lines, products))
    days = (
        pl.DataFrame({"customer": lines["customer"], "date": lines["date"], "value": value, "sold": sold, "cost": cost})
        .lazy()
        .with_columns(costed=pl.when(pl.col("cost").is_not_null()).then("sold").otherwise(0))
        .group_by("customer", "date")  # strings group faster than they are looked up: few days are left to look up
        .agg(pl.all().sum())
        .collect()
    )
    at = positions(days["customer"], keys)
    if (at < 0).any():  # sales to nobody the company knows
        known = company["sales"].filter(pl.col("customer").is_in(keys.implode()))
        return gather_purchases(replace(company, tables={**company.tables, "sales": known}), measure, as_of)
    day = days["date"].to_physical().to_numpy()
    order = np.argsort(at.astype(np.int64) * _DAYS + (day.astype(np.int64) - _FIRST_DAY))
    sums = {name: days[name].to_numpy()[order] for name in ("value", "sold", "costed", "cost")}
    purchases = Purchases(
        customer=at[order],
        day=day[order],
        amount_e4=sums["value"],
        costed_e4=sums["costed"],
        profit_e4=sums["costed"] - sums["cost"],
        is_order=sums["sold"] > 0,
        num_customers=len(keys),
        ends=np.concatenate([[0], np.cumsum(np.bincount(at, minlength=len(keys)))]),
        by_product=_sum_products(
            lines["product"].to_numpy(), value.to_numpy(), _year_of(lines["date"].to_physical().to_numpy(), as_of)
        ),
    )
    return purchases, issues


def _sum_products(product: Ints, amount_e4: Longs, year: npt.NDArray[np.int8]) -> pl.DataFrame:
    """Return what each product brought in the latest year and in the one before it."""
    counts = year < 2
    code = product[counts] * 2 + year[counts]  # one number groups faster than two
    lines = pl.DataFrame({"code": code, "amount_e4": amount_e4[counts]})
    sums = lines.group_by("code").agg(pl.col("amount_e4").sum()).sort("code")
    return sums.select(product=(pl.col("code") // 2).cast(pl.Int32), year=pl.col("code") % 2, amount_e4="amount_e4")


def _list_cost(lines: pl.DataFrame, products: pl.DataFrame) -> pl.Series:
    """Return quantity × the product's own cost, null where either is not known."""
    own = products["cost_e4"].extend_constant(None, 1)[lines["product"].to_numpy()]
    cost = lines["quantity_e4"].cast(pl.Float64) * own.cast(pl.Float64) / E4
    return cost.round().cast(pl.Int64)


def list_edges(as_of: date) -> tuple[int, ...]:
    """Return the days that part the years before a day, latest first: year k is [edges[k + 1], edges[k])."""
    end = as_of + timedelta(days=1)
    return tuple((years_before(end, k) - _EPOCH).days for k in range(NUM_YEARS + 1))


def day_number(day: date) -> int:
    """Return a day as the number of days since 1970."""
    return (day - _EPOCH).days


def day_of(number: int) -> date:
    """Return the day of a number of days since 1970."""
    return _EPOCH + timedelta(days=number)


def _year_of(days: Ints, as_of: date) -> npt.NDArray[np.int8]:
    """Return the year before ``as_of`` in which each day lies, 0 the latest, NUM_YEARS for earlier ones."""
    edges = np.array(list_edges(as_of)[::-1])
    return (NUM_YEARS - np.searchsorted(edges, days, side="right")).clip(0, NUM_YEARS).astype(np.int8)
