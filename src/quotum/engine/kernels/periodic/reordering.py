"""Moves within one shift: a stretch is driven the other way round, or a short piece moves to another place.

Load and service stay what they are; a way that is shorter is never worse, whatever a minute too many costs.
"""

from __future__ import annotations

from quotum.engine.kernels.periodic.compiling import inlined
from quotum.engine.kernels.periodic.tracks import track_shift

GAIN = 1e-6


@inlined
def reverse(rules, plan, track, weights, r, i, j):
    """Drive stops i to j the other way round if that is shorter. Returns whether it was."""
    t, row = rules.travel, plan.stops[r]
    more = t[row[i - 1], row[j]] + t[row[i], row[j + 1]] - t[row[i - 1], row[i]] - t[row[j], row[j + 1]]
    if more > -GAIN:
        return False
    while i < j:
        row[i], row[j] = row[j], row[i]
        i, j = i + 1, j - 1
    track_shift(rules, plan, track, weights, r)
    return True


@inlined
def shift_piece(rules, plan, track, weights, r, i, a, flip, j):
    """Put stops i to i + a - 1 after stop j, which is none of them, if that is shorter. Returns whether it was."""
    t, row = rules.travel, plan.stops[r]
    if j == i - 1 and not flip:
        return False
    first, last = row[i], row[i + a - 1]
    before, after = row[i - 1], row[i + a]
    more = t[before, after] - t[before, first] - t[last, after]
    if flip:
        first, last = last, first
    here = row[j]
    there = after if j == i - 1 else row[j + 1]
    more += t[here, first] + t[last, there] - (t[before, after] if j == i - 1 else t[here, there])
    if more > -GAIN:
        return False
    piece = track.row_a
    for k in range(a):
        piece[k] = row[i + a - 1 - k] if flip else row[i + k]
    if j < i:
        for k in range(i - 1, j, -1):
            row[k + a] = row[k]
        to = j + 1
    else:
        for k in range(i + a, j + 1):
            row[k - a] = row[k]
        to = j + 1 - a
    for k in range(a):
        row[to + k] = piece[k]
    track_shift(rules, plan, track, weights, r)
    return True
