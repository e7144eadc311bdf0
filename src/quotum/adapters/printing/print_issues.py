"""Prints findings: for people grouped by how grave they are, for programs as JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any, TextIO

from quotum.adapters.printing.issue_texts import describe
from quotum.engine.basics.issues import SEVERITIES, Issue

_TITLES = {
    "error": ("error", "errors", "red"),
    "conflict": ("conflict", "conflicts", "red"),
    "warning": ("warning", "warnings", "yellow"),
    "note": ("note", "notes", "cyan"),
}
_MOST_PRINTED = 20  # of one rule and column; --json has them all


def issue_for_json(issue: Issue) -> dict[str, Any]:
    """Return a finding with its texts as plain values."""
    message, remedy = describe(issue)
    return {**issue.as_dict(), "message": message, "remedy": remedy}


def issues_as_json(issues: Sequence[Issue]) -> str:
    """Return the findings as a JSON list."""
    return json.dumps([issue_for_json(issue) for issue in issues], ensure_ascii=False, indent=2)


def count_issues(issues: Sequence[Issue]) -> str:
    """Return how many findings there are of each severity, e.g. ``2 errors, 1 note``."""
    counts = {severity: sum(1 + i.more for i in issues if i.severity == severity) for severity in SEVERITIES}
    words = [f"{count:,} {_TITLES[severity][count != 1]}" for severity, count in counts.items() if count]
    return ", ".join(words) or "no findings"


def print_issues(issues: Sequence[Issue], out: TextIO | None = None) -> None:
    """Print the findings to stderr (or ``out``), gravest first: where, what, and what to do."""
    import click

    out = out or sys.stderr
    for severity in SEVERITIES:
        found = [issue for issue in issues if issue.severity == severity]
        if not found:
            continue
        one, many, colour = _TITLES[severity]
        count = sum(1 + issue.more for issue in found)
        click.secho(f"{count:,} {one if count == 1 else many}", fg=colour, bold=True, file=out)
        for group in _groups(found):
            _print_group(group, out)


def _groups(issues: Sequence[Issue]) -> list[list[Issue]]:
    """Return the findings of the same rule, table and column together, in order of first appearance."""
    groups: dict[tuple[str, str, str, str], list[Issue]] = {}
    for issue in issues:
        groups.setdefault((issue.rule, issue.table, issue.file, issue.column), []).append(issue)
    return list(groups.values())


def _print_group(group: Sequence[Issue], out: TextIO) -> None:
    """Print findings of one kind: a line each, and the remedy once where it is the same."""
    import click

    remedy = ""
    for issue in group[:_MOST_PRINTED]:
        message, next_remedy = describe(issue)
        if remedy and next_remedy != remedy:
            click.echo(f"      → {remedy}", file=out)
        remedy = next_remedy
        where = _place(issue)
        click.echo(f"  {click.style(where, bold=True) + '  ' if where else ''}{_one_line(message)}", file=out)
    left = sum(1 + issue.more for issue in group[_MOST_PRINTED:]) + sum(issue.more for issue in group[:_MOST_PRINTED])
    if left:
        click.echo(f"  … and {left:,} more of this kind", file=out)
    if remedy:
        click.echo(f"      → {remedy}", file=out)


def _place(issue: Issue) -> str:
    """Return where the finding is: ``sales.csv:17 amount``."""
    file = issue.file or issue.table
    return " ".join(part for part in (f"{file}:{issue.line}" if issue.line else file, issue.column) if part)


def _one_line(text: str) -> str:
    """Return the text without newlines and other signs that would disturb a terminal."""
    return "".join(letter if letter.isprintable() else "␊" if letter == "\n" else "·" for letter in text)
