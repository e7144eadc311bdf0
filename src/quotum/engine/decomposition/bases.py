"""What shares are taken from: for each basis the raw weight of a member, as whole numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from quotum.engine.basics.trees import Tree
from quotum.engine.curves.day_weights import Floats
from quotum.engine.decomposition.ground import Ground, Ints, Longs
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import AcrossStep
from quotum.engine.tables.schema import E4

OF_RECORDS = {"history", "potential"}
"""Bases summed from holdings or sales lines."""
OF_PEOPLE = {"ability", "headcount", "working_days"}
"""Bases carried by people: they count only for the time a person is there."""
OF_MARKET = {"market_capacity", "market_share"}
UNIT_OF_WEIGHT = E4
"""Raw weights are whole ten-thousandths of their basis' own unit."""


@dataclass(frozen=True, slots=True)
class PeopleWeights:
    """Weights of the persons in ``ground.keys['person']``, (num_persons,) each, vacant members 0."""

    by_basis: dict[str, Longs]
    present: Longs  # mean availability over the plan


def weigh_people(company: Company, ground: Ground, presence: Floats, day_weights: Floats) -> PeopleWeights:
    """Return what each person weighs; ``presence`` (num_people,) is the mean availability over the plan."""
    ability = company["people"]["ability"].fill_null(1.0).to_numpy()
    vacant = len(ground.keys["person"]) - len(ability)

    def whole(values: Floats) -> Longs:
        return np.concatenate([np.rint(values * UNIT_OF_WEIGHT), np.zeros(vacant)]).astype(np.int64)

    return PeopleWeights(
        by_basis={
            "headcount": whole(presence),
            "ability": whole(ability * presence),
            "working_days": whole(presence * float(day_weights.sum())),
        },
        present=whole(presence),
    )


def weigh_market(company: Company, ground: Ground, dimension: str, basis: str, year: int) -> Longs:
    """Return the market's weight by position in the dimension's tree: capacity, or own sales as a part of capacity.

    Taken from the latest year of the table that is not after ``year``; a place without rows weighs 0.
    """
    market = company["market"].filter(pl.col("year") <= year)
    market = market.filter(pl.col("year") == pl.col("year").max()).unique(["area", "category"], maintain_order=True)
    sums = market.drop_nulls(dimension).group_by(dimension).agg(
        pl.col("capacity").sort().sum(), pl.col("own").sort().sum()
    )  # fmt: skip
    weights = np.zeros(len(ground.keys[dimension]), dtype=np.int64)
    for key, capacity, own in sums.sort(dimension).iter_rows():
        value = capacity if basis == "market_capacity" else (own / capacity if capacity else 0.0)
        weights[ground.trees[dimension].position(key)] = round(value * UNIT_OF_WEIGHT)
    return weights


def weigh_keys(step: AcrossStep, keys: tuple[str, ...]) -> Longs:
    """Return the weights the planner wrote down, by position in ``keys``."""
    weights = np.zeros(len(keys), dtype=np.int64)
    for position, key in enumerate(keys):
        weights[position] = round(step.weights.get(key, 0.0) * UNIT_OF_WEIGHT)
    return weights


def sum_over_subtrees(tree: Tree, own: Longs) -> Longs:
    """Return for each place of the tree the sum of its own weight and of all below it, then the own weights again.

    (2 × num_keys,): position k is the subtree of k, position num_keys + k is what hangs on k itself.
    """
    total = own.copy()
    for level in range(int(tree.depth.max(initial=0)), 0, -1):
        below = np.flatnonzero(tree.depth == level)
        np.add.at(total, tree.parent[below], total[below])
    return np.concatenate([total, own])


def sum_people_by_unit(ground: Ground, weights: Longs) -> Longs:
    """Return the persons' weights summed by their own unit, (num_units,)."""
    own = np.zeros(len(ground.keys["unit"]), dtype=np.int64)
    known = ground.person_unit >= 0
    np.add.at(own, ground.person_unit[known], weights[known])
    return own


def positions_in_plan(persons: Longs) -> Ints:
    """Return the positions of the people who are there for some of the plan."""
    return np.flatnonzero(persons > 0).astype(np.int32)
