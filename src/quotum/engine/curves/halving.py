"""How a row's running totals are handed down to its members: by halving, in integers.

The same numbers as the compiled ``quotum.engine.kernels.halve``; readers use this one because they must start quickly.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


def hand_down(starts: Ints, amounts: Ints, totals: Ints) -> Ints:
    """How much of each member is due, when its row's running total is handed down?

    In: ``starts`` (P + 1,): members of row p are ``starts[p]:starts[p + 1]``; ``amounts`` (N,) of members, sorted in
    the row by amount (largest first) and key; ``totals`` F (P, B), 0 <= F <= the row's amount < 2**53. Out: (N, B),
    adds up to F in each row, never falls where F does not, is 0 where F is 0 and the whole amount where F is.

    A segment is cut where half of its mass is reached; the left part gets ``floor((2 F T_left + T) / (2 T))``,
    the right one what is left, and so on below. All segments of a level
    are cut at once.
    """
    prefix = np.zeros(len(amounts) + 1, np.int64)
    np.cumsum(amounts, out=prefix[1:])
    handed = np.zeros((len(amounts), totals.shape[1]), np.int64)
    lo, hi = np.asarray(starts[:-1], np.int64), np.asarray(starts[1:], np.int64)
    has_mass = prefix[hi] > prefix[lo]
    handed[lo[has_mass]] = totals[has_mass]
    while True:
        mass = prefix[hi] - prefix[lo]
        open_ = (hi - lo > 1) & (mass > 0)
        if not open_.any():
            return handed
        lo, hi, mass = lo[open_], hi[open_], mass[open_]
        cut = np.clip(np.searchsorted(prefix, prefix[lo] + (mass + 1) // 2), lo + 1, hi - 1)
        due = handed[lo]
        left = _share_of(due, (prefix[cut] - prefix[lo])[:, None], mass[:, None])
        handed[lo], handed[cut] = left, due - left
        lo, hi = np.concatenate([lo, cut]), np.concatenate([cut, hi])


def _share_of(due: Ints, left_mass: Ints, mass: Ints) -> Ints:
    """Return ``floor((2 due left_mass + mass) / (2 mass))``.

    The quotient is estimated in floats and corrected by its exact remainder: that is small, so it survives arithmetic
    modulo 2**64 although the products do not.
    """
    part = (due.astype(np.float64) * left_mass / mass + 0.5).astype(np.int64)
    rest = 2 * left_mass * due + mass - 2 * mass * part
    return np.asarray(part + rest // (2 * mass), np.int64)
