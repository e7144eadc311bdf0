"""An appraisal on one page: tables and dated schemes in, scores with their lines, commissions and cost quotas out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.appraisal.commissions import COMMISSION_SCHEMA, pay_commission
from quotum.engine.appraisal.consequences import CONSEQUENCE_SCHEMA, list_consequences
from quotum.engine.appraisal.cost_quotas import COST_SCHEMA, hold_quotas
from quotum.engine.appraisal.credits import credit_rows
from quotum.engine.appraisal.events import find_vetoes, sum_deductions
from quotum.engine.appraisal.figures import Scene, find_figure
from quotum.engine.appraisal.formulas import Formula, formula_of, list_texts, open_formula, score_name
from quotum.engine.appraisal.handing_down import GOAL_SCHEMA, hand_down
from quotum.engine.appraisal.objections import OBJECTION_SCHEMA, list_objections
from quotum.engine.appraisal.results import (
    FACT_SCHEMA,
    LINE_SCHEMA,
    RULE_SCHEMA,
    SCORE_SCHEMA,
    lay_out_facts,
    lay_out_lines,
    lay_out_scores,
)
from quotum.engine.appraisal.schemes import Scheme, Scorecard, in_force
from quotum.engine.appraisal.scorecards import Scored, score_scorecard
from quotum.engine.appraisal.subjects import list_subjects
from quotum.engine.basics.issues import Issue, Severity
from quotum.engine.basics.periods import Period, cut_periods
from quotum.engine.drivers.evaluating import evaluate_expression
from quotum.engine.drivers.expressions import write_expression
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

GRAINS = ("month", "quarter", "half", "year")
APPRAISAL_SCHEMAS = {
    "scores": SCORE_SCHEMA, "lines": LINE_SCHEMA, "rules": RULE_SCHEMA, "facts": FACT_SCHEMA,
    "commissions": COMMISSION_SCHEMA, "cost_quotas": COST_SCHEMA, "goals": GOAL_SCHEMA,
    "objections": OBJECTION_SCHEMA, "consequences": CONSEQUENCE_SCHEMA,
}  # fmt: skip
"""The tables an appraisal is made of."""


@dataclass(frozen=True, slots=True)
class Appraisal:
    """Everybody's scores in a span, with all they were made from."""

    since: date
    until: date
    tables: Mapping[str, pl.DataFrame]
    scene: Scene
    issues: list[Issue] = field(default_factory=list)

    def __getitem__(self, name: str) -> pl.DataFrame:
        """Return the table called ``name``."""
        return self.tables[name]


def list_periods(settings: PlanSettings, every: str, since: date, until: date) -> list[Period]:
    """Return the periods of a grain that lie wholly between two days."""
    found = cut_periods(since, until, every, settings.fiscal_start)
    whole = cut_periods(date(since.year - 1, 1, 1), date(until.year + 2, 1, 1), every, settings.fiscal_start)
    starts = {period.since: period for period in whole}
    clipped = {settings.since, settings.until}
    return [
        period for period in found
        if (period.since in starts or period.since in clipped)
        and (period.until in clipped or any(p.until == period.until for p in whole))
    ]  # fmt: skip


def appraise(
    company: Company, settings: PlanSettings, schemes: Sequence[Scheme], targets: pl.DataFrame, days: pl.DataFrame,
    since: date, until: date,
) -> Appraisal:  # fmt: skip
    """Return what the schemes in force say of everybody between two days.

    ``targets`` have ``TARGET_SCHEMA``, ``days(date, weight)`` are the calendar's. A period is scored by the scheme that
    is in force on its first day; periods that reach beyond the span are not scored. Wrong formulas become issues.
    """
    rows = credit_rows(company, settings, until)
    scene = Scene(rows, list_subjects(company), settings.measures, targets, days)
    made = appraise_scene(scene, settings, tuple(schemes), since, until)
    objections, found = list_objections(company, made["scores"], made["lines"])
    return replace(made, tables={**made.tables, "objections": objections}, issues=made.issues + found)


