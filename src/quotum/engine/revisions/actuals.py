"""What was sold, by the rows of a plan: known running totals that re-planning takes in place of planned ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.trees import Tree
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_dimensions import read_tree
from quotum.engine.tables.plan_settings import Measure
from quotum.engine.tables.plan_tables import Plan, scan
from quotum.engine.tables.sales_values import channel_of_customers
from quotum.engine.tables.schema import DIMENSIONS, E4, TREES

Ints = npt.NDArray[np.int64]

_OTHER, _NEW = "other", "new_business:"  # reserved members: what has no key, and who bought nothing before
_OF_CUSTOMERS = ("area", "channel", "class")


@dataclass(frozen=True, slots=True)
class Actuals:
    """What was sold of a measure, in smallest units.

    ``running`` (num_rows, num_edges) never falls and is never below 0: what came back is taken off the months before.
    ``moved`` counts rows whose months were netted so, ``below`` (num_rows,) is what rows sold less than nothing by the
    last edge, ``outside`` what no row of the plan stands for.
    """

    running: Ints
    moved: int
    below: Ints
    outside: int


def place_actuals(
    plan: Plan, company: Company, measure: Measure, credited: pl.DataFrame, edges: Sequence[date]
) -> Actuals:
    """Return what the rows of a measure sold up to each edge; the first edge is the plan's start.

    ``credited(date, customer, product, person, unit, value_e4)`` are sales handed to whoever holds the customer on that
    day; ``customer`` and ``product`` are positions in the company's tables. A sale goes to the row with its keys, else
    to the row of new customers or of the rest, else to the largest row of its person or unit, else it lies outside.
    """
    rows = plan["quotas"].filter(pl.col("measure") == measure.name)
    dimensions = [name for name in DIMENSIONS if rows[name].null_count() < len(rows)]
    sold = _name_keys(plan, company, credited, dimensions)
    keys = [name for name in dimensions if name != "unit" or "person" not in dimensions]
    sold = _lift(plan, sold, rows, [name for name in keys if name in TREES])
    sums = sold.group_by(*keys, "date").agg(pl.col("value_e4").sum()).sort(*keys, "date")
    sums = sums.with_row_index("line")
    place = np.full(len(sums), -1, dtype=np.int64)
    order = rows.with_row_index("at").sort("commit", "row", descending=[True, False])
    for on, asked in _ways(keys, sums):
        open_ = asked.filter(pl.Series(place < 0))
        if open_.is_empty():
            break
        best = order.unique([*on, "since", "until"], keep="first", maintain_order=True)
        best = best.select(*on, "at", rank=pl.int_range(pl.len()), first="since", last="until")
        found = open_.join(best, on=on, nulls_equal=True) if on else open_.join(best, how="cross")
        inside = (pl.col("date") >= pl.col("first")) & (pl.col("date") < pl.col("last"))
        found = found.with_columns(outside=~inside).sort("line", "outside", "rank").unique("line", keep="first")
        place[found["line"].to_numpy()] = found["at"].to_numpy()
    return _sum_up(sums, place, len(rows), edges, measure.decimals)


def _name_keys(plan: Plan, company: Company, credited: pl.DataFrame, dimensions: Sequence[str]) -> pl.DataFrame:
    """Return the sales with the keys of some dimensions: as the plan knows customers and products, else as they are."""
    members = scan(plan.tables, "members").collect()

    def told(dimension: str, columns: Sequence[str]) -> pl.DataFrame:
        known = members.filter(pl.col("dimension") == dimension)
        return known.select("key", *(pl.col(name).alias(f"{name}_then") for name in columns)).unique("key")

    def with_then(frame: pl.DataFrame, dimension: str, columns: Sequence[str]) -> pl.DataFrame:
        joined = frame.join(told(dimension, columns), left_on=dimension, right_on="key", how="left",
                            maintain_order="left")  # fmt: skip
        return joined.select(dimension, *(pl.coalesce(f"{name}_then", name).alias(name) for name in columns))

    customers = company["customers"].select("customer", "area", "class", channel=channel_of_customers(company))
    customers = with_then(customers, "customer", _OF_CUSTOMERS)
    products = with_then(company["products"].select("product", "category"), "product", ("category",))
    number = pl.int_range(pl.len(), dtype=pl.Int32)
    sold = (
        credited.rename({"customer": "customer_at", "product": "product_at"})
        .join(customers.with_columns(customer_at=number), on="customer_at", how="left")
        .join(products.with_columns(product_at=number), on="product_at", how="left")
    )
    return sold.select(*dimensions, "date", "value_e4")


def _lift(plan: Plan, sold: pl.DataFrame, rows: pl.DataFrame, trees: Sequence[str]) -> pl.DataFrame:
    """Return the sales with the nearest place of each tree, at or above their own, that rows stand for."""
    for name in trees:
        present = set(rows[name].drop_nulls())
        tree = read_tree(plan, name)
        found = {key: _nearest(tree, key, present) for key in sold[name].drop_nulls().unique().sort()}
        sold = sold.with_columns(pl.col(name).replace_strict(found, default=None, return_dtype=pl.String))
    return sold


def _nearest(tree: Tree, key: str, present: set[str]) -> str | None:
    """Return the first of ``present`` on the way up from a key, None if there is none."""
    at = tree.position(key) if key in tree.keys else -1
    while at >= 0 and tree.keys[at] not in present:
        at = int(tree.parent[at])
    return tree.keys[at] if at >= 0 else None


def _ways(keys: Sequence[str], sums: pl.DataFrame) -> list[tuple[list[str], pl.DataFrame]]:
    """Return by which keys rows are looked for, in turn, and the keys that are looked for."""
    ways = [(list(keys), sums)]
    asked = sums
    holder = next((name for name in ("person", "unit") if name in keys), None)
    for name in reversed(keys):
        if name not in ("person", "unit"):
            fits = pl.lit(_NEW) + pl.col(holder) if name == "customer" and holder else pl.lit(_OTHER)
            asked = asked.with_columns(fits.alias(name))
            ways.append((list(keys), asked))
    ways += [([name], sums) for name in ("person", "unit") if name in keys]
    return ways if holder else [*ways, ([], sums)]


def _sum_up(sums: pl.DataFrame, place: Ints, num_rows: int, edges: Sequence[date], decimals: int) -> Actuals:
    """Return the running totals of rows in smallest units, netted so that they never fall."""
    amounts = np.zeros((num_rows, len(edges) - 1), dtype=np.int64)
    days = np.array(edges, dtype="datetime64[D]")
    period = np.searchsorted(days, sums["date"].to_numpy(), side="right") - 1
    value = sums["value_e4"].to_numpy()
    known = (place >= 0) & (period >= 0) & (period < len(edges) - 1)
    np.add.at(amounts, (place[known], period[known]), value[known])
    outside = to_minor(np.array([value[~known].sum()], dtype=np.int64), decimals)
    # Month by month: the company's total at every edge is rounded once, and later months do not move earlier ones.
    sold = to_minor(amounts.T.reshape(-1), decimals).reshape(amounts.T.shape).T
    running = np.concatenate([np.zeros((num_rows, 1), np.int64), np.cumsum(sold, axis=1)], axis=1)
    kept = np.minimum.accumulate(running[:, ::-1], axis=1)[:, ::-1]
    kept = np.maximum(kept, 0)
    below = np.minimum(running[:, -1], 0)
    return Actuals(kept, int((kept != running).any(axis=1).sum()), below, int(outside[0]))


def to_minor(value_e4: Ints, decimals: int) -> Ints:
    """Return ten-thousandths in smallest units: each rounded down or up, their sum rounded half up."""
    if 10**decimals >= E4:
        return np.asarray(value_e4 * (10**decimals // E4), dtype=np.int64)
    size = E4 // 10**decimals
    running = (2 * np.cumsum(value_e4) + size) // (2 * size)
    return np.asarray(np.diff(running, prepend=0), dtype=np.int64)
