"""What ``quotum plan`` does: open, plan, write; one line a stage on the way."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from quotum.adapters.calendars import list_days
from quotum.adapters.files.company_folder import open_company
from quotum.adapters.files.digests import digest_folder
from quotum.adapters.files.plan_folder import read_plan, write_plan
from quotum.adapters.files.plan_workbook import write_plan_workbook
from quotum.adapters.printing.amounts import format_amount
from quotum.adapters.printing.feasibility_tables import draw_block, feasibility_for_json
from quotum.adapters.printing.print_issues import issue_for_json, print_issues
from quotum.adapters.printing.visit_tables import answer_visits, tell_answer
from quotum.engine.asking import follow_plan
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.customers import describe_customers
from quotum.engine.planning import assess_targets, calendar_span, keep_customers, keep_feasibility, make_plan
from quotum.engine.tables.company import Company
from quotum.engine.tables.key_order import in_key_order
from quotum.engine.tables.plan_tables import Plan
from quotum.engine.targets import Feasibility


def run_plan(
    folder: Path, out: Path, overrides: Sequence[str], *, as_json: bool, data: Path | None = None,
    before: Path | None = None,
) -> int:  # fmt: skip
    """Plan a company folder and write the plan; return the exit code. Nothing is left behind unless it is 0."""
    timings: dict[str, float] = {}
    if out.exists():
        return _report([Issue(rule="plan_exists", table="plan", file=str(out))], None, out, timings, as_json=as_json)
    with _stage("Reading", timings):
        opened = open_company(folder, overrides, data)
    plan, issues, answer = None, opened.issues, None
    if opened.settings is not None and not stops(issues):
        with _stage("Reading the calendar", timings):
            days, found = list_days(opened.settings.country, *calendar_span(opened.settings))
            issues = issues + found
        if not stops(issues):
            with _stage("Weighing", timings):
                company = in_key_order(opened.company)
                customers = describe_customers(company, opened.settings, opened.settings.as_of)
                answer = assess_targets(company, opened.settings, days, customers)
            if not as_json:
                click_echo(draw_block(answer, opened.settings, folder) + "\n")
            with _stage("Planning", timings):
                plan, issues = make_plan(opened.company, opened.settings, days, issues + answer.issues)
                plan = plan and keep_customers(keep_feasibility(plan, answer), customers)
    if plan is not None and before is not None:
        plan, found = _take_over(plan, before)
        issues = issues + found
    if plan is not None and plan.settings.visits.wanted:
        with _stage("Planning visits", timings):
            plan, found = _add_visits(plan, in_key_order(opened.company), folder, as_json=as_json)
            issues = issues + found
    if plan is not None:
        made = plan
        with _stage("Writing", timings):
            issues = issues + write_plan(
                plan, out, inputs=digest_folder(folder, opened.foreign), run={"seconds": timings},
                finish=lambda unfinished: _write_workbooks(made, unfinished),
            )  # fmt: skip
    return _report(issues, plan, out, timings, answer, as_json=as_json)


def _take_over(plan: Plan, folder: Path) -> tuple[Plan | None, list[Issue]]:
    """Return the plan with the months that the plan before it asked, None where that cannot be."""
    before, issues = read_plan(folder)
    if before is not None and not stops(issues):
        plan, found = follow_plan(plan, before)
        issues = [*issues, *found]
    return None if before is None or stops(issues) else plan, issues


def _add_visits(plan: Plan, company: Company, folder: Path, *, as_json: bool) -> tuple[Plan | None, list[Issue]]:
    """Return the plan with the visits that [visits] asks for, None where they cannot be planned."""
    from quotum.adapters.visit_scene import open_scene
    from quotum.cli.plan_visits_run import plan_scene  # most plans have none

    scene, found = open_scene(company, plan.settings, plan.settings.visits)
    visits, more = plan_scene(scene, folder, None, jobs=1, as_json=as_json)
    kept = [issue for issue in found if issue.rule != "provisional_calendar"]  # told before
    return (None if visits is None else replace(plan, tables={**plan.tables, **visits.tables})), [*kept, *more]


def _write_workbooks(plan: Plan, folder: Path) -> None:
    """Write the plan's workbook, and that of its visits where it has some."""
    write_plan_workbook(plan, folder / "plan.xlsx")
    if "visits" in plan.tables:
        from quotum.adapters.files.visit_folder import visits_of
        from quotum.adapters.files.visit_papers import write_team_workbook

        write_team_workbook(visits_of(plan), plan.settings, folder / "visits.xlsx")


def _report(
    issues: list[Issue], plan: Plan | None, out: Path, timings: dict[str, float], answer: Feasibility | None = None, *,
    as_json: bool,
) -> int:  # fmt: skip
    """Print findings and the head of the plan; return the exit code."""
    severities = {issue.severity for issue in issues}
    code = 2 if "error" in severities else 1 if "conflict" in severities else 0
    if as_json:
        head: dict[str, Any] = {
            "plan": str(out) if code == 0 else None,
            "issues": [issue_for_json(issue) for issue in issues],
        }
        if answer is not None:
            head["feasibility"] = feasibility_for_json(answer)
        if plan is not None and code == 0:
            head |= {"totals": _totals(plan), "rows": plan["quotas"].height, "seconds": timings}
            head |= {"visits": answer_visits(plan.tables)} if "visits" in plan.tables else {}
        click_echo(json.dumps(head, ensure_ascii=False))
        return code
    if plan is not None and not code and "visits" in plan.tables:
        click_echo(f"Visits: {tell_answer(plan.tables)}\n")
    print_issues([issue for issue in issues if answer is None or issue not in answer.issues])
    if plan is None or code:
        return code
    settings = plan.settings
    lines = [f"{settings.name}: {settings.since} to {settings.until}, {settings.currency}"]
    for total in _totals(plan):
        commit, stretch = (format_amount(total[level], total["decimals"]) for level in ("commit", "stretch"))
        lines.append(f"  {total['measure']}: commit {commit}, stretch {stretch}")
    counts = [f"{plan['quotas'].height:,} rows"] + [
        f"{frame.height:,} {name} shares" for name, frame in plan.cuts.items()
    ]
    lines.append(f"  {', '.join(counts)}; every sum exact")
    if "visits" in plan.tables:
        contacts = dict(plan["visits"].group_by("kind").len().iter_rows())
        visits = contacts.get("visit", 0) + contacts.get("appointment", 0)
        lines.append(f"  {visits:,} visits, {contacts.get('call', 0):,} calls (workbook: {out / 'visits.xlsx'})")
    lines.append(f"Written to {out} in {sum(timings.values()):.1f} s (workbook: {out / 'plan.xlsx'})")
    click_echo("\n".join(lines))
    return code


def click_echo(text: str) -> None:
    """Print to standard output, whatever its encoding."""
    import click

    click.echo(text)


def _totals(plan: Plan) -> list[dict[str, Any]]:
    """Return each measure's totals in smallest units."""
    return [
        {"measure": t.measure, "commit": t.commit_minor, "stretch": t.stretch_minor,
         "decimals": plan.settings.measures[t.measure].decimals}
        for t in plan.settings.targets
    ]  # fmt: skip


@contextmanager
def _stage(name: str, timings: dict[str, float]) -> Iterator[None]:
    """Time a stage; on a terminal say that it runs."""
    start = time.perf_counter()
    if sys.stderr.isatty():
        print(f"{name} ...", file=sys.stderr, flush=True)
    yield
    timings[name.lower()] = round(time.perf_counter() - start, 3)
