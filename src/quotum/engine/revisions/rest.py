"""The rest of a year as plain arrays: how much each row has left to bring, who helps out, and in which months."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quotum.engine.revisions.cells import share_total, split_many
from quotum.engine.tables.plan_settings import MAX_AMOUNT_MINOR

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Months:
    """What rows have in the months ahead, (num_rows, num_months), and the least and the most each may become.

    A month that is held stays as it is; a month that had nothing gets nothing. ``high`` of 2^53 is no bound.
    """

    amount: Ints
    low: Ints
    high: Ints

    @classmethod
    def of(cls, amount: Ints, floor: float, cap: float | None, held: Bools) -> Months:
        """Make floors and caps, factors on each month, whole."""
        low = np.ceil(np.round(amount * floor, 6)).astype(np.int64)
        most = np.full_like(amount, MAX_AMOUNT_MINOR)
        high = most if cap is None else np.floor(np.round(amount * cap, 6)).astype(np.int64)
        high = np.where(amount > 0, high, 0)
        return cls(amount, np.where(held, amount, np.minimum(low, high)), np.where(held, amount, high))

    @property
    def room(self) -> tuple[Ints, Ints]:
        """Return the least and the most of each row, (num_rows,)."""
        return self.low.sum(axis=1), np.minimum(self.high, MAX_AMOUNT_MINOR).clip(0).sum(axis=1, dtype=np.float64).clip(
            0, MAX_AMOUNT_MINOR
        ).astype(np.int64)

    def share(self, rest: Ints, weights: Floats) -> Ints:
        """Return the months (num_rows, num_months) that add up to ``rest``, in proportion to ``weights`` in bounds."""
        num_rows, width = self.amount.shape
        if not num_rows or not width:
            return self.amount.copy()
        starts = np.arange(num_rows + 1, dtype=np.int64) * width
        high = np.where(self.high >= MAX_AMOUNT_MINOR, np.inf, self.high.astype(np.float64))
        open_ = (high > 0).astype(np.float64)
        shares = np.where(weights.any(axis=1, keepdims=True), weights, self.amount) * open_
        shared, _ = split_many(starts, rest, shares.reshape(-1), open_.reshape(-1),
                               self.low.astype(np.float64).reshape(-1), high.reshape(-1))  # fmt: skip
        return shared.reshape(self.amount.shape)


@dataclass(frozen=True, slots=True)
class Settled:
    """What each row's rest becomes, (num_rows,): ``own`` by itself, ``rest`` after others helped or were relieved.

    ``short``: what nobody could take; ``over``: what some are ahead of their whole year, and keep.
    """

    own: Ints
    rest: Ints
    short: int
    over: int


def settle(wanted: Ints, months: Months, groups: Ints, *, relieve: bool) -> Settled:
    """Return the rest of each row: what keeps its year, within the room of its months.

    ``wanted`` (num_rows,) is the year less what was sold, negative where somebody is ahead of it. What finds no room
    goes to the others of the group (``groups``, (num_rows,)), then to everybody; ``relieve``: what somebody is ahead
    takes off the others of the group, then off everybody.
    """
    low, high = months.room
    own = np.clip(wanted, low, high)
    rest = own.copy()
    left = wanted - own
    if not relieve:
        left = np.maximum(left, 0)
    short = over = 0
    for group in np.unique(groups).tolist():
        members = np.flatnonzero(groups == group)
        missing = _hand_round(int(left[members].sum()), rest, members, low, high)
        short += max(missing, 0)
        over += min(missing, 0)
    every = np.arange(len(wanted))
    short = _hand_round(short, rest, every, low, high)
    over = _hand_round(over, rest, every, low, high)
    return Settled(own, rest, short, over if relieve else int(np.minimum(wanted - own, 0).sum()))


def _hand_round(amount: int, rest: Ints, members: Ints, low: Ints, high: Ints) -> int:
    """Add an amount to the rests of some members, or take it off, as far as there is room; return what is left."""
    if not amount or not len(members):
        return amount
    now = rest[members]
    if amount > 0:
        floors, caps = now, np.minimum(high[members], now + amount)
    else:
        floors, caps = np.maximum(low[members], now + amount), now
    total = int(np.clip(int(now.sum()) + amount, int(floors.sum()), int(caps.sum())))
    shared = share_total(total, now.astype(np.float64), lambda: np.ones(len(now)), caps, floors)
    if shared is None:
        return amount
    rest[members] = shared
    return amount - (total - int(now.sum()))


def share_nodes(totals: Ints, node: Ints, months: Ints) -> Ints:
    """Return months of rows (num_rows, num_months) that add up to those of their nodes (num_nodes, num_months).

    Rows share in proportion to what they had in the month, else to their rest; ``node`` (num_rows,).
    """
    order = np.argsort(node, kind="stable")
    starts = np.searchsorted(node[order], np.arange(len(totals) + 1)).astype(np.int64)
    new = np.zeros_like(months)
    rest = months.sum(axis=1).astype(np.float64)[order]
    rest += np.where(np.repeat(np.add.reduceat(rest, starts[:-1]) if len(rest) else rest, np.diff(starts)) > 0, 0, 1)
    for at in range(months.shape[1]):
        shared, _ = split_many(starts, totals[:, at], months[order, at].astype(np.float64), rest)
        new[order, at] = shared
    return new


def groups_of(keys: Sequence[str | None]) -> Ints:
    """Return a number for each key, equal for equal keys, in the order of the keys."""
    numbers = {key: at for at, key in enumerate(sorted({key or "" for key in keys}))}
    return np.array([numbers[key or ""] for key in keys], dtype=np.int64)
