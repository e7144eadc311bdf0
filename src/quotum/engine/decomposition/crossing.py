"""Totals in two directions: cells that add up to their rows, and to claims on sets of cells as well.

A claim is a sum that some cells must meet: a month of a unit, a quarter of a person. Claims within a single row refine
that row; the others are the second direction, nested in one another (a company's quarter, a unit's month in it). Both
directions are trees over the same cells, so the cells are the flows of a network: its solutions in whole units are
the fitted shares rounded down or up, and a minimum cut names the totals that contradict each other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from quotum.engine.curves.day_weights import Floats
from quotum.engine.decomposition.ground import Longs

_NEAR = 1e-6  # a fitted share this near to a whole number is that number
_WIDTHS = (0, 1, 16, 1024)  # units by which cells may leave their fit where it can be met only at the edge

Bound = tuple[Literal["row", "claim", "cell"], int, int]
"""A bound in a conflict: what it is, which one, how much."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A sum of some cells, between two whole amounts; ``high`` None: no end."""

    cells: Longs
    low: int
    high: int | None


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a crossing, row after row: ``rows`` and ``weights`` (num_cells,), ``totals`` (num_rows,).

    ``floors`` and ``caps`` (num_cells,) are whole; a cell of weight 0 stays at its floor.
    """

    rows: Longs
    weights: Floats
    totals: Longs
    floors: Floats
    caps: Floats


@dataclass(frozen=True, slots=True)
class Crossing:
    """What came of it: whole ``amounts`` and real ``fitted`` (num_cells,), or why there are none.

    ``crossed`` are two claims that overlap without one holding the other; ``needed`` must go where no more than
    ``possible`` fits.
    """

    amounts: Longs
    fitted: Floats
    crossed: tuple[int, int] | None = None
    needed: Sequence[Bound] = field(default_factory=tuple)
    possible: Sequence[Bound] = field(default_factory=tuple)

    @property
    def met(self) -> bool:
        """Tell whether there are amounts that meet every claim."""
        return self.crossed is None and not self.needed


@dataclass(frozen=True, slots=True)
class _Nesting:
    """Claims as two trees over the cells: within rows, and across them.

    ``parents`` (num_claims,) is the claim that holds another, -1: its row, or nothing. ``inner`` and ``outer``
    (num_cells,) are the smallest claims of each tree that hold a cell, -1 for none.
    """

    within: Longs
    parents: Longs
    inner: Longs
    outer: Longs


def cross_totals(cells: Cells, claims: Sequence[Claim]) -> Crossing:
    """Return whole cells that add up to their rows and meet every claim, each less than 1 away from its fit.

    The fit is the one closest to the weights within bounds. Where it can only be met by giving nothing to cells of
    weight, it is a limit that is approached, and cells may leave it by some units.
    """
    nesting, crossed = _nest(cells, claims)
    if nesting is None:
        return Crossing(np.empty(0, np.int64), np.empty(0), crossed)
    caps = np.where(cells.weights > 0, cells.caps, cells.floors)
    fitted = _fit(cells, caps, claims, nesting)
    return _make_whole(cells, caps, claims, nesting, fitted)


def _nest(cells: Cells, claims: Sequence[Claim]) -> tuple[_Nesting | None, tuple[int, int] | None]:
    """Return how the claims hold one another, or two that overlap otherwise."""
    num_cells = len(cells.rows)
    parents = np.full(len(claims), -1, dtype=np.int64)
    owners = {True: np.full(num_cells, -1, dtype=np.int64), False: np.full(num_cells, -1, dtype=np.int64)}
    within = np.zeros(len(claims), dtype=bool)
    for k in sorted(range(len(claims)), key=lambda k: (-len(claims[k].cells), k)):
        mine = claims[k].cells
        if not len(mine):
            continue
        rows = cells.rows[mine]
        within[k] = bool((rows == rows[0]).all())
        owner = owners[bool(within[k])]
        above = owner[mine]
        if (above != above[0]).any():
            return None, (k, int(above.max()))
        parents[k] = above[0]
        owner[mine] = k
    return _Nesting(within, parents, owners[True], owners[False]), None


def _fit(cells: Cells, caps: Floats, claims: Sequence[Claim], nesting: _Nesting) -> Floats:
    """Return the real share of every cell."""
    from quotum.engine.kernels.crossing import fit_cells

    no_end = float(cells.totals.sum())
    sums = [(claim.cells, float(claim.low), no_end if claim.high is None else float(claim.high)) for claim in claims]
    weights = cells.weights.copy()
    kept, parts = _split_remainders(sums, nesting)
    for mine, _, high in parts:
        if high <= 0:
            weights[mine] = 0.0  # nothing is left for them; scaling alone would only creep there
    kept += parts
    order = np.argsort(cells.rows, kind="stable")
    row_starts = np.searchsorted(cells.rows[order], np.arange(len(cells.totals) + 1))
    lengths = np.array([len(mine) for mine, _, _ in kept], dtype=np.int64)
    totals = cells.totals.astype(np.float64)
    fitted, _ = fit_cells(
        weights,
        cells.floors,
        caps,
        np.concatenate([row_starts, row_starts[-1] + np.cumsum(lengths)]),
        np.concatenate([order, *(mine for mine, _, _ in kept)]),
        np.concatenate([totals, np.array([low for _, low, _ in kept])]),
        np.concatenate([totals, np.array([high for _, _, high in kept])]),
    )
    return fitted


_Sum = tuple[Longs, float, float]


def _split_remainders(sums: Sequence[_Sum], nesting: _Nesting) -> tuple[list[_Sum], list[_Sum]]:
    """Return the claims that are still needed, and what each leaves to its cells outside of the claims in it.

    Exact claims within an exact one leave an exact remainder: parts that lie side by side are met far faster.
    """
    below: dict[int, list[int]] = {}
    for k, parent in enumerate(nesting.parents.tolist()):
        if parent >= 0:
            below.setdefault(parent, []).append(k)
    kept, parts = [], []
    for k, (mine, low, high) in enumerate(sums):
        inside = below.get(k, [])
        if not inside:
            kept.append((mine, low, high))
            continue
        owner = nesting.inner if nesting.within[k] else nesting.outer
        rest = mine[owner[mine] == k]
        left_low = low - sum(sums[j][2] for j in inside)
        left_high = high - sum(sums[j][1] for j in inside)
        if len(rest):
            parts.append((rest, max(left_low, 0.0), max(left_high, 0.0)))
        if low < high or any(sums[j][1] < sums[j][2] for j in inside):
            kept.append((mine, low, high))
    return kept, parts


def _neighbours(values: Floats) -> tuple[Floats, Floats]:
    """Return the whole numbers below and above each value: the number itself where only float noise is between."""
    whole = np.rint(values)
    near = np.abs(values - whole) <= _NEAR + 1e-12 * np.abs(values)
    return np.where(near, whole, np.floor(values)), np.where(near, whole, np.ceil(values))


def _make_whole(cells: Cells, caps: Floats, claims: Sequence[Claim], nesting: _Nesting, fitted: Floats) -> Crossing:
    """Return whole cells near to the fitted ones, or the minimum cut where there are none at all."""
    from quotum.engine.kernels.crossing import find_flow

    num_rows = len(cells.totals)
    down, up = _neighbours(fitted)
    sums_down, sums_up = _neighbours(np.array([fitted[claim.cells].sum() for claim in claims]))
    no_end = float(max(int(cells.totals.sum()), max((claim.low for claim in claims), default=0)))
    nodes = 1 + num_rows + np.arange(len(claims))  # of claims; node 0 is outside, then come the rows
    above = np.where(
        nesting.parents >= 0,
        1 + num_rows + nesting.parents,
        np.where(nesting.within, [1 + cells.rows[c.cells[0]] if len(c.cells) else 0 for c in claims], 0),
    ) if claims else np.empty(0, np.int64)  # fmt: skip
    # The largest fractions come first, so that they are rounded up where there is a choice.
    order = np.lexsort((np.arange(len(fitted)), down - fitted, cells.rows))
    cell_tails = np.where(nesting.inner >= 0, 1 + num_rows + nesting.inner, 1 + cells.rows)[order]
    cell_heads = np.where(nesting.outer >= 0, 1 + num_rows + nesting.outer, 0)[order]
    tails = np.concatenate([np.zeros(num_rows), cell_tails, np.where(nesting.within, above, nodes)]).astype(np.int64)
    heads = np.concatenate([1 + np.arange(num_rows), cell_heads, np.where(nesting.within, nodes, above)]).astype(
        np.int64
    )
    claim_lows = np.array([claim.low for claim in claims], dtype=np.float64)
    claim_highs = np.array([no_end if claim.high is None else claim.high for claim in claims], dtype=np.float64)
    for width in (*_WIDTHS, no_end):
        low, high = np.clip(down - width, cells.floors, caps), np.clip(up + width, cells.floors, caps)
        sum_low, sum_high = (np.clip(s, claim_lows, claim_highs) for s in (sums_down - width, sums_up + width))
        lows = np.concatenate([cells.totals, low[order], sum_low]).astype(np.int64)
        highs = np.concatenate([cells.totals, np.minimum(high[order], no_end), sum_high]).astype(np.int64)
        flows, reached = find_flow(1 + num_rows + len(claims), tails, heads, lows, highs)
        if not reached.any():
            amounts = np.empty(len(fitted), np.int64)
            amounts[order] = flows[num_rows : num_rows + len(order)]
            return Crossing(amounts, fitted)
    names: list[tuple[Literal["row", "claim", "cell"], int]] = [
        *(("row", r) for r in range(num_rows)),
        *(("cell", int(c)) for c in order),
        *(("claim", k) for k in range(len(claims))),
    ]
    into = np.flatnonzero(~reached[tails] & reached[heads] & (lows > 0))
    out = np.flatnonzero(reached[tails] & ~reached[heads])
    needed: list[Bound] = [(*names[a], int(lows[a])) for a in into.tolist()]
    possible: list[Bound] = [(*names[a], int(highs[a])) for a in out.tolist()]
    return Crossing(np.empty(0, np.int64), fitted, None, needed, possible)
