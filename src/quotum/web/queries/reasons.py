"""Reasons of numbers and differences between versions, as far as somebody may see them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from quotum.web.bridge.reasons import Explanation, Request, differ_plans, open_number
from quotum.web.queries.permissions import Reach, people_within, units_within
from quotum.web.queries.workspace import Draft, Row, View, changes_in_force, find_draft, find_row, roots_of
from quotum.web.records.models import Edit, PlanVersion


@dataclass(frozen=True, slots=True)
class Reasons:
    """A number with its ledger and the edits that named it."""

    row: Row
    explanation: Explanation | None
    names: dict[tuple[str, str], str]
    findings: list[dict[str, Any]]
    edits: list[Edit]
    decimals: int


def reasons_of(
    draft: Draft, view: View, reach: Reach, key: str, span: tuple[date | None, date | None]
) -> Reasons | None:  # fmt: skip
    """Return why a number is what it is; None where it is not within reach."""
    row = find_row(draft, view, reach, key)
    if row is None:
        return None
    opened = open_number(draft.plan, row.pairs, view.measure, view.level, *span)
    explanation = opened.explanation
    if explanation is not None and not reach.everywhere:
        explanation = _cut_to_reach(explanation, reach)
    edits = [edit for edit in changes_in_force(draft.edits) if edit.change.get("under", "") == key]
    decimals = draft.plan.settings.measures[view.measure].decimals
    return Reasons(row, explanation, opened.names, opened.findings, edits[::-1], decimals)


def _cut_to_reach(explanation: Explanation, reach: Reach) -> Explanation:
    """Return an explanation without what stands above somebody's part: neither the target nor what others have.

    Of the first step within reach only its own lines are left: shares and weights would tell the parent's number.
    """
    inside = {("unit", unit) for unit in units_within(reach).values_list("unit", flat=True)}
    inside |= {("person", person) for person in people_within(reach).values_list("person", flat=True)}
    ways = []
    for way in explanation.ways:
        first = next((k for k, step in enumerate(way) if (step.dimension, step.member) in inside), None)
        if first is None:
            continue
        step = way[first]
        lines = tuple(replace(line, weight=0.0, weight_of_all=0.0) for line in step.lines)
        ways.append((replace(step, parent_minor=0, share=0.0, lines=lines), *way[first + 1 :]))
    return replace(explanation, target_minor={}, ways=tuple(ways))


@dataclass(frozen=True, slots=True)
class Difference:
    """One line that differs between two versions."""

    names: list[str]
    period: str
    before: int
    after: int

    @property
    def change(self) -> int:
        """How much more the second has."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs between two versions, the largest differences first; ``num_all`` counts those not listed too."""

    by: tuple[str, ...]
    lines: list[Difference] = field(default_factory=list)
    before: int = 0
    after: int = 0
    num_all: int = 0
    findings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def change(self) -> int:
        """How much more the second has in all."""
        return self.after - self.before


def compare_versions(
    before: PlanVersion, after: PlanVersion, view: View, reach: Reach, by: tuple[str, ...], whole: bool, most: int = 500
) -> Comparison:  # fmt: skip
    """Return what differs between two versions with their edits, by some dimensions and the view's grain."""
    old, new = find_draft(before).plan, find_draft(after).plan
    lines: list[Difference] = []
    findings: list[dict[str, Any]] = []
    for root in roots_of(reach) or [()]:
        asked = Request(by, None if whole else view.grain, view.measure, view.level, root)
        rows, names, found = differ_plans(old, new, asked)
        findings += [finding for finding in found if finding not in findings]
        lines += [
            Difference([names.get((name, row[name]), row[name] or "-") for name in by], row["period"], row["before"],
                       row["after"])
            for row in rows
        ]  # fmt: skip
    ordered = sorted(lines, key=lambda line: (-abs(line.change), line.names, line.period))
    return Comparison(by, ordered[:most], sum(line.before for line in lines), sum(line.after for line in lines),
                      len(lines), findings)  # fmt: skip
