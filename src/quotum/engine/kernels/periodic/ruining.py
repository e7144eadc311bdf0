"""Which visits are taken out of a plan, so that they can be put back better?

Strings of neighbouring stops (slack induction by string removals, Christiaens and Vanden Berghe, Transportation Science
54(2), 2020), either of a single day, whose visits then return to that day, or with all visits of the customers they
hold; now and then the whole day of a shift, or everybody around a customer.
"""

from __future__ import annotations

from quotum.engine.kernels.periodic.compiling import compiled, inlined
from quotum.engine.kernels.periodic.draws import draw, draw_below
from quotum.engine.kernels.periodic.rules import UNPLACED

_MEAN_REMOVED, _MAX_STRING = 10.0, 10
_SPLIT, _SPLIT_GROWS = 0.5, 0.01
ALL_DAYS = -1


@compiled
def choose_ruin(rules, plan, state, single_day, whole_shift, radial, gone, is_gone, hit):
    """Choose what to take out: (how many customers, the day or ALL_DAYS). The plan itself is not changed.

    ``single_day``, ``whole_shift``, ``radial``: chances of each kind. ``gone`` (N,) takes the customers; ``is_gone``
    (N,) and ``hit`` (R,) are scratch, False at the start and at the end.
    """
    centre = draw_below(state, len(rules.load))
    kind = draw(state)
    if kind < whole_shift:
        day, count = ALL_DAYS, _choose_shift(rules, plan, state, centre, gone, is_gone)
    elif kind < whole_shift + radial:
        day, count = ALL_DAYS, _choose_circle(rules, state, centre, gone, is_gone)
    else:
        day = ALL_DAYS
        if draw(state) < single_day and rules.open_first[centre] < rules.open_first[centre + 1]:
            day = rules.open_days[rules.open_first[centre] + _below(state, rules.open_first, centre)]
        count = _choose_strings(rules, plan, state, centre, day, gone, is_gone, hit)
    for i in range(count):
        is_gone[gone[i]] = False
    return count, day


@compiled
def _below(state, first, c):
    return draw_below(state, first[c + 1] - first[c])


@compiled
def _choose_shift(rules, plan, state, centre, gone, is_gone):
    """Everybody who is visited in one shift, and who waits for a place."""
    r = draw_below(state, len(rules.shift_day))
    count = 0
    for i in range(1, plan.length[r] + 1):
        count = _take(plan.stops[r, i], gone, is_gone, count)
    return _take(centre, gone, is_gone, count)


@compiled
def _choose_circle(rules, state, centre, gone, is_gone):
    size = min(1 + draw_below(state, int(2 * _MEAN_REMOVED)), rules.near.shape[1])
    count = _take(centre, gone, is_gone, 0)
    for i in range(size):
        count = _take(rules.near[centre, i], gone, is_gone, count)
    return count


@compiled
def _take(c, gone, is_gone, count):
    if is_gone[c]:
        return count
    gone[count] = c
    is_gone[c] = True
    return count + 1


@compiled
def _choose_strings(rules, plan, state, centre, day, gone, is_gone, hit):
    """Strings of stops next to each other, each near the centre and in a shift of its own."""
    visits = shifts = 0
    for r in range(len(rules.shift_day)):
        if plan.length[r]:
            visits, shifts = visits + plan.length[r], shifts + 1
    longest = min(float(_MAX_STRING), visits / max(shifts, 1))
    wanted = int(draw(state) * (4.0 * _MEAN_REMOVED / (1.0 + longest) - 1.0) + 1.0)
    count = strings = 0
    for i in range(-1, rules.near.shape[1]):
        c = centre if i < 0 else rules.near[centre, i]
        if is_gone[c]:
            continue
        p = plan.pattern[c]
        if p == UNPLACED:
            if day == ALL_DAYS:
                count = _take(c, gone, is_gone, count)
            continue
        d = day
        if day == ALL_DAYS:
            if rules.day_first[p] == rules.day_first[p + 1]:
                count = _take(c, gone, is_gone, count)
                continue
            d = rules.pattern_days[rules.day_first[p] + _below(state, rules.day_first, p)]
        r = plan.shift_of[c, d]
        if r == UNPLACED or hit[r]:
            continue
        hit[r] = True
        strings += 1
        count = _take_string(plan, state, c, r, longest, gone, is_gone, count)
        if strings >= wanted:
            break
    for r in range(len(rules.shift_day)):
        hit[r] = False
    return count


@inlined
def _take_string(plan, state, c, r, longest, gone, is_gone, count):
    n, row = plan.length[r], plan.stops[r]
    size = int(draw(state) * min(float(n), longest)) + 1
    at = 1
    while row[at] != c:
        at += 1
    kept = 0  # stops in the middle of the string that stay
    if size > 1 and size < n and draw(state) < _SPLIT:
        kept = 1
        while size + kept < n and draw(state) < _SPLIT_GROWS:
            kept += 1
    span = size + kept
    low, high = max(1, at - span + 1), min(at, n - span + 1)
    first = low + draw_below(state, high - low + 1)
    hole = first + (1 + draw_below(state, size - 1) if kept else 0)
    for i in range(first, first + span):
        if kept and hole <= i < hole + kept:
            continue
        count = _take(row[i], gone, is_gone, count)
    return count
