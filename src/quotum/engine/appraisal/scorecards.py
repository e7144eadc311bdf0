"""Scores of a scorecard: the points of its lines for everybody and every period at once; they add up exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quotum.engine.appraisal.formulas import Formula
from quotum.engine.appraisal.schemes import Indicator, Scorecard
from quotum.engine.appraisal.scoring import HUNDREDTHS, WHYS, score_line, to_hundredths
from quotum.engine.drivers.evaluating import evaluate_expression
from quotum.engine.drivers.expressions import Name

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Whys = npt.NDArray[np.int8]
Facts = Mapping[str, Floats]
_WHY = {name: place for place, name in enumerate(WHYS)}
_MISSING = _WHY["missing"]
_BLOCK = 4096
"""Subjects scored at once: what a line needs then stays in the processor's cache."""
_NOTHING = np.zeros(1)


@dataclass(frozen=True, slots=True)
class Scored:
    """What a scorecard says: arrays (num_lines, num_subjects, num_periods), points in whole hundredths.

    ``scores`` (num_subjects, num_periods) are the sums of the points plus ``limits``, what floor and cap of the whole
    card change; ``known`` is false where no line had data.
    """

    weights: Floats
    targets: Floats
    actuals: Floats
    points: Ints
    whys: Whys
    scores: Ints
    limits: Ints
    known: npt.NDArray[np.bool_]


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
    weights, targets, actuals = (np.empty((num, *shape)) for _ in range(3))
    points, whys = np.empty((num, *shape), dtype=np.int64), np.empty((num, *shape), dtype=np.int8)
    for low in range(0, shape[0], _BLOCK):
        block = slice(low, low + _BLOCK)
        here = {name: value[block] for name, value in values.items()}
        for place, line in enumerate(card.lines):
            figure, target = opened[place]
            cost = lost[place][block] if place in lost else _NOTHING
            actual = _evaluate(figure, here) if figure or line.score != "deduct" else cost
            aim = _evaluate(target, here)
            weights[place, block], actuals[place, block], targets[place, block] = line.weight, actual, aim
            points[place, block], whys[place, block] = score_line(
                line, actuals[place, block], aim, cost, less_is_better=less[place]
            )
        _settle_missing(card, weights[:, block], points[:, block], whys[:, block])
    known = (whys != _MISSING).any(axis=0)
    scores = points.sum(axis=0)
    low_e2 = -np.inf if card.floor is None else card.floor * HUNDREDTHS
    high_e2 = np.inf if card.cap is None else card.cap * HUNDREDTHS
    limited = np.clip(scores, low_e2, high_e2).astype(np.int64) if np.isfinite([low_e2, high_e2]).any() else scores
    return Scored(weights, targets, actuals, points, whys, limited, limited - scores, known)


def _evaluate(formula: Formula | None, facts: Facts) -> Floats:
    if formula is None:
        return np.array(np.nan)
    if isinstance(formula.expression, Name):  # a figure as it is needs no looking through
        return facts[formula.expression.name]
    return evaluate_expression(formula.expression, facts)


def _settle_missing(card: Scorecard, weights: Floats, points: Ints, whys: Whys) -> None:
    """Give lines without data what the scheme says; changes ``weights``, ``points`` and ``whys``."""
    policies = [line.missing or card.missing for line in card.lines]
    given = np.array([line.weight for line in card.lines])
    for place, policy in enumerate(policies):
        if policy == "full":
            points[place][whys[place] == _MISSING] = to_hundredths(given[place])
    waived = [place for place, policy in enumerate(policies) if policy == "reweight"]
    if not waived:
        return
    without = {place: (whys[place] == _MISSING).reshape(-1) for place in waived}
    at = np.flatnonzero(np.logical_or.reduce(list(without.values())))
    if not len(at):
        return
    # Only the scores that change are touched: most have all their data.
    kept = given.sum() - sum(given[place] * mask[at] for place, mask in without.items())
    grow = np.divide(given.sum(), kept, out=np.ones(len(at)), where=kept > 0)
    for place in range(len(policies)):
        own_points, own_weights = points[place].reshape(-1), weights[place].reshape(-1)  # views of what is given
        own_points[at] = to_hundredths(own_points[at] / HUNDREDTHS * grow)
        own_weights[at] *= grow
        if place in without:
            own_points[without[place]] = 0
            own_weights[without[place]] = 0.0
            whys[place].reshape(-1)[without[place]] = _WHY["reweighted"]
