"""Where a tour of one pool of like shifts is cut, so that every piece is a shift."""

from __future__ import annotations

import numpy as np

from quotum.engine.kernels.periodic.compiling import compiled
from quotum.engine.kernels.periodic.tracks import fine

_EXCESS = 1.5  # pieces with more than so much of a limit are not looked at, if it can be done without


@compiled
def split_tour(rules, weights, tour, n, first, last, best, back, cuts):
    """Cut ``tour[:n]`` into at most as many pieces as there are shifts, ``first`` to ``last`` - 1, all alike.

    ``best`` and ``back`` (shifts + 1, N + 1) are scratch. ``cuts[k]:cuts[k + 1]`` becomes piece k; cheapest of all.
    Method: Prins 2004 with a limited fleet, as in Vidal 2016, Computers & Operations Research 69.
    """
    m = last - first
    if m == 1:
        cuts[0], cuts[1] = 0, n
        return
    excess = _EXCESS
    while True:
        _fill(rules, weights, tour, n, first, m, best, back, excess)
        k = 0
        for i in range(m + 1):
            if best[i, n] < best[k, n]:
                k = i
        if best[k, n] < np.inf:
            break
        excess = np.inf
    for i in range(k + 1, m + 1):
        cuts[i] = n
    end = n
    while k > 0:
        cuts[k] = end
        end = back[k, end]
        k -= 1
    cuts[0] = 0


@compiled
def _fill(rules, weights, tour, n, first, m, best, back, excess):
    t, start, end = rules.travel, rules.start[first], rules.end[first]
    most_load, most_minutes = excess * rules.max_load[first], excess * rules.max_minutes[first]
    for k in range(m + 1):
        for j in range(n + 1):
            best[k, j] = np.inf
    best[0, 0] = 0.0
    for i in range(n):
        load = minutes = travel = 0.0
        for j in range(i, n):
            c = tour[j]
            leg = t[start if j == i else tour[j - 1], c]
            load, travel, minutes = load + rules.load[c], travel + leg, minutes + leg + rules.service[c]
            home = t[c, end]
            if j > i and (load > most_load or minutes + home > most_minutes):
                break
            cost = travel + home + fine(rules, weights, first, load, minutes + home)
            for k in range(min(m, i + 1)):
                if best[k, i] + cost < best[k + 1, j + 1]:
                    best[k + 1, j + 1] = best[k, i] + cost
                    back[k + 1, j + 1] = i
