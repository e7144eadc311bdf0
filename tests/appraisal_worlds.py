"""Schemes and figures for tests of appraisals: a scheme from text, a scene from arrays, a firm with its targets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from quotum.adapters.files.scheme_toml import read_schemes
from quotum.engine.appraisal import Appraisal, appraise
from quotum.engine.appraisal.figures import TARGET_SCHEMA
from quotum.engine.appraisal.formulas import open_formula
from quotum.engine.appraisal.schemes import Line, Scheme, Scorecard
from quotum.engine.appraisal.scorecards import Scored, score_scorecard
from quotum.engine.basics.issues import Issue
from quotum.engine.tables.company import Company
from small_company import settings

EXAMPLES = Path(__file__).parents[1] / "examples" / "schemes"
NO_DAYS = pl.DataFrame(schema={"date": pl.Date, "weight": pl.Float64})


def read_text(folder: Path, text: str, since: str = "2027-01-01") -> tuple[tuple[Scheme, ...], list[Issue]]:
    """Return the scheme that a text says."""
    (folder / "schemes").mkdir(exist_ok=True, parents=True)
    head = "" if "since =" in text.split("[", maxsplit=1)[0] else f"since = {since}\n"
    (folder / "schemes" / "own.toml").write_text(head + text, encoding="utf-8")
    return read_schemes(folder, 2)


def example(folder: Path, name: str) -> tuple[Scheme, ...]:
    """Return one of the schemes that ship, on top of the library."""
    schemes, issues = read_text(folder, (EXAMPLES / f"{name}.toml").read_text(encoding="utf-8"))
    assert not issues, issues
    return schemes


def monthly_targets(targets: Mapping[str, float], months: int = 12, year: int = 2027) -> pl.DataFrame:
    """Return a target in revenue for each person and month, in major units."""
    return pl.DataFrame([
        {"kind": "person", "key": person, "measure": "revenue", "level": "commit", "since": date(year, month, 1),
         "until": date(year + month // 12, month % 12 + 1, 1), "amount": round(amount * 100)}
        for person, amount in targets.items() for month in range(1, months + 1)
    ], schema=TARGET_SCHEMA)  # fmt: skip


def score(company: Company, schemes: tuple[Scheme, ...], targets: pl.DataFrame | None = None,
          since: str = "2027-01-01", until: str = "2027-02-01", days: pl.DataFrame = NO_DAYS) -> Appraisal:  # fmt: skip
    """Return what schemes say of a company."""
    targets = pl.DataFrame(schema=TARGET_SCHEMA) if targets is None else targets
    return appraise(company, settings(), schemes, targets, days, date.fromisoformat(since), date.fromisoformat(until))


def scores_of(made: Appraisal, card: str) -> dict[str, float | None]:
    """Return the score of each person or unit on a card in the only period there is."""
    found = made["scores"].filter(scorecard=card)
    return {
        person or unit: None if points is None else points / 100
        for person, unit, points in found.select("person", "unit", "score_e2").iter_rows()
    }


def points_of(made: Appraisal, person: str, card: str) -> dict[str, float]:
    """Return the points of each line of a person's score."""
    found = made["lines"].filter(person=person, scorecard=card)
    return {name: points / 100 for name, points in found.select("indicator", "points_e2").iter_rows()}


def score_arrays(card: Scorecard, facts: Mapping[str, np.ndarray], lost: Mapping[int, np.ndarray]) -> Scored:
    """Return the scores of a card whose indicators are facts of the same name."""
    shape = next(iter(facts.values())).shape
    formulas = {place: (_open(line.indicator), _open(line.target)) for place, line in enumerate(card.lines)}
    return score_scorecard(card, formulas, facts, lost, {}, shape)


def _open(text: str):
    return open_formula(text, {})[0] if text else None


def one_line(**more: object) -> Line:
    """Return a line of the indicator ``a`` that weighs 100."""
    return Line("a", 100.0, **more)
