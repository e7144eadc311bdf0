"""Why a visit has no day: the reason that binds, found from the finished days and not from the search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from quotum.engine.action_plan.daily_limits import DailyLimits
from quotum.engine.action_plan.person_blocks import ROUNDING, Block, visit_days
from quotum.engine.action_plan.person_tasks import Floats, PersonTask
from quotum.engine.action_plan.routing.problem import PeriodicProblem
from quotum.engine.tables.visit_settings import VisitSettings


def find_reason(
    block: Block, task: PersonTask, settings: VisitSettings, problem: PeriodicProblem, limits: DailyLimits, at: int,
    routes: Mapping[int, Sequence[int]],
) -> str:  # fmt: skip
    """Tell why visits of customer ``at`` of the block are missing.

    ``no_open_day``: no day of the person suits the customer at all; ``visits_cap``, ``kind_cap``, ``no_minutes``: on
    the days that suit, the number of visits, of those to its kind, or the minutes are used up; ``spacing``: there is
    room, but too close to other contacts; ``too_dear``: there is room, but the way costs more than the visit is worth;
    ``too_far``: the visit and the way there and back are longer than a day, even if nobody else is seen on it;
    ``hours``: they would not be if the customer opened earlier or closed later.
    """
    contact, need = block.visits[at], block.needs[at]
    suitable = visit_days(contact, task, settings, block.lunches)
    possible = [day for day in suitable if block.minutes[day] > 0]
    if not possible:
        return "no_minutes" if suitable else "no_open_day"
    own = [day for day, route in routes.items() if at in route]
    near = [*own, *need.fixed, *([] if need.last is None else [need.last])]
    reasons = set()
    for day in possible:
        if day in own or any(abs(day - other) < need.least for other in near):
            continue
        made = limits.counts[:, list(routes[day])].sum(axis=1)
        if (limits.counts[:, at] & (made >= limits.most[:, day - block.start])).any():
            reasons |= {"kind_cap"}
        else:
            alone = _without_calls(problem, block, task, settings, day)
            reasons.add(_what_forbids(problem, alone, block.days.index(day), at, routes[day]))
    if not reasons:
        return "spacing"
    for reason in ("too_dear", "no_minutes", "visits_cap", "kind_cap", "hours", "too_far"):
        if reason in reasons:
            return reason
    return "spacing"


def _without_calls(
    problem: PeriodicProblem, block: Block, task: PersonTask, settings: VisitSettings, day: int
) -> PeriodicProblem:
    """Return the problem as it would be if nobody were called on the day."""
    shift, shifts, lunch = block.days.index(day), problem.shifts, block.lunches[day]
    leaves, minutes = shifts.leaves.copy(), shifts.max_minutes.copy()
    leaves[shift] = min(leaves[shift], lunch.without(max(settings.day[0], settings.visits_from)))
    minutes[shift] = min(task.minutes_per_day, lunch.without(settings.day[1]) - leaves[shift]) + ROUNDING
    return replace(problem, shifts=replace(shifts, leaves=leaves, max_minutes=minutes))


def _what_forbids(
    problem: PeriodicProblem, alone: PeriodicProblem, shift: int, at: int, route: Sequence[int]
) -> str:
    """Tell what keeps a customer out of a day, ``too_dear`` where nothing does; ``alone``: without calls."""
    shifts = problem.shifts
    if sum(problem.loads[stop] for stop in route) + problem.loads[at] > shifts.max_load[shift]:
        return "visits_cap"
    for place in range(len(route) + 1):
        if fits(problem, shift, [*route[:place], at, *route[place:]], problem.travel):
            return "too_dear"
    if fits(alone, shift, [at], problem.travel):
        return "no_minutes"
    nothing = np.zeros((0, 0))
    always = replace(alone, opens=nothing, closes=nothing)
    return "hours" if fits(always, shift, [at], problem.travel) else "too_far"


def fits(problem: PeriodicProblem, shift: int, route: Sequence[int], travel: Floats) -> bool:
    """Tell whether a day can be driven in this order within hours and minutes."""
    day, start = int(problem.shifts.day[shift]), float(problem.shifts.leaves[shift])
    now, here, timed = start, int(problem.shifts.start[shift]), len(problem.opens) > 0
    for stop in route:
        now += float(travel[here, stop])
        if timed:
            now = max(now, float(problem.opens[stop, day]))
            if now > problem.closes[stop, day] + 1e-6:
                return False
        now, here = now + float(problem.service[stop]), stop
    now += float(travel[here, int(problem.shifts.end[shift])])
    return bool(now - start <= problem.shifts.max_minutes[shift] + 1e-6)
