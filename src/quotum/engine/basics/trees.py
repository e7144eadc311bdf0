"""Trees of units, areas and categories: who stands under whom, by keys, never by prefixes of text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Tree:
    """A forest over ``keys`` in sorted order.

    ``parent`` (num_keys,) holds positions, -1 for a top; ``depth`` (num_keys,) counts from 0 at a top.
    """

    keys: tuple[str, ...]
    parent: Ints
    depth: Ints

    @classmethod
    def of(cls, keys: Sequence[str], parents: Sequence[str | None]) -> Tree:
        """Build the tree of rows (key, parent). Rows have passed the rules: keys unique, no cycles, parents known."""
        order = sorted(range(len(keys)), key=lambda i: keys[i])
        at = {keys[i]: position for position, i in enumerate(order)}
        parent = np.array([at.get(parents[i] or "", -1) for i in order], dtype=np.int32)
        depth = np.zeros(len(order), dtype=np.int32)
        above = parent.copy()
        while (above >= 0).any():
            depth += above >= 0
            above = np.where(above >= 0, parent[above], -1)
        return cls(tuple(keys[i] for i in order), parent, depth)

    def position(self, key: str) -> int:
        """Return the position of ``key``; raises KeyError when it is not in the tree."""
        position = bisect_left(self.keys, key)
        if position == len(self.keys) or self.keys[position] != key:
            raise KeyError(key)
        return position

    def subtree(self, key: str) -> set[str]:
        """Return ``key`` and every key below it."""
        inside = {self.position(key)}
        for i in np.argsort(self.depth, kind="stable"):
            if int(self.parent[i]) in inside:
                inside.add(int(i))
        return {self.keys[i] for i in inside}

    def paths(self) -> Ints:
        """Return the way down to each key: (num_keys, num_levels) positions from its top to itself, then -1."""
        levels = int(self.depth.max()) + 1 if len(self.keys) else 0
        paths = np.full((len(self.keys), levels), -1, dtype=np.int32)
        at = np.arange(len(self.keys), dtype=np.int32)
        while (at >= 0).any():
            rows = np.flatnonzero(at >= 0)
            paths[rows, self.depth[at[rows]]] = at[rows]
            at = np.where(at >= 0, self.parent[at], -1).astype(np.int32)
        return paths

    def inner(self) -> npt.NDArray[np.bool_]:
        """Tell which keys have others below them, (num_keys,)."""
        inner = np.zeros(len(self.keys), dtype=np.bool_)
        inner[self.parent[self.parent >= 0]] = True
        return inner
