"""A review as the manager of a unit sees it: the unit in place of the company, and everything below it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

import polars as pl

from quotum.engine.basics.trees import Tree
from quotum.engine.tables.review_tables import COMPANY, Review

_BY_NODE = ("attainment", "variance", "months", "needed")
_BY_UNIT = ("actuals", "warnings", "receivables", "contacts")


def narrow_review(review: Review, units: Tree, top: str) -> Review:
    """Return the review of a unit of the tree ``units``: its figures as the company's, those below it, nothing else.

    Cash is summed up over the people below it anew; all other figures are those of the whole review.
    """
    below = sorted(units.subtree(top))
    frame = review["attainment"]
    own = frame.filter(pl.col("dimension") == "person", pl.col("unit").is_in(below))["node"].unique().to_list()
    tables = dict(review.tables)
    for name in _BY_NODE:
        tables[name] = _put_on_top(tables[name], top, below, own)
    for name in _BY_UNIT:
        tables[name] = tables[name].filter(pl.col("unit").is_in(below))
    tables["movers"] = tables["movers"].filter(pl.col("person").is_in([*own, *below]))
    tables["cash"] = _sum_cash(review, own)
    return Review(replace(review.settings, name=f"{review.settings.name}: {top}"), tables)


def list_managed(review: Review, units: Tree) -> list[str]:
    """Return the units that the review tells of, by key."""
    told = set(review["attainment"].filter(dimension="unit")["node"])
    return [unit for unit in units.keys if unit in told]


def _put_on_top(table: pl.DataFrame, top: str, below: Collection[str], people: Collection[str]) -> pl.DataFrame:
    """Return the lines of a unit as those of the company, then those of the units and people below it."""
    whole = table.filter(dimension="unit", node=top).with_columns(dimension=pl.lit(COMPANY), node=pl.lit(""))
    is_unit = (pl.col("dimension") == "unit") & pl.col("node").is_in(below) & (pl.col("node") != top)
    is_person = (pl.col("dimension") == "person") & pl.col("node").is_in(people)
    return pl.concat([whole, table.filter(is_unit | is_person)])


def _sum_cash(review: Review, people: Collection[str]) -> pl.DataFrame:
    """Return the cash of people and, above it, their sum."""
    own = review["cash"].filter(pl.col("person").is_in(people))
    if own.is_empty():
        return own
    settings = review.settings
    days = (min(review.as_of + timedelta(days=1), settings.until) - settings.since).days
    sums = own.select(pl.lit(None, pl.String).alias("person"), pl.col("invoiced", "received", "open", "overdue").sum())
    billed = pl.col("invoiced") > 0
    whole = sums.with_columns(
        collection_rate=pl.when(billed).then(pl.col("received") / pl.col("invoiced")),
        turnover_days=pl.when(billed).then(pl.col("open") * days / pl.col("invoiced")),
    )
    return pl.concat([whole.select(own.columns), own])
