"""A child of two plans: some days from the one, some from the other, some from both.

Periodic crossover with insertions (PIX), Vidal et al. 2012, Operations Research 60(3), 4.3. What is inherited is the
tour of a pool (the like shifts of one day); it is cut into shifts anew, and visits that are missing are inserted.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from quotum.engine.kernels.periodic.compiling import compiled
from quotum.engine.kernels.periodic.draws import draw_below, shuffle
from quotum.engine.kernels.periodic.inserting import find_place, place_customer
from quotum.engine.kernels.periodic.rules import UNPLACED, Rules
from quotum.engine.kernels.periodic.shifts import insert_stop, refresh, remove_stop
from quotum.engine.kernels.periodic.splitting_tours import split_tour

_NEVER = 1 << 60

Ints = npt.NDArray[np.int64]


class Cradle(NamedTuple):
    """Room for a child in the making."""

    pools: Ints  # (Q,) in random order
    tours: Ints  # (Q, N) of the child
    size: Ints  # (Q,)
    tour: Ints  # (N,) of a parent
    used: npt.NDArray[np.bool_]  # (R,)
    has: npt.NDArray[np.bool_]  # (N, T) visits the child has
    num_has: Ints  # (N,)
    best: npt.NDArray[np.float64]  # (longest pool + 1, N + 1)
    back: Ints
    cuts: Ints


def make_cradle(rules: Rules) -> Cradle:
    """Return the room."""
    N, T, R, Q = len(rules.load), len(rules.shift_first) - 1, len(rules.shift_day), len(rules.pool_first) - 1
    longest = 0
    for q in range(Q):
        longest = max(longest, rules.pool_first[q + 1] - rules.pool_first[q])
    return Cradle(
        np.arange(Q), np.zeros((Q, N), np.int64), np.zeros(Q, np.int64), np.zeros(N, np.int64),
        np.zeros(R, np.bool_), np.zeros((N, T), np.bool_), np.zeros(N, np.int64),
        np.zeros((longest + 1, N + 1)), np.zeros((longest + 1, N + 1), np.int64), np.zeros(longest + 1, np.int64),
    )  # fmt: skip


@compiled
def cross(rules, weights, mother, father, child, cradle, state, desk):
    """Make ``child``, whatever it was before, a plan with days of both parents."""
    N, R, Q = len(rules.load), len(rules.shift_day), len(rules.pool_first) - 1
    _forget(rules, child, cradle)
    shuffle(state, cradle.pools, Q)
    one, two = draw_below(state, Q + 1), draw_below(state, Q + 1)
    one, two = min(one, two), max(one, two)
    for k in range(Q):
        q = cradle.pools[k]
        if k < one or k >= two:
            n = list_tour(rules, mother, q, cradle, state)
            low, span = 0, n
            if k >= two and n:
                low, span = draw_below(state, n), 1 + draw_below(state, n)
            for i in range(span):
                _take(rules, cradle, q, cradle.tour[(low + i) % n])
    shuffle_part(state, cradle.pools, one, Q)
    for k in range(one, Q):
        q = cradle.pools[k]
        n = list_tour(rules, father, q, cradle, state)
        d = rules.shift_day[rules.pool_first[q]]
        for i in range(n):
            c = cradle.tour[i]
            if not cradle.has[c, d] and _may_add(rules, cradle, c, d):
                _take(rules, cradle, q, c)
    for q in range(Q):
        _lay(rules, weights, child, cradle, q)
    for r in range(R):
        refresh(rules, child, weights, r)
    for c in range(N):
        desk.gone[c] = c
    shuffle(state, desk.gone, N)
    desk.blink[0] = _NEVER
    for i in range(N):
        complete(rules, child, weights, desk.gone[i], cradle.num_has[desk.gone[i]], state, desk)
    _mark_dirty(rules, child, cradle, one, desk)


@compiled
def _mark_dirty(rules, child, cradle, one, desk):
    """Tell which days are not simply the mother's, who has been taught already."""
    for d in range(len(rules.shift_first) - 1):
        desk.costs[d] = 0.0
        for r in range(rules.shift_first[d], rules.shift_first[d + 1]):
            desk.costs[d] += child.length[r]
        desk.dirty[d] = False
    for k in range(len(rules.pool_first) - 1):
        q = cradle.pools[k]
        d = rules.shift_day[rules.pool_first[q]]
        desk.costs[d] -= cradle.size[q]
        desk.dirty[d] |= k >= one
    for d in range(len(rules.shift_first) - 1):
        desk.dirty[d] |= desk.costs[d] != 0.0


