"""Where does a customer fit best: the cheapest place of a day, and the cheapest pattern of days."""

from __future__ import annotations

import math

import numpy as np

from quotum.engine.kernels.periodic.compiling import compiled, inlined
from quotum.engine.kernels.periodic.draws import draw
from quotum.engine.kernels.periodic.rules import UNPLACED
from quotum.engine.kernels.periodic.shifts import SLACK, charge, insert_stop, remove_customer

_BLINK = 0.01  # share of places that is overlooked (Christiaens and Vanden Berghe 2020, 5.2)


@compiled
def next_blink(state):
    """How many places are looked at before one is overlooked?"""
    return int(math.log(1.0 - draw(state)) / math.log(1.0 - _BLINK)) + 1


@inlined
def find_place(rules, plan, weights, c, d, state, blink):  # noqa: PLR0915 (the hot loop, in one piece)
    """What does visiting c on day d add at least, and where: (cost, shift, place)? ``blink`` (1,) counts down."""
    best, best_shift, best_at = np.inf, -1, 0
    to, back = rules.travel_back[c], rules.travel[c]
    service, load = rules.service[c], rules.load[c]
    empty_pool = -1
    timed = len(rules.opens) > 0
    for r in range(rules.shift_first[d], rules.shift_first[d + 1]):
        n = plan.length[r]
        if n == 0:  # of the empty ones of a pool, which lie together, one is enough
            if rules.shift_pool[r] == empty_pool:
                continue
            empty_pool = rules.shift_pool[r]
        over = plan.load[r] + load - rules.max_load[r]
        if over > SLACK and weights.load == np.inf:
            continue
        limit = rules.max_minutes[r]
        room = limit - plan.minutes[r] - service
        hard = weights.minutes == np.inf
        base = charge(over, weights.load) - charge(over - load, weights.load)
        before = 0.0 if hard else charge(plan.minutes[r] - limit, weights.minutes)
        if base - before >= best:
            continue
        row = plan.stops[r]
        here = row[0]
        for i in range(1, n + 2):
            there = row[i]
            extra = to[here] + back[there]
            if n:
                extra -= rules.travel[here, there]
            blink[0] -= 1
            if blink[0] <= 0:
                blink[0] = next_blink(state)
                here = there
                continue
            if base + extra < best:
                if timed:
                    start = max(plan.leave[r, i - 1] + to[here], rules.opens[c, d])
                    if start > rules.closes[c, d] + SLACK:
                        break
                    if start + service + back[there] > plan.latest[r, i] + SLACK:
                        here = there
                        continue
                    cost = base + extra
                elif hard:
                    if extra > room + SLACK:
                        here = there
                        continue
                    cost = base + extra
                else:
                    cost = base + extra + charge(extra - room, weights.minutes) - before
                if cost < best:
                    best, best_shift, best_at = cost, r, i
            here = there
    return best, best_shift, best_at


@compiled
def place_customer(rules, plan, weights, c, state, blink, costs, shifts, places):
    """Visit c, who is not placed, on the pattern of days that adds least, if that is less than leaving c out.

    ``costs``, ``shifts``, ``places`` (T,) are scratch.
    """
    for k in range(rules.open_first[c], rules.open_first[c + 1]):
        d = rules.open_days[k]
        costs[d], shifts[d], places[d] = find_place(rules, plan, weights, c, d, state, blink)
    best, choice = rules.unplaced_cost[c], UNPLACED
    for p in range(rules.pattern_first[c], rules.pattern_first[c + 1]):
        cost = rules.pattern_cost[p]
        for k in range(rules.day_first[p], rules.day_first[p + 1]):
            cost += costs[rules.pattern_days[k]]
        if cost < best:
            best, choice = cost, p
    if choice == UNPLACED:
        return
    plan.pattern[c] = choice
    plan.total[0] += rules.pattern_cost[choice] - rules.unplaced_cost[c]
    for k in range(rules.day_first[choice], rules.day_first[choice + 1]):
        d = rules.pattern_days[k]
        insert_stop(rules, plan, weights, c, shifts[d], places[d])


@compiled
def place_visit(rules, plan, weights, c, d, state, blink):
    """Visit c again on day d, one of its pattern; where that is impossible c is not placed any more."""
    cost, r, at = find_place(rules, plan, weights, c, d, state, blink)
    if cost < np.inf:
        insert_stop(rules, plan, weights, c, r, at)
        return
    remove_customer(rules, plan, weights, c)
