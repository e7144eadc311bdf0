"""Whose: split every member of a step over the members of a dimension, closest to the basis within bounds.

The share of a member is ``clip(λ·w, floor, cap)`` with one λ per parent: the least relative entropy to the weights. A
mix normalises each basis within the parent first, so that each one's part can be told. A tree (units, areas,
categories) is split level by level; an inner place that has weight of its own appears below itself as one more member.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.curves.day_weights import Floats
from quotum.engine.decomposition.bases import UNIT_OF_WEIGHT
from quotum.engine.decomposition.bottom_up import reconcile_split
from quotum.engine.decomposition.bounds import bound_members, whole_down, whole_up
from quotum.engine.decomposition.candidates import (
    OTHER,
    is_open,
    list_candidates,
    list_tree_candidates,
    name_reserved,
    weigh_without_customers,
)
from quotum.engine.decomposition.cells import merge_cells, sum_cells
from quotum.engine.decomposition.crossing_totals import cross_members
from quotum.engine.decomposition.expected import forecast_cells
from quotum.engine.decomposition.ground import Ints, Longs, Records
from quotum.engine.decomposition.ledger import Ledger, Split
from quotum.engine.decomposition.scene import Members, Scene
from quotum.engine.tables.plan_settings import LAYERS, AcrossStep
from quotum.engine.tables.schema import DIMENSIONS, TREES

_FLOORS_EXCEED = 1  # status of kernels.splitting; any other than 0 means that caps fall short


@dataclass(slots=True)
class _Level:
    """One split in the making: candidates sorted by parent and member, ``other`` last; ``codes`` are positions."""

    step: AcrossStep
    parents: pl.DataFrame  # node and keys on the way down
    parent: Longs  # (num_candidates,) position in parents
    codes: Longs  # (num_candidates,)
    keys: pl.Series  # (num_candidates,)
    raw: dict[str, Longs]
    history: Longs  # last year, ten-thousandths, for ratio bounds
    own: npt.NDArray[np.bool_]


def split_step(
    scene: Scene, ledger: Ledger, step: AcrossStep, parents: Members, records: Records, at: str, *, followed: bool
) -> tuple[Members, list[Issue]]:
    """Split every member of ``parents`` over ``step.across`` and enter it in the ledger.

    ``records.nodes[at]`` says which parent a record belongs to; afterwards ``records.nodes[step.name]`` says which new
    member, if the step is ``followed`` by another below it. Returns the new members and the issues found; bounds that
    cannot be met are conflicts.
    """
    if step.across in TREES and not step.members:
        return _split_tree(scene, ledger, step, parents, records, at)
    keys = scene.ground.keys[step.across]
    codes = records.codes[step.across].astype(np.int64)
    if step.members and keys:
        codes = np.where(codes >= 0, _find_listed(scene, step)[codes], -1)
    members, nodes, issues = _split_level(
        scene, ledger, step, parents, records, records.nodes[at], codes, weigh_without_customers(scene, step),
        pl.Series(keys, dtype=pl.String), list_candidates(scene, step, parents), followed=followed,
    )  # fmt: skip
    records.nodes[step.name] = nodes
    return Members(members.frame.drop("place", strict=False)), issues


def _find_listed(scene: Scene, step: AcrossStep) -> Longs:
    """Return the position of the listed member each key counts for, -1 for none: of trees the nearest one above."""
    keys = scene.ground.keys[step.across]
    listed = np.flatnonzero(np.isin(np.array(keys, dtype=object), list(step.members)))
    found = np.full(len(keys), -1, dtype=np.int64)
    if step.across in TREES:
        paths = scene.ground.trees[step.across].paths()
        for level in range(paths.shape[1]):
            here = np.isin(paths[:, level], listed)
            found[here] = paths[here, level]
    else:
        found[listed] = listed
    return found


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
    static = weigh_without_customers(scene, step)
    whole_tree = is_open(parents)
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
        candidates = list_tree_candidates(scene, step, parent_place, whole_tree=whole_tree)
        members, nodes, found = _split_level(
            scene, ledger, step, level_parents, records, at_node, here, static, places, candidates, followed=True,
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
    *,
    followed: bool,
) -> tuple[Members, Ints, list[Issue]]:
    """Split ``parents`` over the candidates and whatever the records know, and enter it.

    Returns the members, the issues, and the node of each record if the split is ``followed`` by another below it.
    """
    other = max(len(key_pool), *(len(weights) for weights in static.values()), 0)  # one past every known member
    width = other + 1
    position = np.full(ledger.size + 1, -1, dtype=np.int64)
    position[parents.nodes] = np.arange(len(parents.nodes))
    record_parent = position[at_node]
    codes = np.where(codes < 0, other, codes)
    cell = np.where(record_parent >= 0, record_parent * width + codes, -1)
    cells, sums = sum_cells(
        cell, [records.history, records.last_year_e4, records.potential], len(parents.nodes) * width
    )
    cells = merge_cells(cells, candidates[0] * width + candidates[1])
    if step.across == "customer" and (step.cap is not None or step.stretch_cap is not None):
        cells = merge_cells(cells, np.arange(len(parents.nodes)) * width + other)  # new business takes what caps leave
    lonely = np.flatnonzero(np.bincount(cells // width, minlength=len(parents.nodes)) == 0)
    cells = merge_cells(
        cells, lonely * width + other
    )  # a parent with nobody below it keeps its number as a reserved member
    parent, member = cells // width, cells % width
    raw = {"history": sums(cells, 0), "potential": sums(cells, 2)}
    if "forecast" in {step.fallback, *dict(step.basis)}:
        raw["forecast"] = forecast_cells(scene, records, cell, cells)
    for basis, weights in static.items():
        padded = np.zeros(width, dtype=np.int64)
        padded[: len(weights)] = weights
        raw[basis] = padded[member]
    raw.setdefault("equal", np.where(member == other, 0, UNIT_OF_WEIGHT))
    keys = key_pool.extend_constant(OTHER, width - len(key_pool)).gather(member)
    reserved = np.flatnonzero(member == other)
    if len(reserved):
        ways = (parents.frame.row(int(p), named=True) for p in parent[reserved])
        keys = keys.scatter(reserved, [name_reserved(step.across, way, scene) for way in ways])
    own = (member >= len(scene.ground.keys[step.across])) & (member != other)
    level = _Level(step, parents.frame, parent, member, keys, raw, sums(cells, 1), own)
    split, issues = _share_out(scene, ledger, level)
    ledger.add(split)
    nodes = np.full(len(cell), -1, dtype=np.int32)
    if followed:
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
    split_owner = np.repeat(np.arange(len(parents)), np.diff(starts))
    for layer in LAYERS:
        totals = ledger.real(layer)[parents]
        claims, found = bound_members(
            scene.company, scene.settings, scene.measure, level.step, split, layer, totals, level.history
        )
        issues += found
        split.real[layer], status = split_bounded(starts, totals, share, split.floors[layer], split.caps[layer])
        # Only what new business must take is not whole yet: the whole units on both sides of it will do.
        split.floors[layer], split.caps[layer] = whole_down(split.floors[layer]), whole_up(split.caps[layer])
        if status.any():
            issues += [
                _conflict(scene, split, layer, _way(level.parents.row(p, named=True)), p, totals[p], status[p])
                for p in np.flatnonzero(status).tolist()
            ]
            continue
        weights = share * totals[split_owner]
        if level.step.reconcile:
            of_people = level.parents["person"] if "person" in level.parents else [""] * len(parents)
            people = [str(person or "") for person in of_people]
            moved, found = reconcile_split(
                scene.company, scene.settings, scene.measure, level.step, split, layer, totals, people
            )
            issues += found
            weights = np.where(moved, split.real[layer], weights)
        if claims:
            ways = [_way(row) for row in level.parents.iter_rows(named=True)]
            issues += cross_members(ledger, split, layer, claims, weights, scene.measure, ways)
    return split, issues


def _mix(level: _Level, starts: Longs, bases: dict[str, Longs]) -> tuple[Floats, dict[str, Longs], list[Issue]]:
    """Return each member's share before bounds, the raw weights it came from, and what had to be said.

    Each basis is normalised within its parent; a basis without any weight there leaves its part to the others. Where
    all are without weight the step's fallback is used, and equal parts where that has none either.
    """
    issues: list[Issue] = []
    share, mixed = np.zeros(len(level.parent)), np.zeros(len(starts) - 1)
    used: dict[str, Longs] = {}
    for (basis, part), raw in zip(level.step.basis, bases.values(), strict=True):
        if (raw < 0).any():
            issues.append(_cut_at_zero(level, basis, raw))
        used[basis] = np.maximum(raw, 0)
        total = np.add.reduceat(used[basis], starts[:-1])
        mixed += np.where(total > 0, part, 0.0)
        share += part * used[basis] / np.where(total > 0, total, 1)[level.parent]
    bare = mixed <= 0
    share /= np.where(bare, 1.0, mixed)[level.parent]
    return share, used, issues + _fall_back(level, starts, bare, share, used)


def _cut_at_zero(level: _Level, basis: str, raw: Longs) -> Issue:
    """Tell that members whose returns outweigh their sales count as 0."""
    below = raw < 0
    first = str(level.keys[int(np.argmax(below))])
    details = (("step", level.step.name), ("basis", basis), ("members", str(int(below.sum()))))
    return Issue(rule="negative_weight", severity="warning", table="sales", value=first, details=details)


def _fall_back(
    level: _Level, starts: Longs, bare: npt.NDArray[np.bool_], share: Floats, used: dict[str, Longs]
) -> list[Issue]:
    """Fill ``share`` and ``used`` of the parents whose members have no weight at all; tell how many there were."""
    issues: list[Issue] = []
    for fallback in dict.fromkeys((level.step.fallback, "equal")):
        if not bare.any():
            break
        raw = np.where(bare[level.parent], np.maximum(level.raw.get(fallback, level.raw["equal"]), 0), 0)
        if fallback == "equal":  # reserved members too: somebody has to carry the number
            alone = np.add.reduceat(raw, starts[:-1]) == 0
            raw = np.where((bare & alone)[level.parent], UNIT_OF_WEIGHT, raw)
        total = np.add.reduceat(raw, starts[:-1])
        helped = bare & (total > 0)
        in_helped = helped[level.parent]
        share[in_helped] = (raw / np.where(total > 0, total, 1)[level.parent])[in_helped]
        used[fallback] = np.where(in_helped, raw, used.get(fallback, 0))
        if helped.any():
            first = _way(level.parents.row(int(np.argmax(helped)), named=True))
            details = (("parents", str(int(helped.sum()))), ("first", first))
            issues.append(
                Issue(rule="fallback_used", severity="note", table="plan", column=level.step.name, value=fallback,
                      details=details)
            )  # fmt: skip
        bare = bare & ~helped
    return issues


def _way(parent: dict[str, object]) -> str:
    """Return the keys on the way down to a parent, e.g. ``unit=North, person=Ana``; empty for the target itself."""
    return ", ".join(f"{name}={key}" for name, key in parent.items() if name in DIMENSIONS and key)


def _conflict(scene: Scene, split: Split, layer: str, way: str, parent: int, total: float, status: int) -> Issue:
    """Name a parent whose bounds cannot be met, its total and the members in conflict, the heaviest first."""
    own = slice(int(split.starts[parent]), int(split.starts[parent + 1]))
    floors, caps = split.floors[layer][own], split.caps[layer][own]
    # Members without weight cannot grow: their floor is all they can take.
    bounds = floors if status == _FLOORS_EXCEED else np.where(split.share[own] > 0, caps, floors)
    heaviest = np.argsort(-bounds, kind="stable")[:5]
    unit = 10**scene.measure.decimals
    members = ", ".join(f"{split.members[own][int(i)]} ({bounds[i] / unit:,.2f})" for i in heaviest)
    details = (
        ("layer", layer),
        ("total", f"{total / unit:,.2f}"),
        ("bounds", f"{bounds.sum() / unit:,.2f}"),
        ("members", members),
    )
    rule = "floors_exceed_total" if status == _FLOORS_EXCEED else "caps_fall_short"
    return Issue(rule=rule, severity="conflict", table="plan", column=split.step, value=way, details=details)
