"""Cells that must meet sums in two directions: fitted in proportion first, then a flow in whole units.

A claim asks for a sum of some cells between a low and a high. The fit is the one closest to the weights (least relative
entropy): every claim has one scale, a cell is ``clip(weight * scales of its claims, floor, cap)``, and the claims are
met one after the other until none is off. The flow finds whole numbers between bounds on every arc of a network, or
the nodes that stand in the way.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from quotum.engine.kernels.arrays import check_lengths, read_only

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

MAX_SWEEPS = 400
_FINE, _NOISE = 1e-6, 1e-12
_GONE = 1e-200


def fit_cells(
    weights: Floats, floors: Floats, caps: Floats, starts: Ints, cells: Ints, lows: Floats, highs: Floats
) -> tuple[Floats, bool]:
    """What is every cell closest to its weight, when claims ask for sums of cells?

    In: ``weights`` (N,) not negative, ``floors`` and ``caps`` (N,) with 0 <= floor <= cap; the cells of claim k are
    ``cells[starts[k]:starts[k + 1]]`` and add up to between ``lows[k]`` and ``highs[k]``. Out: the cells (N,), and
    whether every claim is met to within float noise. It is not where claims contradict each other, and where they can
    only be met at the edge, by cells of weight that get nothing.
    """
    check_lengths(len(weights), floors, caps)
    check_lengths(len(starts) - 1, lows, highs)
    if len(cells) and not 0 <= cells.min() <= cells.max() < len(weights):
        raise ValueError(f"claims name cells outside of the {len(weights)}")
    raw = np.array(weights, np.float64)
    met = _fit(
        raw, read_only(floors, np.float64), read_only(caps, np.float64), read_only(starts, np.int64),
        read_only(cells, np.int64), read_only(lows, np.float64), read_only(highs, np.float64), np.ones(len(lows)),
    )  # fmt: skip
    return np.clip(raw, floors, caps), bool(met)


def find_flow(num_nodes: int, tails: Ints, heads: Ints, lows: Ints, highs: Ints) -> tuple[Ints, Bools]:
    """Which whole flows keep the bounds of every arc, what flows in flowing out at every node?

    In: arc a runs from ``tails[a]`` to ``heads[a]`` and carries ``lows[a]`` to ``highs[a]`` (low <= high). Out: the
    flows (num_arcs,) and, all False if there are such flows, the nodes (num_nodes,) into which the lows of arcs press
    more than the highs of arcs out of them let through. Where there is a choice, earlier arcs of a node carry more.
    """
    check_lengths(len(tails), heads, lows, highs)
    excess = np.zeros(num_nodes, np.int64)
    np.add.at(excess, heads, lows)
    np.subtract.at(excess, tails, lows)
    given, taken = np.flatnonzero(excess > 0), np.flatnonzero(excess < 0)
    source, sink = num_nodes, num_nodes + 1
    tail = np.concatenate([tails, np.full(len(given), source), taken]).astype(np.int64)
    head = np.concatenate([heads, given, np.full(len(taken), sink)]).astype(np.int64)
    room = np.zeros((len(tail), 2), np.int64)  # forth and back
    room[:, 0] = np.concatenate([np.asarray(highs) - lows, excess[given], -excess[taken]])
    ends = np.stack([head, tail], axis=1)
    order = np.argsort(np.stack([tail, head], axis=1).ravel(), kind="stable")
    first = np.searchsorted(np.stack([tail, head], axis=1).ravel()[order], np.arange(num_nodes + 3))
    level = np.empty(num_nodes + 2, np.int64)
    _push(first, order, ends.ravel(), room.ravel(), source, sink, level)
    met = not room[len(tails) : len(tails) + len(given), 0].any()
    return lows + room[: len(tails), 1], (level[:num_nodes] >= 0) & (not met)


@njit(nogil=True, cache=True)
def _fit(raw, floors, caps, starts, cells, lows, highs, scales):
    """Meet the claims in turn by scaling ``raw`` in place. Is every claim met?"""
    for _ in range(MAX_SWEEPS):
        met = True
        for k in range(len(lows)):
            lo, hi = starts[k], starts[k + 1]
            now = _sum_scaled(1.0, lo, hi, cells, raw, floors, caps)[0]
            wanted, scale = lows[k], 1.0
            if scales[k] < _GONE:
                return False  # claims contradict each other: the scales run away
            if lows[k] < highs[k]:  # a claim that leaves room pulls only if the cells would leave it
                scale = 1.0 / scales[k]
                wanted = _sum_scaled(scale, lo, hi, cells, raw, floors, caps)[0]
                if wanted < lows[k] or wanted > highs[k]:
                    wanted = min(max(wanted, lows[k]), highs[k])
                    scale = 1.0
            if abs(now - wanted) > _FINE + _NOISE * wanted:
                met = False
                if scale == 1.0:
                    scale = _find_scale(wanted, lo, hi, cells, raw, floors, caps)
            else:
                scale = 1.0
            if scale != 1.0:
                scales[k] *= scale
                for i in range(lo, hi):
                    raw[cells[i]] *= scale
        if met:
            return True
    return False


@njit(nogil=True, cache=True)
def _sum_scaled(scale, lo, hi, cells, raw, floors, caps):
    """How much are a claim's cells when they are scaled, and how much of it can move?"""
    total = free = 0.0
    for i in range(lo, hi):
        c = cells[i]
        value = raw[c] * scale
        if value < floors[c]:
            total += floors[c]
        elif value > caps[c]:
            total += caps[c]
        else:
            total += value
            free += value
    return total, free


