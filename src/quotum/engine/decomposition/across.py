"""Whose: split every member of a step over the members of a dimension, closest to the basis within bounds.

The share of a member is ``clip(λ·w, floor, cap)`` with one λ per parent: the least relative entropy to the weights. A mix
normalises each basis within the parent first, so that each one's part can be told. A tree (units, areas, categories) is
split level by level; an inner place that has weight of its own appears below itself as one more member.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.curves.day_weights import Floats
from quotum.engine.decomposition.bases import (
    OF_MARKET,
    OF_PEOPLE,
    UNIT_OF_WEIGHT,
    PeopleWeights,
    positions_in_plan,
    sum_over_subtrees,
    sum_people_by_unit,
    weigh_keys,
    weigh_market,
)
from quotum.engine.decomposition.bounds import NEW_BUSINESS, bound_members
from quotum.engine.decomposition.ground import Ground, Ints, Longs, Records
from quotum.engine.decomposition.ledger import Ledger, Split
from quotum.engine.decomposition.ownership import vacant
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import LAYERS, AcrossStep, Measure, PlanSettings
from quotum.engine.tables.schema import DIMENSIONS, TREES

OTHER = "other"
_DENSE = 20_000_000  # cells up to which sums by (parent, member) are kept in one plain array


@dataclass(frozen=True, slots=True)
class Scene:
    """What a step sees: the company, its ground, the settings and the measure that is split."""

    company: Company
    settings: PlanSettings
    ground: Ground
    people: PeopleWeights
    measure: Measure


@dataclass(frozen=True, slots=True)
class Members:
    """The last members of a step: ``frame`` holds ``node`` and a column of keys for each dimension on the way down."""

    frame: pl.DataFrame

    @property
    def nodes(self) -> Ints:
        """Return the members' nodes, (num_members,)."""
        return self.frame["node"].to_numpy()


@dataclass(slots=True)
class _Level:
    """One split in the making: candidates sorted by parent and member; ``codes`` are positions, ``other`` comes last."""

    step: AcrossStep
    parents: pl.DataFrame  # node and keys on the way down
    parent: Longs  # (num_candidates,) position in parents
    codes: Longs  # (num_candidates,)
    keys: pl.Series  # (num_candidates,)
    raw: dict[str, Longs]
    history: Longs  # last year, ten-thousandths, for ratio bounds
    own: npt.NDArray[np.bool_]


def split_step(
    scene: Scene, ledger: Ledger, step: AcrossStep, parents: Members, records: Records, at: str
) -> tuple[Members, list[Issue]]:
    """Split every member of ``parents`` over ``step.across`` and enter it in the ledger.

    ``records.nodes[at]`` says which parent a record belongs to; afterwards ``records.nodes[step.name]`` says which new
    member. Returns the new members and the issues found; bounds that cannot be met are conflicts.
    """
    if step.across in TREES:
        return _split_tree(scene, ledger, step, parents, records, at)
    keys = scene.ground.keys[step.across]
    codes = records.codes[step.across].astype(np.int64)
    if step.members and keys:
        listed = np.isin(np.array(keys, dtype=object), list(step.members))
        codes = np.where((codes >= 0) & listed[codes], codes, -1)
    members, nodes, issues = _split_level(
        scene, ledger, step, parents, records, records.nodes[at], codes, _static_weights(scene, step),
        pl.Series(keys, dtype=pl.String), _open_candidates(scene, step, parents),
    )  # fmt: skip
    records.nodes[step.name] = nodes
    return members, issues


