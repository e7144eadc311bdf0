"""Changing one shift of a plan: put a stop in, take stops out, and bring its figures up to date."""

from __future__ import annotations

import math

from quotum.engine.kernels.periodic.compiling import compiled, inlined
from quotum.engine.kernels.periodic.rules import UNPLACED

SLACK = 1e-7  # sums of floats may miss a limit by this
PLACE_BITS = 14  # beside a mark of stops a place is kept: a shift has fewer than 16,000
_FROM, _TO, _MARKS = 6364136223846793005, 3935559000370003845, (1 << 48) - 1
_EMPTY = 1  # mark of a shift without stops


@inlined
def charge(over, weight):
    """What does it cost to exceed a limit by so much?"""
    return over * weight if over > SLACK else 0.0


@inlined
def insert_stop(rules, plan, weights, c, r, at):
    """Visit customer c in shift r as its stop number ``at`` (1 is the first)."""
    row = plan.stops[r]
    for i in range(plan.length[r] + 1, at - 1, -1):
        row[i + 1] = row[i]
    row[at] = c
    plan.length[r] += 1
    plan.shift_of[c, rules.shift_day[r]] = r
    before, after = row[at - 1], row[at + 1]
    extra = rules.travel[before, c] + rules.travel[c, after]
    if plan.length[r] > 1:
        extra -= rules.travel[before, after]
    mark = plan.mark[r] + mark_link(before, c) + mark_link(c, after) - mark_link(before, after)
    change_figures(rules, plan, weights, r, rules.load[c], extra + rules.service[c], extra, mark)


@inlined
def remove_stop(rules, plan, weights, c, d):
    """Do not visit customer c on day d any more."""
    r = plan.shift_of[c, d]
    row = plan.stops[r]
    i = 1
    while row[i] != c:
        i += 1
    for j in range(i, plan.length[r] + 1):
        row[j] = row[j + 1]
    plan.length[r] -= 1
    plan.shift_of[c, d] = UNPLACED
    before, after = row[i - 1], row[i]
    extra = rules.travel[before, c] + rules.travel[c, after]
    if plan.length[r]:
        extra -= rules.travel[before, after]
    mark = plan.mark[r] - mark_link(before, c) - mark_link(c, after) + mark_link(before, after)
    change_figures(rules, plan, weights, r, -rules.load[c], -extra - rules.service[c], -extra, mark)


@inlined
def remove_customer(rules, plan, weights, c):
    """Do not visit customer c at all; some of the visits may be gone already."""
    p = plan.pattern[c]
    for k in range(rules.day_first[p], rules.day_first[p + 1]):
        if plan.shift_of[c, rules.pattern_days[k]] != UNPLACED:
            remove_stop(rules, plan, weights, c, rules.pattern_days[k])
    plan.pattern[c] = UNPLACED
    plan.total[0] += rules.unplaced_cost[c] - rules.pattern_cost[p]


@inlined
def mark_link(here, there):
    """A number that tells the way from one stop to another apart from all others; those of a shift are added up."""
    mixed = (here + 1) * _FROM ^ (there + 1) * _TO
    return mixed ^ mixed >> 29


@inlined
def change_figures(rules, plan, weights, r, load, minutes, travel, mark):
    """Bring the figures of shift r up to date by what one stop adds to them; ``refresh`` counts them anew."""
    if len(rules.opens) or plan.length[r] == 0 or not plan.cost[r] < math.inf:
        refresh(rules, plan, weights, r)
        return
    load, minutes = plan.load[r] + load, plan.minutes[r] + minutes
    cost = travel + charge(load - rules.max_load[r], weights.load)
    cost += charge(minutes - rules.max_minutes[r], weights.minutes)
    cost -= charge(plan.load[r] - rules.max_load[r], weights.load)
    cost -= charge(plan.minutes[r] - rules.max_minutes[r], weights.minutes)
    plan.load[r], plan.minutes[r], plan.mark[r] = load, minutes, mark & _MARKS
    plan.total[0] += cost
    plan.cost[r] += cost


