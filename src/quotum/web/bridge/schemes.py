"""Schemes as texts: read and checked on top of the library, and told as rules that people can read."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotum.adapters.files.scheme_toml import FOLDER, read_schemes
from quotum.engine.appraisal import check_schemes
from quotum.engine.appraisal.schemes import Scheme
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.web.bridge.company import open_records
from quotum.web.bridge.findings import list_findings

_PLAIN = re.compile(r"[^\w -]+")


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One line of a scorecard as everybody may read it."""

    indicator: str
    about: str
    unit: str
    weight: float
    score: str
    target: str
    owner: str


@dataclass(frozen=True, slots=True)
class RuleCard:
    """A scorecard as everybody may read it; ``bands`` are (name, low, high), infinite ends are None."""

    name: str
    of: str
    every: str
    effect: str
    lines: list[RuleLine]
    bands: list[tuple[str, float | None, float | None]]
    full_at: float | None
    improve_below: float | None


def read_texts(texts: Mapping[str, str], decimals: int) -> tuple[tuple[Scheme, ...], list[Issue]]:
    """Return the schemes that texts say, by their names, and what is wrong with them."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / FOLDER
        folder.mkdir()
        for name, text in texts.items():
            (folder / f"{plain_name(name)}.toml").write_text(text, encoding="utf-8")
        return read_schemes(Path(place), decimals)


def plain_name(name: str) -> str:
    """Return a scheme's name as a file may have it: no folders, no dots."""
    return _PLAIN.sub("_", name).strip() or "scheme"


def check_text(name: str, text: str, setup: str) -> tuple[bool, list[dict[str, Any]]]:
    """Tell whether a scheme can be kept, and all findings; held against the company where a setup's text is given."""
    company, settings = Company.of({}), None
    if setup:
        opened = open_records(setup)
        company, settings = opened.company, opened.settings
    schemes, issues = read_texts({name: text}, settings.currency_decimals if settings else 2)
    if settings is not None and not stops(issues):
        issues += check_schemes(company, settings, schemes)
    return not stops(issues), list_findings(issues)


def tell_rules(name: str, text: str) -> list[RuleCard]:
    """Return the scorecards of a scheme's text; none where it cannot be read."""
    schemes, _issues = read_texts({name: text}, 2)
    return [_tell_card(scheme, place) for scheme in schemes for place in range(len(scheme.scorecards))]


def _tell_card(scheme: Scheme, place: int) -> RuleCard:
    card = scheme.scorecards[place]
    lines = []
    for line in card.lines:
        known = scheme.indicators.get(line.indicator)
        lines.append(RuleLine(line.indicator, known.about if known else "", known.unit if known else "", line.weight,
                              line.score, line.target, line.owner or ", ".join(post for post, _ in line.parts)))
    bands = [(band.name, _finite(band.low), _finite(band.high)) for band in card.bands]
    return RuleCard(card.name, card.of, card.every, card.effect, lines, bands,
                    card.pay.full_at if card.pay else None, card.improve.below if card.improve else None)


def _finite(number: float) -> float | None:
    return None if number in (float("inf"), float("-inf")) else number


def check_all(
    company: Company, settings: PlanSettings, texts: Mapping[str, str]
) -> tuple[tuple[Scheme, ...], list[Issue]]:
    """Return schemes with all findings about them and the company they are to score."""
    schemes, issues = read_texts(texts, settings.currency_decimals)
    if not stops(issues):
        issues += check_schemes(company, settings, schemes)
    return schemes, issues