@compiled
def _forget(rules, child, cradle):
    child.total[0] = 0.0
    for c in range(len(rules.load)):
        child.pattern[c] = UNPLACED
        child.total[0] += rules.unplaced_cost[c]
        cradle.num_has[c] = 0
        for d in range(len(rules.shift_first) - 1):
            child.shift_of[c, d] = UNPLACED
            cradle.has[c, d] = False
    for r in range(len(rules.shift_day)):
        child.stops[r, 1] = rules.end[r]
        child.length[r] = 0
        child.cost[r] = 0.0
    for q in range(len(rules.pool_first) - 1):
        cradle.size[q] = 0


@compiled
def shuffle_part(state, values, low, high):
    """Put ``values[low:high]`` into a random order."""
    for i in range(high - 1, low, -1):
        j = low + draw_below(state, i - low + 1)
        values[i], values[j] = values[j], values[i]


@compiled
def list_tour(rules, plan, q, cradle, state):
    """Write the visits of a pool into ``cradle.tour``, shift after shift, each next one near the end of the one before.

    Returns how many there are.
    """
    first, last = rules.pool_first[q], rules.pool_first[q + 1]
    n, left = 0, 0
    for r in range(first, last):
        cradle.used[r] = plan.length[r] == 0
        left += 0 if cradle.used[r] else 1
    here = -1
    while left:
        best, choice = np.inf, -1
        skip = draw_below(state, left) if here < 0 else 0
        for r in range(first, last):
            if cradle.used[r]:
                continue
            if here < 0:
                if skip == 0:
                    choice = r
                    break
                skip -= 1
            elif rules.travel[here, plan.stops[r, 1]] < best:
                best, choice = rules.travel[here, plan.stops[r, 1]], r
        for i in range(1, plan.length[choice] + 1):
            cradle.tour[n] = plan.stops[choice, i]
            n += 1
        here = cradle.tour[n - 1]
        cradle.used[choice] = True
        left -= 1
    return n


@compiled
def _take(rules, cradle, q, c):
    cradle.tours[q, cradle.size[q]] = c
    cradle.size[q] += 1
    cradle.has[c, rules.shift_day[rules.pool_first[q]]] = True
    cradle.num_has[c] += 1


@compiled
def _may_add(rules, cradle, c, d):
    """Is there a pattern with day d and all days on which the child visits c already?"""
    for p in range(rules.pattern_first[c], rules.pattern_first[c + 1]):
        held, with_d = 0, False
        for k in range(rules.day_first[p], rules.day_first[p + 1]):
            day = rules.pattern_days[k]
            with_d |= day == d
            held += cradle.has[c, day]
        if with_d and held == cradle.num_has[c]:
            return True
    return False


@compiled
def _lay(rules, weights, child, cradle, q):
    """Cut the child's tour of a pool into its shifts."""
    first, last = rules.pool_first[q], rules.pool_first[q + 1]
    tour, n, d = cradle.tours[q], cradle.size[q], rules.shift_day[first]
    if n == 0:
        return
    split_tour(rules, weights, tour, n, first, last, cradle.best, cradle.back, cradle.cuts)
    for k in range(last - first):
        r = first + k
        low, high = cradle.cuts[k], cradle.cuts[k + 1]
        for i in range(low, high):
            child.stops[r, 1 + i - low] = tour[i]
            child.shift_of[tour[i], d] = r
        child.length[r] = high - low
        child.stops[r, 1 + high - low] = rules.end[r]


@compiled
def complete(rules, plan, weights, c, num_has, state, desk):
    """Give c the pattern that costs least beyond the ``num_has`` visits there are already."""
    if num_has == 0:
        place_customer(rules, plan, weights, c, state, desk)
        return
    for k in range(rules.open_first[c], rules.open_first[c + 1]):
        d = rules.open_days[k]
        desk.costs[d] = 0.0
        if plan.shift_of[c, d] == UNPLACED:
            desk.costs[d], desk.shifts[d], desk.places[d] = find_place(rules, plan, weights, c, d, state, desk)
    best, choice = np.inf, UNPLACED
    for p in range(rules.pattern_first[c], rules.pattern_first[c + 1]):
        cost, held = rules.pattern_cost[p], 0
        for k in range(rules.day_first[p], rules.day_first[p + 1]):
            cost += desk.costs[rules.pattern_days[k]]
            held += plan.shift_of[c, rules.pattern_days[k]] != UNPLACED
        if held == num_has and cost < best:
            best, choice = cost, p
    if choice == UNPLACED:  # days of both parents that only go together on a day without a shift
        for k in range(rules.open_first[c], rules.open_first[c + 1]):
            if plan.shift_of[c, rules.open_days[k]] != UNPLACED:
                remove_stop(rules, plan, weights, c, rules.open_days[k])
        return
    plan.pattern[c] = choice
    plan.total[0] += rules.pattern_cost[choice] - rules.unplaced_cost[c]
    for k in range(rules.day_first[choice], rules.day_first[choice + 1]):
        d = rules.pattern_days[k]
        if plan.shift_of[c, d] == UNPLACED:
            insert_stop(rules, plan, weights, c, desk.shifts[d], desk.places[d])
