"""Moves between two shifts of a day: short pieces change places, or the shifts change tails.

Every function called ``…_gain`` says by how much a move makes the plan cheaper, from sums that ``Track`` keeps; the
travel matrix is taken to be symmetric. The function of the same name without it makes the move.
"""

from __future__ import annotations

from quotum.engine.kernels.periodic.compiling import compiled, inlined
from quotum.engine.kernels.periodic.tracks import fine, track_shift, write_row

GAIN = 1e-6  # less is noise


@inlined
def exchange_gain(rules, plan, track, weights, ru, i, a, flip_a, rv, j, b, flip_b):
    """Stops i to i + a - 1 of shift ru change places with stops j to j + b - 1 of shift rv; b may be 0."""
    t, row_u, row_v = rules.travel, plan.stops[ru], plan.stops[rv]
    pu, nu, pv, nv = row_u[i - 1], row_u[i + a], row_v[j - 1], row_v[j + b]
    a1, a2 = row_u[i], row_u[i + a - 1]
    du = -t[pu, a1] - t[a2, nu]
    if flip_a:
        a1, a2 = a2, a1
    dv = t[pv, a1] + t[a2, nv]
    if b > 0:
        b1, b2 = row_v[j], row_v[j + b - 1]
        dv -= t[pv, b1] + t[b2, nv]
        if flip_b:
            b1, b2 = b2, b1
        du += t[pu, b1] + t[b2, nu]
    else:
        if plan.length[rv]:
            dv -= t[pv, nv]
        if plan.length[ru] > a:
            du += t[pu, nu]
    now = track.fine[ru] + track.fine[rv]
    if du + dv >= now - GAIN:
        return 0.0
    load = track.load_to[ru, i + a - 1] - track.load_to[ru, i - 1]
    minutes = track.minutes_to[ru, i + a - 1] - track.minutes_to[ru, i - 1] - t[pu, row_u[i]]
    if b > 0:
        load -= track.load_to[rv, j + b - 1] - track.load_to[rv, j - 1]
        minutes -= track.minutes_to[rv, j + b - 1] - track.minutes_to[rv, j - 1] - t[pv, row_v[j]]
    later = fine(rules, weights, ru, plan.load[ru] - load, plan.minutes[ru] + du - minutes)
    later += fine(rules, weights, rv, plan.load[rv] + load, plan.minutes[rv] + dv + minutes)
    return now - later - du - dv


@compiled
def exchange(rules, plan, track, weights, ru, i, a, flip_a, rv, j, b, flip_b):
    """Make the move that ``exchange_gain`` prices."""
    row_u, row_v, new_u, new_v = plan.stops[ru], plan.stops[rv], track.row_a, track.row_b
    nu, nv = plan.length[ru], plan.length[rv]
    for k in range(1, i):
        new_u[k] = row_u[k]
    for k in range(b):
        new_u[i + k] = row_v[j + b - 1 - k] if flip_b else row_v[j + k]
    for k in range(i + a, nu + 1):
        new_u[k - a + b] = row_u[k]
    for k in range(1, j):
        new_v[k] = row_v[k]
    for k in range(a):
        new_v[j + k] = row_u[i + a - 1 - k] if flip_a else row_u[i + k]
    for k in range(j + b, nv + 1):
        new_v[k - b + a] = row_v[k]
    write_row(plan, ru, new_u, nu - a + b)
    write_row(plan, rv, new_v, nv - b + a)
    track_shift(rules, plan, track, weights, ru)
    track_shift(rules, plan, track, weights, rv)


@inlined
def tails_gain(rules, plan, track, weights, ru, i, rv, j):
    """What comes after stop i of shift ru changes places with what comes after stop j of shift rv; 0 is the start."""
    t, row_u, row_v, nu, nv = rules.travel, plan.stops[ru], plan.stops[rv], plan.length[ru], plan.length[rv]
    u, v, x, y = row_u[i], row_v[j], row_u[i + 1], row_v[j + 1]
    head_u, head_v = track.minutes_to[ru, i], track.minutes_to[rv, j]
    tail_u = track.minutes_to[ru, nu] - track.minutes_to[ru, i + 1] if i < nu else 0.0
    tail_v = track.minutes_to[rv, nv] - track.minutes_to[rv, j + 1] if j < nv else 0.0
    own_u = rules.service[x] if i < nu else 0.0
    own_v = rules.service[y] if j < nv else 0.0
    last_u = t[row_u[nu], rules.end[rv]] if i < nu else 0.0  # the tail's way home in its new shift
    last_v = t[row_v[nv], rules.end[ru]] if j < nv else 0.0
    minutes_u = head_u + (t[u, y] + own_v + tail_v + last_v if j < nv else (t[u, rules.end[ru]] if i else 0.0))
    minutes_v = head_v + (t[v, x] + own_u + tail_u + last_u if i < nu else (t[v, rules.end[rv]] if j else 0.0))
    more = minutes_u + minutes_v - plan.minutes[ru] - plan.minutes[rv]  # service is the same: this is travel
    now = track.fine[ru] + track.fine[rv]
    if more >= now - GAIN:
        return 0.0
    load_u = track.load_to[ru, i] + plan.load[rv] - track.load_to[rv, j]
    load_v = track.load_to[rv, j] + plan.load[ru] - track.load_to[ru, i]
    return now - more - fine(rules, weights, ru, load_u, minutes_u) - fine(rules, weights, rv, load_v, minutes_v)


