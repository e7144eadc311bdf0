"""The work of ``quotum proposals``: plan with and without them, and print both beside each proposal."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click
import polars as pl

from quotum.adapters.calendars import list_days
from quotum.adapters.files.company_folder import open_company
from quotum.adapters.printing.member_names import MemberNames
from quotum.adapters.printing.print_issues import issue_for_json, print_issues
from quotum.adapters.printing.proposal_tables import draw_people, draw_proposals
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.planning import calendar_span, make_plan
from quotum.engine.slices.proposals import compare_proposals, sum_by_person
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import AcrossStep, PlanSettings
from quotum.engine.tables.plan_tables import Plan


def run_proposals(folder: Path, overrides: Sequence[str], *, as_json: bool) -> int:
    """Print the comparison; return the exit code: 0, 1 for what cannot be met, 2 for bad input."""
    opened = open_company(folder, overrides)
    issues, compared, plan = opened.issues, pl.DataFrame(), None
    if opened.settings is not None and not stops(issues):
        plan, compared, issues = _compare(opened.company, opened.settings, issues)
    if as_json:
        shown = {
            "proposals": compared.to_dicts(),
            "people": sum_by_person(compared).to_dicts() if plan is not None else [],
            "issues": [issue_for_json(issue) for issue in issues],
        }
        click.echo(json.dumps(shown, ensure_ascii=False, default=str, indent=2))
    else:
        print_issues([issue for issue in issues if issue.severity != "note"])
        if plan is not None:
            _print(plan, compared)
    if not stops(issues):
        return 0
    return 2 if any(issue.severity == "error" for issue in issues) else 1


def _compare(
    company: Company, settings: PlanSettings, issues: list[Issue]
) -> tuple[Plan | None, pl.DataFrame, list[Issue]]:
    """Return the plan with proposals, the comparison with the plan without them, and what had to be said."""
    days, found = list_days(settings.country, *calendar_span(settings))
    issues = issues + found
    plain = tuple(replace(step, reconcile="") if isinstance(step, AcrossStep) else step for step in settings.steps)
    top_down, issues_of_top = make_plan(company, replace(settings, steps=plain), days, issues)
    if top_down is None:
        return None, pl.DataFrame(), issues_of_top
    plan, issues = (top_down, issues_of_top) if plain == settings.steps else make_plan(company, settings, days, issues)
    if plan is None:
        return None, pl.DataFrame(), issues
    return plan, compare_proposals(company["proposals"], top_down, plan), issues


def _print(plan: Plan, compared: pl.DataFrame) -> None:
    """Print every proposal by size, then the people."""
    names = MemberNames(plan)
    for dimension in ("person", "customer"):
        names.learn(dimension, compared[dimension].drop_nulls().unique().to_list())
    reconciled = [s.name for s in plan.settings.steps if isinstance(s, AcrossStep) and s.reconcile]
    click.echo(f"{plan.settings.name}: {compared.height} proposals" + (f", reconciled in {', '.join(reconciled)}"
               if reconciled else "; no step reconciles them"))  # fmt: skip
    if compared.height:
        click.echo(draw_proposals(compared, names.of, planned=bool(reconciled)))
        click.echo()
        click.echo(draw_people(sum_by_person(compared), names.of, planned=bool(reconciled)))
