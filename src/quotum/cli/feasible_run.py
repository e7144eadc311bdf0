"""What ``quotum check --feasible`` does: everything there is to say about whether the targets can be met."""

from __future__ import annotations

import json

import click

from quotum.adapters.calendars import list_days
from quotum.adapters.files.company_folder import OpenedCompany
from quotum.adapters.printing.driver_tables import draw_capacity
from quotum.adapters.printing.feasibility_tables import (
    draw_block,
    draw_customers,
    draw_market,
    draw_nodes,
    feasibility_for_json,
    list_names,
)
from quotum.adapters.printing.print_issues import count_issues, issue_for_json, print_issues
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.planning import assess_targets, calendar_span
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.schema import DIMENSIONS
from quotum.engine.targets import Feasibility


def run_feasible(opened: OpenedCompany, *, as_json: bool) -> int:
    """Print whether the targets of a company can be met; return the exit code: 0, 2 for bad input."""
    issues, found = list(opened.issues), None
    if opened.settings is not None and not stops(issues):
        days, told = list_days(opened.settings.country, *calendar_span(opened.settings))
        issues += told
        found = None if stops(issues) else assess_targets(opened.company, opened.settings, days)
    if as_json:
        answer = {"feasibility": None if found is None else feasibility_for_json(found)}
        click.echo(json.dumps(answer | {"issues": [issue_for_json(i) for i in issues]}, ensure_ascii=False, indent=2))
    elif found is None or opened.settings is None:
        print_issues(issues)
    else:
        _print(opened, opened.settings, found, issues)
    return 2 if stops(issues) else 0


def _print(opened: OpenedCompany, settings: PlanSettings, found: Feasibility, issues: list[Issue]) -> None:
    """Print the tables that have something to say, then the findings."""
    wanted = ("unit", "person", "area", "category")
    names = list_names((name, DIMENSIONS[name][1], opened.company[DIMENSIONS[name][0]]) for name in wanted)
    parts = [draw_block(found, settings), draw_nodes(found, settings, names)]
    if found.market.height:
        parts.append(draw_market(found, names))
    if found.customers.height:
        parts.append(draw_customers(found.customers, settings, names))
    if found.capacity.height:
        parts.append(draw_capacity(found.capacity.filter(level="commit")))
    click.echo("\n\n".join(part for part in parts if part))
    click.echo()
    warnings = [issue for issue in issues if issue.severity != "note"]
    print_issues([*warnings, *found.issues])
    click.echo(f"{count_issues([*warnings, *found.issues])} about the targets")
