"""Findings of the engine as pages and the database keep them: codes and values, words only when shown."""

from __future__ import annotations

from typing import Any

from quotum.adapters.printing.print_issues import issue_for_json
from quotum.engine.basics.issues import Issue


def list_findings(issues: list[Issue]) -> list[dict[str, Any]]:
    """Return issues as JSON: severity, rule, table, file, line, column, value, message, remedy; errors first."""
    order = {"error": 0, "conflict": 1, "warning": 2, "note": 3}
    return [issue_for_json(issue) for issue in sorted(issues, key=lambda issue: order.get(issue.severity, 9))]
