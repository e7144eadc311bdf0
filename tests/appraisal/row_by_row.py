"""The slow, obvious twin of scoring: one line of one person in one period at a time, in plain Python."""

from __future__ import annotations

import math
from collections.abc import Mapping

from quotum.engine.appraisal.schemes import Band, Line, Scorecard


def evaluate(expression: object, values: Mapping[str, float]) -> float:
    """Return what an expression comes to, NaN where it has no value."""
    kind = type(expression).__name__
    if kind == "Number":
        return expression.value
    if kind == "Name":
        return values[expression.name]
    if kind == "Minus":
        return -evaluate(expression.of, values)
    if kind == "Call":
        parts = [evaluate(part, values) for part in expression.arguments]
        if any(map(math.isnan, parts)):
            return math.nan
        plain = {"min": min, "max": max}
        if expression.function in plain:
            return plain[expression.function](parts)
        one = {"abs": abs, "floor": math.floor, "ceil": math.ceil, "round": lambda x: math.floor(x + 0.5)}
        return float(one[expression.function](parts[0]))
    left, right = evaluate(expression.left, values), evaluate(expression.right, values)
    if math.isnan(left) or math.isnan(right):
        return math.nan
    if kind == "If":
        signs = {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right, "==": left == right,
                 "!=": left != right}  # fmt: skip
        return evaluate(expression.then if signs[expression.comparison] else expression.otherwise, values)
    try:
        match expression.operator:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case "/":
                return left / right
            case _:
                return left**right
    except ZeroDivisionError:
        return math.nan


def holds(band: Band, value: float) -> bool:
    above = value >= band.low if band.low_in else value > band.low
    return above and (value <= band.high if band.high_in else value < band.high)


def score_one(line: Line, actual: float, target: float, lost: float) -> float:
    """Return the points of one line, NaN where it has no data."""
    if math.isnan(actual):
        return math.nan
    if line.score == "deduct":
        return max(line.weight - lost, line.floor * line.weight)
    if line.score == "bonus":
        beyond = actual - line.above
        if beyond <= 0:
            return 0.0
        points = min(abs(line.each) * beyond if line.each else line.most, line.most)
        return -points if line.each < 0 else points
    part = actual / line.scale if line.score == "rated" else actual
    if line.score != "rated" and line.target:
        if math.isnan(target):
            return math.nan
        part = (1.0 if actual >= 0 else 0.0) if target == 0 else actual / target
    if line.score == "steps":
        return next((step.value for step in line.steps if holds(step, part)), 0.0) * line.weight
    if line.score == "pass":
        return line.weight if part >= (1.0 if line.target else line.above) else 0.0
    if part < line.start:
        return line.floor * line.weight
    cap = line.cap if line.cap is not None else 1.0 if line.score == "rated" else math.inf
    return min(max(part, line.floor), cap) * line.weight


def score_person(
    card: Scorecard, formulas: Mapping[int, tuple], values: Mapping[str, float], lost: Mapping[int, float]
) -> tuple[list[int], int]:
    """Return the points of a card's lines in hundredths, and the score."""
    points: list[float] = []
    for place, line in enumerate(card.lines):
        figure, target = formulas[place]
        actual = lost[place] if figure is None else evaluate(figure.expression, values)
        wanted = math.nan if target is None else evaluate(target.expression, values)
        points.append(score_one(line, actual, wanted, lost.get(place, 0.0)))
    return settle(card, points)


def settle(card: Scorecard, points: list[float]) -> tuple[list[int], int]:
    """Return whole hundredths after what the card says of lines without data, and their sum within floor and cap."""
    policies = [line.missing or card.missing for line in card.lines]
    left_out = [math.isnan(p) and policy == "reweight" for p, policy in zip(points, policies, strict=True)]
    exact = [
        p if not math.isnan(p) else line.weight if policy == "full" else 0.0
        for p, policy, line in zip(points, policies, card.lines, strict=True)
    ]
    whole = [round_half_up(p) for p in exact]
    if any(left_out):
        grows = [line.weight > 0 and line.score != "bonus" for line in card.lines]
        given = sum(line.weight for line, own in zip(card.lines, grows, strict=True) if own)
        out = zip(card.lines, grows, left_out, strict=True)
        kept = given - sum(line.weight for line, own, gone in out if own and gone)
        so_far, rounded = 0.0, 0
        for place in [place for place, own in enumerate(grows) if own]:
            so_far += exact[place] * (given / kept if kept else 1.0)
            whole[place] = round_half_up(so_far) - rounded
            rounded += whole[place]
    score = sum(whole)
    if card.floor is not None:
        score = max(score, int(card.floor * 100))
    return whole, score if card.cap is None else min(score, int(card.cap * 100))


def round_half_up(points: float) -> int:
    return math.floor(points * 100 + 0.5 + 1e-6)
