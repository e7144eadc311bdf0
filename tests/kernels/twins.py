"""The kernels again, slow and obvious: one parent at a time, exact fractions, no cleverness."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise

EXCEED, SHORT, NO_WEIGHT = 1, 2, 3


def split(total, weights, floors, caps):
    """Real shares of one parent as fractions, or the number of the reason why there are none."""
    able = [(Fraction(w), Fraction(f), Fraction(c)) for w, f, c in zip(weights, floors, caps, strict=True)]
    if sum(f for _, f, _ in able) > total:
        return EXCEED
    if not any(w for w, _, _ in able):
        return NO_WEIGHT if sum(f for _, f, _ in able) < total else [f for _, f, _ in able]
    if sum(c if w else f for w, f, c in able) < total:
        return SHORT
    scale = _meet(Fraction(total), able)
    return [min(max(scale * w, f), c) for w, f, c in able]


def _meet(total, able):
    """Walk along the scales at which a member leaves its floor or reaches its cap, up to where the total is met."""
    corners = sorted({b / w for w, f, c in able if w for b in (f, c)} | {Fraction(0)})
    for low, high in pairwise(corners):
        sum_low, sum_high = (sum(min(max(s * w, f), c) for w, f, c in able) for s in (low, high))
        if sum_low <= total <= sum_high:
            return low if sum_low == total else low + (high - low) * (total - sum_low) / (sum_high - sum_low)
    return corners[-1]


def round_whole(total, real):
    """Whole parts, then one unit each to the largest fractions, the earlier first; None where noise is in the way."""
    whole, fractions = [], []
    for i, share in enumerate(real):
        noise = Fraction(min(share * 2.0**-48 + 1e-9, 0.25))
        near = math.floor(Fraction(share) + noise)
        whole.append(near)
        if Fraction(share) - near > noise:
            fractions.append((near - Fraction(share), i))
    left = total - sum(whole)
    if not 0 <= left <= len(fractions):
        return None
    for _, i in sorted(fractions)[:left]:
        whole[i] += 1
    return whole


def round_lots(total, real, lot):
    """Whole lots, and the rest to the largest member."""
    units = [lots * lot for lots in round_whole(total // lot, [share / lot for share in real])]
    units[real.index(max(real))] += total % lot
    return units


def due_totals(amount, offset, curve):
    """What is due of one row before each boundary."""
    return [0 if c == 0 else amount if c == 1 else min(math.floor(amount * c + offset), amount) for c in curve]


def hand_down(amounts, due):
    """What is due of each member of one row, for one running total."""
    mass = sum(amounts)
    if mass == 0:
        return [0] * len(amounts)
    if len(amounts) == 1:
        return [due]
    cut = next(c for c in range(len(amounts) + 1) if sum(amounts[:c]) >= (mass + 1) // 2)
    cut = min(max(cut, 1), len(amounts) - 1)
    left = (2 * due * sum(amounts[:cut]) + mass) // (2 * mass)
    return hand_down(amounts[:cut], left) + hand_down(amounts[cut:], due - left)
