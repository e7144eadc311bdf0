"""Where does a customer fit best: the cheapest place of a shift, of a day, and the cheapest pattern of days.

What a place costs depends on the stops of its shift alone, and most shifts stay what they are between two questions.
So the best place of every customer in every shift is kept, with the mark of the stops for which it was found.
"""

from __future__ import annotations

import math

import numpy as np

from quotum.engine.kernels.periodic.compiling import compiled, inlined
from quotum.engine.kernels.periodic.draws import draw
from quotum.engine.kernels.periodic.rules import UNPLACED
from quotum.engine.kernels.periodic.shifts import PLACE_BITS, SLACK, charge, insert_stop, remove_customer

_BLINK = 0.01  # share of best places that is overlooked (Christiaens and Vanden Berghe 2020, 5.2)


@compiled
def next_blink(state):
    """How many places are looked at before one is overlooked?"""
    return int(math.log(1.0 - draw(state)) / math.log(1.0 - _BLINK)) + 1


@inlined
def find_place(rules, plan, weights, c, d, state, desk):
    """What does visiting c on day d add at least, and where: (cost, shift, place)? ``desk.blink`` counts down."""
    best, best_shift, best_at = np.inf, -1, 0
    service, load = rules.service[c], rules.load[c]
    empty_pool = -1
    timed, hard = len(rules.opens) > 0, weights.minutes == np.inf
    for r in range(rules.shift_first[d], rules.shift_first[d + 1]):
        if plan.length[r] == 0:  # of the empty ones of a pool, which lie together, one is enough
            if rules.shift_pool[r] == empty_pool:
                continue
            empty_pool = rules.shift_pool[r]
        over = plan.load[r] + load - rules.max_load[r]
        if over > SLACK and weights.load == np.inf:
            continue
        limit = rules.max_minutes[r]
        base = charge(over, weights.load) - charge(over - load, weights.load)
        before = 0.0 if hard else charge(plan.minutes[r] - limit, weights.minutes)
        if base - before >= best:
            continue
        kept = desk.kept[c, r]
        if kept >> PLACE_BITS == plan.mark[r]:
            extra, at = desk.extra[c, r], kept & ((1 << PLACE_BITS) - 1)
        else:
            extra, at = find_spot(rules, plan, c, r, 0)
            desk.extra[c, r] = extra
            desk.kept[c, r] = plan.mark[r] << PLACE_BITS | at
        desk.blink[0] -= 1
        if desk.blink[0] <= 0:
            desk.blink[0] = next_blink(state)
            extra, at = find_spot(rules, plan, c, r, at)
        cost = base + extra
        if not timed:
            room = limit - plan.minutes[r] - service
            if hard:
                if extra > room + SLACK:
                    continue
            else:
                cost += charge(extra - room, weights.minutes) - before
        if cost < best:
            best, best_shift, best_at = cost, r, at
    return best, best_shift, best_at


@inlined
def find_spot(rules, plan, c, r, but):
    """Which place in shift r makes the least detour to c: (travel added, place)? The place ``but`` is overlooked."""
    best, best_at = np.inf, 0
    to, back, row, n, d = rules.travel_back[c], rules.travel[c], plan.stops[r], plan.length[r], rules.shift_day[r]
    timed = len(rules.opens) > 0
    here = row[0]
    for i in range(1, n + 2):
        there = row[i]
        extra = to[here] + back[there]
        if n:
            extra -= rules.travel[here, there]
        if extra < best and i != but:
            if timed:
                start = max(plan.leave[r, i - 1] + to[here], rules.opens[c, d])
                if start > rules.closes[c, d] + SLACK:
                    break
                if start + rules.service[c] + back[there] <= plan.latest[r, i] + SLACK:
                    best, best_at = extra, i
            else:
                best, best_at = extra, i
        here = there
    return best, best_at


@inlined
def place_customer(rules, plan, weights, c, state, desk):
    """Visit c, who is not placed, on the pattern of days that adds least, if that is less than leaving c out."""
    costs = desk.costs
    for k in range(rules.open_first[c], rules.open_first[c + 1]):
        d = rules.open_days[k]
        costs[d], desk.shifts[d], desk.places[d] = find_place(rules, plan, weights, c, d, state, desk)
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
        insert_stop(rules, plan, weights, c, desk.shifts[d], desk.places[d])


@inlined
def place_visit(rules, plan, weights, c, d, state, desk):
    """Visit c again on day d, one of its pattern; where that is impossible c is not placed any more."""
    cost, r, at = find_place(rules, plan, weights, c, d, state, desk)
    if cost < np.inf:
        insert_stop(rules, plan, weights, c, r, at)
        return
    remove_customer(rules, plan, weights, c)
