"""The work of ``quotum customers``: open the company, describe its customers, print or write them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
import polars as pl

from quotum.adapters.files.company_folder import open_company
from quotum.adapters.files.plan_folder import read_plan
from quotum.adapters.printing.customer_tables import draw_customers
from quotum.adapters.printing.print_issues import issue_for_json, print_issues
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.basics.nearest import nearest
from quotum.engine.customers import GROUPS, CustomerTables, describe_customers, list_quota_targets
from quotum.engine.tables.company import Company
from quotum.engine.tables.key_order import in_key_order
from quotum.engine.tables.plan_settings import PlanSettings


def run_customers(
    folder: Path, as_of: date | None, by: Sequence[str], plan: Path | None, data: Path | None,
    overrides: Sequence[str], csv_file: Path | None, *, as_json: bool,
) -> int:  # fmt: skip
    """Print what is to be told of the customers; return the exit code: 0, or 2 for bad input."""
    opened = open_company(folder, overrides, data)
    issues, told = opened.issues, None
    if opened.settings is not None and not stops(issues):
        issues = issues + _check_keys(by, opened.settings)
        company = in_key_order(opened.company)
        targets, found = (None, []) if plan is None else _read_targets(plan, company)
        issues += found
        if not stops(issues):
            told = describe_customers(company, opened.settings, as_of or opened.settings.as_of, by=by, targets=targets)
            issues = issues + told.issues
            issues += [] if csv_file is None else _write_csv(told, company, csv_file)
    if as_json:
        shown = {**(_as_plain(told) if told else {}), "issues": [issue_for_json(issue) for issue in issues]}
        click.echo(json.dumps(shown, ensure_ascii=False, default=str, indent=2))
    else:
        kept = told.issues if told else []
        print_issues([issue for issue in issues if issue.severity != "note" or issue in kept])
        if told is not None and opened.settings is not None and not stops(issues):
            click.echo(draw_customers(told, opened.company, opened.settings, by))
    return 2 if stops(issues) else 0


def _check_keys(by: Sequence[str], settings: PlanSettings) -> list[Issue]:
    """Tell which keys customers are not told by."""
    known = (*dict.fromkeys((*GROUPS, *(classing.name for classing in settings.customers.classings))),)
    return [
        Issue(
            rule="customers_not_by", value=key, details=(("known", ", ".join(known)), ("nearest", nearest(key, known)))
        )
        for key in by
        if key not in known
    ]


def _read_targets(folder: Path, company: Company) -> tuple[pl.DataFrame | None, list[Issue]]:
    """Return the numbers of a plan's units and people."""
    plan, issues = read_plan(folder)
    if plan is None:
        return None, issues
    return list_quota_targets(plan["quotas"], company, plan.settings.targets[0].measure), issues


def _write_csv(told: CustomerTables, company: Company, file: Path) -> list[Issue]:
    """Write the customers with their names, amounts in major units as people's programs read them."""
    names = company["customers"].select("customer", "name")
    size = 10**told.measure.decimals
    amounts = ("amount_minor", "before_minor", "existing_minor")
    frame = told.customers.join(names, on="customer", how="left", maintain_order="left").with_columns(
        pl.col("chance_to_stay").round(4),
        *((pl.col(name) / size).round(told.measure.decimals).alias(name.removesuffix("_minor")) for name in amounts),
    )
    try:
        frame.select("customer", "name", pl.exclude("customer", "name", *amounts)).write_csv(file, include_bom=True)
    except OSError as problem:
        return [Issue(rule="file_not_written", file=str(file), value=problem.strerror or "")]
    return []


def _as_plain(told: CustomerTables) -> dict[str, Any]:
    """Return the tables as plain values; the customers themselves, of whom there may be a million, go to --csv."""
    parts = told.parts
    return {
        "as_of": told.as_of.isoformat(),
        "measure": told.measure.name,
        "decimals": told.measure.decimals,
        "facts": told.facts,
        "measures": told.measures.to_dicts(),
        "composition": told.composition.to_dicts(),
        "outlook": told.outlook.to_dicts(),
        "prospects": told.prospects.to_dicts(),
        "new_customer_brings": [
            {"month": month, "won_first_day": first, "won_last_day": last}
            for month, first, last in zip(parts.months, parts.first.tolist(), parts.last.tolist(), strict=True)
        ],
    }
