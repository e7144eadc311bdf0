"""Scores of a scorecard: the points of its lines for everybody and every period at once; they add up exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from quotum.engine.appraisal.formulas import Formula
from quotum.engine.appraisal.schemes import Indicator, Line, Scorecard
from quotum.engine.appraisal.scoring import HUNDREDTHS, WHYS, score_line, to_hundredths
from quotum.engine.drivers.evaluating import evaluate_expression

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Facts = Mapping[str, Floats]
_WHY = {name: place for place, name in enumerate(WHYS)}


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
    whys: Ints
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
    lines = card.lines
    size = (len(lines), *shape)
    targets, actuals, weights = np.full(size, np.nan), np.full(size, np.nan), np.empty(size)
    points, whys = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    for place, line in enumerate(lines):
        figure, target = formulas.get(place, (None, None))
        actuals[place] = _evaluate(figure, facts)
        if line.score == "deduct" and figure is None:
            actuals[place] = lost[place]
        targets[place] = _evaluate(target, facts)
        less = line.indicator in indicators and indicators[line.indicator].less_is_better
        points[place], whys[place] = score_line(
            line, actuals[place], targets[place], lost.get(place, np.zeros(shape)), less_is_better=less
        )
        weights[place] = line.weight
    known = (whys != _WHY["missing"]).any(axis=0)
    _settle_missing(card, lines, weights, points, whys)
    scores = points.sum(axis=0)
    low = -np.inf if card.floor is None else card.floor * HUNDREDTHS
    high = np.inf if card.cap is None else card.cap * HUNDREDTHS
    limited = np.clip(scores, low, high) if np.isfinite([low, high]).any() else scores
    limits = limited.astype(np.int64) - scores
    return Scored(weights, targets, actuals, points, whys, scores + limits, limits, known)


def _evaluate(formula: Formula | None, facts: Facts) -> Floats | float:
    return np.nan if formula is None else evaluate_expression(formula.expression, facts)


def _settle_missing(card: Scorecard, lines: tuple[Line, ...], weights: Floats, points: Ints, whys: Ints) -> None:
    """Give lines without data what the scheme says; changes ``weights``, ``points`` and ``whys``."""
    missing = whys == _WHY["missing"]
    if not missing.any():
        return
    policies = [line.missing or card.missing for line in lines]
    for place, line in enumerate(lines):
        if policies[place] == "full":
            points[place][missing[place]] = to_hundredths(np.array(line.weight))
    left_out = missing & np.array([policy == "reweight" for policy in policies])[:, None, None]
    if not left_out.any():
        return
    given = np.array([line.weight for line in lines])[:, None, None]
    whole, kept = float(given.sum()), np.where(left_out, 0.0, given).sum(axis=0)
    grow = np.where(kept > 0, whole / np.where(kept > 0, kept, 1.0), 1.0)
    changed = left_out.any(axis=0)
    grown = to_hundredths(points / HUNDREDTHS * grow)
    weights[:] = np.where(left_out, 0.0, weights * grow)
    points[:] = np.where(changed & ~left_out, grown, np.where(left_out, 0, points))
    whys[:] = np.where(left_out, _WHY["reweighted"], whys)
