"""The ledger of one measure: every split in order, real shares first, whole units once from the top.

Nodes are numbered through the ledger; node -1 is the target. A split holds the members of all the parents that one step
(or one level of a tree) split, parent after parent, members in the order of their keys.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.curves.day_weights import Floats
from quotum.engine.decomposition.ground import Ints, Longs
from quotum.engine.tables.plan_settings import LAYERS, Target

WHY = ("free", "floor", "cap", "lock", "no_history", "proposal")
FREE, FLOOR, CAP, LOCK, NO_HISTORY, PROPOSAL = range(6)
Whys = npt.NDArray[np.int8]


@dataclass(slots=True)
class Split:
    """The members of the parents that one step split: arrays by member (num_members,), bounds and amounts by layer."""

    step: str
    dimension: str
    parents: Ints  # (num_parents,) nodes
    starts: Longs  # (num_parents + 1,)
    members: pl.Series  # keys
    weights: dict[str, Floats]  # raw, by basis, in the basis' own unit
    share: Floats  # the mixed weight within the parent, before bounds
    floors: dict[str, Floats]
    caps: dict[str, Floats]
    real: dict[str, Floats]
    why: dict[str, Whys]
    own: npt.NDArray[np.bool_]  # the own part of an inner place of a tree
    lot_minor: int = 0
    first: int = 0  # node of the first member
    amount: dict[str, Longs] = field(default_factory=dict)
    proposals: dict[str, tuple[Floats, Floats]] = field(default_factory=dict)  # (amount in major units, trust) or nan

    @property
    def nodes(self) -> Ints:
        """Return the members' nodes, (num_members,)."""
        return np.arange(self.first, self.first + len(self.members), dtype=np.int32)

    @property
    def parent_of_member(self) -> Ints:
        """Return the parents' nodes, (num_members,)."""
        return np.repeat(self.parents, np.diff(self.starts))


class Ledger:
    """The splits of one measure, and what each node got in each layer."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.splits: list[Split] = []
        self.size = 0
        self.inexact: list[str] = []  # steps whose members do not add up to their parents: never, if all is well
        self._rounded = 0
        totals = {"commit": target.commit_minor, "extra": target.extra_minor}
        # The last place stands for node -1, so that arrays can be indexed by parents as they are.
        self._real = {layer: [np.array([totals[layer]], dtype=np.float64)] for layer in LAYERS}
        self._amount = {layer: [np.array([totals[layer]], dtype=np.int64)] for layer in LAYERS}

    def add(self, split: Split) -> None:
        """Enter a split whose real shares are known; one in lots is made whole at once, its members restart there."""
        split.first = self.size
        self.size += len(split.members)
        self.splits.append(split)
        for layer in LAYERS:
            self._real[layer].insert(-1, split.real[layer])
        if split.lot_minor > 1:
            self.make_whole()
            for layer in LAYERS:
                self._real[layer][-2] = split.amount[layer].astype(np.float64)

    def follow(self, splits: list[Split], amounts: dict[str, Longs]) -> None:
        """Enter the splits of another ledger with amounts of their own, (num_nodes + 1,), the target's last."""
        self.splits, self.size, self._rounded = splits, len(amounts[LAYERS[0]]) - 1, len(splits)
        self._amount = {layer: [amounts[layer]] for layer in LAYERS}
        self._real = {layer: [amounts[layer].astype(np.float64)] for layer in LAYERS}

    def real(self, layer: str) -> Floats:
        """Return the real share of every node, the target's at position -1."""
        return np.concatenate(self._real[layer])

    def amount(self, layer: str) -> Longs:
        """Return the whole amount of every node that is made whole, the target's at position -1."""
        return np.concatenate(self._amount[layer])

    def make_whole(self) -> None:
        """Give whole units from the top to every split entered since the last time."""
        from quotum.engine.kernels.splitting import round_lots, round_whole

        for split in self.splits[self._rounded :]:
            for layer in LAYERS:
                totals = self.amount(layer)[split.parents]
                if split.lot_minor > 1:
                    locked = np.where(split.why[layer] == LOCK, np.rint(split.real[layer]), 0.0)
                    left = totals - np.add.reduceat(locked, split.starts[:-1]).astype(np.int64)
                    open_ = np.where(split.why[layer] == LOCK, 0.0, split.real[layer])
                    whole = round_lots(split.starts, left, open_, split.lot_minor) + locked.astype(np.int64)
                else:
                    whole = round_whole(split.starts, totals, split.real[layer], split.floors[layer], split.caps[layer])
                split.amount[layer] = whole
                if (np.add.reduceat(whole, split.starts[:-1]) != totals).any():
                    self.inexact.append(split.step)
                self._amount[layer].insert(-1, whole)
        self._rounded = len(self.splits)
