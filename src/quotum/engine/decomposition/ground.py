"""The ground a split stands on: holdings and sales lines as plain arrays, every weight a whole number.

Weights of customers are summed per *holding* (one person's hold on one customer over a window), weights that need
products per *sales line*. Both carry the position of their member in each dimension, so a split is a sum by (parent,
member). All sums are sums of integers: their order cannot matter.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.periods import years_before
from quotum.engine.basics.trees import Tree
from quotum.engine.curves.day_weights import Floats
from quotum.engine.forecasting.months import Months
from quotum.engine.tables.company import Company
from quotum.engine.tables.ownership import VACANT, list_holdings
from quotum.engine.tables.plan_settings import Measure, PlanSettings
from quotum.engine.tables.sales_values import channel_of_customers, positions, value_lines
from quotum.engine.tables.schema import E4, TREES

Ints = npt.NDArray[np.int32]
Longs = npt.NDArray[np.int64]

SEASON_BLOCKS = 3
"""Blocks of twelve months before as_of from which seasons are estimated."""


@dataclass(frozen=True, slots=True)
class Monthly:
    """Sales lines by known month, (num_lines,) each: the record, the month's column (-1 outside), ten-thousandths."""

    record: Longs
    column: Longs
    value_e4: Longs


@dataclass(slots=True)
class Records:
    """Something weights are summed from: holdings, or sales lines.

    ``codes[dimension]`` (num_records,) is the position of the record's member, -1 for none. ``history`` (num_records,)
    are weighted ten-thousandths, ``last_year_e4`` those of the plan's dates a year earlier. ``nodes[step]``
    (num_records,) is the member of that step the record belongs to, -1 for none.
    """

    codes: dict[str, Ints]
    history: Longs
    last_year_e4: Longs
    potential: Longs | None = None
    nodes: dict[str, Ints] = field(default_factory=dict)
    monthly: Monthly | None = None  # where a step asks for forecasts


@dataclass(frozen=True, slots=True)
class Ground:
    """What all measures share: keys of every dimension, trees, holdings, people."""

    keys: dict[str, tuple[str, ...]]  # by dimension; of a tree's dimension in tree order (sorted)
    trees: dict[str, Tree]
    holdings: pl.DataFrame  # since, until, share, part
    codes: dict[str, Ints]  # of holdings, by dimension
    product_codes: dict[str, Ints]  # of products: product, category
    person_unit: Ints  # (num_persons,) position of the unit, vacant members included
    potential: Longs  # (num_holdings,)


@dataclass(frozen=True, slots=True)
class Lines:
    """Sales lines of one measure, each with the holding it counts for (a shared customer's line stands there twice).

    All arrays are (num_lines,). ``weight``: value × year weight on the same dates of earlier years. ``season_value``:
    value × year weight in the twelve-month blocks before as_of, with its calendar ``month`` 1 to 12 and ``block``.
    """

    holding: Ints
    product: Ints
    weight: Longs
    last_year_e4: Longs
    last_year_date: npt.NDArray[np.datetime64]
    season_value: Longs
    month: npt.NDArray[np.int8]
    block: npt.NDArray[np.int8]
    value_e4: Longs | None = None  # where forecasts are asked for, with the column of the month it was sold in
    column: Longs | None = None


