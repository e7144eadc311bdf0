"""What the company's own tables say about a driver, and how sure that is: the last twelve months of history.

Ratios are sums over sums; their error comes from how the months differ from the ratio (the ratio estimator's standard
error, Cochran, Sampling Techniques, 3rd ed., section 6.4), months being the sample.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from quotum.engine.curves.day_weights import Floats
from quotum.engine.drivers.scenes import Scene
from quotum.engine.tables.driver_settings import Driver
from quotum.engine.tables.schema import E4

_SHRINK = 10.0
"""Of a person's own ratio: so much of what stands below the line counts for the company's ratio."""
_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value for the company with its standard error and the number of months behind it; by scope in ``values``."""

    value: float
    error: float
    months: int
    values: Floats  # (num_scopes,)


Parts = tuple[pl.LazyFrame, pl.LazyFrame]
"""Above and below the line: ``person, month, amount`` each."""


def estimate_driver(scene: Scene, driver: Driver) -> Estimate | None:
    """Return the estimate a driver asks for, None where the tables have nothing to say."""
    tables = {name: _recent(scene, name, driver.role) for name in ("sales", "activities", "invoices", "receipts")}
    if driver.estimate in _RATIOS:
        over, under = _RATIOS[driver.estimate](tables)
        return _estimate_ratio(scene, driver, over, under)
    samples = _SAMPLES[driver.estimate](scene, tables).drop_nulls()
    if not samples.len():
        return None
    if driver.estimate == "customers":
        return Estimate(samples.len(), 0.0, _MONTHS, np.full(len(scene.scopes), float(samples.len())))
    drawn = samples.sort().to_numpy().astype(np.float64)
    error = float(drawn.std(ddof=1) / np.sqrt(len(drawn))) if len(drawn) > 1 else 0.0
    value = float(drawn.mean())
    return Estimate(value, error, _MONTHS, np.full(len(scene.scopes), value))


def _estimate_ratio(scene: Scene, driver: Driver, over: pl.LazyFrame, under: pl.LazyFrame) -> Estimate | None:
    both = pl.concat([over.with_columns(side=pl.lit("over")), under.with_columns(side=pl.lit("under"))]).collect()
    months = _pivot(both, "month")
    above, below = months["over"].to_numpy(), months["under"].to_numpy()
    if not below.sum() > 0:
        return None
    ratio = above.sum() / below.sum()
    size = len(months)
    spread = float(((above - ratio * below) ** 2).sum())
    error = float(np.sqrt(size / (size - 1) * spread) / below.sum()) if size > 1 else 0.0
    values = np.full(len(scene.scopes), ratio)
    if driver.each == "person" and scene.by == "person":
        own = {who: (a, b) for who, a, b in _pivot(both, "person").select("person", "over", "under").iter_rows()}
        for at, scope in enumerate(scene.scopes):
            a, b = own.get(scope, (0.0, 0.0))
            values[at] = (a + _SHRINK * ratio) / (b + _SHRINK)
    return Estimate(float(ratio), error, size, values)


def _pivot(both: pl.DataFrame, by: str) -> pl.DataFrame:
    """Return ``by, over, under`` summed up, sorted; one side alone counts 0 for the other."""
    sums = [pl.col("amount").filter(pl.col("side") == side).sum().alias(side) for side in ("over", "under")]
    return both.drop_nulls(by).sort(by, "side", "amount").group_by(by, maintain_order=True).agg(sums)


def _recent(scene: Scene, name: str, role: str) -> pl.LazyFrame:
    """Return the rows of the last twelve months before as_of, with ``month``; people of one role where it is given."""
    end = scene.settings.as_of
    start = date(end.year - 1, end.month, min(end.day, 28))
    rows = scene.company[name].lazy().filter(pl.col("date") > start, pl.col("date") <= end)
    if name == "sales":  # a sale is its seller's, and where none is named the customer's owner's
        owners = scene.company["customers"].lazy().select("customer", owner="person")
        rows = rows.join(owners, on="customer", how="left").with_columns(pl.col("person").fill_null(pl.col("owner")))
    if role and "person" in scene.company[name].columns:
        people = scene.company["people"]
        rows = rows.filter(pl.col("person").is_in(people.filter(pl.col("role") == role)["person"].to_list()))
    return rows.with_columns(pl.col("date").dt.strftime("%Y-%m").alias("month"))


def _amounts(rows: pl.LazyFrame, amount: pl.Expr) -> pl.LazyFrame:
    return rows.select("person", "month", amount.cast(pl.Float64).alias("amount"))


def _count(rows: pl.LazyFrame, keys: list[str]) -> pl.LazyFrame:
    """Return one line for each distinct set of keys."""
    return _amounts(rows.unique(keys, keep="first", maintain_order=True), pl.lit(1.0))


