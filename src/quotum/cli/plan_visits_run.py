"""The work of ``quotum plan-visits``: open the company, plan people, check, write."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, cast

import click
import polars as pl

from quotum.adapters.computing import count_kept, run_kept
from quotum.adapters.files.company_folder import open_company
from quotum.adapters.files.digests import digest_folder
from quotum.adapters.files.plan_folder import read_plan
from quotum.adapters.files.visit_folder import write_visits
from quotum.adapters.printing.print_issues import issue_for_json, print_issues
from quotum.adapters.printing.visit_tables import answer_visits, draw_people, sum_visits, tell_answer
from quotum.adapters.travel_times import open_travel
from quotum.adapters.travel_times.routing_service import ServiceFailed
from quotum.adapters.visit_scene import check_plan, open_scene
from quotum.engine.action_plan.person_tasks import PersonTask, TravelMinutes
from quotum.engine.action_plan.visit_plan import RunAll, VisitPlan, make_visit_plan
from quotum.engine.action_plan.visit_tasks import Scene
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.kernels.periodic.image import is_compiled
from quotum.engine.tables.key_order import in_key_order
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.visit_settings import Effort, VisitSettings


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for."""

    folder: Path
    out: Path
    since: date | None = None
    until: date | None = None
    effort: str | None = None
    people: tuple[str, ...] = ()
    plan: Path | None = None
    jobs: int = 1
    data: Path | None = None
    overrides: tuple[str, ...] = ()


def run_plan_visits(wanted: Wanted, *, as_json: bool) -> int:
    """Plan a company's visits and write them; return the exit code. Nothing is left behind unless it is 0."""
    started = time.perf_counter()
    if wanted.out.exists():
        return report([Issue(rule="plan_exists", table="plan", file=str(wanted.out))], None, wanted.out, 0.0, as_json)
    opened = open_company(wanted.folder, wanted.overrides, wanted.data)
    issues, made = list(opened.issues), None
    if opened.settings is not None and not stops(issues):
        settings = opened.settings
        visits, found = choose_settings(settings, wanted)
        issues += found + _check_plan(wanted.plan, visits)
        company = in_key_order(opened.company)
        if not stops(issues):
            scene, found = open_scene(company, settings, visits)
            issues += found
            scene, found = only_people(scene, wanted.people)
            issues += found
        if not stops(issues):
            kept = wanted.out.with_name(f".{wanted.out.name}.kept")
            made, found = plan_scene(scene, wanted.folder, kept, jobs=wanted.jobs, as_json=as_json)
            issues += found
        if made is not None:
            inputs = digest_folder(wanted.folder, opened.foreign)
            parent = "" if wanted.plan is None else str(wanted.plan.name)
            issues += write_visits(made, wanted.out, name=settings.name, inputs=inputs, parent=parent,
                                   run={"seconds": round(time.perf_counter() - started, 3)},
                                   finish=partial(write_workbook, made, settings, company["activities"]))  # fmt: skip
            shutil.rmtree(wanted.out.with_name(f".{wanted.out.name}.kept"), ignore_errors=True)
    return report(issues, made, wanted.out, time.perf_counter() - started, as_json)


def write_workbook(plan: VisitPlan, settings: PlanSettings, activities: pl.DataFrame, folder: Path) -> None:
    """Write the team's workbook into the folder of a visit plan, with what was made beside what is planned."""
    from quotum.adapters.files.visit_papers import write_team_workbook

    write_team_workbook(plan, settings, folder / "visits.xlsx", activities)


def choose_settings(settings: PlanSettings, wanted: Wanted) -> tuple[VisitSettings, list[Issue]]:
    """Return the settings of the visits with what the command line says of them."""
    visits = settings.visits
    since = wanted.since or visits.since or settings.since
    until = wanted.until or visits.until or settings.until
    visits = replace(visits, since=since, until=until, effort=cast(Effort, wanted.effort or visits.effort))
    issues = []
    if not visits.cadence.is_given:
        issues.append(Issue(rule="cadence_missing", table="plan", file="plan.toml", column="cadence"))
    if since >= until:
        issues.append(Issue(rule="period_empty", column="until", value=str(until), details=(("since", str(since)),)))
    elif (until - since).days > 366:
        issues.append(Issue(rule="period_too_long", column="until", value=str(until),
                            details=(("since", str(since)), ("days", "366"))))  # fmt: skip
    return visits, issues


