"""The work of ``quotum appraise``: open company, plan and schemes, check, score, print or write."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
import polars as pl

from quotum.adapters.calendars import list_working_days
from quotum.adapters.files.appraisal_folder import write_appraisal
from quotum.adapters.files.company_folder import OpenedCompany, open_company
from quotum.adapters.files.digests import digest_file, digest_folder
from quotum.adapters.files.plan_folder import read_plan
from quotum.adapters.files.scheme_toml import FOLDER, read_schemes
from quotum.adapters.printing.appraisal_tables import (
    draw_consequences,
    draw_goals,
    draw_money,
    draw_one,
    draw_scores,
    draw_simulation,
    join_told,
    rows_for_json,
)
from quotum.adapters.printing.print_issues import issue_for_json, print_issues
from quotum.engine.appraisal import Appraisal, check_schemes, hand_down, list_sources, open_sources
from quotum.engine.appraisal.schemes import Scheme
from quotum.engine.appraising import appraise_company, find_period, simulate_company
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.basics.periods import years_before
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.plan_tables import Plan
from quotum.engine.tables.same_company import check_same_company, count_silent_days, with_units_of

_LATER_SALES = "history_after_as_of"  # they are what is scored


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for."""

    folder: Path
    plan: Path | None = None
    period: str = ""
    out: Path | None = None
    person: str | None = None
    check: bool = False
    simulate: bool = False
    data: Path | None = None
    overrides: tuple[str, ...] = ()
    by_unit: bool = False


def run_appraise(wanted: Wanted, *, as_json: bool) -> int:
    """Score a company and print or write it; return the exit code. Nothing is left behind unless it is 0."""
    started = time.perf_counter()
    if wanted.out is not None and wanted.out.exists():
        return _end([Issue(rule="appraisal_exists", table="schemes", file=str(wanted.out))], {}, "", as_json=as_json)
    opened = open_company(wanted.folder, wanted.overrides, wanted.data)
    told = [issue for issue in opened.issues if issue.severity != "note" and issue.rule != _LATER_SALES]
    issues = _fold_rows(told)
    if opened.settings is None or stops(issues):
        return _end(issues, {}, "", as_json=as_json)
    schemes, found = read_schemes(wanted.folder, opened.settings.currency_decimals)
    issues += found
    if not stops(issues):
        issues += check_schemes(opened.company, opened.settings, schemes)
    if stops(issues) or wanted.check:
        return _end(issues, *_tell_check(schemes, stopped=stops(issues)), as_json=as_json)
    plan, found = read_plan(wanted.plan or Path())
    issues += found
    if plan is None:
        return _end(issues, {}, "", as_json=as_json)
    span, found = find_period(wanted.period, plan.settings)
    issues += found + _check_person(wanted.person, opened.company)
    issues += check_same_company(opened.company, opened.settings, plan)
    if span is None or stops(issues):
        return _end(issues, {}, "", as_json=as_json)
    days = list_working_days(plan.settings.country, years_before(span[0], 1), span[1])
    args = (with_units_of(opened.company, plan), plan, schemes, days, *span)
    if wanted.simulate:
        tried = simulate_company(*args)
        issues += tried.appraisal.issues
        shown = {**_as_plain(tried.appraisal, wanted.period), "sensitivity": tried.sensitivity.to_dicts()}
        return _end(issues, shown, draw_simulation(tried, plan.settings.currency_decimals), as_json=as_json)
    made = appraise_company(*args)
    issues += made.issues + _tell_empty(made, wanted.period)
    sources = list_sources(made, schemes, opened.company) if wanted.out or wanted.person else {}
    made = replace(made, tables={**made.tables, **sources})
    if wanted.out is not None:
        issues += _write(wanted, opened, plan, made, schemes, issues, time.perf_counter() - started)
    return _end(issues, *_tell(wanted, made, plan.settings), as_json=as_json)


def check_company_schemes(folder: Path, opened: OpenedCompany) -> list[Issue]:
    """Return what is wrong with the schemes of a company folder; nothing where it has none."""
    if opened.settings is None or not (folder / FOLDER).is_dir() or stops(opened.issues):
        return []
    schemes, issues = read_schemes(folder, opened.settings.currency_decimals)
    return issues if stops(issues) else [*issues, *check_schemes(opened.company, opened.settings, schemes)]


def _fold_rows(issues: list[Issue]) -> list[Issue]:
    """Return findings with rows that lie outside of the plan counted on one line a table: they are no news here."""
    kept: dict[tuple[str, str] | int, Issue] = {}
    for place, issue in enumerate(issues):
        key = (issue.file, issue.column) if issue.rule == "outside_plan" else place
        kept[key] = replace(kept[key], more=kept[key].more + 1 + issue.more) if key in kept else issue
    return list(kept.values())


