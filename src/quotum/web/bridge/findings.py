"""Findings of the engine as pages and the database keep them: codes and values, words only when shown."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from babel.numbers import format_decimal
from django.utils.formats import date_format
from django.utils.translation import get_language, pgettext, to_locale

from quotum.adapters.printing.issue_texts import CODED, TEXTS, describe
from quotum.adapters.printing.print_issues import issue_for_json
from quotum.engine.basics.issues import Issue

CONTEXT = "finding"
"""Under which the catalogues of the pages have the texts of findings."""

_FIGURE = re.compile(
    r"(?<![\w.,-])(\d{4}-\d\d-\d\d)(?![\w-])"
    r"|(?<![\w.,])(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)(?![\w.,]\d)"
    rf"|(?<=/)({'|'.join(CODED['per'])})\b"
)
"""A date, a number with thousands or decimals, and a grain of time behind a number."""


def list_findings(issues: list[Issue]) -> list[dict[str, Any]]:
    """Return issues as JSON: severity, rule, table, file, line, column, value, message, remedy; errors first.

    Message and remedy are English, for programs; ``say_finding`` tells people.
    """
    order = {"error": 0, "conflict": 1, "warning": 2, "note": 3}
    return [issue_for_json(issue) for issue in sorted(issues, key=lambda issue: order.get(issue.severity, 9))]


def say_finding(finding: Mapping[str, Any]) -> tuple[str, str]:
    """Return what was found and what to do about it in the language of who reads.

    A finding of a rule that is not known any more is told in the words it was kept with.
    """
    if finding.get("rule") not in TEXTS:
        return str(finding.get("message", "")), str(finding.get("remedy", ""))
    return say_issue(Issue(
        rule=finding["rule"], table=finding.get("table", ""), file=finding.get("file", ""), line=finding.get("line"),
        column=finding.get("column", ""), value=finding.get("value", ""),
        details=tuple(finding.get("details", {}).items()),
    ))  # fmt: skip


def say_issue(issue: Issue) -> tuple[str, str]:
    """Return what was found and what to do about it in the language of who reads."""
    return describe(issue, partial(pgettext, CONTEXT), _show)


def _show(text: str) -> str:
    """Write the numbers, dates and grains of a text as the reader's country does."""
    return _FIGURE.sub(_show_figure, text)


def _show_figure(found: re.Match[str]) -> str:
    day, number, grain = found.groups()
    if grain:
        return pgettext(CONTEXT, grain)
    if number:
        pattern = "#,##0" + ("." + "0" * len(number.partition(".")[2]) if "." in number else "")
        locale = to_locale(get_language() or "en")
        return str(format_decimal(Decimal(number.replace(",", "")), format=pattern, locale=locale))
    try:
        return date_format(date.fromisoformat(day), "SHORT_DATE_FORMAT")
    except ValueError:
        return day
