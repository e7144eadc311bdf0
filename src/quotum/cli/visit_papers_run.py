"""The work of ``quotum visit-papers``."""

from __future__ import annotations

from pathlib import Path

import click

from quotum.adapters.files.company_folder import open_company
from quotum.adapters.files.visit_folder import read_visits
from quotum.adapters.files.visit_papers import write_papers
from quotum.adapters.printing.print_issues import print_issues
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.tables.same_company import check_people


def run_visit_papers(folder: Path, out: Path, people: tuple[str, ...], company: Path | None = None) -> int:
    """Write the papers; return the exit code: 0, or 2 for bad input."""
    plan, name, issues = read_visits(folder)
    if plan is not None:
        known = plan["visit_people"]["person"].to_list()
        issues += [Issue(rule="person_unknown", column="person", value=p) for p in people if p not in known]
        activities = None
        if company is not None:
            opened = open_company(company)
            issues += [issue for issue in opened.issues if issue.severity == "error"]
            issues += check_people(opened.company, known)
            activities = opened.company["activities"]
        if not stops(issues):
            wanted = people or tuple(known)
            files, found = write_papers(plan, name, wanted, out, activities)
            issues += found
            click.echo(f"{files:,} files for {len(wanted):,} people in {out}")
    print_issues(issues)
    return 2 if stops(issues) else 0
