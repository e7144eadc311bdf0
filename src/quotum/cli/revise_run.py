"""The work of ``quotum revise``: read plan and changes, revise, show who wins and loses, write."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import click
import polars as pl

from quotum.adapters.files.changes_file import read_changes
from quotum.adapters.files.digests import digest_file
from quotum.adapters.files.edited_workbook import read_edited
from quotum.adapters.files.plan_folder import read_plan, write_plan
from quotum.adapters.files.plan_workbook import write_plan_workbook
from quotum.adapters.printing.difference_tables import draw_differences
from quotum.adapters.printing.member_names import MemberNames
from quotum.adapters.printing.print_issues import issue_for_json, print_issues
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.revisions import revise_plan
from quotum.engine.slices import Request, compare_plans
from quotum.engine.tables.plan_tables import Plan


def run_revise(
    folder: Path, file: Path, out: Path | None, by: tuple[str, ...], grain: str | None,
    dates: tuple[date, date | None], *, as_json: bool,
) -> int:  # fmt: skip
    """Revise the plan in ``folder`` by the changes in ``file``; write it to ``out`` unless that is None.

    ``dates``: the day on which holds must not have expired, and the one from which the changes count.
    Returns the exit code: 0, 1 for what cannot be met, 2 for bad input; nothing is written unless it is 0.
    """
    if out is not None and (out.exists() or out.is_symlink()):
        return _report([Issue(rule="plan_exists", table="plan", file=str(out))], [], None, as_json=as_json)
    before, issues = read_plan(folder)
    after: Plan | None = None
    effects: list[pl.DataFrame] = []
    if before is not None:
        try:
            after, effects, issues = _revise(before, file, dates, by, grain)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            issues = [Issue(rule="plan_damaged", table="plan", file=str(folder), value=type(error).__name__)]
    if not as_json and before is not None and not stops(issues):
        _print_effects(before, effects, by)
    if after is not None and out is not None and not stops(issues):
        made = after
        issues = issues + write_plan(
            made, out, inputs={file.name: digest_file(file)}, run={}, parent=digest_file(folder / "plan.json"),
            finish=lambda unfinished: write_plan_workbook(made, unfinished / "plan.xlsx"),
        )  # fmt: skip
    return _report(issues, effects, out, as_json=as_json)


def _revise(
    before: Plan, file: Path, dates: tuple[date, date | None], by: tuple[str, ...], grain: str | None
) -> tuple[Plan | None, list[pl.DataFrame], list[Issue]]:
    """Return the revised plan, the differences of each measure and level that has any, and the findings."""
    edited = file.suffix.lower() == ".xlsx"
    changes, issues = read_edited(file, before) if edited else read_changes(file, before.settings)
    if stops(issues):
        return None, [], issues
    after, found = revise_plan(before, changes, on=dates[0], in_force=dates[1])
    issues += found
    if after is None:
        return None, [], issues
    effects = []
    layers = set(after["deltas"]["layer"]) | set(before.tables.get("deltas", after["deltas"])["layer"])
    levels = [level for level, layer in (("commit", "commit"), ("stretch", "extra")) if layer in layers]
    for target in before.settings.targets:
        for level in levels or ["commit"]:
            frame, found = compare_plans(before, after, Request(by, grain, target.measure, level))
            issues += [issue for issue in found if issue not in issues]
            if frame.height:
                effects.append(frame)
    return after, effects, issues


def _print_effects(plan: Plan, effects: list[pl.DataFrame], by: tuple[str, ...]) -> None:
    """Print who wins and who loses, a table for each measure and level that differs."""
    names = MemberNames(plan)
    width = shutil.get_terminal_size((160, 40)).columns
    if not effects:
        click.echo("Nothing differs.")
    for frame in effects:
        first = frame.row(0, named=True)
        click.echo(f"{plan.settings.name}, {first['measure']}, {first['level']}: what changes")
        click.echo(draw_differences(frame, by, names, width))


def _report(issues: list[Issue], effects: list[pl.DataFrame], out: Path | None, *, as_json: bool) -> int:
    severities = {issue.severity for issue in issues}
    code = 2 if "error" in severities else 1 if "conflict" in severities else 0
    if as_json:
        rows = [json.loads(frame.write_json()) for frame in effects]
        result = {
            "plan": str(out) if out is not None and code == 0 else None,
            "rows": [line for lines in rows for line in lines],
            "issues": [issue_for_json(issue) for issue in issues],
        }
        click.echo(json.dumps(result, ensure_ascii=False))
        return code
    print_issues(issues)
    if code == 0:
        click.echo(
            f"Written to {out} (workbook: {out / 'plan.xlsx'})" if out is not None else "Nothing written (dry run)"
        )
    return code
