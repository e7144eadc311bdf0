"""Members of a cut follow the running total of their row: handed down exactly, only where it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.curves.halving import hand_down
from quotum.engine.tables.plan_dimensions import cut_dimensions
from quotum.engine.tables.plan_tables import Plan, scan

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Generation:
    """The members of one split in the order in which they are handed down.

    ``starts`` (num_parents + 1,) and ``amounts`` (num_members,) sorted by amount within each parent; ``position``
    (num_members,) is where each stands among the members in the order of their keys.
    """

    starts: Ints
    amounts: Ints
    position: Ints


def read_members(plan: Plan, step: str, rows: pl.DataFrame, layers: tuple[str, ...]) -> list[pl.DataFrame]:
    """Return the splits from the rows down to the cut ``step``: one frame (parent, row, keys …, layers …) each.

    ``parent`` is the position in the frame before, the first time in ``rows(row, layers …)``. A parent that a cut does
    not split keeps its amount under the key null, so that nothing is lost.
    """
    dimensions = cut_dimensions(plan, step)
    by_dimensions = {tuple(cut_dimensions(plan, other)): other for other in plan.cuts}
    above = rows.select("row", *layers)
    splits: list[pl.DataFrame] = []
    keys = ["row"]
    for depth in range(1, len(dimensions) + 1):
        other = by_dimensions.get(tuple(dimensions[:depth]))
        if other is None:
            continue
        parents = above.with_columns(parent=pl.int_range(pl.len(), dtype=pl.Int64)).lazy()
        members = scan(plan.cuts, other).select("row", *dimensions[:depth], *layers)
        if depth == 1 or not splits:
            members = members.filter(pl.col("row").is_in(rows["row"].implode()))
        down = parents.join(members, on=keys, how="left", suffix="_own")
        own = [pl.coalesce(f"{layer}_own", layer).alias(layer) for layer in layers]
        new_keys = ["row", *dimensions[:depth]]
        above = down.select("parent", *new_keys, *own).sort("parent", *new_keys).collect()
        splits.append(above)
        keys = new_keys
    return splits


def sort_generations(splits: list[pl.DataFrame], layer: str, num_rows: int) -> list[Generation]:
    """Return the order in which the amounts of a layer are handed down, one generation a split."""
    generations = []
    for members in splits:
        parent, amounts = members["parent"].to_numpy(), members[layer].to_numpy()
        # The members stand in the order of their keys, and lexsort is stable: equal amounts stay in that order.
        position = np.lexsort((-amounts, parent))
        starts = np.searchsorted(parent, np.arange(num_rows + 1))
        generations.append(Generation(starts, amounts[position], position))
        num_rows = len(members)
    return generations


def follow_rows(generations: list[Generation], running: Ints) -> Ints:
    """Hand running totals of rows (num_rows, num_boundaries) down to the members (num_members, num_boundaries)."""
    for generation in generations:
        sorted_totals = hand_down(generation.starts, generation.amounts, running)
        running = np.empty_like(sorted_totals)
        running[generation.position] = sorted_totals
    return running
