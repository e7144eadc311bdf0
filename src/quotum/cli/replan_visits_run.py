"""The work of ``quotum replan-visits``."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path

import click
import polars as pl

from quotum.adapters.files.company_folder import open_company
from quotum.adapters.files.digests import digest_folder
from quotum.adapters.files.plan_folder import read_plan
from quotum.adapters.files.visit_folder import read_visits, write_visits
from quotum.adapters.printing.print_issues import issue_for_json, print_issues
from quotum.adapters.printing.visit_tables import answer_visits, draw_moves, draw_people, tell_answer, tell_moves
from quotum.adapters.visit_scene import open_scene
from quotum.cli.plan_visits_run import Wanted, plan_scene, write_workbook
from quotum.engine.action_plan.replanning import first_free_day, replan_visits
from quotum.engine.action_plan.visit_plan import VisitPlan
from quotum.engine.action_plan.visit_tasks import Scene
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.revisions.handover_list import apply_handovers
from quotum.engine.tables.company import Company
from quotum.engine.tables.key_order import in_key_order
from quotum.engine.tables.same_company import check_people


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to which plan."""

    visits: Path
    today: date
    freeze: int
    absent: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    plan: Path | None = None


def run_replan_visits(wanted: Wanted, change: Change, *, as_json: bool) -> int:
    """Plan anew and write; return the exit code. Nothing is left behind unless it is 0."""
    started = time.perf_counter()
    published, name, issues = read_visits(change.visits)
    if wanted.out.exists():
        issues.append(Issue(rule="plan_exists", table="plan", file=str(wanted.out)))
    made = None
    if published is not None and not stops(issues):
        opened = open_company(wanted.folder, wanted.overrides, wanted.data)
        issues += [*opened.issues, *check_people(opened.company, published["visit_people"]["person"].to_list())]
        if opened.settings is not None and not stops(issues):
            company, found = change_company(in_key_order(opened.company), change, published.until)
            issues += found
            if change.plan is not None:
                company, found = pass_on(company, change.plan)
                issues += found
            visits = replace(opened.settings.visits, since=published.since, until=published.until)
            scene, _ = open_scene(company, opened.settings, visits)
            first = first_free_day(scene.dates, change.today, change.freeze)
            if first is None:
                issues.append(Issue(rule="nothing_free", value=str(change.today),
                                    details=(("until", str(published.until)),)))  # fmt: skip
            elif not stops(issues):
                scene, _ = open_scene(company, opened.settings, replace(visits, since=first))
                made, found = _replan(scene, published, change, wanted, as_json=as_json)
                issues += found
        if made is not None and opened.settings is not None:
            issues += write_visits(made, wanted.out, name=name, inputs=digest_folder(wanted.folder, opened.foreign),
                                   parent=change.visits.name, run={"seconds": round(time.perf_counter() - started, 3)},
                                   finish=partial(write_workbook, made, opened.settings,
                                                  opened.company["activities"]))  # fmt: skip
    return _report(issues, made, published, wanted.out, time.perf_counter() - started, as_json=as_json)


def _replan(
    scene: Scene, published: VisitPlan, change: Change, wanted: Wanted, *, as_json: bool
) -> tuple[VisitPlan | None, list[Issue]]:
    return plan_scene(
        scene, wanted.folder, None, jobs=wanted.jobs, as_json=as_json, frozen=published["agenda"],
        make=lambda travel, run: replan_visits(scene, published, change.today, travel, run),
    )  # fmt: skip


def change_company(company: Company, change: Change, end: date) -> tuple[Company, list[Issue]]:
    """Return the company with what the command line says happened; ``end`` is the plan's."""
    issues, tables = [], dict(company.tables)
    rows = []
    people, customers = set(tables["people"]["person"]), set(tables["customers"]["customer"])
    for text in change.absent:
        person, _, span = text.partition("=")
        since, _, until = span.partition("/")
        try:
            first, back = date.fromisoformat(since), date.fromisoformat(until)
        except ValueError:
            first = back = date.max
        if first >= back:
            issues.append(Issue(rule="absent_syntax", value=text))
        elif back <= change.today or first >= end:
            issues.append(Issue(rule="absent_outside", severity="warning", value=text,
                                details=(("today", str(change.today)), ("until", str(end)))))  # fmt: skip
        else:
            rows.append((person, first, back, None))
        if person not in people:
            issues.append(Issue(rule="person_unknown", column="person", value=person))
    issues += [Issue(rule="customer_unknown", value=key) for key in change.drop if key not in customers]
    if rows:
        more = pl.DataFrame(rows, schema=tables["absences"].schema, orient="row")
        tables["absences"] = pl.concat([tables["absences"], more])
    for table in ("customers", "ownership", "projects", "appointments"):
        gone = pl.col("customer").is_in(list(change.drop)).fill_null(value=False)
        tables[table] = tables[table].filter(~gone)
    return replace(company, tables=tables), issues


def pass_on(company: Company, folder: Path) -> tuple[Company, list[Issue]]:
    """Return the company whose projects and fixed dates are with whoever took them over in a re-planned plan."""
    plan, issues = read_plan(folder)
    if plan is None:
        return company, issues
    if "handovers" not in plan.tables:
        return company, [Issue(rule="plan_without_handovers", table="plan", file=str(folder))]
    return apply_handovers(company, plan["handovers"]), issues


def _report(
    issues: list[Issue], made: VisitPlan | None, published: VisitPlan | None, out: Path, seconds: float, *,
    as_json: bool,
) -> int:  # fmt: skip
    severities = {issue.severity for issue in issues}
    code = 2 if "error" in severities else 1 if "conflict" in severities else 0
    fine = made is not None and published is not None and not code
    moves = made["moves"].to_dicts() if made is not None and fine else []
    if as_json:
        told = {
            "visits": str(out) if not code else None, "moves": moves, "issues": list(map(issue_for_json, issues)),
            **({"answer": answer_visits(made.tables)} if made is not None and fine else {}),
        }  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False, default=str))
        return code
    if made is not None and fine:
        click.echo(tell_answer(made.tables, made.free_from))
    print_issues(issues)
    if made is not None and published is not None and fine:
        click.echo(tell_moves(published, made))
        click.echo(f"{draw_moves(made)}\n\n{draw_people(made)}")
        click.echo(f"Written to {out} in {seconds:.1f} s")
    return code
