"""Findings about the data, as data: the engine names the rule and the values, the rim finds the words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

Severity = Literal["error", "conflict", "warning", "note"]
SEVERITIES: tuple[Severity, ...] = ("error", "conflict", "warning", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One finding.

    ``error``: the input is wrong, nothing is planned (exit code 2). ``conflict``: the input is sound but cannot be met,
    nothing is written (exit code 1). ``warning``: planned, somebody should look. ``note``: planned, worth knowing.
    ``rule`` is the name the planner reads and the key of the texts at the rim; ``details`` fill the text's blanks.
    ``more`` counts further findings of the same rule, table and column that were left out of the list.
    """

    rule: str
    severity: Severity = "error"
    table: str = ""
    file: str = ""
    line: int | None = None  # as an editor or Excel counts: the header of a sheet is line 1
    column: str = ""
    value: str = ""
    details: tuple[tuple[str, str], ...] = ()
    more: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain values for JSON and for the issues table."""
        return {**asdict(self), "details": dict(self.details)}


class StopPlanning(Exception):  # noqa: N818 - it is a decision, not a failure
    """Raised by a stage that cannot go on; carries every issue found so far. The two stories catch it once."""

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = list(issues)
        super().__init__(f"{len(self.issues)} issues")


def stops(issues: Iterable[Issue]) -> bool:
    """Tell whether any of the issues forbids going on."""
    return any(issue.severity in ("error", "conflict") for issue in issues)


def shorten(issues: list[Issue], per_rule: int = 200) -> list[Issue]:
    """Keep the first ``per_rule`` findings of each rule, table and column; the last one kept counts the rest."""
    kept: dict[tuple[str, str, str], list[Issue]] = {}
    for issue in issues:
        group = kept.setdefault((issue.rule, issue.table, issue.column), [])
        if len(group) < per_rule:
            group.append(issue)
        else:
            group[-1] = replace(group[-1], more=group[-1].more + 1 + issue.more)
    return [issue for group in kept.values() for issue in group]