def _check_person(person: str | None, company: Company) -> list[Issue]:
    people = company["people"]["person"].to_list()
    if person is None or person in people:
        return []
    return [Issue(rule="person_unknown", table="people", column="person", value=person)]


def _tell_empty(made: Appraisal, period: str) -> list[Issue]:
    told = made["scores"].height + made["commissions"].height + made["cost_quotas"].height
    issues = [] if told else [Issue(rule="appraisal_nobody", severity="warning", table="schemes", value=period)]
    sold = made.scene.rows["sales"]["date"]
    latest = sold.max()
    if isinstance(latest, date) and latest < made.until - timedelta(days=count_silent_days(sold)):
        issues.append(Issue(rule="appraisal_not_over", severity="warning", table="sales", value=str(latest),
                            details=(("period", period),)))  # fmt: skip
    return issues


def _write(
    wanted: Wanted, opened: OpenedCompany, plan: Plan, made: Appraisal, schemes: tuple[Scheme, ...],
    issues: list[Issue], seconds: float,
) -> list[Issue]:  # fmt: skip
    """Write the appraisal with its workbook."""
    assert wanted.out is not None
    assert wanted.plan is not None
    inputs = digest_folder(wanted.folder, opened.foreign)
    for scheme in schemes:
        inputs[scheme.file] = digest_file(wanted.folder / scheme.file)
    return write_appraisal(
        made, wanted.out, name=plan.settings.name, period=wanted.period, parent=digest_file(wanted.plan / "plan.json"),
        schemes=schemes, inputs=inputs, run={"seconds": round(seconds, 3)}, issues=issues,
        finish=_finish(made, opened.company, plan.settings, schemes, by_unit=wanted.by_unit),
    )  # fmt: skip


def _finish(
    made: Appraisal, company: Company, settings: PlanSettings, schemes: tuple[Scheme, ...], *, by_unit: bool
) -> Callable[[Path], None]:
    from quotum.adapters.files.appraisal_workbook import write_appraisal_workbook, write_unit_workbooks

    def write(folder: Path) -> None:
        write_appraisal_workbook(made, company, settings, schemes, folder / "appraisal.xlsx")
        if by_unit:
            write_unit_workbooks(made, company, settings, schemes, folder / "units")

    return write


def _tell_check(schemes: tuple[Scheme, ...], *, stopped: bool) -> tuple[dict[str, Any], str]:
    """Return the goals that schemes hand down."""
    if stopped:
        return {}, ""
    goals = pl.concat([hand_down(scheme)[0] for scheme in schemes])
    told = f"{len(schemes)} schemes, {sum(len(s.scorecards) for s in schemes)} scorecards"
    return {"goals": goals.to_dicts()}, join_told([draw_goals(goals) if goals.height else "", told])


def _tell(wanted: Wanted, made: Appraisal, settings: PlanSettings) -> tuple[dict[str, Any], str]:
    shown, decimals = _as_plain(made, wanted.period), settings.currency_decimals
    if wanted.person:
        shown["rows"] = [row for row in shown["rows"] if row["person"] == wanted.person]
        sources = open_sources(made.tables, person=wanted.person)
        shown["sources"] = [{**row, "date": str(row["date"])} for row in sources.to_dicts()]
        return shown, draw_one(made.tables, sources, person=wanted.person)
    written = f"Written to {wanted.out}" if wanted.out else ""
    told = [draw_scores(made, decimals), draw_consequences(made["consequences"]), draw_money(made, decimals), written]
    return shown, join_told(told)


def _as_plain(made: Appraisal, period: str) -> dict[str, Any]:
    further = ("commissions", "cost_quotas", "goals", "consequences")
    return {
        "period": period, "since": made.since.isoformat(), "until": made.until.isoformat(), "rows": rows_for_json(made),
        **{name: json.loads(made[name].write_json()) for name in further},
    }  # fmt: skip


def _end(issues: list[Issue], shown: dict[str, Any], told: str, *, as_json: bool) -> int:
    """Print what was made and found; return the exit code."""
    code = 2 if any(issue.severity == "error" for issue in issues) else 1 if stops(issues) else 0
    if as_json:
        told_issues = [issue_for_json(issue) for issue in issues]
        click.echo(json.dumps({**shown, "issues": told_issues}, ensure_ascii=False))
        return code
    print_issues(issues)
    if told and not code:
        click.echo(told)
    return code
