"""A review with names beside its keys, for people to read."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from quotum.engine.tables.company import Company
from quotum.engine.tables.review_tables import Review

_TABLES = {"person": "people", "unit": "units", "customer": "customers", "product": "products"}
_BY_DIMENSION = {"attainment": "node", "months": "node", "needed": "node", "variance": "node", "movers": "key"}
_BY_COLUMN = ("attainment", "movers", "warnings", "receivables", "cash", "contacts", "actuals")


def name_review(review: Review, company: Company) -> Review:
    """Return the review with ``key name`` in place of each key that has another name; its numbers are the same."""
    labels = {dimension: _list_labels(company, dimension) for dimension in _TABLES}
    tables = dict(review.tables)
    for table, column in _BY_DIMENSION.items():
        for dimension, known in labels.items():
            tables[table] = _relabel(tables[table], column, known, pl.col("dimension") == dimension)
    for table in _BY_COLUMN:
        for column in ("person", "unit", "customer"):
            if column in tables[table].columns and not (table == "actuals" and column == "customer"):  # many, not shown
                tables[table] = _relabel(tables[table], column, labels[column], pl.lit(value=True))
    return replace(review, tables=tables)


def _list_labels(company: Company, dimension: str) -> pl.DataFrame:
    """Return ``key, label`` of the members that have a name of their own."""
    table = company[_TABLES[dimension]]
    if "name" not in table.columns:
        return pl.DataFrame(schema={"key": pl.String, "label": pl.String})
    named = table.select(key=dimension, name="name").drop_nulls()
    named = named.filter(pl.col("name") != pl.col("key"), pl.col("name").str.strip_chars() != "").unique("key")
    return named.select("key", label=pl.col("key") + " " + pl.col("name"))


def _relabel(frame: pl.DataFrame, column: str, labels: pl.DataFrame, where: pl.Expr) -> pl.DataFrame:
    """Return a table with the labels of a column's keys, its order kept."""
    if labels.is_empty() or frame.is_empty():
        return frame
    joined = frame.join(labels, left_on=column, right_on="key", how="left", maintain_order="left")
    told = pl.when(where & pl.col("label").is_not_null()).then("label").otherwise(column)
    return joined.with_columns(told.alias(column)).select(frame.columns)
