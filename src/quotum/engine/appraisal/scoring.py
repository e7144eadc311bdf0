"""What a line brings: points of many subjects and periods at once, in whole hundredths, and why.

Every function takes arrays (num_subjects, num_periods) and says the points as float and the reason as a place in
``WHYS``; nothing is capped at 100 unless the line says so.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from quotum.engine.appraisal.bands import find_band
from quotum.engine.appraisal.schemes import Line

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

WHYS = ("free", "floor", "cap", "step", "no_step", "missing", "reweighted", "passed", "failed", "events", "no_events",
        "bonus", "no_bonus", "given", "limit")  # fmt: skip
_WHY = {name: np.int8(place) for place, name in enumerate(WHYS)}
HUNDREDTHS = 100
_NOISE = 1e-6
"""Of a hundredth: 0.285 × 100 is 28.499999… in floats and shall count as the 28.5 that was written."""


def round_e2(points_e2: Floats) -> Ints:
    """Return hundredths of points as whole ones, halves up."""
    whole = points_e2 + (0.5 + _NOISE)
    return np.floor(whole, out=whole).astype(np.int64)


def score_line(
    line: Line, actual: Floats, target: Floats, lost: Floats, *, less_is_better: bool = False
) -> tuple[Floats, Ints]:
    """Return the points of a line in hundredths, not rounded yet, and the reasons.

    ``lost``: the points that events cost (of deductions only). Where ``actual`` or a needed target is NaN, points are 0
    and the reason is ``missing``; the scorecard decides what that means.
    """
    if line.score == "deduct":
        points, why = _deduct(line, actual, lost)
    elif line.score == "bonus":
        points, why = _give_bonus(line, actual)
    elif line.score == "rated":
        points, why = _scale(line, actual / line.scale)
    else:
        points, why = _score_attainment(line, actual, target, less_is_better=less_is_better)
    missing = np.isnan(points)
    if missing.any():
        np.putmask(why, missing, _WHY["missing"])
        np.putmask(points, missing, 0.0)
    points *= HUNDREDTHS
    return points, why


def round_points(line: Line, points_e2: Floats, why: Ints, out: Ints) -> None:
    """Put points of ``score_line`` into ``out`` (num_subjects, num_periods): whole hundredths within the bounds."""
    whole = points_e2 + (0.5 + _NOISE)
    out[...] = np.floor(whole, out=whole)
    low, high = bounds_of(line)
    if not _is_whole(low):  # otherwise points within it stay within it when they are rounded
        np.maximum(out, math.ceil(low * HUNDREDTHS - _NOISE), out=out)
    if not _is_whole(high):
        np.minimum(out, math.floor(high * HUNDREDTHS + _NOISE), out=out)
    if not low <= 0.0 <= high:
        out[np.broadcast_to(why == _WHY["missing"], out.shape)] = 0


def _is_whole(points: float) -> bool:
    """Tell whether a bound is a whole number of hundredths, or none at all."""
    return math.isinf(points) or abs(points * HUNDREDTHS - round(points * HUNDREDTHS)) < _NOISE


def bounds_of(line: Line) -> tuple[float, float]:
    """Return the least and the most points that a line can bring."""
    match line.score:
        case "deduct":
            return line.floor * line.weight, line.weight
        case "bonus":
            return (0.0, line.most) if line.each >= 0 else (-line.most, 0.0)
        case "pass":
            return 0.0, line.weight
        case "steps":
            parts = [step.value for step in line.steps] or [0.0]
            return min(0.0, *parts) * line.weight, max(0.0, *parts) * line.weight
        case "rated":
            return line.floor * line.weight, line.weight * (1.0 if line.cap is None else line.cap)
        case _:
            return line.floor * line.weight, np.inf if line.cap is None else line.cap * line.weight


def attainment(actual: Floats, target: Floats, *, less_is_better: bool = False) -> Floats:
    """Return actual ÷ target; where less is better each per cent beyond the target costs one: 2 − actual ÷ target.

    A target of 0 is met by 0 and more (where less is better: by 0 and less); otherwise it is missed wholly.
    """
    nothing = target == 0
    if not nothing.any():
        part = actual / target
        return 2.0 - part if less_is_better else part
    with np.errstate(all="ignore"):
        part = actual / target
        part = 2.0 - part if less_is_better else part
    met = actual <= 0 if less_is_better else actual >= 0
    return np.where(nothing & ~np.isnan(actual), np.where(met, 1.0, 0.0), part)


def _score_attainment(line: Line, actual: Floats, target: Floats, *, less_is_better: bool) -> tuple[Floats, Ints]:
    part = attainment(actual, target, less_is_better=less_is_better) if line.target else actual
    if line.score == "steps":
        values = np.array([*(step.value for step in line.steps), 0.0])
        at = find_band(part, line.steps)
        points = np.where(np.isnan(part), np.nan, values[at] * line.weight)
        return points, np.where(at < 0, _WHY["no_step"], _WHY["step"])
    if line.score == "pass":
        passed = part >= (1.0 if line.target else line.above)
        points = np.where(np.isnan(part), np.nan, np.where(passed, line.weight, 0.0))
        return points, np.where(passed, _WHY["passed"], _WHY["failed"])
    return _scale(line, part)


def _scale(line: Line, part: Floats) -> tuple[Floats, Ints]:
    """Return the part of the weight within floor and cap."""
    cap = np.inf if line.cap is None else line.cap
    if line.score == "rated" and line.cap is None:
        cap = 1.0
    low = part < max(line.floor, line.start)  # below the start only the floor is left
    why = np.where(low, _WHY["floor"], _WHY["given" if line.score == "rated" else "free"])
    points = np.maximum(part, line.floor)
    if cap < np.inf:
        np.putmask(why, part > cap, _WHY["cap"])
        np.minimum(points, cap, out=points)
    if line.start > line.floor:
        np.putmask(points, low, line.floor)
    points *= line.weight
    return points, why


def _deduct(line: Line, actual: Floats, lost: Floats) -> tuple[Floats, Ints]:
    floor = line.floor * line.weight
    points = np.where(np.isnan(actual), np.nan, np.maximum(line.weight - lost, floor))
    why = np.where(line.weight - lost < floor, _WHY["floor"], np.where(lost > 0, _WHY["events"], _WHY["no_events"]))
    return points, why


def _give_bonus(line: Line, actual: Floats) -> tuple[Floats, Ints]:
    beyond = actual - line.above
    reached = beyond > 0
    wanted = np.where(reached, abs(line.each) * beyond if line.each else line.most, 0.0)
    points = np.minimum(wanted, line.most) * (-1.0 if line.each < 0 else 1.0)
    why = np.where(~reached, _WHY["no_bonus"], np.where(wanted > line.most, _WHY["cap"], _WHY["bonus"]))
    return np.where(np.isnan(actual), np.nan, points), why
