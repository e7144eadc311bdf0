"""How many customers are kept, won, lost and won back, absolute and as rates, with the year before beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from quotum.engine.basics.trees import Tree
from quotum.engine.customers.purchases import Flags, Longs
from quotum.engine.customers.states import ACTIVE, DORMANT, LOST
from quotum.engine.customers.years import Year
from quotum.engine.tables.customer_tables import CUSTOMER_SCHEMAS

COUNTED = ("served", "active", "retained", "returning", "repurchase", "new", "won_back", "dormant", "lost")
"""Measures that count customers; ``new`` is held against those served a year before (acquisition)."""
MEASURED = (*COUNTED, "acquisition", "potential_share", "profit")
MEASURE_SCHEMA = CUSTOMER_SCHEMAS["customer_measures"]
MONEY = ("potential_share", "profit")
"""Measures whose value and base are money; the others count customers."""


def count_year(year: Year, before: Year, potential_e4: Longs) -> pl.DataFrame:
    """Return what each customer counts in a year, a row each: ``<measure>`` and its base ``<measure>_of``.

    Bases: served ÷ everybody who ever ordered; active (new, stable, won back) and dormant likewise; retained ÷ served
    the year before; returning, repurchase (two order days or more) and new ÷ served; acquisition: new ÷ served the year
    before; lost ÷ those not lost a year before and the new; won back ÷ those lost a year before or since.
    """
    ordered, served, new = year.rhythm.has_ordered, year.is_served, year.is_new
    was_lost = before.states == LOST
    ordered_before = before.rhythm.has_ordered
    pairs: dict[str, tuple[Flags | Longs, Flags | Longs]] = {
        "served": (served, ordered),
        "active": (np.isin(year.states, ACTIVE), ordered),
        "retained": (served & before.is_served, before.is_served),
        "returning": (served & ~new, served),
        "repurchase": (year.orders > 1, served),
        "new": (new, served),
        "won_back": (year.came_back, (was_lost & ordered_before) | year.came_back),
        "dormant": (year.states == DORMANT, ordered),
        "lost": ((year.states == LOST) & ~was_lost, (ordered_before & ~was_lost) | new),
        "acquisition": (new, before.is_served),
        "potential_share": (np.where(potential_e4 > 0, year.amount_e4, 0), potential_e4),
        "profit": (year.profit_e4, year.costed_e4),
    }
    columns = {name: value for name, (value, _) in pairs.items()} | {f"{n}_of": base for n, (_, base) in pairs.items()}
    return pl.DataFrame({name: np.asarray(value, dtype=np.int64) for name, value in columns.items()})


def sum_measures(counts: Sequence[pl.DataFrame], dimension: str, keys: pl.Series, tree: Tree | None) -> pl.DataFrame:
    """Return the measures of every key of a dimension, ``counts`` being those of the year and of the year before.

    ``keys`` (num_customers,) say to whom each customer belongs; with a ``tree`` a place counts all below it. Without a
    dimension the company is one key, the empty one. Sums are whole numbers, rates empty where there is nothing to rate.
    """
    summed = []
    for count in counts:
        by_key = count.with_columns(key=keys).drop_nulls("key").group_by("key").agg(pl.all().sum()).sort("key")
        summed.append(by_key if tree is None else _sum_up_tree(by_key, tree))
    now, before = summed
    joined = now.join(before, on="key", how="full", coalesce=True, suffix="_before").sort("key").fill_null(0)
    lines = [_one_measure(joined, dimension, measure) for measure in MEASURED]
    return pl.concat(lines).sort("key", maintain_order=True).select(list(MEASURE_SCHEMA))


def _one_measure(joined: pl.DataFrame, dimension: str, measure: str) -> pl.DataFrame:
    def rate(value: str, base: str) -> pl.Expr:
        return pl.when(pl.col(base) > 0).then(pl.col(value) / pl.col(base))

    return joined.select(
        dimension=pl.lit(dimension),
        key="key",
        measure=pl.lit(measure),
        value=measure,
        of=f"{measure}_of",
        rate=rate(measure, f"{measure}_of"),
        value_before=f"{measure}_before",
        of_before=f"{measure}_of_before",
        rate_before=rate(f"{measure}_before", f"{measure}_of_before"),
    )


def _sum_up_tree(by_key: pl.DataFrame, tree: Tree) -> pl.DataFrame:
    """Return the sums of each place with all below it, for the places that have any customer."""
    place = {key: at for at, key in enumerate(tree.keys)}
    at = np.array([place.get(key, -1) for key in by_key["key"].to_list()], dtype=np.int64)
    known = at >= 0
    columns: Mapping[str, Longs] = {name: by_key[name].to_numpy() for name in by_key.columns if name != "key"}
    sums = {}
    for name, values in columns.items():
        own = np.zeros(len(tree.keys), dtype=np.int64)
        own[at[known]] = values[known]
        sums[name] = add_up_tree(tree, own)
    there = np.zeros(len(tree.keys), dtype=np.int64)
    there[at[known]] = 1
    frame = pl.DataFrame({"key": list(tree.keys), **sums}, schema_overrides={"key": pl.String})
    return frame.filter(pl.Series(add_up_tree(tree, there) > 0))


def add_up_tree(tree: Tree, own: Longs) -> Longs:
    """Return each place's own value with those of all below it, (num_keys,)."""
    total = own.copy()
    for level in range(int(tree.depth.max(initial=0)), 0, -1):
        below = np.flatnonzero(tree.depth == level)
        np.add.at(total, tree.parent[below], total[below])
    return total