def _kind(rows: pl.LazyFrame, word: str) -> pl.LazyFrame:
    return rows.filter(pl.col("kind").str.to_lowercase().str.starts_with(word))


def _orders(tables: dict[str, pl.LazyFrame]) -> pl.LazyFrame:
    order = pl.col("order").fill_null(pl.format("{}·{}", "customer", "date"))
    return _count(tables["sales"].with_columns(order), ["order"])


def _revenue(tables: dict[str, pl.LazyFrame]) -> pl.LazyFrame:
    return _amounts(tables["sales"], pl.col("amount_e4") / E4)


def _made(kind: str) -> Callable[[dict[str, pl.LazyFrame]], Parts]:
    def parts(tables: dict[str, pl.LazyFrame]) -> Parts:
        rows = tables["activities"]
        return _amounts(_kind(rows, kind), pl.lit(1.0)), _count(rows, ["person", "date"])

    return parts


def _orders_per(kind: str) -> Callable[[dict[str, pl.LazyFrame]], Parts]:
    def parts(tables: dict[str, pl.LazyFrame]) -> Parts:
        done = _kind(tables["activities"], kind)
        # Many a company began to write activities down later than sales: orders of other days are not their doing.
        span = done.select(first=pl.col("date").min(), last=pl.col("date").max().dt.month_end()).collect()
        sales = tables["sales"].filter(pl.col("date").is_between(*span.row(0)))
        return _orders({**tables, "sales": sales}), _amounts(done, pl.lit(1.0))

    return parts


def _customer_months(tables: dict[str, pl.LazyFrame]) -> pl.LazyFrame:
    return _count(tables["sales"], ["customer", "month"])


def _billed(tables: dict[str, pl.LazyFrame]) -> Parts:
    return (_amounts(tables["receipts"].with_columns(person=pl.lit(None, pl.String)), pl.col("amount_e4") / E4),
            _amounts(tables["invoices"], pl.col("amount_e4") / E4))  # fmt: skip


_RATIOS: dict[str, Callable[[dict[str, pl.LazyFrame]], Parts]] = {
    "average_order": lambda t: (_revenue(t), _orders(t)),
    "average_price": lambda t: (_revenue(t), _amounts(t["sales"], pl.col("quantity_e4") / E4)),
    "margin_rate": lambda t: (
        _amounts(t["sales"].drop_nulls("cost_e4"), (pl.col("amount_e4") - pl.col("cost_e4")) / E4),
        _amounts(t["sales"].drop_nulls("cost_e4"), pl.col("amount_e4") / E4),
    ),
    "orders_per_visit": _orders_per("visit"),
    "orders_per_call": _orders_per("call"),
    "visits_made_per_day": _made("visit"),
    "calls_made_per_day": _made("call"),
    "amount_per_customer_month": lambda t: (_revenue(t), _customer_months(t)),
    "orders_per_customer_month": lambda t: (_orders(t), _customer_months(t)),
    "collection_rate": _billed,
}


def _days_to_order(scene: Scene, tables: dict[str, pl.LazyFrame]) -> pl.Series:
    """Return the days from each customer's first activity to its first order on or after it: the sales cycle."""
    first = tables["activities"].drop_nulls("customer").group_by("customer").agg(pl.col("date").min().alias("met"))
    orders = scene.company["sales"].lazy().select("customer", pl.col("date").alias("ordered"))
    later = first.join(orders, on="customer").filter(pl.col("ordered") >= pl.col("met"))
    earlier = first.join(orders, on="customer").filter(pl.col("ordered") < pl.col("met")).select("customer")
    new = later.join(earlier, on="customer", how="anti").group_by("customer").agg(pl.col("met", "ordered").min())
    return new.select((pl.col("ordered") - pl.col("met")).dt.total_days()).collect().to_series()


def _days_to_pay(scene: Scene, tables: dict[str, pl.LazyFrame]) -> pl.Series:
    billed = scene.company["invoices"].lazy().select("invoice", pl.col("date").alias("billed"))
    paid = tables["receipts"].drop_nulls("invoice").join(billed, on="invoice")
    return paid.select((pl.col("date") - pl.col("billed")).dt.total_days()).collect().to_series()


def _open_projects(scene: Scene) -> pl.DataFrame:
    projects = scene.company["projects"]
    return projects.filter(pl.col("close").is_null() | (pl.col("close") >= scene.settings.since))


_SAMPLES: dict[str, Callable[[Scene, dict[str, pl.LazyFrame]], pl.Series]] = {
    "customers": lambda _, t: t["sales"].select("customer").unique().collect().to_series(),
    "days_to_order": _days_to_order,
    "days_to_pay": _days_to_pay,
    "project_amount": lambda scene, _: _open_projects(scene)["amount_e4"] / E4,
    "project_chance": lambda scene, _: _open_projects(scene)["chance"],
}
