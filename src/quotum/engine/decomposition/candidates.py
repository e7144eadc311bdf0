"""Who belongs below a parent whether or not anything was sold, and what they weigh without customers."""

from __future__ import annotations

import numpy as np
import polars as pl

from quotum.engine.decomposition.bases import (
    OF_MARKET,
    OF_PEOPLE,
    positions_in_plan,
    sum_over_subtrees,
    sum_people_by_unit,
    weigh_keys,
    weigh_market,
)
from quotum.engine.decomposition.bounds import NEW_BUSINESS
from quotum.engine.decomposition.ground import Longs
from quotum.engine.decomposition.scene import Members, Scene
from quotum.engine.tables.ownership import vacant
from quotum.engine.tables.plan_settings import AcrossStep
from quotum.engine.tables.schema import TREES

OTHER = "other"
"""The reserved member for what has no key, or is left beside the members a step lists."""


def name_reserved(dimension: str, parent: dict[str, object], scene: Scene) -> str:
    """Name the reserved member of a parent: vacant people, new customers, or the remainder."""
    if dimension == "person":
        top = scene.company["units"].filter(pl.col("parent").is_null())["unit"].sort()
        return vacant(str(parent.get("unit") or (top[0] if len(top) else "")))
    if dimension == "customer":
        return NEW_BUSINESS + str(parent.get("person") or parent.get("unit") or "")
    return OTHER


def is_open(parents: Members) -> bool:
    """Tell whether a parent stands for people or units only, so that those without customers belong below it too."""
    return set(parents.frame.columns) <= {"node", "place", "since", "until", "unit", "person"}


def weigh_without_customers(scene: Scene, step: AcrossStep) -> dict[str, Longs]:
    """Return the weights that do not come from customers, by position of the member (of trees: twice, see bases)."""
    ground, across = scene.ground, step.across
    wanted = {basis for basis, _ in step.basis} | {step.fallback}
    static: dict[str, Longs] = {}
    for basis in sorted(wanted):
        if basis in OF_PEOPLE and across == "person":
            static[basis] = scene.people.by_basis[basis]
        elif basis in OF_PEOPLE and across == "unit":
            own = sum_people_by_unit(ground, scene.people.by_basis[basis])
            static[basis] = sum_over_subtrees(ground.trees["unit"], own)
        elif basis in OF_MARKET and across in ("area", "category"):
            own = weigh_market(scene.company, ground, across, basis, scene.settings.since.year)
            static[basis] = sum_over_subtrees(ground.trees[across], own)
        elif basis == "manual":
            own = weigh_keys(step, ground.keys[across])
            static[basis] = sum_over_subtrees(ground.trees[across], own) if across in TREES else own
        elif basis == "equal" and across == "person":
            static[basis] = scene.people.present
    return static


_NOBODY: tuple[Longs, Longs] = (np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64))


def list_candidates(scene: Scene, step: AcrossStep, parents: Members) -> tuple[Longs, Longs]:
    """Return (parent position, member position) of the members that belong below a parent without any sale."""
    if not is_open(parents):
        return _NOBODY
    ground = scene.ground
    if step.across == "person":
        there = positions_in_plan(scene.people.present)
        if "unit" not in parents.frame.columns:
            return np.repeat(np.arange(parents.frame.height), len(there)), np.tile(there, parents.frame.height).astype(
                np.int64
            )
        position = dict(zip(parents.frame["unit"], range(parents.frame.height), strict=True))
        units = [ground.keys["unit"][ground.person_unit[person]] for person in there]
        pairs = [(position[unit], person) for unit, person in zip(units, there, strict=True) if unit in position]
        return np.array([p for p, _ in pairs], dtype=np.int64), np.array([m for _, m in pairs], dtype=np.int64)
    listed = {basis for basis, _ in step.basis} & {"manual", "equal"}
    if not listed or step.across == "customer":
        return _NOBODY
    chosen = set(step.members) or (set(step.weights) if listed == {"manual"} else set(ground.keys[step.across]))
    members = np.array([i for i, key in enumerate(ground.keys[step.across]) if key in chosen], dtype=np.int64)
    return np.repeat(np.arange(parents.frame.height), len(members)), np.tile(members, parents.frame.height)


def list_tree_candidates(scene: Scene, step: AcrossStep, place: Longs, *, whole_tree: bool) -> tuple[Longs, Longs]:
    """Return the tree's own members one level below each parent's place, and own parts where people hang on it."""
    if not whole_tree:
        return _NOBODY
    tree = scene.ground.trees[step.across]
    children: dict[int, list[int]] = {}
    for key, above in enumerate(tree.parent.tolist()):
        children.setdefault(above, []).append(key)
    if step.across == "unit":
        people = sum_people_by_unit(scene.ground, scene.people.present)
        for unit in np.flatnonzero((people > 0) & tree.inner()):
            children[int(unit)].append(len(tree.keys) + int(unit))
    pairs = [(p, child) for p, at in enumerate(place.tolist()) for child in children.get(at, [])]
    return np.array([p for p, _ in pairs], dtype=np.int64), np.array([c for _, c in pairs], dtype=np.int64)