@compiled
def tails(rules, plan, track, weights, ru, i, rv, j):
    """Make the move that ``tails_gain`` prices."""
    row_u, row_v, new_u, new_v = plan.stops[ru], plan.stops[rv], track.row_a, track.row_b
    nu, nv = plan.length[ru], plan.length[rv]
    for k in range(1, i + 1):
        new_u[k] = row_u[k]
    for k in range(1, j + 1):
        new_v[k] = row_v[k]
    for k in range(j + 1, nv + 1):
        new_u[i + k - j] = row_v[k]
    for k in range(i + 1, nu + 1):
        new_v[j + k - i] = row_u[k]
    write_row(plan, ru, new_u, i + nv - j)
    write_row(plan, rv, new_v, j + nu - i)
    track_shift(rules, plan, track, weights, ru)
    track_shift(rules, plan, track, weights, rv)


@inlined
def heads_gain(rules, plan, track, weights, ru, i, rv, j):
    """Shift ru goes to its stop i and then back along rv's from j to 1; rv goes along ru's last ones back to i + 1,
    then from j + 1 on: the arcs (i, j) and (i + 1, j + 1) are new. 1 <= i, 1 <= j."""
    t, row_u, row_v, nu, nv = rules.travel, plan.stops[ru], plan.stops[rv], plan.length[ru], plan.length[rv]
    u, v, x, y = row_u[i], row_v[j], row_u[i + 1], row_v[j + 1]
    head_u = track.minutes_to[ru, i]
    head_v = track.minutes_to[rv, j] - t[row_v[0], row_v[1]]  # from the first stop to stop j, both served
    minutes_u = head_u + t[u, v] + head_v + t[row_v[1], rules.end[ru]]
    minutes_v = 0.0
    if i < nu:
        minutes_v += t[rules.start[rv], row_u[nu]]
        minutes_v += track.minutes_to[ru, nu] - track.minutes_to[ru, i + 1] + rules.service[x]
        here = x
    else:
        here = rules.start[rv]
    if j < nv:
        minutes_v += t[here, y] + rules.service[y] + track.minutes_to[rv, nv] - track.minutes_to[rv, j + 1]
        minutes_v += t[row_v[nv], rules.end[rv]]
    elif i < nu:
        minutes_v += t[here, rules.end[rv]]
    more = minutes_u + minutes_v - plan.minutes[ru] - plan.minutes[rv]
    now = track.fine[ru] + track.fine[rv]
    if more >= now - GAIN:
        return 0.0
    load_u = track.load_to[ru, i] + track.load_to[rv, j]
    load_v = plan.load[ru] + plan.load[rv] - load_u
    return now - more - fine(rules, weights, ru, load_u, minutes_u) - fine(rules, weights, rv, load_v, minutes_v)


@compiled
def heads(rules, plan, track, weights, ru, i, rv, j):
    """Make the move that ``heads_gain`` prices."""
    row_u, row_v, new_u, new_v = plan.stops[ru], plan.stops[rv], track.row_a, track.row_b
    nu, nv = plan.length[ru], plan.length[rv]
    for k in range(1, i + 1):
        new_u[k] = row_u[k]
    for k in range(1, j + 1):
        new_u[i + k] = row_v[j + 1 - k]
    for k in range(1, nu - i + 1):
        new_v[k] = row_u[nu + 1 - k]
    for k in range(j + 1, nv + 1):
        new_v[nu - i + k - j] = row_v[k]
    write_row(plan, ru, new_u, i + j)
    write_row(plan, rv, new_v, nu - i + nv - j)
    track_shift(rules, plan, track, weights, ru)
    track_shift(rules, plan, track, weights, rv)