def survey(company: Company, settings: PlanSettings, day_weights: Floats, dates: npt.NDArray[np.datetime64]) -> Ground:
    """Return the keys, trees and holdings of the company.

    ``dates`` and ``day_weights`` (num_days,) cover the plan, the company's season included; a holding's ``part`` is the
    part of the plan's weight that lies in its window, times its share.
    """
    holdings = list_holdings(company, settings)
    trees = {
        dimension: Tree.of(company[table][dimension].to_list(), company[table]["parent"].to_list())
        for dimension, table in TREES.items()
    }
    customers, products, people = company["customers"], company["products"], company["people"]
    channels = channel_of_customers(company)
    vacancies = holdings.filter(pl.col("person").str.starts_with(VACANT))["person"].unique().sort().to_list()
    persons = (*people["person"].to_list(), *vacancies)
    keys: dict[str, tuple[str, ...]] = {dimension: tree.keys for dimension, tree in trees.items()}
    keys |= {
        "person": persons,
        "customer": tuple(customers["customer"]),
        "product": tuple(products["product"]),
        "channel": tuple(channels.drop_nulls().unique().sort()),
        "class": tuple(customers["class"].drop_nulls().unique().sort()),
    }
    at = holdings["customer"].to_numpy()

    def of_customers(values: pl.Series, dimension: str) -> Ints:
        codes: Ints = positions(values, keys[dimension])[at]
        return codes

    codes = {
        "customer": at.astype(np.int32),
        "person": positions(holdings["person"], persons),
        "unit": positions(holdings["unit"], keys["unit"]),
        "channel": of_customers(channels, "channel"),
        "area": of_customers(customers["area"], "area"),
        "class": of_customers(customers["class"], "class"),
    }
    part = _part_of_year(holdings, dates, day_weights) * holdings["share"].to_numpy()
    potential = customers["potential"].fill_null(0.0).to_numpy()[at]
    units = [*people["unit"].to_list(), *(key.removeprefix(VACANT) for key in vacancies)]
    return Ground(
        keys=keys,
        trees=trees,
        holdings=holdings.select("since", "until", "share", pl.Series("part", part)),
        codes=codes,
        product_codes={
            "product": np.arange(products.height, dtype=np.int32),
            "category": positions(products["category"], keys["category"]),
        },
        person_unit=positions(pl.Series(units, dtype=pl.String), keys["unit"]),
        potential=np.rint(potential * part * E4).astype(np.int64),
    )


def gather_lines(
    company: Company, settings: PlanSettings, ground: Ground, measure: Measure, months: Months | None = None
) -> tuple[Lines, list[Issue]]:
    """Return the sales lines that count for a measure, each with its holdings; by month where ``months`` are given."""
    valued, issues = value_sales(company, settings, measure, ground, months)
    whole = np.full(len(ground.keys["customer"]), -1, dtype=np.int32)  # the holding of customers that have just one
    customer = ground.codes["customer"]
    alone = np.bincount(customer, minlength=len(whole))[customer] == 1
    whole[customer[alone]] = np.flatnonzero(alone)
    holding = whole[valued["customer"].to_numpy()]
    single = valued.with_columns(holding=pl.Series(holding, dtype=pl.Int32)).filter(pl.col("holding") >= 0)
    shared = _share_lines(valued.filter(pl.Series(holding < 0)), ground, np.flatnonzero(~alone))
    lines = pl.concat([single.select(shared.columns), shared])
    return Lines(**{name: lines[name].to_numpy() for name in lines.columns}), issues


def _share_lines(valued: pl.DataFrame, ground: Ground, held: npt.NDArray[np.int64]) -> pl.DataFrame:
    """Return each line once for every holding of its customer, its value shared out in whole ten-thousandths.

    Last year's amount belongs to whoever holds the customer on that day of the plan; the cumulated shares are rounded,
    so the parts of a line add up to it exactly.
    """
    holdings = ground.holdings[held].with_columns(
        holding=pl.Series(held, dtype=pl.Int32), customer=pl.Series(ground.codes["customer"][held])
    )
    beside, monthly = pl.col("last_year_date"), "value_e4" in valued.columns
    inside = ((beside >= pl.col("since")) & (beside < pl.col("until"))).fill_null(value=False)
    reached = pl.col("mine").cum_sum().over("line")
    return (
        valued.with_row_index("line")
        .join(holdings, on="customer", how="inner")
        .sort("line", "holding")
        .with_columns(mine=pl.when(inside).then(pl.col("share")).otherwise(0.0))
        .with_columns(
            last_year_e4=(pl.col("last_year_e4") * reached).round().cast(pl.Int64)
            - (pl.col("last_year_e4") * (reached - pl.col("mine"))).round().cast(pl.Int64),
            weight=(pl.col("weight") * pl.col("part")).round().cast(pl.Int64),
            season_value=(pl.col("season_value") * pl.col("part")).round().cast(pl.Int64),
            **({"value_e4": (pl.col("value_e4") * pl.col("part")).round().cast(pl.Int64)} if monthly else {}),
        )
        .select("holding", *(name for name in valued.columns if name != "customer"))
    )


