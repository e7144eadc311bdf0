"""How one total becomes many: real shares within bounds, then whole units or whole lots.

Members lie flat, parent after parent: those of parent ``p`` are ``starts[p]:starts[p + 1]``. Parents never touch one
another, so threads work on runs of them; within a parent every sum runs from the first member to the last. The
result is therefore the same for any number of threads. Positions are unsigned, so that compiled loops need not ask
whether they count from the end; that alone makes them half as fast again.

The share of a member is ``clip(scale * weight, floor, cap)`` with one scale per parent. The scale is found by fixing
members: solve for the members that are still free, see whether more is lost to floors or to caps, and whichever side
weighs more can never become free again. Every round fixes a member at least, so there are never more rounds than
members (a handful as a rule), and the last scale is a plain quotient, not the end of a bisection.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from numba import njit

from quotum.engine.kernels.arrays import check_lengths, chunk_parents, read_only, run_chunks

FINE, FLOORS_EXCEED, CAPS_FALL_SHORT, NO_WEIGHT = 0, 1, 2, 3
_LARGEST_SCALE = 1e280  # times any sensible weight this is still finite
_NONE: npt.NDArray[np.float64] = np.empty(0, np.float64)

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


def split_bounded(
    starts: Ints, totals: Floats, weights: Floats, floors: Floats = _NONE, caps: Floats = _NONE
) -> tuple[Floats, npt.NDArray[np.int8]]:
    """What is every member's real share of its parent's total, closest to the weights and within the bounds?

    In: ``starts`` (P + 1,), ``totals`` (P,), ``weights`` (N,) not negative, ``floors`` and ``caps`` (N,) with
    0 <= floor <= cap, or of length 0: none. Out: real shares (N,) and a status per parent (P,): ``FINE``;
    ``FLOORS_EXCEED`` the total; ``CAPS_FALL_SHORT`` of it, counting members of weight 0 with their floor because they
    cannot grow; ``NO_WEIGHT``: all weights are 0 and something is left above the floors. Where the status is not
    ``FINE`` the shares are the bounds that stand in the way. Amounts are below 2**53.
    """
    starts, totals, weights = _ints(starts), _floats(totals), _floats(weights)
    floors, caps = _bounds(floors, caps, len(weights))
    check_lengths(len(starts) - 1, totals)
    real = np.empty(len(weights), np.float64)
    status = np.empty(len(totals), np.int8)
    chunks = chunk_parents(starts, len(weights))
    if len(floors) == 0 and len(caps) == 0:
        run_chunks(_split_plain, chunks, starts, totals, weights, real, status)
    else:
        floors = floors if len(floors) else _floats(np.zeros(len(weights)))
        caps = caps if len(caps) else _floats(np.full(len(weights), np.inf))
        run_chunks(_split_within, chunks, starts, totals, weights, floors, caps, real, status)
    return real, status


def round_whole(starts: Ints, totals: Ints, real: Floats, floors: Floats = _NONE, caps: Floats = _NONE) -> Ints:
    """How many whole units does every member get, floor or ceiling of its real share, so that each total is met?

    In: ``starts`` (P + 1,), whole ``totals`` (P,), each floor or ceiling of the sum of its members' ``real`` (N,);
    whole ``floors`` and ``caps`` (N,) or of length 0. Out: units (N,). The largest fractions get the units that are
    left, the earlier member first where they are equal; a fraction within float noise of a whole number is none.
    Where noise leaves more or less than the fractions can take, the total still holds and so do the bounds. Bounds
    that no rounding can meet win over the total; ``split_bounded`` has told so before.
    """
    starts, totals, real = _ints(starts), _ints(totals), _floats(real)
    floors, caps = _bounds(floors, caps, len(real))
    check_lengths(len(starts) - 1, totals)
    units = np.empty(len(real), np.int64)
    run_chunks(_round_whole, chunk_parents(starts, len(real)), starts, totals, real, floors, caps, units)
    return units


def round_lots(starts: Ints, totals: Ints, real: Floats, lot: int) -> Ints:
    """How many units does every member get in whole lots, the largest member also taking what does not fill a lot?

    In and out as ``round_whole``, without bounds; ``lot`` is in units.
    """
    starts, totals, real = _ints(starts), _ints(totals), _floats(real)
    lots = round_whole(starts, totals // lot, real / lot)
    units = lots * np.int64(lot)
    _give_rest_to_largest(starts, totals % lot, real, units)
    return units


def _ints(values: npt.ArrayLike) -> Ints:
    return read_only(values, np.int64)


def _floats(values: npt.ArrayLike) -> Floats:
    return read_only(values, np.float64)


def _bounds(floors: Floats, caps: Floats, num_members: int) -> tuple[Floats, Floats]:
    floors, caps = _floats(floors), _floats(caps)
    check_lengths(num_members, *(bounds for bounds in (floors, caps) if len(bounds)))
    return floors, caps


@njit(inline="always")
def _noise(amount):
    """How far may an amount be from a whole number by nothing but float arithmetic?"""
    return min(abs(amount) * 2.0**-48 + 1e-9, 0.25)


@njit(nogil=True, cache=True)
def _split_plain(first, last, starts, totals, weights, real, status):
    for p in range(first, last):
        lo, hi = np.uint64(starts[p]), np.uint64(starts[p + 1])
        weight_sum = 0.0
        for i in range(lo, hi):
            weight_sum += weights[i]
        scale = min(totals[p] / weight_sum, _LARGEST_SCALE) if weight_sum > 0.0 else 0.0
        status[p] = NO_WEIGHT if weight_sum <= 0.0 and totals[p] > _noise(totals[p]) else FINE
        for i in range(lo, hi):
            real[i] = scale * weights[i]


@njit(nogil=True, cache=True)
def _split_within(first, last, starts, totals, weights, floors, caps, real, status):
    free = np.empty((3, _widest(first, last, starts)), np.float64)
    for p in range(first, last):
        lo, hi = np.uint64(starts[p]), np.uint64(starts[p + 1])
        scale, status[p] = _find_scale(totals[p], lo, hi, weights, floors, caps, free)
        for i in range(lo, hi):
            real[i] = min(max(scale * weights[i], floors[i]), caps[i])


@njit(nogil=True, cache=True)
def _widest(first, last, starts):
    """How many members has the largest of these parents?"""
    widest = 0
    for p in range(first, last):
        widest = max(widest, starts[p + 1] - starts[p])
    return widest


@njit(nogil=True, cache=True)
def _find_scale(total, lo, hi, weights, floors, caps, free):
    """Which scale makes the clipped shares add up to the total? Returns (scale, status); ``free`` is scratch."""
    weight_sum = floor_sum = reach = 0.0
    for i in range(lo, hi):
        weight_sum += weights[i]
        floor_sum += floors[i]
        reach += caps[i] if weights[i] > 0.0 else floors[i]
    noise = _noise(total)
    if floor_sum > total + noise:
        return 0.0, FLOORS_EXCEED
    if weight_sum <= 0.0:
        return 0.0, (NO_WEIGHT if total > floor_sum + noise else FINE)
    if reach < total - noise:
        return _LARGEST_SCALE, CAPS_FALL_SHORT

    scale = min(total / weight_sum, _LARGEST_SCALE)
    raised, cut = _moved_by_bounds(scale, lo, hi, weights, floors, caps)
    if raised == cut:
        return scale, FINE
    num_free, weight_sum, fixed = _keep_free(raised > cut, scale, lo, hi, weights, floors, caps, free)
    below, above = 0.0, _LARGEST_SCALE  # the scale lies between; members fixed so far are on their bounds all along
    while weight_sum > 0.0:
        if raised > cut:
            above = scale
        else:
            below = scale
        total -= fixed
        scale = min(max(total / weight_sum, below), above)
        raised, cut = _moved_by_bounds(scale, np.uint64(0), num_free, free[0], free[1], free[2])
        if raised == cut:
            break
        num_before = num_free
        num_free, weight_sum, fixed = _keep_free(
            raised > cut, scale, np.uint64(0), num_free, free[0], free[1], free[2], free
        )
        if num_free == num_before:
            break
    return scale, FINE


@njit(nogil=True, cache=True)
def _moved_by_bounds(scale, lo, hi, weights, floors, caps):
    """How much do floors add to the plain shares, and how much do caps take off?"""
    raised = cut = 0.0
    for i in range(lo, hi):
        share = scale * weights[i]
        raised += max(floors[i] - share, 0.0)
        cut += max(share - caps[i], 0.0)
    return raised, cut


@njit(nogil=True, cache=True)
def _keep_free(at_floor, scale, lo, hi, weights, floors, caps, free):
    """List in ``free`` the members not at their floor (cap). Returns their number and weight, and the fixed amount."""
    num_free = np.uint64(0)
    weight_sum = fixed = 0.0
    for i in range(lo, hi):
        w, floor, cap = weights[i], floors[i], caps[i]
        stays = scale * w > floor if at_floor else scale * w < cap
        free[0, num_free], free[1, num_free], free[2, num_free] = w, floor, cap
        num_free += np.uint64(stays)
        weight_sum += w if stays else 0.0
        fixed += 0.0 if stays else (floor if at_floor else cap)
    return num_free, weight_sum, fixed


@njit(nogil=True, cache=True)
def _round_whole(first, last, starts, totals, real, floors, caps, units):
    fractions = np.empty(_widest(first, last, starts), np.float64)
    for p in range(first, last):
        lo, hi = np.uint64(starts[p]), np.uint64(starts[p + 1])
        left, num_fractions = _give_whole_part(totals[p], lo, hi, real, units, fractions)
        if left == 0:
            continue
        given = max(min(left, num_fractions), 0)
        if given > 0:
            _give_to_largest(given, num_fractions, lo, hi, fractions, units)
        if left != given:
            _settle(left - given, lo, hi, real, floors, caps, units)


@njit(nogil=True, cache=True)
def _give_whole_part(total, lo, hi, real, units, fractions):
    """Give whole parts. What is left of the total, and how many members have a fraction (0.0: none)?"""
    left, num_fractions = total, 0
    for i in range(lo, hi):
        noise = _noise(real[i])
        whole = np.floor(real[i] + noise)
        fraction = real[i] - whole
        has_fraction = fraction > noise
        fractions[i - lo] = fraction if has_fraction else 0.0
        num_fractions += 1 if has_fraction else 0
        units[i] = np.int64(whole)
        left -= np.int64(whole)
    return left, num_fractions


@njit(nogil=True, cache=True)
def _give_to_largest(count, num_fractions, lo, hi, fractions, units):
    """Give one unit each to the ``count`` largest fractions; of equal ones the first get it.

    Looks for a bar that just ``count`` fractions exceed, aiming between a bar that is too low and one that is too high
    as if the fractions lay evenly; a few tries do as a rule. If not (equal ones), quickselect those in between.
    """
    size = hi - lo
    low, above_low, high, above_high = 0.0, num_fractions, 1.0, 0
    bar, above_bar = low, above_low
    for _ in range(16):
        if above_bar == count:
            break
        bar = low + (high - low) * ((above_low - count) / (above_low - above_high))
        above_bar = 0
        for j in range(size):
            above_bar += 1 if fractions[j] > bar else 0
        if above_bar > count:
            low, above_low = bar, above_bar
        else:
            high, above_high = bar, above_bar
    if above_bar == count:
        for j in range(size):
            units[lo + j] += 1 if fractions[j] > bar else 0
        return
    between = np.empty(above_low - above_high, np.float64)
    num_between = 0
    for j in range(size):
        if low < fractions[j] <= high:
            between[num_between] = fractions[j]
            num_between += 1
    least = _nth_largest(between, count - above_high)
    num_equal = count
    for j in range(size):
        num_equal -= 1 if fractions[j] > least else 0
    for j in range(size):
        if fractions[j] > least:
            units[lo + j] += 1
        elif fractions[j] == least and num_equal > 0:
            units[lo + j] += 1
            num_equal -= 1


@njit(nogil=True, cache=True)
def _nth_largest(values, n):
    """Which value is the n-th largest (1: the largest)? Quickselect, the middle of three as pivot; reorders values."""
    low, high, wanted = 0, len(values) - 1, n - 1
    while low < high:
        a, b, c = values[low], values[(low + high) // 2], values[high]
        pivot = max(min(a, b), min(max(a, b), c))
        i, j = low, high
        while i <= j:
            while values[i] > pivot:
                i += 1
            while values[j] < pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if wanted <= j:
            high = j
        elif wanted >= i:
            low = i
        else:
            break
    return values[wanted]


@njit(nogil=True, cache=True)
def _settle(left, lo, hi, real, floors, caps, units):
    """Meet the total where noise left more than the fractions can take, or gave too much (``left`` < 0).

    One unit each to (from) the members that were rounded the most the other way; those on a bound, among them members
    of weight 0, carry no noise and come last. More than noise can do means that the total is not that of the shares:
    then as much at a time as there is room for.
    """
    lo, hi = np.int64(lo), np.int64(hi)
    step = 1 if left > 0 else -1
    portion = 1 if abs(left) <= 64 else abs(left)
    room = np.zeros(hi - lo, np.int64)
    for spare_bounds in (True, False):
        for i in range(lo, hi):
            floor = floors[i] if len(floors) > 0 else 0.0
            cap = min(caps[i], 2.0**53) if len(caps) > 0 else 2.0**53
            if not spare_bounds or floor < real[i] < cap:
                room[i - lo] = max(np.int64(cap) - units[i] if step > 0 else units[i] - np.int64(floor), 0)
        while left != 0:
            best, best_lag = -1, -np.inf
            for j in range(hi - lo):
                lag = step * (real[lo + j] - units[lo + j])
                if room[j] > 0 and lag > best_lag:
                    best, best_lag = j, lag
            if best < 0:
                break
            given = min(abs(left), portion, room[best])
            units[lo + best] += step * given
            room[best] -= given
            left -= step * given


@njit(nogil=True, cache=True)
def _give_rest_to_largest(starts, rest, real, units):
    for p in range(len(rest)):
        largest = starts[p]
        for i in range(starts[p], starts[p + 1]):
            if real[i] > real[largest]:
                largest = i
        if starts[p + 1] > starts[p]:
            units[largest] += rest[p]
