"""Findings: what planning has to say about the data, most serious first."""

from __future__ import annotations

import json

from quotum.adapters.files.plan_workbook.book import Book, Column
from quotum.adapters.files.plan_workbook.words import WORDS
from quotum.adapters.printing.issue_texts import describe
from quotum.engine.basics.issues import SEVERITIES, Issue
from quotum.engine.tables.plan_tables import Plan


def read_findings(plan: Plan) -> list[Issue]:
    """Return the plan's findings, most serious first; a plan made by hand may have none."""
    if "issues" not in plan.tables:
        return []
    found = [Issue(**{**row, "details": tuple(json.loads(row["details"]).items())})
             for row in plan["issues"].iter_rows(named=True)]  # fmt: skip
    return sorted(found, key=lambda issue: SEVERITIES.index(issue.severity))


def count_findings(findings: list[Issue]) -> dict[str, int]:
    """Return how many findings there are of each severity that occurs, those left out of the list included."""
    counts = {severity: sum(1 + i.more for i in findings if i.severity == severity) for severity in SEVERITIES}
    return {severity: count for severity, count in counts.items() if count}


def write_findings(book: Book, findings: list[Issue]) -> None:
    """Write the sheet: what was found, what to do, and where."""
    texts = [describe(issue) for issue in findings]
    columns = [
        Column("severity", WORDS["severity"], [WORDS[issue.severity] for issue in findings], "prose"),
        Column("message", WORDS["message"], [message for message, _ in texts], "prose"),
        Column("remedy", WORDS["remedy"], [remedy for _, remedy in texts], "prose"),
        *(Column(part, WORDS[part], [str(getattr(issue, part) or "") for issue in findings], "prose")
          for part in ("table", "file", "line", "column", "value", "more", "rule")),
    ]  # fmt: skip
    note = WORDS["findings_note" if findings else "no_findings"]
    book.write_list(WORDS["findings_sheet"], WORDS["findings_sheet"], note, columns, frozen=1)
