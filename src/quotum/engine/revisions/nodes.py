"""Which node of the splits a row came from, and the share of the target that its steps gave it."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.tables.plan_tables import Plan, scan
from quotum.engine.tables.schema import DIMENSIONS

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


def find_nodes(plan: Plan, rows: pl.DataFrame) -> tuple[Ints, Floats]:
    """Return the node of each of some rows of one measure, -1 for none, and the product of its shares, (num_rows,).

    A row is a last member of the splits before ``along``: its keys are those on the way up, of a tree the deepest.
    """
    none = np.full(len(rows), -1, dtype=np.int64), np.zeros(len(rows))
    if rows.is_empty():
        return none
    window = pl.concat_str(pl.col("since").cast(pl.String), pl.col("until").cast(pl.String), separator="/")
    wanted = rows.select("row", *DIMENSIONS, window=window).with_row_index("at")
    names = (*DIMENSIONS, "window")
    keys = pl.concat([wanted[name] for name in names]).unique().drop_nulls()
    found = _lines(plan, rows["measure"][0], pl.col("member").is_in(keys.implode()))
    inner = _lines(plan, rows["measure"][0], pl.col("parent").is_in(found["node"].implode()))["parent"]
    leaves = found.filter(~pl.col("node").is_in(inner.unique().implode()))
    way = leaves.select("node", up="parent", weight="share")
    way = way.with_columns(
        pl.when(leaves["dimension"] == name).then(leaves["member"]).otherwise(None).alias(name) for name in names
    )
    while (way["up"] >= 0).any():
        parents = _lines(plan, rows["measure"][0], pl.col("node").is_in(way["up"].unique().implode()))
        way = way.join(parents.rename({"node": "up"}), on="up", how="left", maintain_order="left").with_columns(
            *(
                pl.coalesce(name, pl.when(pl.col("dimension") == name).then(pl.col("member"))).alias(name)
                for name in names
            ),
            weight=pl.col("weight") * pl.col("share").fill_null(1.0),
            up=pl.col("parent").fill_null(-1),
        )
        way = way.select("node", "up", "weight", *names)
    split_up = [name for name in DIMENSIONS if way[name].null_count() < len(way)]
    return _match(wanted, way, split_up, none)


def _lines(plan: Plan, measure: str, which: pl.Expr) -> pl.DataFrame:
    """Return some of the splits above the rows; few are picked before their texts are looked at."""
    few = scan(plan.tables, "splits").filter(which).collect()
    return few.filter(
        pl.col("measure") == measure, pl.col("layer") == "commit", ~pl.col("step").is_in(list(plan.cuts))
    ).select("node", "parent", "dimension", "member", "share")


def _match(
    wanted: pl.DataFrame, way: pl.DataFrame, split_up: list[str], none: tuple[Ints, Floats]
) -> tuple[Ints, Floats]:
    """Join rows to nodes by their keys; a node that no window split stands for every window."""
    node, product = none
    dated = pl.col("window").is_not_null()
    for keys, of in (([*split_up, "window"], way.filter(dated)), (split_up, way.filter(~dated))):
        if of.is_empty():
            continue
        if keys:
            found = wanted.join(of, on=keys, how="inner", nulls_equal=True).select("at", "node", "weight")
        else:
            found = wanted.join(of.head(1), how="cross").select("at", "node", "weight")
        at = found["at"].to_numpy()
        fresh = node[at] < 0
        node[at[fresh]], product[at[fresh]] = found["node"].to_numpy()[fresh], found["weight"].to_numpy()[fresh]
    return node, product
