"""Ruin and recreate with simulated annealing: take some visits out, put them back, keep the result or go back.

Method: Christiaens and Vanden Berghe 2020, carried over to patterns of days: whoever is taken out comes back on the
pattern that is cheapest at that moment.
"""

from __future__ import annotations

import math

from quotum.engine.kernels.periodic.compiling import compiled, inlined
from quotum.engine.kernels.periodic.draws import draw, draw_below, shuffle
from quotum.engine.kernels.periodic.inserting import next_blink, place_customer, place_visit
from quotum.engine.kernels.periodic.ruining import ALL_DAYS, choose_ruin
from quotum.engine.kernels.periodic.rules import UNPLACED
from quotum.engine.kernels.periodic.shifts import copy_plan, copy_shift, find_excess, remove_customer, remove_stop

_NOISE = 1e-7


@compiled
def anneal(rules, plan, old, best, weights, state, desk, hot, cold, rounds, single_day, whole_shift, radial):
    """Improve a plan in place over ``rounds`` while the temperature falls from ``hot`` to ``cold`` (geometrically).

    ``best`` is another plan, replaced whenever this one is cheaper and keeps all limits, and ``old`` a third one, used
    to go back. Returns how often a best one was found.
    """
    desk.blink[0] = next_blink(state)
    copy_plan(rules, plan, old)
    cooling = (cold / hot) ** (1.0 / max(rounds, 1))
    heat, found = hot, 0
    for _ in range(rounds):
        heat *= cooling
        found += try_once(rules, plan, old, best, weights, state, desk, heat, single_day, whole_shift, radial)
    return found


@compiled
def try_once(rules, plan, old, best, weights, state, desk, heat, single_day, whole_shift, radial):
    """Take some visits out of ``plan``, put them back, and keep that or go back to ``old``, its twin. 1 if best."""
    gone = desk.gone
    count, day = choose_ruin(rules, plan, state, single_day, whole_shift, radial, gone, desk.is_gone, desk.hit)
    for i in range(count):
        c = gone[i]
        if day != ALL_DAYS:
            remove_stop(rules, plan, weights, c, day)
        elif plan.pattern[c] != UNPLACED:
            remove_customer(rules, plan, weights, c)
    order_gone(rules, state, gone, desk.keys, count)
    for i in range(count):
        if day == ALL_DAYS:
            place_customer(rules, plan, weights, gone[i], state, desk)
        else:
            place_visit(rules, plan, weights, gone[i], day, state, desk)
    num_touched = list_touched(rules, old, plan, gone, count, desk.touched, desk.is_touched)
    if plan.total[0] >= old.total[0] - heat * math.log(1.0 - draw(state)):
        move_over(rules, old, plan, gone, count, desk.touched, num_touched)
        return 0
    move_over(rules, plan, old, gone, count, desk.touched, num_touched)
    if plan.total[0] < best.total[0] - _NOISE:
        load, minutes = find_excess(rules, plan)
        if load == 0.0 and minutes == 0.0:
            copy_plan(rules, plan, best)
            return 1
    return 0


@compiled
def order_gone(rules, state, gone, keys, count):
    """Choose in which order customers are put back: by chance, by load, most days first, far first, or near first."""
    kind = draw_below(state, 11)
    shuffle(state, gone, count)
    if kind < 4:
        return
    base = rules.start[0]
    for i in range(count):
        c = gone[i]
        if kind < 6:
            keys[i] = -rules.load[c] - 1e-3 * rules.service[c]
        elif kind < 8:
            keys[i] = -_mean_days(rules, c)
        elif kind < 10:
            keys[i] = -rules.travel[base, c]
        else:
            keys[i] = rules.travel[base, c]
    for i in range(1, count):  # insertion sort: few, and equal ones keep their random order
        key, c, j = keys[i], gone[i], i
        while j > 0 and keys[j - 1] > key:
            keys[j], gone[j] = keys[j - 1], gone[j - 1]
            j -= 1
        keys[j], gone[j] = key, c


@compiled
def _mean_days(rules, c):
    first, last = rules.pattern_first[c], rules.pattern_first[c + 1]
    return (rules.day_first[last] - rules.day_first[first]) / max(last - first, 1)


@compiled
def list_touched(rules, old, plan, gone, count, touched, is_touched):
    """Which shifts did or do visit the customers that were taken out?"""
    n = 0
    for i in range(count):
        c = gone[i]
        n = _touch(rules, old, c, touched, is_touched, n)
        n = _touch(rules, plan, c, touched, is_touched, n)
    for i in range(n):
        is_touched[touched[i]] = False
    return n


@inlined
def _touch(rules, plan, c, touched, is_touched, n):
    p = plan.pattern[c]
    if p == UNPLACED:
        return n
    for k in range(rules.day_first[p], rules.day_first[p + 1]):
        r = plan.shift_of[c, rules.pattern_days[k]]
        if r != UNPLACED and not is_touched[r]:
            is_touched[r] = True
            touched[n] = r
            n += 1
    return n


@compiled
def move_over(rules, source, target, gone, count, touched, num_touched):
    """Carry what has changed from one plan to its twin."""
    for i in range(num_touched):
        copy_shift(rules, source, target, touched[i])
    for i in range(count):
        c = gone[i]
        p = target.pattern[c]
        if p != UNPLACED:
            for k in range(rules.day_first[p], rules.day_first[p + 1]):
                target.shift_of[c, rules.pattern_days[k]] = UNPLACED
        p = target.pattern[c] = source.pattern[c]
        if p != UNPLACED:
            for k in range(rules.day_first[p], rules.day_first[p + 1]):
                target.shift_of[c, rules.pattern_days[k]] = source.shift_of[c, rules.pattern_days[k]]
    target.total[0] = source.total[0]
