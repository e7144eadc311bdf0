"""Which node of the splits a row came from, and the share of the target that its steps gave it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.tables.plan_dimensions import read_tree
from quotum.engine.tables.plan_tables import Plan, scan
from quotum.engine.tables.schema import DIMENSIONS, TREES

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_MOST_AT_ONCE = 20_000
"""Rows whose nodes are found in about the time that those of one are."""


def pick_lines(lines: pl.LazyFrame, column: str, numbers: pl.Series) -> pl.DataFrame:
    """Return the lines whose ``column`` is one of some numbers. Numbers that lie close together are found faster."""
    wanted = pl.col(column).is_in(numbers.implode())
    low, high = numbers.min(), numbers.max()
    if not isinstance(low, int) or not isinstance(high, int) or high - low > 1_000 + 50 * len(numbers):
        return lines.filter(wanted).collect()
    return lines.filter(pl.col(column).is_between(low, high)).collect().filter(wanted)


def nodes_of(plan: Plan, rows: pl.DataFrame) -> tuple[Ints, Floats]:
    """Return what ``find_nodes`` does; of a plan with a memory that has not too many rows, all are found at once."""
    if plan.memory is None or rows.is_empty() or len(plan["quotas"]) > _MOST_AT_ONCE:
        return find_nodes(plan, rows)
    number, node, weight = _all_nodes(plan, rows["measure"][0])
    at = np.searchsorted(number, rows["row"].to_numpy())
    return node[at], weight[at]


def nodes_of_numbers(plan: Plan, measure: str, rows: Ints) -> Ints:
    """Return the nodes of some rows by number, -1 for none and for rows of other measures."""
    if plan.memory is None or len(plan["quotas"]) > _MOST_AT_ONCE:
        wanted = pl.DataFrame({"row": np.unique(rows)}, schema={"row": pl.Int32})
        lines = plan["quotas"].join(wanted, on="row", how="semi").filter(pl.col("measure") == measure)
        number, node = lines["row"].to_numpy(), find_nodes(plan, lines)[0]
    else:
        number, node, _ = _all_nodes(plan, measure)
    if not len(number):
        return np.full(len(rows), -1, dtype=np.int64)
    at = np.searchsorted(number, rows).clip(0, len(number) - 1)
    return np.where(number[at] == rows, node[at], -1)


def _all_nodes(plan: Plan, measure: str) -> tuple[Ints, Ints, Floats]:
    """Return the numbers of a measure's rows, their nodes and weights."""

    def find() -> tuple[Ints, Ints, Floats]:
        every = plan["quotas"].filter(pl.col("measure") == measure)
        return every["row"].to_numpy(), *find_nodes(plan, every)

    return plan.recall(("nodes", measure), find)


def find_nodes(plan: Plan, rows: pl.DataFrame) -> tuple[Ints, Floats]:
    """Return the node of each of some rows of one measure, -1 for none, and the product of its shares, (num_rows,).

    A row is a last member of the splits before ``along``: its keys are those on the way down, of a tree the deepest.
    """
    none = np.full(len(rows), -1, dtype=np.int64), np.zeros(len(rows))
    if rows.is_empty():
        return none
    window = pl.concat_str(pl.col("since").cast(pl.String), pl.col("until").cast(pl.String), separator="/")
    carried = [name for name in DIMENSIONS if rows[name].null_count() < len(rows)]
    wanted = rows.select("row", *carried, window=window).with_row_index("at")
    names = [*carried, "window"]
    on_the_way = _keys_on_the_way(plan, wanted, names)
    schema = {"node": pl.Int32, "weight": pl.Float64, **dict.fromkeys(names, pl.String)}
    way, leaves = pl.DataFrame([[-1, 1.0, *[None] * len(names)]], schema=schema, orient="row"), []
    while way.height:
        below = _children(plan, rows["measure"][0], way["node"])
        leaves.append(way.filter(~pl.col("node").is_in(below["parent"].implode()), pl.col("node") >= 0))
        down = way.lazy().join(below.lazy().filter(on_the_way), left_on="node", right_on="parent")
        way = down.select(
            pl.col("child").alias("node"),
            pl.col("weight") * pl.col("share"),
            *(pl.when(pl.col("dimension") == n).then("member").otherwise(n).alias(n) for n in names),
        ).collect()
    found = pl.concat(leaves).sort("node")
    split_up = [name for name in carried if found[name].null_count() < len(found)]
    return _match(wanted, found, split_up, none)


def _keys_on_the_way(plan: Plan, wanted: pl.DataFrame, names: Sequence[str]) -> pl.Expr:
    """Return which members may lie above some rows: their keys, places of trees above them, dimensions not carried."""
    passes = [~pl.col("dimension").is_in(list(names))]
    for name in names:
        members = wanted[name].drop_nulls().unique()
        if name in TREES:
            keys = set(members)
            tree = read_tree(plan, name)
            places = {key: at for at, key in enumerate(tree.keys) if key in keys}
            for place in places.values():
                at = int(tree.parent[place])
                while at >= 0 and tree.keys[at] not in keys:
                    keys.add(tree.keys[at])
                    at = int(tree.parent[at])
            members = pl.Series(sorted(keys), dtype=pl.String)
        passes.append((pl.col("dimension") == name) & pl.col("member").is_in(members.implode()))
    return pl.any_horizontal(passes)


def _children(plan: Plan, measure: str, nodes: pl.Series) -> pl.DataFrame:
    """Return the members of some nodes in the splits above the rows."""
    columns = ("node", "parent", "measure", "layer", "step", "dimension", "member", "share")
    few = pick_lines(scan(plan.tables, "splits").select(columns), "parent", nodes).lazy()
    own = (pl.col("measure") == measure) & (pl.col("layer") == "commit") & ~pl.col("step").is_in(list(plan.cuts))
    return few.filter(own).select("parent", "dimension", "member", "share", child="node").collect()


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
