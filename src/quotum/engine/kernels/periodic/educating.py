"""Making a plan as good as local search can: days, then patterns, then the days that have changed."""

from __future__ import annotations

from quotum.engine.kernels.periodic.compiling import compiled
from quotum.engine.kernels.periodic.day_search import improve_day
from quotum.engine.kernels.periodic.draws import draw, draw_below, shuffle
from quotum.engine.kernels.periodic.exchanging import GAIN
from quotum.engine.kernels.periodic.inserting import place_customer, place_visit
from quotum.engine.kernels.periodic.rules import UNPLACED
from quotum.engine.kernels.periodic.shifts import remove_customer, reweigh

_NEVER = 1 << 60  # best places until one is overlooked


@compiled
def educate(rules, plan, track, weights, state, desk, reach, rounds):
    """Improve ``desk.dirty`` days, then patterns and days by turns, ``rounds`` times or until no pattern changes.

    Method: Vidal et al. 2012, Operations Research 60(3), 4.4.
    """
    reweigh(rules, plan, weights)
    num_days = len(rules.shift_first) - 1
    for d in range(num_days):
        if desk.dirty[d]:
            improve_day(rules, plan, track, weights, state, d, reach)
    for _ in range(rounds):
        if improve_patterns(rules, plan, weights, state, desk) == 0:
            break
        for d in range(num_days):
            if desk.dirty[d]:
                improve_day(rules, plan, track, weights, state, d, reach)


@compiled
def improve_patterns(rules, plan, weights, state, desk):
    """Move each customer to the pattern that is cheapest now. Marks ``desk.dirty`` days, counts moves."""
    N, T = len(rules.load), len(rules.shift_first) - 1
    blink = desk.blink[0]
    moved = 0
    for c in range(N):
        desk.gone[c] = c
    shuffle(state, desk.gone, N)
    for d in range(T):
        desk.dirty[d] = False
    for i in range(N):
        c = desk.gone[i]
        before = plan.total[0]
        old = plan.pattern[c]
        if old != UNPLACED:
            remove_customer(rules, plan, weights, c)
        desk.blink[0] = _NEVER
        place_customer(rules, plan, weights, c, state, desk)
        if plan.total[0] < before - GAIN:
            moved += 1
            _mark(rules, desk, old)
            _mark(rules, desk, plan.pattern[c])
    desk.blink[0] = blink
    return moved


@compiled
def _mark(rules, desk, pattern):
    if pattern == UNPLACED:
        return
    for k in range(rules.day_first[pattern], rules.day_first[pattern + 1]):
        desk.dirty[rules.pattern_days[k]] = True


@compiled
def scatter(rules, plan, weights, state, desk, by_chance):
    """Make a rough plan: customers in random order at the cheapest places, a part of them on a random pattern."""
    N = len(rules.load)
    for c in range(N):
        if plan.pattern[c] != UNPLACED:
            remove_customer(rules, plan, weights, c)
        desk.gone[c] = c
    shuffle(state, desk.gone, N)
    desk.blink[0] = _NEVER
    for d in range(len(rules.shift_first) - 1):
        desk.dirty[d] = True
    for i in range(N):
        c = desk.gone[i]
        choices = rules.pattern_first[c + 1] - rules.pattern_first[c]
        if choices and draw(state) < by_chance:
            p = rules.pattern_first[c] + draw_below(state, choices)
            plan.pattern[c] = p
            plan.total[0] += rules.pattern_cost[p] - rules.unplaced_cost[c]
            for k in range(rules.day_first[p], rules.day_first[p + 1]):
                if plan.pattern[c] == p:  # a day without a shift has not refused already
                    place_visit(rules, plan, weights, c, rules.pattern_days[k], state, desk)
        else:
            place_customer(rules, plan, weights, c, state, desk)
