"""The work of ``quotum explain``: read the plan, open the number, print its ledger."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click
import polars as pl

from quotum.adapters.files.plan_folder import read_plan
from quotum.adapters.printing.ledgers import draw_ledger
from quotum.adapters.printing.print_issues import issue_for_json, print_issues
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.slices.explaining import explain_number

_BAD_INPUT = 2


def run_explain(
    folder: Path,
    keys: Sequence[tuple[str, str]],
    measure: str | None,
    level: str,
    span: tuple[date | None, date | None],
    *,
    as_json: bool,
) -> int:
    """Print why the member named by ``keys`` has its number; return the exit code: 0, or 2 for bad input."""
    explanation, names = None, {}
    plan, issues = read_plan(folder)
    if plan is not None:
        try:
            explanation, issues = explain_number(plan, keys, measure=measure, level=level, since=span[0], until=span[1])
            members = plan["members"].drop_nulls("name")
            names = dict(zip(members.select("dimension", "key").iter_rows(), members["name"], strict=True))
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            issues = [Issue(rule="plan_damaged", table="plan", file=str(folder), value=type(error).__name__)]
    if as_json:
        opened = asdict(explanation) if explanation else None
        shown = {"explanation": opened, "issues": [issue_for_json(issue) for issue in issues]}
        click.echo(json.dumps(shown, ensure_ascii=False, default=str, indent=2))
    else:
        print_issues(issues)
        if plan is not None and explanation is not None:
            click.echo(draw_ledger(explanation, keys, names, plan.settings.name))
    return _BAD_INPUT if stops(issues) or explanation is None else 0
