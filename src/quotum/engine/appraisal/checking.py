"""What is wrong with a scheme before the period begins: said at once, to those who write it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date

import polars as pl

from quotum.engine.appraisal.bands import Fault, find_faults
from quotum.engine.appraisal.figures import LAST_YEAR, known_names
from quotum.engine.appraisal.formulas import formula_of, open_formula
from quotum.engine.appraisal.handing_down import hand_down
from quotum.engine.appraisal.schemes import INFINITE, Commission, Line, Scheme, Scorecard, in_force
from quotum.engine.appraisal.scoring import bounds_of
from quotum.engine.appraisal.subjects import list_subjects
from quotum.engine.basics.issues import Issue, Severity
from quotum.engine.basics.nearest import nearest
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.schema import TABLES

_LISTED = 10
_DERIVED = {"holdings": "customers"}
_EXTRA = {"is_first", "is_sale", "is_returning", "is_existing", "category", "filled", "margin_e4", "class", "channel",
          "area", "customer", "person", "unit", "cycle_days"}  # fmt: skip
DEFAULT_LOW, DEFAULT_HIGH = 0.0, 100.0


def check_schemes(company: Company, settings: PlanSettings, schemes: Sequence[Scheme]) -> list[Issue]:
    """Return every finding about schemes: bands, weights, data, owners, rules that never fire, people without any.

    Errors forbid an appraisal; warnings and notes are told and scored all the same.
    """
    issues: list[Issue] = []
    for scheme in schemes:
        issues += [issue for found in _check(company, settings, scheme) for issue in found]
    return issues + _find_uncovered(company, settings, schemes) + _find_superseded(schemes)


def _check(company: Company, settings: PlanSettings, scheme: Scheme) -> Iterator[list[Issue]]:
    names = known_names(scheme.facts, settings.measures, [card.name for card in scheme.scorecards])
    yield _check_said(scheme)
    yield _check_facts(scheme)
    for card in scheme.scorecards:
        yield _check_weights(scheme, card)
        yield _check_grades(scheme, card)
        yield _check_pay(scheme, card)
        yield _check_whom(scheme, card.name, company, card)
        for line in card.lines:
            yield _check_line(company, scheme, card, line, names)
    for commission in scheme.commissions:
        yield _check_commission(scheme, commission, names)
        yield _check_whom(scheme, commission.name, company, commission)
    for quota in scheme.cost_quotas:
        yield [_issue(scheme, "quota_of_fixed", quota.item, "warning")] if quota.fixed else []
        items = set(company["costs"]["item"].unique().to_list())
        if not items:
            yield [_issue(scheme, "indicator_without_data", quota.item, "warning", where=quota.item, table="costs")]
        elif quota.item not in items:
            yield [_issue(scheme, "quota_item_unknown", quota.item, "warning", nearest=nearest(quota.item, items))]
    if scheme.goals or scheme.handovers:
        yield hand_down(scheme)[1]


def _check_weights(scheme: Scheme, card: Scorecard) -> list[Issue]:
    whole = sum(line.weight for line in card.lines)
    issues = []
    if abs(whole - card.weights) > 1e-9:
        issues.append(_issue(scheme, "weights_not_whole", card.name, sum=f"{whole:g}", wanted=f"{card.weights:g}"))
    twice = {line.indicator for line in card.lines if sum(o.indicator == line.indicator for o in card.lines) > 1}
    return issues + [_issue(scheme, "indicator_twice", name, card=card.name) for name in sorted(twice)]


def card_bounds(card: Scorecard) -> tuple[float, float]:
    """Return the least and the most that a scorecard can come to."""
    bounds = [bounds_of(line) for line in card.lines]
    low, high = sum(low for low, _ in bounds), sum(high for _, high in bounds)
    return (low if card.floor is None else max(low, card.floor)), (high if card.cap is None else min(high, card.cap))


def _check_grades(scheme: Scheme, card: Scorecard) -> list[Issue]:
    if not card.bands:
        return []
    low, high = card_bounds(card)
    faults = find_faults(card.bands, max(low, DEFAULT_LOW), min(high, DEFAULT_HIGH))
    issues = _tell_faults(scheme, f"{card.name}.band", faults)
    beyond = [band for band in card.bands if band.low > high or band.high < low]
    return issues + [
        _issue(scheme, "rule_never_fires", band.name, "warning", where=f"{card.name}.band", why="out_of_reach",
               low=f"{low:g}", high=f"{high:g}")
        for band in beyond
    ]  # fmt: skip


def _tell_faults(scheme: Scheme, where: str, faults: Sequence[Fault]) -> list[Issue]:
    issues = []
    for fault in faults:
        span = f"{fault.low:g}" if fault.low == fault.high else f"{fault.low:g} to {fault.high:g}"
        names = {"first": fault.first, "second": fault.second, "where": where}
        if fault.kind in ("gap", "overlap"):
            issues.append(_issue(scheme, f"bands_{fault.kind}", span, "warning", **names))
        else:
            issues.append(_issue(scheme, "rule_never_fires", fault.first or span, "warning", where=where,
                                 why=fault.kind))  # fmt: skip
    return issues


def _check_pay(scheme: Scheme, card: Scorecard) -> list[Issue]:
    if card.pay is None:
        return []
    issues = []
    _, high = card_bounds(card)
    if card.pay.step is None and high > card.pay.full_at:
        issues.append(_issue(scheme, "pay_step_open", card.name, "warning", full_at=f"{card.pay.full_at:g}"))
    elif card.pay.step and high <= card.pay.full_at:
        issues.append(_issue(scheme, "rule_never_fires", "step", "warning", where=f"{card.name}.pay",
                             why="out_of_reach", high=f"{high:g}"))  # fmt: skip
    return issues


def _check_line(company: Company, scheme: Scheme, card: Scorecard, line: Line, names: Collection[str]) -> list[Issue]:
    where = f"{card.name}.{line.indicator}"
    issues = []
    known = scheme.indicators.get(line.indicator)
    text = formula_of(line, scheme.indicators)
    if known is None and not line.from_scorecard and line.score != "deduct":
        issues.append(_issue(scheme, "indicator_unknown", line.indicator, where=where,
                             nearest=nearest(line.indicator, scheme.indicators)))  # fmt: skip
    elif known is not None and not text and line.score != "deduct":
        issues.append(_issue(scheme, "indicator_undefined", line.indicator, "warning", where=where, asks=known.asks))
    if line.from_scorecard and line.from_scorecard not in {other.name for other in scheme.scorecards}:
        issues.append(_issue(scheme, "scorecard_unknown", line.from_scorecard, where=where))
    for formula in (text, line.target):
        issues += _check_formula(company, scheme, formula, where, names)
    if line.score == "deduct" and not text and company["incidents"].is_empty():
        issues.append(_issue(scheme, "indicator_without_data", line.indicator, "warning", where=where,
                             table="incidents"))  # fmt: skip
    if not line.owner and not line.parts:
        issues.append(_issue(scheme, "indicator_without_owner", line.indicator, "warning", scorecard=card.name))
    whole = sum(part for _, part in line.parts)
    if line.parts and abs(whole - 1.0) > 1e-9:
        issues.append(_issue(scheme, "goal_parts", line.indicator, post=card.name, sum=f"{whole:g}"))
    if line.score == "steps":
        high = INFINITE if line.cap is None else line.cap
        issues += _tell_faults(scheme, f"{where}.step", find_faults(line.steps, 0.0, high))
    return issues + _find_dead_rules(scheme, line, where)


def _find_dead_rules(scheme: Scheme, line: Line, where: str) -> list[Issue]:
    """Find rules of a line that nothing can set off."""
    issues = []
    if line.cap is not None and line.start > line.cap:
        issues.append(_issue(scheme, "rule_never_fires", "start", "warning", where=where, why="above_cap"))
    seen: set[tuple[str, str]] = set()
    for rule in line.deductions:
        if (rule.kind, "") in seen or (rule.kind, rule.severity) in seen:
            issues.append(_issue(scheme, "rule_never_fires", rule.kind, "warning", where=where, why="hidden"))
        seen.add((rule.kind, rule.severity))
    if line.score == "deduct" and not line.deductions:
        issues.append(_issue(scheme, "rule_never_fires", line.indicator, "warning", where=where, why="no_events"))
    if line.score == "bonus" and not line.each and line.most == INFINITE:
        issues.append(_issue(scheme, "bonus_open", line.indicator, where=where))
    return issues


def _check_formula(company: Company, scheme: Scheme, text: str, where: str, names: Collection[str]) -> list[Issue]:
    """Find unknown names and facts whose table is empty."""
    if not text:
        return []
    formula, issues = open_formula(text, scheme.indicators, where)
    issues = [_in_file(scheme, issue) for issue in issues]
    for name in formula.facts if formula else ():
        if name not in names:
            known = (*names, *scheme.indicators)
            issues.append(_issue(scheme, "figure_unknown", name, where=where, nearest=nearest(name, known)))
            continue
        fact = scheme.facts.get(name)
        table = fact.table if fact else "sales" if name.removesuffix(LAST_YEAR) in names and not _is_plans(name) else ""
        if table and company[_DERIVED.get(table, table)].is_empty():
            issues.append(_issue(scheme, "indicator_without_data", where.rpartition(".")[2], "warning", where=where,
                                 table=table))  # fmt: skip
    return list(dict.fromkeys(issues))


def _is_plans(name: str) -> bool:
    return name.endswith(("_target", "_stretch")) or name in ("heads", "working_days") or name.startswith("score_")


def _check_facts(scheme: Scheme) -> list[Issue]:
    """Find facts of tables and columns that are not there."""
    issues = []
    for fact in scheme.facts.values():
        table = TABLES.get(_DERIVED.get(fact.table, fact.table))
        if table is None:
            issues.append(
                _issue(scheme, "fact_table", fact.name, table=fact.table, nearest=nearest(fact.table, TABLES))
            )
            continue
        known = {*table.schema, *_EXTRA}
        asked = [fact.column, fact.on, *(column for column, _ in fact.where)]
        issues += [
            _issue(scheme, "fact_column", fact.name, column=column, table=fact.table, nearest=nearest(column, known))
            for column in asked
            if column and column not in known
        ]
    return issues


def _check_commission(scheme: Scheme, commission: Commission, names: Collection[str]) -> list[Issue]:
    where = commission.name
    issues = _tell_faults(scheme, f"{where}.tier", find_faults(commission.tiers, 0.0, INFINITE))
    if not commission.tiers:
        issues.append(_issue(scheme, "commission_without_tiers", where))
    formula, found = open_formula(commission.target, scheme.indicators, where) if commission.target else (None, [])
    issues += [_in_file(scheme, issue) for issue in found]
    issues += [
        _issue(scheme, "figure_unknown", name, where=where, nearest=nearest(name, names))
        for name in (formula.facts if formula else ())
        if name not in names
    ]
    if commission.factors and commission.on != "ordered":
        issues.append(_issue(scheme, "rule_never_fires", "factor", "warning", where=where, why="no_products"))
    if commission.accelerator != 1.0 and commission.accelerate_from == INFINITE:
        issues.append(_issue(scheme, "rule_never_fires", "accelerator", "warning", where=where, why="no_start"))
    return issues


def _check_whom(scheme: Scheme, name: str, company: Company, part: Scorecard | Commission) -> list[Issue]:
    if list_subjects(company).chosen(part).any():
        return []
    return [_issue(scheme, "scorecard_of_nobody", name, "warning", roles=", ".join(part.roles))]


def _check_said(scheme: Scheme) -> list[Issue]:
    """Tell where the written scheme says two things, or leaves one open."""
    issues = []
    for what in dict.fromkeys(said.what for said in scheme.said):
        places = [said for said in scheme.said if said.what == what]
        used = next((f"{said.used:g}" for said in places if said.used is not None), "")
        spans = [_span(said.low, said.high) + (f" ({said.where})" if said.where else "") for said in places]
        if len({(said.low, said.high) for said in places}) > 1:
            issues.append(_issue(scheme, "scheme_says_two", what, "warning", said="; ".join(spans), used=used))
        elif places[0].low < places[0].high:
            issues.append(_issue(scheme, "scheme_leaves_open", what, "warning", said=spans[0], used=used))
    return issues


def _span(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _find_uncovered(company: Company, settings: PlanSettings, schemes: Sequence[Scheme]) -> list[Issue]:
    """Find people who work in the plan and are on no scorecard that is in force on its first day or later."""
    subjects = list_subjects(company)
    covered = [
        subjects.chosen(card)
        for scheme in schemes
        if scheme.since < settings.until and (scheme.until is None or scheme.until > settings.since)
        for card in scheme.scorecards
    ]
    if not covered:
        return []
    frame = subjects.frame.with_columns(covered=sum(mask.astype(int) for mask in covered))
    people = frame.filter(person_is_there(settings.since, settings.until), covered=0)["person"].to_list()
    if not people:
        return []
    names = ", ".join(people[:_LISTED]) + (" …" if len(people) > _LISTED else "")
    return [Issue(rule="person_without_scorecard", severity="warning", table="people", column="role", value=names,
                  details=(("people", str(len(people))),))]  # fmt: skip


def person_is_there(since: date, until: date) -> pl.Expr:
    """Return the condition that a person works at some time between two days."""
    hired, left = pl.col("hired").fill_null(date.min), pl.col("left").fill_null(date.max)
    return pl.col("person").is_not_null() & (hired < until) & (left > since)


def _find_superseded(schemes: Sequence[Scheme]) -> list[Issue]:
    """Find schemes that are never in force: empty, or replaced by another of the same name on the same day."""
    return [
        _issue(scheme, "scheme_never_holds", scheme.name, "warning", since=str(scheme.since))
        for scheme in schemes
        if scheme not in in_force(tuple(schemes), scheme.since)
    ]


def _in_file(scheme: Scheme, issue: Issue) -> Issue:
    return Issue(rule=issue.rule, severity=issue.severity, table="schemes", file=scheme.file, column=issue.column,
                 value=issue.value, details=issue.details)  # fmt: skip


def _issue(scheme: Scheme, rule: str, value: str, severity: Severity = "error", **details: str) -> Issue:
    return Issue(rule=rule, severity=severity, table="schemes", file=scheme.file, value=value,
                 details=tuple(details.items()))  # fmt: skip
