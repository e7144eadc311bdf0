"""The work of ``quotum review``: open the company and the plan, hold one against the other, write and print."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import click

from quotum.adapters.calendars import list_days
from quotum.adapters.files.company_folder import open_company
from quotum.adapters.files.digests import digest_file, digest_folder
from quotum.adapters.files.plan_folder import read_plan
from quotum.adapters.files.review_folder import write_review
from quotum.adapters.printing.print_issues import print_issues
from quotum.adapters.printing.review_names import name_review
from quotum.adapters.printing.review_tables import draw_review, review_for_json
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.basics.trees import Tree
from quotum.engine.planning import calendar_span, review_plan
from quotum.engine.tables.company import Company
from quotum.engine.tables.review_tables import Review
from quotum.engine.tables.same_company import check_latest_sale, check_overrides, check_same_company, with_units_of


def run_review(
    folder: Path, plan_folder: Path, as_of: date, out: Path, overrides: Sequence[str], data: Path | None, *,
    by_unit: bool, as_json: bool,
) -> int:  # fmt: skip
    """Review a company against a plan and write it; return the exit code. Nothing is left behind unless it is 0."""
    started = time.perf_counter()
    review, named = None, None
    issues = [Issue(rule="plan_exists", table="review", file=str(out))] if out.exists() else []
    issues += check_overrides(overrides, _OWN_SETTINGS)
    if not issues:
        review, named, issues = _review(folder, plan_folder, as_of, out, overrides, data, started, by_unit=by_unit)
    failed = stops(issues)
    if as_json:
        click.echo(review_for_json(None if failed else review, as_of, issues))
        print_issues([] if failed else [issue for issue in issues if issue.severity != "note"])
    else:
        print_issues([issue for issue in issues if issue.severity != "note"])
        if named is not None and not failed:
            click.echo(draw_review(named))
            click.echo(f"\nWritten to {out} in {time.perf_counter() - started:.1f} s (workbook: {out / 'review.xlsx'})")
    severities = {issue.severity for issue in issues}
    return 2 if "error" in severities else 1 if failed else 0


def _review(
    folder: Path, plan_folder: Path, as_of: date, out: Path, overrides: Sequence[str], data: Path | None,
    started: float, *, by_unit: bool,
) -> tuple[Review | None, Review | None, list[Issue]]:  # fmt: skip
    """Make the review and write it; it comes back as it is and with names for people."""
    plan, issues = read_plan(plan_folder)
    opened = open_company(folder, overrides, data)
    issues = [*issues, *(issue for issue in opened.issues if issue.rule not in _ABOUT_AS_OF)]
    if plan is None or opened.settings is None or stops(issues):
        return None, None, issues
    issues += check_same_company(opened.company, opened.settings, plan) + check_latest_sale(opened.company, as_of)
    settings = replace(plan.settings, as_of=as_of)
    days, found = list_days(settings.country, *calendar_span(settings))
    issues += found
    if stops(issues):
        return None, None, issues
    company = with_units_of(opened.company, plan)
    review, issues = review_plan(company, plan, days, as_of, issues, opened.settings.warnings)
    named = None
    if review is not None:
        made, told = review, name_review(review, company)
        named = told
        issues = issues + write_review(
            review, out, plan=digest_file(plan_folder / "plan.json"), inputs=digest_folder(folder, opened.foreign),
            run={"seconds": round(time.perf_counter() - started, 3)},
            finish=lambda unfinished: _write_workbooks(told, made, company, unfinished, by_unit=by_unit),
        )  # fmt: skip
    return review, named, issues


def _write_workbooks(named: Review, review: Review, company: Company, folder: Path, *, by_unit: bool) -> None:
    """Write the workbook of the company and, where they are asked for, those of its units."""
    from quotum.adapters.files.review_workbook import write_review_workbook, write_unit_workbooks

    write_review_workbook(named, folder / "review.xlsx")
    if by_unit:
        units = company["units"]
        tree = Tree.of(units["unit"].to_list(), units["parent"].to_list())
        write_unit_workbooks(review, tree, folder / "units", lambda part: name_review(part, company))


_ABOUT_AS_OF = ("history_after_as_of", "outside_plan")
"""Findings about the dates of plan.toml: a review has its own."""

_OWN_SETTINGS = ("import", "rates", "warnings")
"""Parts of plan.toml that a review goes by; all others are those of the plan."""
