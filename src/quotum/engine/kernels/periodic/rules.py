"""The arrays on which all loops of periodic routing work, and the first state of a plan.

N customers, T days, B bases (start and end places), R shifts (one vehicle or person on one day), K patterns. Stops are
numbered customers first, then bases. Everything in minutes (or whatever unit the travel matrix has).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

UNPLACED = -1


class Rules(NamedTuple):
    """What does not change while a plan is sought."""

    travel: Floats  # (N + B, N + B) from row to column
    travel_back: Floats  # the same transposed, so that both ways of a customer lie in one row
    service: Floats  # (N,)
    load: Floats  # (N,) of one visit
    unplaced_cost: Floats  # (N,)
    pattern_first: Ints  # (N + 1,) patterns of customer c are pattern_first[c]:pattern_first[c + 1]
    pattern_cost: Floats  # (K,)
    day_first: Ints  # (K + 1,) days of pattern p are pattern_days[day_first[p]:day_first[p + 1]]
    pattern_days: Ints
    open_first: Ints  # (N + 1,) days that occur in any pattern of customer c
    open_days: Ints
    shift_first: Ints  # (T + 1,) shifts are sorted by day; those of day d are shift_first[d]:shift_first[d + 1]
    shift_day: Ints  # (R,)
    shift_pool: Ints  # (R,) shifts of one pool are alike in everything
    pool_first: Ints  # (Q + 1,) shifts of pool q are pool_first[q]:pool_first[q + 1]
    start: Ints  # (R,) stop at which the shift begins
    end: Ints  # (R,)
    leaves: Floats  # (R,) minute of the day at which it begins; 0 without windows
    max_minutes: Floats  # (R,) travel, service and waiting; inf if unlimited
    max_load: Floats  # (R,)
    near: Ints  # (N, M) other customers, nearest first
    opens: Floats  # (N, T) earliest minute at which a visit may begin; (0, 0) without windows
    closes: Floats  # (N, T) latest minute at which a visit may begin


class Plan(NamedTuple):
    """A plan while it changes. Row r of ``stops``: start, customers in order, end."""

    stops: Ints  # (R, N + 2)
    length: Ints  # (R,) customers in the row
    load: Floats  # (R,)
    minutes: Floats  # (R,) travel and service, with waiting where there are windows
    cost: Floats  # (R,) travel and what is asked for too much load or too many minutes
    shift_of: Ints  # (N, T) shift in which customer c is visited on day d, or UNPLACED
    pattern: Ints  # (N,) or UNPLACED
    leave: Floats  # (R, N + 2) with windows: earliest end of service at each stop, else (0, 0)
    latest: Floats  # (R, N + 2) with windows: latest start of service at each stop, else (0, 0)
    mark: Ints  # (R,) tells rows of stops apart: the same stops have the same
    total: Floats  # (1,) cost of all shifts, patterns and customers that are not placed


class Weights(NamedTuple):
    """What a unit of load or a minute above the limit costs; inf: never allowed."""

    load: float
    minutes: float


def make_plan(rules: Rules) -> Plan:
    """Return the plan in which nobody is visited."""
    N, T, R = len(rules.load), len(rules.shift_first) - 1, len(rules.shift_day)
    timed = len(rules.opens) > 0
    times = np.zeros((R, N + 2)) if timed else np.zeros((0, 0))
    plan = Plan(
        np.zeros((R, N + 2), np.int64), np.zeros(R, np.int64), np.zeros(R), np.zeros(R), np.zeros(R),
        np.full((N, T), UNPLACED, np.int64), np.full(N, UNPLACED, np.int64), times, times.copy(), np.ones(R, np.int64),
        np.zeros(1),
    )  # fmt: skip
    for r in range(R):
        plan.stops[r, 0] = rules.start[r]
        plan.stops[r, 1] = rules.end[r]
        if timed:  # an empty shift takes a first visit between its ends
            plan.leave[r, 0] = rules.leaves[r]
            plan.latest[r, 1] = rules.leaves[r] + rules.max_minutes[r]
    plan.total[0] = rules.unplaced_cost.sum()
    return plan
