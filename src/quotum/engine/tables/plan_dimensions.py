"""Where a plan carries a dimension: in its rows, in a cut, or as what `members` says about a key of either."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from quotum.engine.basics.trees import Tree
from quotum.engine.tables.plan_tables import Plan, scan
from quotum.engine.tables.schema import DIMENSIONS

CARRIERS: dict[str, tuple[str, ...]] = {
    "unit": ("unit", "person"),
    "channel": ("channel", "customer"),
    "area": ("area", "customer"),
    "class": ("class", "customer"),
    "category": ("category", "product"),
}
"""The columns that tell a dimension, best first: a person has a unit, a customer a channel. Others tell themselves."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A dimension as it was asked for: ``unit``, or ``unit@1`` for the ancestor at depth 1."""

    text: str
    dimension: str
    depth: int | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Where wanted dimensions are found: by text, the column that carries each, in the rows or in the one cut used."""

    in_rows: Mapping[str, str]
    in_cut: Mapping[str, str]
    step: str | None = None


def carriers(dimension: str) -> tuple[str, ...]:
    """Return the columns that can tell a dimension, best first."""
    return CARRIERS.get(dimension, (dimension,))


def cut_dimensions(plan: Plan, step: str) -> list[str]:
    """Return the dimension columns of a cut, in the order of its splits."""
    return [name for name in scan(plan.cuts, step).collect_schema() if name in DIMENSIONS]


def row_dimensions(quotas: pl.DataFrame) -> set[str]:
    """Return the dimensions that the rows themselves carry."""
    return {name for name in DIMENSIONS if name in quotas and quotas[name].null_count() < len(quotas)}


def places(wanted: Iterable[Wanted], rows: set[str], cuts: Mapping[str, Sequence[str]]) -> Place | None:
    """Return where the wanted dimensions are found together.

    Of several cuts it is the one that splits by most of them itself, then the one with the fewest splits.
    """
    in_rows, missing = {}, []
    for want in wanted:
        carrier = next((c for c in carriers(want.dimension) if c in rows), None)
        if carrier is None:
            missing.append(want)
        else:
            in_rows[want.text] = carrier
    if not missing:
        return Place(in_rows, {})
    own = {want.dimension for want in missing}
    for step, columns in sorted(cuts.items(), key=lambda cut: (-len(own & set(cut[1])), len(cut[1]))):
        found = {w.text: c for w in missing for c in reversed(carriers(w.dimension)) if c in columns}
        if len(found) == len({w.text for w in missing}):
            return Place(in_rows, found, step)
    return None


def attach_wanted(
    frame: pl.LazyFrame,
    plan: Plan,
    by: Sequence[Wanted],
    under: Mapping[Wanted, Collection[str]],
    place: Mapping[str, str],
) -> pl.LazyFrame:
    """Add the columns asked for that ``place`` carries, and keep the lines whose keys are asked for."""
    for want in dict.fromkeys([*by, *under]):
        if want.text in place:
            frame = _attach(frame, plan, want, place[want.text])
            if want in under:
                frame = frame.filter(pl.col(want.text).is_in(sorted(under[want])))
    return frame


def _attach(frame: pl.LazyFrame, plan: Plan, want: Wanted, carrier: str) -> pl.LazyFrame:
    """Add the column ``want.text`` to a frame that has the column ``carrier``; the order of the rows is kept."""
    frame = frame.with_columns(pl.col(carrier).alias(want.text))
    if carrier != want.dimension:
        known = scan(plan.tables, "members").filter(pl.col("dimension") == carrier)
        frame = _translate(frame, want.text, known.select("key", pl.col(want.dimension).alias("to")))
    if want.depth is not None:
        frame = _translate(frame, want.text, _ancestors(read_tree(plan, want.dimension), want.depth).lazy())
    return frame


def read_tree(plan: Plan, dimension: str) -> Tree:
    """Return the tree of a dimension's members."""

    def read() -> Tree:
        members = scan(plan.tables, "members").filter(pl.col("dimension") == dimension)
        found = members.select("key", "parent").collect()
        return Tree.of(found["key"].to_list(), found["parent"].to_list())

    return plan.recall(("tree", dimension), read)


def _ancestors(tree: Tree, depth: int) -> pl.DataFrame:
    """Return (key, to): the ancestor at ``depth``, or the key itself where it lies higher."""
    paths = tree.paths()
    ancestors = [tree.keys[path[min(own, depth)]] for path, own in zip(paths, tree.depth, strict=True)]
    return pl.DataFrame({"key": tree.keys, "to": ancestors}, {"key": pl.String, "to": pl.String})


def _translate(frame: pl.LazyFrame, column: str, mapping: pl.LazyFrame) -> pl.LazyFrame:
    """Replace the keys of a column by what (key, to) says; unknown ones become null."""
    joined = frame.join(mapping, left_on=column, right_on="key", how="left", maintain_order="left")
    return joined.with_columns(pl.col("to").alias(column)).drop("to")
