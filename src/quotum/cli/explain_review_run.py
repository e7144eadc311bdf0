"""The work of ``quotum explain`` on a review: open an attainment to its reasons, its lines and rows of files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from quotum.adapters.files.company_folder import open_company
from quotum.adapters.files.review_folder import read_review
from quotum.adapters.printing.opened_actuals import draw_opened
from quotum.adapters.printing.print_issues import issue_for_json, print_issues
from quotum.engine.basics.issues import stops
from quotum.engine.slices.opening import OpenedActual, open_actual
from quotum.engine.tables.plan_keys import tell_unknown

_BAD_INPUT = 2


def run_explain_review(
    folder: Path, keys: Sequence[tuple[str, str]], measure: str | None, level: str,
    span: tuple[date | None, date | None], company_folder: Path | None, *, as_json: bool,
) -> int:  # fmt: skip
    """Print what an actual is made of; return the exit code: 0, or 2 for bad input."""
    review, issues = read_review(folder)
    opened: OpenedActual | None = None
    if review is not None and measure:
        known = review["actuals"]["measure"].unique().sort().to_list()
        issues += tell_unknown("unknown_measure", measure, known)
    company = None
    if review is not None and company_folder is not None and not stops(issues):
        found = open_company(company_folder)
        issues += [issue for issue in found.issues if issue.severity == "error"]
        company = found.company
    if review is not None and not stops(issues):
        opened, more = open_actual(review, keys, measure, level, *span, company=company)
        issues += more
    if as_json:
        click.echo(json.dumps({**_as_plain(opened), "issues": [issue_for_json(issue) for issue in issues]},
                              ensure_ascii=False, default=str))  # fmt: skip
    else:
        print_issues(issues)
        if review is not None and opened is not None:
            click.echo(draw_opened(opened, keys, f"{review.settings.name} on {review.as_of}"))
    return _BAD_INPUT if opened is None else 0


def _as_plain(opened: OpenedActual | None) -> dict[str, object]:
    """Return what was opened as plain values; amounts in smallest units, those of files in ten-thousandths."""
    if opened is None:
        return {}
    return {"measure": opened.measure, "decimals": opened.decimals, "actual": opened.actual,
            "standing": opened.standing, "drivers": dict(opened.drivers), "lines": opened.lines.to_dicts(),
            "sources": opened.sources.to_dicts()}  # fmt: skip
