"""What the units and people of a review are called: tables hold keys, people read names."""

from __future__ import annotations

import polars as pl

from quotum.engine.tables.company import Company
from quotum.engine.tables.review_tables import REVIEW_SCHEMAS

_TABLES = {"unit": "units", "person": "people"}


def list_node_names(company: Company, attainment: pl.DataFrame) -> pl.DataFrame:
    """Return the table ``names`` of the nodes of attainment that have a name, in the order of dimension and key."""
    nodes = attainment.select("dimension", key="node").unique()
    parts = [pl.DataFrame(schema=REVIEW_SCHEMAS["names"])]
    for dimension, table in _TABLES.items():
        if "name" in company[table].columns:
            named = company[table].select(key=dimension, name=pl.col("name").str.strip_chars()).unique("key")
            known = nodes.filter(dimension=dimension).join(named, on="key").filter(pl.col("name") != "")
            parts.append(known.select("dimension", "key", "name"))
    return pl.concat(parts).sort("dimension", "key")