def appraise_scene(
    scene: Scene, settings: PlanSettings, schemes: tuple[Scheme, ...], since: date, until: date
) -> Appraisal:
    """Return the appraisal of a scene; ``appraise`` sets it from a company."""
    scene = replace(scene, scores={})
    made: dict[str, list[pl.DataFrame]] = {name: [pl.DataFrame(schema=s)] for name, s in APPRAISAL_SCHEMAS.items()}
    issues: list[Issue] = []
    for every in GRAINS:
        periods = list_periods(settings, every, since, until)
        if not periods:
            continue
        ruled: dict[int, tuple[Scheme, list[int]]] = {}
        for place, period in enumerate(periods):
            for scheme in in_force(schemes, period.since):
                ruled.setdefault(id(scheme), (scheme, []))[1].append(place)
        for scheme, places in ruled.values():
            mask = np.isin(np.arange(len(periods)), places)
            _appraise_scheme(scene, settings, scheme, every, periods, mask, made, issues)
    for scheme in in_force(schemes, since):
        made["goals"].append(hand_down(scheme)[0])
    tables = {name: pl.concat(parts) for name, parts in made.items()}
    return Appraisal(since, until, tables, scene, issues + find_missing(tables["lines"]))


def _appraise_scheme(
    scene: Scene, settings: PlanSettings, scheme: Scheme, every: str, periods: list[Period], mask: Bools,
    made: dict[str, list[pl.DataFrame]], issues: list[Issue],
) -> None:  # fmt: skip
    """Score the periods of ``mask`` by one scheme and add the tables to ``made``."""
    grains = [part.every for parts in (scheme.scorecards, scheme.commissions, scheme.cost_quotas) for part in parts]
    if every not in grains:
        return
    figures = _Figures(scheme, scene, periods)
    issues += figures.open_all(every)
    subjects = scene.subjects
    told = np.zeros((subjects.num, len(periods)), dtype=np.bool_)
    for card in _in_order(scheme.scorecards):
        if card.every != every:
            continue
        chosen = subjects.chosen(card)[:, None] & subjects.present(periods) & mask[None, :]
        scored, voided = score_card(card, scheme, figures.formulas, figures, scene, periods)
        scores = np.where(scored.known & chosen, scored.scores / 100, np.nan)
        _remember(scene, card.name, periods, scores)
        told_scores = lay_out_scores(card, scheme.name, scored, chosen, voided, subjects, periods)
        told_lines = lay_out_lines(card, scheme.name, scored, chosen, subjects, periods)
        made["scores"].append(told_scores)
        made["lines"].append(told_lines)
        if card.improve is not None or card.last is not None:
            made["consequences"].append(list_consequences(card, told_scores, told_lines))
        made["rules"].append(_list_rules(card, scheme, figures))
        told |= chosen
    labels = [period.label for period, ruled in zip(periods, mask, strict=True) if ruled]
    for commission in scheme.commissions:
        if commission.every == every:
            goals = figures.evaluate(figures.open(commission.target))
            paid = pay_commission(commission, scheme.name, scene.rows, subjects, periods, goals,
                                  settings.currency_decimals)  # fmt: skip
            made["commissions"].append(paid.filter(pl.col("period").is_in(labels)))
    for quota in scheme.cost_quotas:
        if quota.every == every:
            held = hold_quotas(quota, scheme.name, scene.rows, subjects, periods, figures["heads"],
                               figures.evaluate(figures.open(quota.output)), settings.currency_decimals)  # fmt: skip
            made["cost_quotas"].append(held.filter(pl.col("period").is_in(labels)))
    made["facts"].append(lay_out_facts(figures.known, every, told, subjects, periods))


def _remember(scene: Scene, name: str, periods: list[Period], scores: Floats) -> None:
    """Keep a scorecard's scores for those that look at them; a scheme that takes over fills its own periods."""
    name = score_name(name)
    before = scene.scores.get(name)
    if before is not None and before[0] == periods:
        scores = np.where(np.isnan(scores), before[1], scores)
    scene.scores[name] = (periods, scores)


