"""How a row's running totals are handed down to its members: by halving, in integers, for many rows at once.

``quotum.engine.curves.halving`` says the same in NumPy for readers, who must not load compiled code.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from quotum.engine.kernels.arrays import check_lengths, chunk_parents, read_only, run_chunks

Ints = npt.NDArray[np.int64]

_ONE_STEP = 2**50  # below this mass the float quotient is off by one at most


def halve(starts: Ints, amounts: Ints, totals: Ints) -> Ints:
    """How much of each member is due, when its row's running total is handed down?

    In: ``starts`` (P + 1,): members of row p are ``starts[p]:starts[p + 1]``; ``amounts`` (N,) of members, sorted in
    the row by amount (largest first) and key; ``totals`` F (P, B), 0 <= F <= the row's amount < 2**53. Out: (N, B),
    adds up to F in each row, never falls where F does not, is 0 where F is 0 and the whole amount where F is.

    A segment is cut where half of its mass is reached; the left part gets ``floor((2 F T_left + T) / (2 T))``,
    the right one what is left, and so on below.
    """
    starts = read_only(starts, np.int64)
    check_lengths(len(starts) - 1, totals)
    prefix = np.zeros(len(amounts) + 1, np.int64)
    np.cumsum(amounts, out=prefix[1:])
    handed = np.empty((len(amounts), totals.shape[1]), np.int64)
    run_chunks(_halve, chunk_parents(starts, len(amounts)), starts, prefix, read_only(totals, np.int64), handed)
    return handed


@njit(nogil=True, cache=True)
def _halve(first, last, starts, prefix, totals, handed):
    waiting = np.empty((64, 2), np.int64)  # the larger part waits: each is at most half of the one before
    for p in range(first, last):
        lo, hi = starts[p], starts[p + 1]
        if lo == hi:
            continue
        handed[lo] = totals[p]
        num_waiting = 0
        while True:
            if prefix[hi] == prefix[lo]:
                handed[lo:hi] = 0
                hi = lo + 1
            if hi - lo == 1:
                if num_waiting == 0:
                    break
                num_waiting -= 1
                lo, hi = waiting[num_waiting]
                continue
            cut = _cut_in_half(lo, hi, prefix)
            _hand_to_halves(prefix[cut] - prefix[lo], prefix[hi] - prefix[lo], handed[lo], handed[cut])
            if cut - lo > hi - cut:
                waiting[num_waiting] = lo, cut
                lo = cut
            else:
                waiting[num_waiting] = cut, hi
                hi = cut
            num_waiting += 1


@njit(nogil=True, cache=True)
def _cut_in_half(lo, hi, prefix):
    """Return the first index at which half of the segment's mass is reached, both parts keeping a member."""
    wanted = prefix[lo] + (prefix[hi] - prefix[lo] + 1) // 2
    first, end = lo + 1, hi - 1
    while first < end:
        middle = (first + end) // 2
        if prefix[middle] >= wanted:
            end = middle
        else:
            first = middle + 1
    return first


@njit(nogil=True, cache=True)
def _hand_to_halves(left_mass, mass, left, right):
    """Divide what is in ``left`` (B,) between both parts.

    The quotient is estimated in floats and corrected by its exact remainder: that is small, so it survives arithmetic
    modulo 2**64 although the products do not.
    """
    twice_left, twice_mass, offset = np.uint64(2 * left_mass), np.uint64(2 * mass), np.uint64(mass)
    if mass < _ONE_STEP:
        for b in range(len(left)):
            due = left[b]
            part = np.int64(float(due) * float(left_mass) / float(mass) + 0.5)
            rest = np.int64(twice_left * np.uint64(due) + offset - twice_mass * np.uint64(part))
            part += (1 if rest >= 2 * mass else 0) - (1 if rest < 0 else 0)
            left[b], right[b] = part, due - part
    else:
        for b in range(len(left)):
            due = left[b]
            part = np.int64(float(due) * float(left_mass) / float(mass) + 0.5)
            rest = np.int64(twice_left * np.uint64(due) + offset - twice_mass * np.uint64(part))
            part += rest // (2 * mass)
            left[b], right[b] = part, due - part
