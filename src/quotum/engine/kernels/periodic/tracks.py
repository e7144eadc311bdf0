"""What local search knows about every shift beside the plan: where each stop is, and sums up to it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from quotum.engine.kernels.periodic.compiling import compiled, inlined
from quotum.engine.kernels.periodic.rules import Rules
from quotum.engine.kernels.periodic.shifts import charge, refresh

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


class Track(NamedTuple):
    """Figures of a plan that make every move a matter of a few additions."""

    at: Ints  # (N, T) number of the stop in its shift
    load_to: Floats  # (R, N + 2) load up to and with each stop
    minutes_to: Floats  # (R, N + 2) travel and service up to and with each stop
    fine: Floats  # (R,) what the shift pays for too much load and too many minutes
    changed: Ints  # (R,) tick of the last change
    tested: Ints  # (N, T) tick at which all moves of a visit were last tried
    tick: Ints  # (1,)
    order: Ints  # (N,) in which visits are tried
    row_a: Ints  # (N + 2,) rows being put together
    row_b: Ints


def make_track(rules: Rules) -> Track:
    """Return room for the figures."""
    N, T, R = len(rules.load), len(rules.shift_first) - 1, len(rules.shift_day)
    return Track(
        np.zeros((N, T), np.int64), np.zeros((R, N + 2)), np.zeros((R, N + 2)), np.zeros(R), np.zeros(R, np.int64),
        np.zeros((N, T), np.int64), np.zeros(1, np.int64), np.zeros(N, np.int64), np.zeros(N + 2, np.int64),
        np.zeros(N + 2, np.int64),
    )  # fmt: skip


@compiled
def track_shift(rules, plan, track, weights, r):
    """Bring everything about shift r up to date after its stops have changed."""
    refresh(rules, plan, weights, r)
    row, n, d = plan.stops[r], plan.length[r], rules.shift_day[r]
    load = minutes = 0.0
    track.load_to[r, 0] = track.minutes_to[r, 0] = 0.0
    for i in range(1, n + 1):
        c = row[i]
        load += rules.load[c]
        minutes += rules.travel[row[i - 1], c] + rules.service[c]
        track.load_to[r, i] = load
        track.minutes_to[r, i] = minutes
        track.at[c, d] = i
        plan.shift_of[c, d] = r
    track.fine[r] = fine(rules, weights, r, plan.load[r], plan.minutes[r])
    track.tick[0] += 1
    track.changed[r] = track.tick[0]


@inlined
def fine(rules, weights, r, load, minutes):
    """What would shift r pay for so much load and so many minutes?"""
    return charge(load - rules.max_load[r], weights.load) + charge(minutes - rules.max_minutes[r], weights.minutes)


@compiled
def write_row(plan, r, row, n):
    """Put n stops, which begin at ``row[1]``, into shift r; its end stays what it is."""
    end = plan.stops[r, plan.length[r] + 1]
    for i in range(1, n + 1):
        plan.stops[r, i] = row[i]
    plan.stops[r, n + 1] = end
    plan.length[r] = n
