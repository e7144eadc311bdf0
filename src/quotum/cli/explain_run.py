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
from quotum.adapters.printing.member_names import MemberNames
from quotum.adapters.printing.print_issues import issue_for_json, print_issues
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.slices.explaining import Explanation, explain_number
from quotum.engine.tables.plan_tables import Plan

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
    explanation, names = None, None
    plan, issues = read_plan(folder)
    if plan is not None:
        try:
            explanation, issues = explain_number(plan, keys, measure=measure, level=level, since=span[0], until=span[1])
            names = _learn_names(plan, explanation)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            issues = [Issue(rule="plan_damaged", table="plan", file=str(folder), value=type(error).__name__)]
    if as_json:
        opened = asdict(explanation) if explanation else None
        shown = {"explanation": opened, "issues": [issue_for_json(issue) for issue in issues]}
        click.echo(json.dumps(shown, ensure_ascii=False, default=str, indent=2))
    else:
        print_issues(issues)
        if plan is not None and explanation is not None and names is not None:
            click.echo(draw_ledger(explanation, keys, names.of, plan.settings.name))
    return _BAD_INPUT if stops(issues) or explanation is None else 0


def _learn_names(plan: Plan, explanation: Explanation | None) -> MemberNames:
    """Return the names of everybody the ledger mentions."""
    names = MemberNames(plan)
    for step in {step for way in explanation.ways for step in way} if explanation else ():
        names.learn(step.dimension, [step.member])
    return names