def score_card(
    card: Scorecard, scheme: Scheme, formulas: Mapping[str, Formula], facts: Mapping[str, Floats], scene: Scene,
    periods: Sequence[Period],
) -> tuple[Scored, dict[str, Bools]]:  # fmt: skip
    """Return a scorecard's scores and what events void."""
    subjects, incidents = scene.subjects, scene.rows["incidents"]
    shape = subjects.num, len(periods)
    lost = {
        place: sum_deductions(line, card, incidents, subjects, periods)
        for place, line in enumerate(card.lines)
        if line.score == "deduct"
    }
    opened = {
        place: (formulas.get(formula_of(line, scheme.indicators)), formulas.get(line.target))
        for place, line in enumerate(card.lines)
    }
    scored = score_scorecard(card, opened, facts, lost, scheme.indicators, shape)
    voided: dict[str, Bools] = {}
    for veto in card.vetoes:
        struck = find_vetoes(veto, card, incidents, subjects, periods)
        for name in veto.voids:
            voided[name] = voided.get(name, np.zeros(shape, dtype=np.bool_)) | struck
    if "score" in voided:
        limits = np.where(voided["score"], scored.limits - scored.scores, scored.limits)
        scores = np.where(voided["score"], 0, scored.scores)
        scored = replace(scored, scores=scores, limits=limits)
    return scored, voided


def _in_order(cards: Sequence[Scorecard]) -> list[Scorecard]:
    """Return the scorecards, those that look at other scores last."""
    return sorted(cards, key=lambda card: any(line.from_scorecard for line in card.lines))


class _Figures(Mapping[str, Floats]):
    """The figures of a scheme's formulas, each found once, when it is first asked for."""

    def __init__(self, scheme: Scheme, scene: Scene, periods: list[Period]) -> None:
        self._scheme, self._scene, self._periods = scheme, scene, periods
        self.known: dict[str, Floats] = {}
        self.formulas: dict[str, Formula] = {}

    def open_all(self, every: str) -> list[Issue]:
        """Open every formula of a grain; return what is wrong with them."""
        issues = []
        for whose, text in list_texts(self._scheme, every):
            if text and text not in self.formulas:
                formula, found = open_formula(text, self._scheme.indicators, whose)
                issues += found
                if formula is not None and all(self._can_find(name) for name in formula.facts):
                    self.formulas[text] = formula
        return issues

    def open(self, text: str) -> Formula | None:
        """Return an opened formula."""
        return self.formulas.get(text)

    def evaluate(self, formula: Formula | None) -> Floats:
        """Return what a formula comes to for everybody and every period."""
        shape = self._scene.subjects.num, len(self._periods)
        found = np.nan if formula is None else evaluate_expression(formula.expression, self)
        return np.broadcast_to(found, shape).copy()

    def _can_find(self, name: str) -> bool:
        try:
            self[name]
        except KeyError:
            return False
        return True

    def __getitem__(self, name: str) -> Floats:
        if name not in self.known or name.startswith("score_"):
            self.known[name] = find_figure(name, self._scheme.facts, self._scene, self._periods)
        return self.known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)


def _list_rules(card: Scorecard, scheme: Scheme, figures: _Figures) -> pl.DataFrame:
    """Return what each line goes by."""
    lines = []
    for place, line in enumerate(card.lines):
        formula, target = figures.open(formula_of(line, scheme.indicators)), figures.open(line.target)
        facts = sorted({*(formula.facts if formula else ()), *(target.facts if target else ())})
        lines.append((scheme.name, card.name, card.every, place, line.indicator, line.weight, line.score,
                      write_expression(formula.expression) if formula else "",
                      write_expression(target.expression) if target else "", facts, line.owner, line.supplies,
                      line.supervises))  # fmt: skip
    return pl.DataFrame(lines, schema=RULE_SCHEMA, orient="row")


def find_missing(lines: pl.DataFrame) -> list[Issue]:
    """Return a finding for each indicator of a scorecard that had no data for somebody."""
    found = (
        lines.filter(pl.col("why").is_in(["missing", "reweighted"]))
        .group_by("scorecard", "indicator", "why")
        .agg(people=pl.struct("person", "unit").n_unique(), periods=pl.col("period").n_unique())
        .sort("scorecard", "indicator", "why")
    )
    issues = []
    for card, indicator, why, people, periods in found.iter_rows():
        details = (("people", str(people)), ("periods", str(periods)))
        if why == "missing":
            issues.append(_about_data("score_without_data", "warning", card, indicator, details))
        else:
            issues.append(_about_data("score_reweighted", "note", card, indicator, details))
    return issues


def _about_data(
    rule: str, severity: Severity, card: str, indicator: str, details: tuple[tuple[str, str], ...]
) -> Issue:
    return Issue(rule=rule, severity=severity, table="schemes", column=card, value=indicator, details=details)