def _split_tree(
    scene: Scene, ledger: Ledger, step: AcrossStep, parents: Members, records: Records, at: str
) -> tuple[Members, list[Issue]]:
    """Split down a tree level by level; members of weight at an inner place continue as that place's own part."""
    tree = scene.ground.trees[step.across]
    count = len(tree.keys)
    paths, inner = tree.paths(), np.append(tree.inner(), False)  # the last one stands for members outside of the tree
    places = pl.Series([*tree.keys, *tree.keys], dtype=pl.String)
    own_level = tree.depth + 1  # where an inner place hangs its own part
    code = records.codes[step.across]
    at_node = records.nodes[at]
    done = np.full(len(code), -1, dtype=np.int32)
    static = _static_weights(scene, step)
    whole_tree = _is_open(parents)
    issues: list[Issue] = []
    leaves: list[pl.DataFrame] = []
    carried = [name for name in parents.frame.columns if name not in ("node", step.across)]
    level_parents = parents
    parent_place = np.full(parents.frame.height, -1, dtype=np.int64)  # place of each parent in the tree; -1 above it
    for level in range(paths.shape[1] + 1 if count else 1):
        here = np.full(len(code), -1, dtype=np.int64)
        known = code >= 0
        if level < paths.shape[1]:
            here[known] = paths[code[known], level]
        own = known & (own_level[code] == level) & inner[code] if count else np.zeros(len(code), dtype=bool)
        here[own] = count + code[own]
        candidates = _tree_candidates(scene, step, level_parents, parent_place, whole_tree)
        members, nodes, found = _split_level(
            scene, ledger, step, level_parents, records, at_node, here, static, places, candidates,
        )  # fmt: skip
        issues += found
        place = members.frame["place"].to_numpy()
        is_leaf = ~inner[np.where((place < 0) | (place >= count), count, place)]
        leaves.append(members.frame.filter(pl.Series(is_leaf)).select("node", *carried, step.across))
        leaf_nodes = members.nodes[is_leaf]
        finished = np.isin(nodes, leaf_nodes) & (nodes >= 0)
        done[finished] = nodes[finished]
        at_node = np.where(finished, -1, nodes).astype(np.int32)
        level_parents = Members(members.frame.filter(pl.Series(~is_leaf)).select("node", *carried, step.across))
        parent_place = place[~is_leaf]
        if level_parents.frame.height == 0:
            break
    records.nodes[step.name] = done
    return Members(pl.concat(leaves).sort("node")), issues


