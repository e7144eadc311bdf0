"""The work of ``quotum explain`` on an appraisal: read its folder, open somebody's scores down to rows of files."""

from __future__ import annotations

import json
from pathlib import Path

import click
import polars as pl

from quotum.adapters.files.appraisal_folder import read_appraisal
from quotum.adapters.printing.appraisal_tables import draw_one, lines_for_json
from quotum.adapters.printing.print_issues import issue_for_json, print_issues
from quotum.engine.appraisal import open_sources
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.basics.nearest import nearest

_BAD_INPUT = 2
_DATED = ("scores", "lines", "facts", "commissions", "cost_quotas")


def run_explain_score(folder: Path, person: str, unit: str, period: str, *, as_json: bool) -> int:
    """Print what a person or unit got and from which rows; return the exit code: 0, or 2 for bad input."""
    tables, issues = read_appraisal(folder)
    if not stops(issues):
        issues += _check(tables, person, unit, period)
    if stops(issues):
        if as_json:
            click.echo(json.dumps({"issues": [issue_for_json(issue) for issue in issues]}, ensure_ascii=False))
        else:
            print_issues(issues)
        return _BAD_INPUT
    if period:
        tables |= {name: tables[name].filter(pl.col("period") == period) for name in _DATED}
    sources = open_sources(tables, person=person, unit=unit)
    if as_json:
        told = {"scores": lines_for_json(tables, person=person, unit=unit),
                "sources": [{**row, "date": str(row["date"])} for row in sources.to_dicts()], "issues": []}  # fmt: skip
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(draw_one(tables, sources, person=person, unit=unit))
    return 0


def _check(tables: dict[str, pl.DataFrame], person: str, unit: str, period: str) -> list[Issue]:
    """Tell who or what the appraisal does not know."""
    scores = tables["scores"]
    asked = (("person", person), ("unit", "" if person else unit), ("period", period))
    issues = []
    for column, value in asked:
        known = scores.filter(pl.col("person") == "")["unit"] if column == "unit" else scores[column]
        if value and value not in known:
            details = (("nearest", nearest(value, [key for key in known.unique().sort().to_list() if key])),)
            issues.append(Issue(rule="not_appraised", table="schemes", column=column, value=value, details=details))
    return issues
