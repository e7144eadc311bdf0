"""Scores of a scorecard: the points of its lines for everybody and every period at once; they add up exactly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quotum.engine.appraisal.formulas import Formula
from quotum.engine.appraisal.schemes import Indicator, Scorecard
from quotum.engine.appraisal.scoring import HUNDREDTHS, WHYS, round_e2, round_points, score_line
from quotum.engine.drivers.evaluating import evaluate_expression
from quotum.engine.drivers.expressions import Name

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Whys = npt.NDArray[np.int8]
Bools = npt.NDArray[np.bool_]
Facts = Mapping[str, Floats]
_WHY = {name: place for place, name in enumerate(WHYS)}
_MISSING, _REWEIGHTED = _WHY["missing"], _WHY["reweighted"]
_BLOCK = 4096
"""Subjects scored at once: what a line needs then stays in the processor's cache."""
_NOTHING = np.zeros(1)


@dataclass(frozen=True, slots=True)
class Scored:
    """What a scorecard says, in whole hundredths of points.

    By line, (num_subjects, num_periods) each: ``targets`` and ``actuals``, which may be views of the figures
    themselves. ``points`` and ``whys`` are (num_lines, num_subjects, num_periods). ``scores`` (num_subjects,
    num_periods) are the sums of the points plus ``limits``, what floor and cap of the whole card change; ``known`` is
    false where no line had data. ``given`` (num_lines,) are the card's weights, ``grows`` (num_lines,) which of them
    grow where others have no data, ``grow`` (num_subjects, num_periods) what they were multiplied by; None: nowhere.
    """

    given: Floats
    grows: Bools
    grow: Floats | None
    targets: Sequence[Floats]
    actuals: Sequence[Floats]
    points: Ints
    whys: Whys
    scores: Ints
    limits: Ints
    known: Bools

    def weights(self, place: int) -> Floats:
        """Return the weights in force of a line, (num_subjects, num_periods)."""
        given = np.broadcast_to(self.given[place], self.scores.shape)
        if self.grow is None:
            return given
        weights = given * self.grow if self.grows[place] else given
        return np.where(self.whys[place] == _REWEIGHTED, 0.0, weights)


def score_scorecard(
    card: Scorecard,
    formulas: Mapping[int, tuple[Formula | None, Formula | None]],
    facts: Facts,
    lost: Mapping[int, Floats],
    indicators: Mapping[str, Indicator],
    shape: tuple[int, int],
) -> Scored:
    """Return the scores of a scorecard.

    ``formulas`` are (figure, target) by the place of the line; ``facts`` and ``lost`` (the points that events cost, by
    line) are arrays of ``shape`` (num_subjects, num_periods). A line without data counts as the card's ``missing``
    says; weights of others grow only where that is ``reweight``.
    """
    num = len(card.lines)
    opened = [formulas.get(place, (None, None)) for place in range(num)]
    names = sorted({name for pair in opened for formula in pair if formula for name in formula.facts})
    values = {name: np.broadcast_to(facts[name], shape) for name in names}
    less = [line.indicator in indicators and indicators[line.indicator].less_is_better for line in card.lines]
    figures = [
        lost[place] if formula is None and line.score == "deduct" else _open(formula, values, shape)
        for place, (line, (formula, _)) in enumerate(zip(card.lines, opened, strict=True))
    ]
    aims = [_open(target, values, shape) for _, target in opened]
    points, whys = np.empty((num, *shape), dtype=np.int64), np.empty((num, *shape), dtype=np.int8)
    given, grows = np.array([line.weight for line in card.lines]), _tell_growing(card)
    waived = [place for place, line in enumerate(card.lines) if (line.missing or card.missing) == "reweight"]
    grow: Floats | None = None
    for low in range(0, shape[0], _BLOCK):
        block = slice(low, low + _BLOCK)
        here = {name: value[block] for name, value in values.items()}
        unrounded: list[Floats] = []
        for place, line in enumerate(card.lines):
            actual = _fill(figures[place], opened[place][0], here, block)
            aim = _fill(aims[place], opened[place][1], here, block)
            cost = lost[place][block] if place in lost else _NOTHING
            exact, why = score_line(line, actual, aim, cost, less_is_better=less[place])
            whys[place, block] = why
            round_points(line, exact, why, points[place, block])
            if (line.missing or card.missing) == "full":
                exact = np.where(why == _MISSING, line.weight * HUNDREDTHS, exact)
                points[place, block] = np.where(why == _MISSING, round_e2(exact), points[place, block])
            if waived:
                unrounded.append(exact)
        grown = _reweight(given, grows, waived, unrounded, points[:, block], whys[:, block])
        if grown is not None:
            grow = np.ones(shape) if grow is None else grow
            grow[block] = grown
    known = (whys != _MISSING).any(axis=0)
    scores = points.sum(axis=0)
    low_e2 = -np.inf if card.floor is None else card.floor * HUNDREDTHS
    high_e2 = np.inf if card.cap is None else card.cap * HUNDREDTHS
    limited = np.clip(scores, low_e2, high_e2).astype(np.int64) if np.isfinite([low_e2, high_e2]).any() else scores
    return Scored(given, grows, grow, aims, figures, points, whys, limited, limited - scores, known)