@njit(nogil=True, cache=True)
def _find_scale(wanted, lo, hi, cells, raw, floors, caps):
    """Which scale brings a claim's cells to the wanted sum? Newton's steps, kept between scales known to be off."""
    scale, below, above = 1.0, 0.0, np.inf
    for _ in range(60):
        total, free = _sum_scaled(scale, lo, hi, cells, raw, floors, caps)
        if abs(total - wanted) <= 0.01 * _FINE + 0.01 * _NOISE * wanted:
            break
        if total < wanted:
            below = scale
        else:
            above = scale
        next_ = scale * (wanted - (total - free)) / free if free > 0.0 else -1.0
        if not below < next_ < above:
            if np.isinf(above):
                next_ = min(2.0 * scale, 1e100) if free > 0.0 else 16.0 * scale
                if next_ > 1e60:
                    break  # nothing can move
            else:
                next_ = 0.5 * (below + above)
                if next_ < 1e-60:
                    break
        scale = next_
    return scale


@njit(nogil=True, cache=True)
def _push(first, order, ends, room, source, sink, level):
    """Push as much as possible from source to sink (Dinic); arc 2a runs forth, 2a + 1 back.

    Afterwards ``level`` is -1 for the nodes that cannot be reached any more.
    """
    num_nodes = len(level)
    queue, path = np.empty(num_nodes, np.int64), np.empty(num_nodes, np.int64)
    while True:
        level[:] = -1
        level[source] = 0
        queue[0] = source
        done, waiting = 0, 1
        while done < waiting:
            at = queue[done]
            done += 1
            for i in range(first[at], first[at + 1]):
                to = ends[order[i]]
                if room[order[i]] > 0 and level[to] < 0:
                    level[to] = level[at] + 1
                    queue[waiting] = to
                    waiting += 1
        if level[sink] < 0:
            return
        _push_level(first, order, ends, room, source, sink, level, path)


@njit(nogil=True, cache=True)
def _push_level(first, order, ends, room, source, sink, level, path):
    """Push along shortest ways until there is none left of this length; ``path`` is scratch."""
    next_arc = first[:-1].copy()
    at, depth = source, 0
    while True:
        if at == sink:
            least = room[path[0]]
            for d in range(1, depth):
                least = min(least, room[path[d]])
            back = 0
            for d in range(depth - 1, -1, -1):
                room[path[d]] -= least
                room[path[d] ^ 1] += least
                if room[path[d]] == 0:
                    back = d
            depth = back
            at = ends[path[back] ^ 1]
            continue
        went = False
        while next_arc[at] < first[at + 1]:
            arc = order[next_arc[at]]
            if room[arc] > 0 and level[ends[arc]] == level[at] + 1:
                path[depth] = arc
                depth += 1
                at = ends[arc]
                went = True
                break
            next_arc[at] += 1
        if went:
            continue
        if depth == 0:
            return
        depth -= 1
        at = ends[path[depth] ^ 1]
        next_arc[at] += 1
