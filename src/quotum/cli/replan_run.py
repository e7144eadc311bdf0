"""The work of ``quotum replan``: read company and plan, plan the rest anew, show who wins and loses, write."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import click
import polars as pl

from quotum.adapters.calendars import list_days
from quotum.adapters.files.company_folder import open_company
from quotum.adapters.files.digests import digest_file, digest_folder
from quotum.adapters.files.plan_folder import read_plan, write_plan
from quotum.adapters.files.plan_workbook import write_plan_workbook
from quotum.adapters.printing.difference_tables import draw_differences
from quotum.adapters.printing.handover_tables import draw_handovers
from quotum.adapters.printing.member_names import MemberNames
from quotum.adapters.printing.move_tables import draw_moves
from quotum.adapters.printing.print_issues import issue_for_json, print_issues
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.planning import calendar_span, replan_plan
from quotum.engine.revisions.moves import list_moves
from quotum.engine.slices import Request, compare_plans
from quotum.engine.tables.plan_tables import Plan
from quotum.engine.tables.same_company import check_latest_sale, check_same_company

_ABOUT_AS_OF = ("history_after_as_of", "outside_plan")
"""Findings about the dates of plan.toml: planning anew has its own."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for."""

    as_of: date
    policy: str | None
    by: tuple[str, ...]
    grain: str | None
    overrides: Sequence[str]
    data: Path | None


@dataclass(frozen=True, slots=True)
class _Made:
    """The plan before and after, what differs and why; ``inputs`` are the digests of the company's files."""

    before: Plan
    after: Plan
    effects: list[pl.DataFrame]
    moves: pl.DataFrame
    inputs: dict[str, str]


def run_replan(folder: Path, plan_folder: Path, out: Path | None, wanted: Wanted, *, as_json: bool) -> int:
    """Plan the rest anew and write it to ``out`` unless that is None; return the exit code.

    0, 1 for what cannot be met, 2 for bad input; nothing is written unless it is 0.
    """
    if out is not None and (out.exists() or out.is_symlink()):
        return _report([Issue(rule="plan_exists", table="plan", file=str(out))], None, None, as_json=as_json)
    made: _Made | None = None
    try:
        made, issues = _replan(folder, plan_folder, wanted)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        issues = [Issue(rule="plan_damaged", table="plan", file=str(plan_folder), value=type(error).__name__)]
    if made is not None and not as_json:
        _print_made(made, wanted.by)
    if made is not None and out is not None and not stops(issues):
        plan = made.after
        issues = issues + write_plan(
            plan, out, inputs=made.inputs, run={}, parent=digest_file(plan_folder / "plan.json"),
            finish=lambda unfinished: write_plan_workbook(plan, unfinished / "plan.xlsx"),
        )  # fmt: skip
    return _report(issues, made, out, as_json=as_json)


def _replan(folder: Path, plan_folder: Path, wanted: Wanted) -> tuple[_Made | None, list[Issue]]:
    """Return what planning anew makes of the plan, and the findings."""
    before, issues = read_plan(plan_folder)
    opened = open_company(folder, wanted.overrides, wanted.data)
    issues = [*issues, *(issue for issue in opened.issues if issue.rule not in _ABOUT_AS_OF)]
    if before is None or opened.settings is None or stops(issues):
        return None, issues
    issues += check_same_company(opened.company, opened.settings, before)
    issues += check_latest_sale(opened.company, wanted.as_of)
    days, found = list_days(before.settings.country, *calendar_span(replace(before.settings, as_of=wanted.as_of)))
    issues += found
    if stops(issues):
        return None, issues
    rules = opened.settings.replan
    rules = replace(rules, policy=wanted.policy, units={}) if wanted.policy else rules
    after, found = replan_plan(opened.company, before, days, wanted.as_of, rules)
    issues += found
    if after is None:
        return None, issues
    effects = []
    levels = ["commit", *(["stretch"] if any(t.extra_minor for t in before.settings.targets) else [])]
    for target in before.settings.targets:
        for level in levels:
            frame, found = compare_plans(before, after, Request(wanted.by, wanted.grain, target.measure, level))
            issues += [issue for issue in found if issue not in issues]
            if frame.height:
                effects.append(frame)
    if stops(issues):
        return None, issues
    return _Made(before, after, effects, list_moves(before, after), digest_folder(folder, opened.foreign)), issues


def _print_made(made: _Made, by: tuple[str, ...]) -> None:
    """Print who wins and who loses, and why."""
    names = MemberNames(made.after)
    width = shutil.get_terminal_size((160, 40)).columns
    if made.moves.is_empty():
        click.echo("Nothing differs.")
    for frame in made.effects:
        first = frame.row(0, named=True)
        click.echo(f"{made.before.settings.name}, {first['measure']}, {first['level']}: what changes")
        click.echo(draw_differences(frame, by, names, width) + "\n")
    for table in draw_moves(made.moves, made.before.settings, names):
        click.echo(table + "\n")
    passes = draw_handovers(made.after["handovers"], made.after.settings, names)
    if passes:
        click.echo(passes + "\n")


def _report(issues: list[Issue], made: _Made | None, out: Path | None, *, as_json: bool) -> int:
    severities = {issue.severity for issue in issues}
    code = 2 if "error" in severities else 1 if "conflict" in severities else 0
    if as_json:
        result = {
            "plan": str(out) if out is not None and code == 0 else None,
            "rows": [line for frame in made.effects for line in json.loads(frame.write_json())] if made else [],
            "moves": made.moves.to_dicts() if made else [],
            "handovers": json.loads(made.after["handovers"].write_json()) if made else [],
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