def value_sales(
    company: Company, settings: PlanSettings, measure: Measure, ground: Ground, months: Months | None = None
) -> tuple[pl.DataFrame, list[Issue]]:
    """Return every sales line that may count, valued in the measure's ten-thousandths.

    ``customer, product`` (positions, product -1 for none), ``weight``, ``last_year_e4``, ``last_year_date`` (the day of
    the plan a line of last year stands beside), ``season_value``, ``month``, ``block`` (1 is the latest, 0 none).
    Lines after as_of are left out; returns stay, as the negative values they are.
    """
    year_weights = settings.history_years
    windows = [
        (weight, years_before(settings.since, k), min(years_before(settings.until, k), _day_after(settings.as_of)))
        for k, weight in enumerate(year_weights, start=1)
    ]
    end = _day_after(settings.as_of)
    blocks = [(years_before(end, k), years_before(end, k - 1)) for k in range(1, SEASON_BLOCKS + 1)]
    starts = [since for _, since, _ in windows] + [since for since, _ in blocks]
    earliest = min(starts + ([months.first] if months else []))
    sales = company["sales"].filter((pl.col("date") >= earliest) & (pl.col("date") < end))
    coded = sales.select(
        "date", "order", "amount_e4", "quantity_e4", "cost_e4",
        customer=pl.Series(positions(sales["customer"], ground.keys["customer"])),
        product=pl.Series(positions(sales["product"], ground.keys["product"])),
    ).filter(pl.col("customer") >= 0)  # fmt: skip
    value, actual, issues = value_lines(coded, company, measure)
    on_date = pl.col("date")
    in_block = pl.sum_horizontal(
        pl.when((on_date >= since) & (on_date < until)).then(k).otherwise(0)
        for k, (since, until) in enumerate(blocks, start=1)
    )
    in_windows = pl.sum_horizontal(
        pl.when((on_date >= since) & (on_date < until)).then(weight).otherwise(0) for weight, since, until in windows
    )
    _, last_since, last_until = windows[0]
    in_last = (on_date >= last_since) & (on_date < last_until)
    block_weights = dict(enumerate([0, *year_weights[:SEASON_BLOCKS], *([1] * SEASON_BLOCKS)][: SEASON_BLOCKS + 1]))
    lines = coded.select(
        "customer", "product", "date", value=value, actual=actual,
        block=in_block.cast(pl.Int8), year_weight=in_windows.cast(pl.Int64),
    ).select(
        "customer", "product",
        weight=pl.col("value") * pl.col("year_weight"),
        last_year_e4=pl.when(in_last).then(pl.col("actual")).otherwise(0),
        last_year_date=pl.when(in_last).then(on_date.dt.offset_by("1y")),
        season_value=pl.col("value") * pl.col("block").replace_strict(block_weights, return_dtype=pl.Int64),
        month=on_date.dt.month(),
        block="block",
        **({"value_e4": pl.col("value"), "column": months.column_of(on_date)} if months else {}),
    )  # fmt: skip
    return lines, issues


def _day_after(day: date) -> date:
    return date.fromordinal(day.toordinal() + 1)


def _part_of_year(holdings: pl.DataFrame, dates: npt.NDArray[np.datetime64], day_weights: Floats) -> Floats:
    """Return the part of the plan's day weights that lies in each holding's window, (num_holdings,)."""
    running = np.concatenate([[0.0], np.cumsum(day_weights)])
    since = np.searchsorted(dates, holdings["since"].to_numpy())
    until = np.searchsorted(dates, holdings["until"].to_numpy())
    total = running[-1]
    whole = (since == 0) & (until == len(dates))
    if total <= 0:
        return np.where(whole, 1.0, (until - since) / max(len(dates), 1))
    return np.where(whole, 1.0, (running[until] - running[since]) / total)
