"""Local search on one day: tries moves of every visit towards its neighbours until none makes the plan cheaper.

Neighbourhoods as in hybrid genetic search (Vidal 2022, Computers & Operations Research 140): pieces of one or two stops
change places, tails are swapped, stretches reversed, always so that a stop comes to lie next to a near one.
"""

from __future__ import annotations

from quotum.engine.kernels.periodic.compiling import compiled, inlined
from quotum.engine.kernels.periodic.draws import shuffle
from quotum.engine.kernels.periodic.exchanging import (
    GAIN,
    exchange,
    exchange_gain,
    heads,
    heads_gain,
    tails,
    tails_gain,
)
from quotum.engine.kernels.periodic.reordering import reverse, shift_piece
from quotum.engine.kernels.periodic.rules import UNPLACED
from quotum.engine.kernels.periodic.tracks import track_shift


@compiled
def improve_day(rules, plan, track, weights, state, d, reach):
    """Improve day d of the plan until no move towards one of the ``reach`` nearest visits of the day helps."""
    count, order = 0, track.order
    for r in range(rules.shift_first[d], rules.shift_first[d + 1]):
        track_shift(rules, plan, track, weights, r)
        for i in range(1, plan.length[r] + 1):
            order[count] = plan.stops[r, i]
            track.tested[plan.stops[r, i], d] = -1
            count += 1
    shuffle(state, order, count)
    better, first_time = True, True
    while better:
        better = False
        for k in range(count):
            u = order[k]
            last = track.tested[u, d]
            track.tested[u, d] = track.tick[0]
            better |= _try_neighbours(rules, plan, track, weights, d, u, last, reach)
            if not first_time and plan.shift_of[u, d] != UNPLACED and track.changed[plan.shift_of[u, d]] > last:
                better |= _try_empty(rules, plan, track, weights, d, u)
        if first_time:
            better, first_time = True, False


@inlined
def _try_neighbours(rules, plan, track, weights, d, u, last, reach):
    seen, better = 0, False
    for k in range(rules.near.shape[1]):
        v = rules.near[u, k]
        rv = plan.shift_of[v, d]
        if rv == UNPLACED:
            continue
        seen += 1
        if seen > reach:
            break
        ru = plan.shift_of[u, d]
        if track.changed[ru] <= last and track.changed[rv] <= last:
            continue
        if ru == rv:
            better |= _try_within(rules, plan, track, weights, d, ru, u, v)
        else:
            better |= _try_between(rules, plan, track, weights, ru, track.at[u, d], rv, track.at[v, d])
    return better


@inlined
def _try_within(rules, plan, track, weights, d, r, u, v):
    """Bring u and v of the same shift together, with u after v or before it."""
    better = False
    n = plan.length[r]
    for after in range(2):
        i, j = track.at[u, d], track.at[v, d]
        low, high = min(i, j), max(i, j)
        if high - low > 1:  # the stretch between them turns round, with one of them
            if after:
                better |= reverse(rules, plan, track, weights, r, low + 1, high)
            else:
                better |= reverse(rules, plan, track, weights, r, low, high - 1)
        for a in range(1, 4):
            for flip in range(2 if a > 1 else 1):
                i, j = track.at[u, d], track.at[v, d]
                starts = (flip == 0) == (after == 1)  # u is the first of the piece as it lies now
                first = i if starts else i - a + 1
                if first < 1 or first + a - 1 > n or first <= j < first + a:
                    continue
                to = j if after else j - 1
                if first <= to < first + a:
                    continue
                if shift_piece(rules, plan, track, weights, r, first, a, flip == 1, to):
                    better = True
    return better


@inlined
def _try_between(rules, plan, track, weights, ru, i, rv, j):
    """Bring stop i of shift ru next to stop j of shift rv; make the best of the moves that do.

    Without fines a move can only help if one of its new arcs is shorter than an old one that it touches, and the move
    is found from that arc; so others are left out.
    """
    best, kind, m1, m2, m3, m4, m5 = GAIN, 0, 0, 0, False, 0, 0
    nu, nv = plan.length[ru], plan.length[rv]
    row_u, row_v, t = plan.stops[ru], plan.stops[rv], rules.travel
    arc = t[row_u[i], row_v[j]]
    fined = track.fine[ru] + track.fine[rv] > 0.0
    in_u, out_u = t[row_u[i - 1], row_u[i]], t[row_u[i], row_u[i + 1]]
    in_v, out_v = t[row_v[j - 1], row_v[j]], t[row_v[j], row_v[j + 1]]
    for after in range(2):  # 1: v then u, 0: u then v
        if not fined and arc >= max(in_u, out_u, out_v if after else in_v):
            continue
        for piece in range(3):  # u alone, two stops, two stops turned round
            a, flip = min(piece + 1, 2), piece == 2
            first = i if flip != (after == 1) else i - a + 1
            if first < 1 or first + a - 1 > nu:
                continue
            for b in range(1 if flip else a + 1):
                to = j + 1 if after else j - b
                if to < 1 or to + b - 1 > nv:
                    break
                gain = exchange_gain(rules, plan, track, weights, ru, first, a, flip, rv, to, b, False)
                if gain > best:
                    best, kind, m1, m2, m3, m4, m5 = gain, 1, first, a, flip, to, b
    for after in range(2):
        if fined or arc < max(in_u if after else out_u, out_v if after else in_v):
            x, y = (i - 1, j) if after else (i, j - 1)
            gain = tails_gain(rules, plan, track, weights, ru, x, rv, y)
            if gain > best:
                best, kind, m1, m2 = gain, 2, x, y
        x, y = (i, j) if after else (i - 1, j - 1)
        if x > 0 and y > 0 and (fined or arc < max(out_u if after else in_u, out_v if after else in_v)):
            gain = heads_gain(rules, plan, track, weights, ru, x, rv, y)
            if gain > best:
                best, kind, m1, m2 = gain, 3, x, y
    if kind == 1:
        exchange(rules, plan, track, weights, ru, m1, m2, m3, rv, m4, m5, False)
    elif kind == 2:
        tails(rules, plan, track, weights, ru, m1, rv, m2)
    elif kind == 3:
        heads(rules, plan, track, weights, ru, m1, rv, m2)
    return kind != 0


@compiled
def _try_empty(rules, plan, track, weights, d, u):
    """Begin another shift with u, or with everything from u on."""
    pool = -1
    for r in range(rules.shift_first[d], rules.shift_first[d + 1]):
        if plan.length[r] or rules.shift_pool[r] == pool:
            continue
        pool = rules.shift_pool[r]
        ru, i = plan.shift_of[u, d], track.at[u, d]
        one = exchange_gain(rules, plan, track, weights, ru, i, 1, False, r, 1, 0, False)
        rest = tails_gain(rules, plan, track, weights, ru, i - 1, r, 0)
        if one > GAIN and one >= rest:
            exchange(rules, plan, track, weights, ru, i, 1, False, r, 1, 0, False)
            return True
        if rest > GAIN:
            tails(rules, plan, track, weights, ru, i - 1, r, 0)
            return True
    return False
