"""Formulas of indicators and targets, opened down to the facts they are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from quotum.engine.appraisal.schemes import Indicator, Line, Scheme
from quotum.engine.basics.issues import Issue
from quotum.engine.drivers.expressions import (
    Binary,
    Call,
    Expression,
    If,
    Lag,
    Minus,
    Name,
    SoFar,
    list_names,
)
from quotum.engine.drivers.parsing import parse_expression


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula whose names are facts only, and those facts in the order of the alphabet."""

    expression: Expression
    facts: tuple[str, ...]


def open_formula(text: str, indicators: Mapping[str, Indicator], where: str = "") -> tuple[Formula | None, list[Issue]]:
    """Return a formula with every indicator in it replaced by its own formula; None and what is wrong otherwise."""
    return _open(text, indicators, where, ())


def _open(
    text: str, indicators: Mapping[str, Indicator], where: str, inside: tuple[str, ...]
) -> tuple[Formula | None, list[Issue]]:
    expression, issues = parse_expression(text, where)
    if expression is None:
        return None, issues
    opened: dict[str, Expression] = {}
    for part in list_names(expression):
        if isinstance(part, (Lag, SoFar)):
            issues.append(Issue(rule="indicator_reaches", column=where, value=part.name, details=(("formula", text),)))
        elif part.name in indicators:
            if part.name in inside:
                way = " → ".join((*inside, part.name))
                issues.append(Issue(rule="indicator_circle", column=where, value=part.name, details=(("way", way),)))
                continue
            inner, found = _open(indicators[part.name].formula, indicators, where, (*inside, part.name))
            issues += found
            if inner is not None:
                opened[part.name] = inner.expression
    if issues:
        return None, issues
    whole = _replace(expression, opened)
    return Formula(whole, tuple(sorted({part.name for part in list_names(whole)}))), []


def _replace(part: Expression, opened: Mapping[str, Expression]) -> Expression:
    match part:
        case Name():
            return opened.get(part.name, part)
        case Minus():
            return replace(part, of=_replace(part.of, opened))
        case Binary():
            return replace(part, left=_replace(part.left, opened), right=_replace(part.right, opened))
        case Call():
            return replace(part, arguments=tuple(_replace(argument, opened) for argument in part.arguments))
        case If():
            return replace(part, left=_replace(part.left, opened), right=_replace(part.right, opened),
                           then=_replace(part.then, opened), otherwise=_replace(part.otherwise, opened))  # fmt: skip
        case _:
            return part


def score_name(scorecard: str) -> str:
    """Return what formulas call the mean score of a scorecard: signs that no name may have become underscores."""
    return "score_" + re.sub(r"\W", "_", scorecard)


def formula_of(line: Line, indicators: Mapping[str, Indicator]) -> str:
    """Return the formula of a line's figure, empty where the indicator has none."""
    if line.from_scorecard:
        return score_name(line.from_scorecard)
    known = indicators.get(line.indicator)
    return known.formula if known else ""


def list_texts(scheme: Scheme, every: str) -> Iterator[tuple[str, str]]:
    """Yield (whose, formula) of everything in a scheme that is computed by a grain."""
    for card in scheme.scorecards:
        if card.every == every:
            for line in card.lines:
                yield f"{card.name}.{line.indicator}", formula_of(line, scheme.indicators)
                yield f"{card.name}.{line.indicator}", line.target
    for commission in scheme.commissions:
        if commission.every == every:
            yield commission.name, commission.target
    for quota in scheme.cost_quotas:
        if quota.every == every and quota.basis in ("per_10k", "percent"):
            yield quota.item, quota.output