def _split_level(
    scene: Scene,
    ledger: Ledger,
    step: AcrossStep,
    parents: Members,
    records: Records,
    at_node: Ints,
    codes: Longs,
    static: dict[str, Longs],
    key_pool: pl.Series,
    candidates: tuple[Longs, Longs],
) -> tuple[Members, Ints, list[Issue]]:
    """Split ``parents`` over the candidates and whatever the records know; enter it; return members and records' nodes."""
    other = max(len(key_pool), *(len(weights) for weights in static.values()), 0)  # one past every known member
    width = other + 1
    position = np.full(ledger.size + 1, -1, dtype=np.int64)
    position[parents.nodes] = np.arange(len(parents.nodes))
    record_parent = position[at_node]
    codes = np.where(codes < 0, other, codes)
    cell = np.where(record_parent >= 0, record_parent * width + codes, -1)
    cells, sums = _sum_cells(cell, [records.history, records.last_year_e4, records.potential], len(parents.nodes) * width)
    cells = np.union1d(cells, candidates[0] * width + candidates[1])
    if step.across == "customer" and (step.cap is not None or step.stretch_cap is not None):
        cells = np.union1d(cells, np.arange(len(parents.nodes)) * width + other)  # new business takes what caps leave
    lonely = np.setdiff1d(np.arange(len(parents.nodes)), cells // width)
    cells = np.union1d(cells, lonely * width + other)  # a parent with nobody below it keeps its number as a reserved member
    parent, member = cells // width, cells % width
    raw = {"history": sums(cells, 0), "potential": sums(cells, 2)}
    for basis, weights in static.items():
        padded = np.zeros(width, dtype=np.int64)
        padded[: len(weights)] = weights
        raw[basis] = padded[member]
    raw.setdefault("equal", np.where(member == other, 0, UNIT_OF_WEIGHT))
    keys = key_pool.extend_constant(OTHER, width - len(key_pool)).gather(member)
    reserved = np.flatnonzero(member == other)
    if len(reserved):
        ways = (parents.frame.row(int(p), named=True) for p in parent[reserved])
        keys = keys.scatter(reserved, [_reserved(step.across, way, scene) for way in ways])
    own = (member >= len(scene.ground.keys[step.across])) & (member != other)
    level = _Level(step, parents.frame, parent, member, keys, raw, sums(cells, 1), own)
    split, issues = _share_out(scene, ledger, level)
    ledger.add(split)
    nodes = np.full(len(cell), -1, dtype=np.int32)
    found = cell >= 0
    nodes[found] = split.first + np.searchsorted(cells, cell[found])
    kept = [name for name in parents.frame.columns if name != step.across]
    frame = parents.frame[parent].select(kept).with_columns(
        pl.Series("node", split.nodes), keys.alias(step.across),
        pl.Series("place", np.where(member == other, -1, member)),
    )  # fmt: skip
    if step.across not in TREES:
        frame = frame.drop("place")
    return Members(frame), nodes, issues


def _sum_cells(
    cell: Longs, values: list[Longs | None], num_cells: int
) -> tuple[Longs, Callable[[Longs, int], Longs]]:
    """Return the cells that occur and a function giving the sum of one of ``values`` at given cells."""
    found = cell >= 0
    inside = cell[found]
    if num_cells <= _DENSE:
        counts = np.bincount(inside, minlength=num_cells)
        present = np.flatnonzero(counts)
        slots, size = inside, num_cells
    else:
        present, slots = np.unique(inside, return_inverse=True)
        size = len(present)
    sums: list[Longs] = []
    for value in values:
        total = np.zeros(size, dtype=np.int64)
        if value is not None:
            np.add.at(total, slots, value[found])
        sums.append(total if num_cells > _DENSE else total[present])

    def at(cells: Longs, which: int) -> Longs:
        if len(present) == 0:
            return np.zeros(len(cells), dtype=np.int64)
        place = np.minimum(np.searchsorted(present, cells), len(present) - 1)
        return np.where(present[place] == cells, sums[which][place], 0)

    return present, at


def _reserved(dimension: str, parent: dict[str, object], scene: Scene) -> str:
    """Name the reserved member of a parent: vacant people, new customers, or the remainder."""
    if dimension == "person":
        top = scene.company["units"].filter(pl.col("parent").is_null())["unit"].sort()
        return vacant(str(parent.get("unit") or (top[0] if len(top) else "")))
    if dimension == "customer":
        return NEW_BUSINESS + str(parent.get("person") or parent.get("unit") or "")
    return OTHER


def _share_out(scene: Scene, ledger: Ledger, level: _Level) -> tuple[Split, list[Issue]]:
    """Mix the weights, put the bounds on, and find the real shares of both layers."""
    from quotum.engine.kernels.splitting import split_bounded

    parents = level.parents["node"].to_numpy()
    starts = np.searchsorted(level.parent, np.arange(len(parents) + 1)).astype(np.int64)
    issues: list[Issue] = []
    bases = {basis: level.raw[basis] for basis, _ in level.step.basis}
    share, used, found = _mix(level, starts, bases)
    issues += found
    split = Split(
        step=level.step.name, dimension=level.step.across, parents=parents, starts=starts, members=level.keys,
        weights={basis: raw / UNIT_OF_WEIGHT for basis, raw in used.items()}, share=share,
        floors={}, caps={}, real={}, why={}, own=level.own, lot_minor=level.step.lot_minor.get(scene.measure.name, 0),
    )  # fmt: skip
    for layer in LAYERS:
        totals = ledger.real(layer)[parents]
        issues += bound_members(scene.company, scene.settings, scene.measure, level.step, split, layer, totals, level.history)
        split.real[layer], status = split_bounded(starts, totals, share, split.floors[layer], split.caps[layer])
        if status.any():
            issues += [
                _conflict(split, layer, _way(level.parents.row(int(p), named=True)), int(p), int(status[p]), totals)
                for p in np.flatnonzero(status)
            ]
    return split, issues


def _mix(level: _Level, starts: Longs, bases: dict[str, Longs]) -> tuple[Floats, dict[str, Longs], list[Issue]]:
    """Return each member's share before bounds, the raw weights it came from, and what had to be said.

    Each basis is normalised within its parent; a basis without any weight there leaves its part to the others; where all
    are without weight the step's fallback is used, and equal parts where that has none either.
    """
    issues: list[Issue] = []
    num_parents = len(starts) - 1
    parent = level.parent
    share = np.zeros(len(parent))
    mixed = np.zeros(num_parents)
    used: dict[str, Longs] = {}
    for (basis, part), raw in zip(level.step.basis, bases.values(), strict=True):
        below = raw < 0
        if below.any():
            issues.append(Issue(rule="negative_weight", severity="warning", table="sales", value=str(level.keys[int(np.argmax(below))]),
                                details=(("step", level.step.name), ("basis", basis), ("members", str(int(below.sum()))))))  # fmt: skip
        raw = np.maximum(raw, 0)  # noqa: PLW2901
        used[basis] = raw
        total = np.add.reduceat(raw, starts[:-1]) if len(raw) else np.zeros(num_parents, dtype=np.int64)
        has = total > 0
        mixed += np.where(has, part, 0.0)
        share += part * raw / np.where(has, total, 1)[parent]
    bare = mixed <= 0
    share /= np.where(bare, 1.0, mixed)[parent]
    for fallback in dict.fromkeys((level.step.fallback, "equal")):
        if not bare.any():
            break
        raw = np.where(bare[parent], np.maximum(level.raw.get(fallback, level.raw["equal"]), 0), 0)
        if fallback == "equal":  # reserved members too: somebody has to carry the number
            lone = np.add.reduceat(raw, starts[:-1]) == 0
            raw = np.where(bare[parent] & lone[parent], UNIT_OF_WEIGHT, raw)
        total = np.add.reduceat(raw, starts[:-1])
        helped = bare & (total > 0)
        share = np.where(helped[parent], raw / np.where(total > 0, total, 1)[parent], share)
        used[fallback] = np.where(helped[parent], raw, used.get(fallback, 0))
        if helped.any():
            first = level.parents.row(int(np.argmax(helped)), named=True)
            issues.append(Issue(rule="fallback_used", severity="note", table="plan", column=level.step.name, value=fallback,
                                details=(("parents", str(int(helped.sum()))), ("first", _way(first)))))  # fmt: skip
        bare &= ~helped
    return share, used, issues


def _way(parent: dict[str, object]) -> str:
    """Return the keys on the way down to a parent, e.g. ``unit=North, person=Ana``; empty for the target itself."""
    return ", ".join(f"{name}={key}" for name, key in parent.items() if name in DIMENSIONS and key)


def _conflict(split: Split, layer: str, way: str, parent: int, status: int, totals: Floats) -> Issue:
    """Name a parent whose bounds cannot be met, its total and the members in conflict, the heaviest first."""
    own = slice(int(split.starts[parent]), int(split.starts[parent + 1]))
    bounds = split.floors[layer][own] if status == 1 else split.caps[layer][own]
    order = np.argsort(-np.where(np.isfinite(bounds), bounds, 0), kind="stable")[:5]
    members = ", ".join(f"{split.members[own][int(i)]} ({bounds[i]:.0f})" for i in order)
    rules = {1: "floors_exceed_total", 2: "caps_fall_short", 3: "no_weight"}
    return Issue(
        rule=rules[status], severity="conflict", table="plan", column=split.step, value=way,
        details=(("layer", layer), ("total", f"{totals[parent]:.0f}"), ("bounds", f"{bounds.sum():.0f}"), ("members", members)),
    )  # fmt: skip


def _is_open(parents: Members) -> bool:
    """Tell whether a parent stands for people or units only, so that those without customers belong below it too."""
    return set(parents.frame.columns) <= {"node", "place", "since", "until", "unit", "person"}


def _static_weights(scene: Scene, step: AcrossStep) -> dict[str, Longs]:
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


def _open_candidates(scene: Scene, step: AcrossStep, parents: Members) -> tuple[Longs, Longs]:
    """Return (parent position, member position) of the members that belong below a parent without any sale."""
    if not _is_open(parents):
        return _NOBODY
    ground = scene.ground
    if step.across == "person":
        there = positions_in_plan(scene.people.present)
        if "unit" not in parents.frame.columns:
            return np.repeat(np.arange(parents.frame.height), len(there)), np.tile(there, parents.frame.height).astype(np.int64)
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


def _tree_candidates(
    scene: Scene, step: AcrossStep, parents: Members, place: Longs, whole_tree: bool
) -> tuple[Longs, Longs]:
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
