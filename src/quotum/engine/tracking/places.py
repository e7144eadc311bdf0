"""Where numbers stand: the people of a plan, those beside it who sold something, and the units above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from quotum.engine.basics.trees import Tree
from quotum.engine.tables.company import Company
from quotum.engine.tables.review_tables import COMPANY, OUTSIDE

AMOUNTS = ("target_commit", "target_stretch", "to_date_commit", "to_date_stretch")


@dataclass(frozen=True, slots=True)
class PlanNumbers:
    """What a plan asks of a measure.

    ``places(unit, person, AMOUNTS)``: the finest holders of numbers, ``person`` empty where the plan has no people,
    ``unit`` too where it has no units. ``customers(person or unit, customer, to_date_…)`` and ``products``: the same up
    to as_of by customer and by product, None where the plan is not split by them. ``months(person or unit, since,
    until, period, commit, stretch, now_commit, now_stretch)``: what each place was asked to bring in each month, and
    what the plan of as_of asks of it.
    """

    places: pl.DataFrame
    customers: pl.DataFrame | None = None
    products: pl.DataFrame | None = None
    months: pl.DataFrame | None = None

    @property
    def key(self) -> str:
        """The column that tells places apart."""
        return "person" if (self.places["person"] != OUTSIDE).any() else "unit"


def list_places(numbers: PlanNumbers, credited: Sequence[pl.DataFrame], company: Company) -> pl.DataFrame:
    """Return every place: ``key, unit, person, in_plan, AMOUNTS``, sorted by key.

    People who sold without a number of their own are places too, with targets of 0, so that nothing is lost. A person
    whom the plan knows stays in the unit it has there.
    """
    key = numbers.key
    planned = numbers.places.group_by(key).agg(
        pl.exclude(key, *AMOUNTS).sort().first(), pl.col(AMOUNTS).sum()
    )  # fmt: skip
    planned = planned.select("unit", "person", *AMOUNTS, in_plan=pl.lit(value=True))
    if key == "unit":
        planned = planned.with_columns(person=pl.lit(OUTSIDE))
    found = pl.concat([lines.select("person", "unit").unique() for lines in credited]).unique("person").sort("person")
    if key == "unit":
        units = [nearest_unit(unit, planned["unit"].to_list(), unit_tree(company)) for unit in found["unit"]]
        found = pl.DataFrame({"unit": sorted(set(units))}, schema={"unit": pl.String})
        found = found.with_columns(person=pl.lit(OUTSIDE))
    beside = found.join(planned, on=key, how="anti").select(
        "unit", "person", *(pl.lit(0, pl.Int64).alias(name) for name in AMOUNTS), in_plan=pl.lit(value=False)
    )
    return pl.concat([planned, beside]).select(pl.col(key).alias("key"), pl.all()).sort("key")


def place_lines(lines: pl.DataFrame, places: pl.DataFrame, key: str, company: Company) -> pl.DataFrame:
    """Return credited lines with the place each belongs to: ``place`` is its position in ``places``."""
    whose = lines.select("person", "unit").unique().sort("person", "unit")
    if key == "person":
        keys = whose["person"].to_list()
    else:
        units = places.filter("in_plan")["unit"].to_list()
        tree = unit_tree(company)
        keys = [nearest_unit(unit, units, tree) for unit in whose["unit"]]
    at = {name: position for position, name in enumerate(places["key"].to_list())}
    whose = whose.with_columns(place=pl.Series([at[name] for name in keys], dtype=pl.Int32))
    placed = lines.join(whose, on=["person", "unit"], how="left", nulls_equal=True, maintain_order="left")
    units_of = places.select(pl.int_range(pl.len(), dtype=pl.Int32).alias("place"), home="unit")
    return placed.join(units_of, on="place", how="left", maintain_order="left").with_columns(unit="home").drop("home")


def list_nodes_above(places: pl.DataFrame, company: Company) -> pl.DataFrame:
    """Return every node with the places below it: ``dimension, node, unit, place``."""
    tree = unit_tree(company)
    paths = {tree.keys[i]: [tree.keys[at] for at in path if at >= 0] for i, path in enumerate(tree.paths().tolist())}
    rows: list[tuple[str, str, str | None, int]] = []
    for place, (unit, person) in enumerate(places.select("unit", "person").iter_rows()):
        rows.append((COMPANY, "", None, place))
        rows += [("unit", above, above, place) for above in paths.get(unit, [unit] if unit else [])]
        if person != OUTSIDE:
            rows.append(("person", person, unit, place))
    schema = {"dimension": pl.String, "node": pl.String, "unit": pl.String, "place": pl.Int32}
    return pl.DataFrame(rows, schema=schema, orient="row")


def unit_tree(company: Company) -> Tree:
    """Return the tree of units."""
    return Tree.of(company["units"]["unit"].to_list(), company["units"]["parent"].to_list())


def nearest_unit(unit: str | None, planned: Sequence[str], tree: Tree) -> str:
    """Return the unit of a plan that a unit belongs to: itself or the nearest above it; none: the company's own."""
    at = tree.position(unit) if unit in tree.keys else -1
    while at >= 0:
        if tree.keys[at] in planned:
            return tree.keys[at]
        at = int(tree.parent[at])
    return "" if "" in planned else unit or ""