def only_people(scene: Scene, people: tuple[str, ...]) -> tuple[Scene, list[Issue]]:
    """Return the scene of some people only; unknown ones are issues."""
    if not people:
        return scene, []
    known = scene.company["people"]["person"].to_list()
    issues = [Issue(rule="person_unknown", table="people", column="person", value=p) for p in people if p not in known]
    tables = dict(scene.company.tables)
    tables["people"] = tables["people"].filter(pl.col("person").is_in(list(people)))
    theirs = scene.owners.filter(pl.col("owner").is_in(list(people)))["customer"]
    owners = scene.owners.filter(pl.col("customer").is_in(theirs.implode()))  # with those before and after
    tables["customers"] = tables["customers"].filter(pl.col("customer").is_in(owners["customer"].implode()))
    tables["appointments"] = tables["appointments"].filter(pl.col("person").is_in(list(people)))
    return replace(scene, company=replace(scene.company, tables=tables), owners=owners), issues


def plan_scene(
    scene: Scene, folder: Path, kept: Path | None, *, jobs: int, as_json: bool,
    make: Callable[[TravelMinutes, RunAll], VisitPlan] | None = None, frozen: pl.DataFrame | None = None,
) -> tuple[VisitPlan | None, list[Issue]]:  # fmt: skip
    """Return everybody's visits, checked by the checker that knows nothing of the planner.

    ``kept``: a folder for what is finished. ``make`` plans otherwise than from nothing; ``frozen`` is then the agenda
    of the plan before, whose days before the scene's first stay.
    """
    travel, issues = open_travel(scene.settings.travel, folder, folder / ".travel-cache")
    if stops(issues):
        return None, issues
    if kept is not None and count_kept(kept) and not as_json:
        click.echo(f"Taking up what an earlier run left: {count_kept(kept)} batches.", err=True)
    if not is_compiled() and not as_json:
        click.echo("The planner is not compiled yet, which takes a minute or two; `python -m quotum.engine.kernels` "
                   "does it once.", err=True)  # fmt: skip

    def run_all(
        plan: Callable[[PersonTask], Any], tasks: Iterable[PersonTask]
    ) -> Iterator[dict[str, list[tuple[object, ...]]]]:
        total = scene.owners["owner"].n_unique()
        tell = None if as_json else partial(_tell_progress, total=total)
        return run_kept(plan, tasks, kept, processes=jobs, progress=tell)

    try:
        made = make_visit_plan(scene, travel, run_all) if make is None else make(travel, run_all)
        faults = check_plan(scene, made, travel, None if frozen is None else (frozen, scene.since))
    except KeyboardInterrupt:
        if kept is not None and count_kept(kept):
            click.echo("\nInterrupted: who is planned is kept, and the same command goes on there.", err=True)
        raise
    except ServiceFailed as problem:
        url = scene.settings.travel.url
        return None, [*issues, Issue(rule="travel_service_failed", value=str(problem), details=(("url", url),))]
    return (None if stops(faults) else made), [*issues, *made.issues, *faults]


def report(issues: list[Issue], plan: VisitPlan | None, out: Path, seconds: float, as_json: bool) -> int:
    """Print findings and what was planned; return the exit code."""
    severities = {issue.severity for issue in issues}
    code = 2 if "error" in severities else 1 if "conflict" in severities else 0
    if as_json:
        told: Mapping[str, Any] = {
            "visits": str(out) if code == 0 else None,
            "issues": [issue_for_json(issue) for issue in issues],
            **({} if plan is None or code else {"since": plan.since.isoformat(), "until": plan.until.isoformat(),
                                                 "answer": answer_visits(plan.tables),
                                                 "people": sum_visits(plan).to_dicts()}),
        }  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False))
        return code
    if plan is not None and not code:
        click.echo(tell_answer(plan.tables))
    print_issues(issues)
    if plan is not None and not code:
        click.echo(f"Visits from {plan.since} until {plan.until}\n{draw_people(plan)}")
        click.echo(f"Written to {out} in {seconds:.1f} s; `quotum show {out} --visits` tells the days")
    return code


def _check_plan(folder: Path | None, visits: VisitSettings) -> list[Issue]:
    """Tell where the visits leave the period of the plan they belong to."""
    if folder is None:
        return []
    plan, issues = read_plan(folder)
    if plan is None:
        return issues
    inside = plan.settings.since <= (visits.since or date.min) and (visits.until or date.max) <= plan.settings.until
    details = (("since", str(plan.settings.since)), ("until", str(plan.settings.until)))
    return [] if inside else [Issue(rule="visits_outside_plan", table="plan", file=str(folder), details=details)]


_last_told = [0.0]


def _tell_progress(done: int, total: int) -> None:
    """Say on a terminal how many people are planned."""
    now = time.perf_counter()
    if sys.stderr.isatty() and now - _last_told[0] > 1.0:
        _last_told[0] = now
        print(f"{done:,} of {max(done, total):,} people planned ...", file=sys.stderr, flush=True)
