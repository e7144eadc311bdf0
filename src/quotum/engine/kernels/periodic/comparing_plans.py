"""Plans kept flat, and how unlike two of them are."""

from __future__ import annotations

from quotum.engine.kernels.periodic.compiling import compiled
from quotum.engine.kernels.periodic.rules import UNPLACED
from quotum.engine.kernels.periodic.shifts import refresh


@compiled
def pack(rules, plan, flat, length, pattern):
    """Write the stops of all shifts one after the other into ``flat`` (V,), their numbers into ``length`` (R,)."""
    n = 0
    for r in range(len(rules.shift_day)):
        length[r] = plan.length[r]
        for i in range(1, plan.length[r] + 1):
            flat[n] = plan.stops[r, i]
            n += 1
    for c in range(len(rules.load)):
        pattern[c] = plan.pattern[c]


@compiled
def unpack(rules, weights, flat, length, pattern, plan):
    """Make ``plan`` the one that was packed."""
    plan.total[0] = 0.0
    for c in range(len(rules.load)):
        plan.pattern[c] = pattern[c]
        plan.total[0] += rules.unplaced_cost[c] if pattern[c] == UNPLACED else rules.pattern_cost[pattern[c]]
        for d in range(len(rules.shift_first) - 1):
            plan.shift_of[c, d] = UNPLACED
    n = 0
    for r in range(len(rules.shift_day)):
        for i in range(length[r]):
            plan.stops[r, i + 1] = flat[n]
            plan.shift_of[flat[n], rules.shift_day[r]] = r
            n += 1
        plan.stops[r, length[r] + 1] = rules.end[r]
        plan.length[r] = length[r]
        plan.cost[r] = 0.0
        refresh(rules, plan, weights, r)


@compiled
def list_links(rules, plan, before, after):
    """Write who comes before and after each visit into two (N, T) arrays; -1 is home, -2 no visit."""
    for c in range(len(rules.load)):
        for d in range(len(rules.shift_first) - 1):
            before[c, d] = after[c, d] = -2
    for r in range(len(rules.shift_day)):
        d, n = rules.shift_day[r], plan.length[r]
        for i in range(1, n + 1):
            before[plan.stops[r, i], d] = plan.stops[r, i - 1] if i > 1 else -1
            after[plan.stops[r, i], d] = plan.stops[r, i + 1] if i < n else -1


@compiled
def find_distances(rules, flats, lengths, count, before, after, out):
    """Write how unlike each of the first ``count`` packed plans is to the linked one into ``out``: 0 alike, 1 not."""
    for i in range(count):
        out[i] = find_distance(rules, flats[i], lengths[i], before, after)


@compiled
def find_distance(rules, flat, length, before, after):
    """Which part of the visits of a packed plan is not there, or followed or preceded by others, in the linked plan?"""
    broken = n = 0
    for r in range(len(rules.shift_day)):
        d = rules.shift_day[r]
        for i in range(length[r]):
            c = flat[n]
            following = flat[n + 1] if i + 1 < length[r] else -1
            n += 1
            if after[c, d] != following and before[c, d] != following:
                broken += 1
            if i == 0 and before[c, d] != -1 and after[c, d] != -1:
                broken += 1
    return broken / max(n, 1)