def _open(formula: Formula | None, values: Facts, shape: tuple[int, int]) -> Floats:
    """Return the array of a formula: the figure itself, a number for everybody, or one to be filled block by block."""
    if formula is None:
        return np.broadcast_to(np.nan, shape)
    if isinstance(formula.expression, Name):  # a figure as it is needs no copy
        return values[formula.expression.name]
    if not formula.facts:
        return np.broadcast_to(evaluate_expression(formula.expression, {}), shape)
    return np.empty(shape)


def _fill(whole: Floats, formula: Formula | None, here: Facts, block: slice) -> Floats:
    """Return a formula's block, evaluated where it is not there yet; a number for everybody as one."""
    if formula is None or isinstance(formula.expression, Name):
        return whole[block]
    if not formula.facts:
        return whole[:1, :1]
    whole[block] = evaluate_expression(formula.expression, here)
    return whole[block]


def _tell_growing(card: Scorecard) -> Bools:
    """Return which lines take over the weight of those without data: a bonus stands beside the weights."""
    return np.array([line.weight > 0 and line.score != "bonus" for line in card.lines])


def _reweight(
    given: Floats, grows: Bools, waived: Sequence[int], unrounded: Sequence[Floats], points: Ints, whys: Whys
) -> Floats | None:
    """Let others weigh more where a waived line has no data; changes ``points`` and ``whys``.

    Returns by what the weights grew, None where all have their data. Points grow as they were before rounding and are
    rounded as they add up, so that lines that are all full come to the whole and never to more.
    """
    without = {place: (whys[place] == _MISSING).reshape(-1) for place in waived}
    at = np.flatnonzero(np.logical_or.reduce(list(without.values()))) if waived else np.zeros(0)
    if not len(at):
        return None
    # Only the scores that change are touched: most have all their data.
    whole = given[grows].sum()
    kept = whole - sum(given[place] * mask[at] for place, mask in without.items() if grows[place])
    grow = np.divide(whole, kept, out=np.ones(len(at)), where=kept > 0)
    so_far, rounded = np.zeros(len(at)), np.zeros(len(at), dtype=np.int64)
    for place in range(len(given)):
        own = points[place].reshape(-1)  # a view of what is given
        if grows[place]:
            exact = np.broadcast_to(unrounded[place], points[place].shape).reshape(-1)[at]
            exact *= grow
            so_far += exact
            before, rounded = rounded, round_e2(so_far)
            own[at] = rounded - before
        if place in without:
            own[without[place]] = 0
            whys[place].reshape(-1)[without[place]] = _REWEIGHTED
    grown = np.ones(points.shape[1:])
    grown.reshape(-1)[at] = grow
    return grown