@inlined
def refresh(rules, plan, weights, r):
    """Bring the figures of shift r up to date after its stops have changed."""
    row, n = plan.stops[r], plan.length[r]
    load = service = travel = 0.0
    mark = _EMPTY - mark_link(row[0], row[n + 1])
    for i in range(1, n + 1):
        mark += mark_link(row[i - 1], row[i])
        load += rules.load[row[i]]
        service += rules.service[row[i]]
        travel += rules.travel[row[i - 1], row[i]]
    mark += mark_link(row[n], row[n + 1])
    if n:
        travel += rules.travel[row[n], row[n + 1]]
    minutes = travel + service
    if len(rules.opens):
        minutes = refresh_times(rules, plan, r)
    cost = travel
    cost += charge(load - rules.max_load[r], weights.load)
    cost += charge(minutes - rules.max_minutes[r], weights.minutes)
    plan.load[r], plan.minutes[r], plan.mark[r] = load, minutes, mark & _MARKS
    plan.total[0] += cost - plan.cost[r]
    plan.cost[r] = cost


@compiled
def refresh_times(rules, plan, r):
    """Find the earliest and latest times at every stop of shift r; return its minutes with waiting."""
    row, n, d = plan.stops[r], plan.length[r], rules.shift_day[r]
    leave, latest = plan.leave[r], plan.latest[r]
    leave[0] = rules.leaves[r]
    for i in range(1, n + 1):
        c = row[i]
        leave[i] = max(leave[i - 1] + rules.travel[row[i - 1], c], rules.opens[c, d]) + rules.service[c]
    back = leave[n] + rules.travel[row[n], row[n + 1]] if n else leave[0]
    latest[n + 1] = rules.leaves[r] + rules.max_minutes[r]
    for i in range(n, 0, -1):
        c = row[i]
        latest[i] = min(rules.closes[c, d], latest[i + 1] - rules.travel[c, row[i + 1]] - rules.service[c])
    return back - leave[0]


@compiled
def copy_shift(rules, source, target, r):
    """Make shift r of one plan the same as that of another; whose visits they are is left to the caller."""
    n = source.length[r]
    for i in range(n + 2):
        target.stops[r, i] = source.stops[r, i]
    target.length[r] = n
    target.load[r] = source.load[r]
    target.minutes[r] = source.minutes[r]
    target.cost[r] = source.cost[r]
    target.mark[r] = source.mark[r]
    if len(rules.opens):
        for i in range(n + 2):
            target.leave[r, i] = source.leave[r, i]
            target.latest[r, i] = source.latest[r, i]


@compiled
def copy_plan(rules, source, target):
    """Make one plan the same as another."""
    for r in range(len(rules.shift_day)):
        copy_shift(rules, source, target, r)
    for c in range(len(rules.load)):
        target.pattern[c] = source.pattern[c]
        for d in range(len(rules.shift_first) - 1):
            target.shift_of[c, d] = source.shift_of[c, d]
    target.total[0] = source.total[0]


@compiled
def reweigh(rules, plan, weights):
    """Recompute every cost, after weights have changed or so that float noise does not pile up."""
    total = 0.0
    for c in range(len(rules.load)):
        total += rules.unplaced_cost[c] if plan.pattern[c] == UNPLACED else rules.pattern_cost[plan.pattern[c]]
    for r in range(len(rules.shift_day)):
        refresh(rules, plan, weights, r)
        total += plan.cost[r]
    plan.total[0] = total


@compiled
def find_excess(rules, plan):
    """By how much are limits exceeded: load and minutes over all shifts?"""
    load = minutes = 0.0
    for r in range(len(rules.shift_day)):
        load += charge(plan.load[r] - rules.max_load[r], 1.0)
        minutes += charge(plan.minutes[r] - rules.max_minutes[r], 1.0)
    return load, minutes
