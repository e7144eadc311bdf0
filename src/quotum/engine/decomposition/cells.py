"""Sums of weights by cell: one cell for each pair of parent and member."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from quotum.engine.decomposition.ground import Longs

_DENSE = 20_000_000  # cells up to which all of them are kept in one plain array


def sum_cells(cell: Longs, values: list[Longs | None], num_cells: int) -> tuple[Longs, Callable[[Longs, int], Longs]]:
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


def merge_cells(cells: Longs, more: Longs) -> Longs:
    """Return the sorted union of ``cells`` (sorted, each once) and a few more."""
    new = np.unique(more)
    at = np.searchsorted(cells, new)
    known = np.zeros(len(new), dtype=bool)
    known[at < len(cells)] = cells[at[at < len(cells)]] == new[at < len(cells)]
    return np.insert(cells, at[~known], new[~known])
