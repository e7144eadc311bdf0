"""What follows another amount: pieces follow their money through prices, hedge follows its commit.

The same function counts when a plan is made and when it is revised: the same money has the same pieces, to the last.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from quotum.engine.kernels.splitting import round_whole

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def count_pieces(starts: Ints, money: Ints, prices: Floats, decimals: int, piece_decimals: int) -> Ints:
    """How many whole pieces is each product's money, so that a parent has what its products make together?

    In: ``starts`` (P + 1,), ``money`` (N,) in smallest units with ``decimals``, ``prices`` (N,) in major units, 0 for
    none: no pieces. Out: pieces (N,) in smallest units with ``piece_decimals``. A parent's are the sum of its real
    pieces rounded half up; within it the largest remainders get what is left.
    """
    worth = money / 10**decimals * 10**piece_decimals
    real = np.where(prices > 0, worth / np.where(prices > 0, prices, 1.0), 0.0)
    totals = np.floor(np.add.reduceat(real, starts[:-1]) + 0.5).astype(np.int64)
    return round_whole(starts, totals, real)


def share_hedge(starts: Ints, hedge: Ints, commit: Ints, of_parents: Ints) -> Ints:
    """What is each member's part of its parent's hedge, which is split like commit?

    In: ``starts`` (P + 1,), ``hedge`` of the parents' members together (P,), ``commit`` of members (N,) and of their
    parents (P,). Out: hedge (N,) in whole units that add up to each parent's.
    """
    owner = np.repeat(np.arange(len(hedge)), np.diff(starts))
    parts = commit / np.maximum(of_parents, 1)[owner]
    return round_whole(starts, hedge, hedge[owner] * parts)
