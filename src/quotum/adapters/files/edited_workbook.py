"""Reads a workbook that ``quotum show --xlsx`` wrote and somebody edited: what differs from the plan is a change.

Lines may be sorted, filtered and left out, columns moved; what was not edited comes back as it was and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from pathlib import Path

import polars as pl

from quotum.adapters.files.raw_table import RawTable
from quotum.adapters.files.workbook import Workbook
from quotum.adapters.files.workbook_package import look_inside
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.revisions import Change
from quotum.engine.revisions.changes import OWN
from quotum.engine.revisions.selecting import read_under
from quotum.engine.slices import Request, cut_slice
from quotum.engine.tables.plan_settings import HEDGED
from quotum.engine.tables.plan_tables import Plan
from quotum.engine.tables.schema import TREES

SHEET, ABOUT = "Targets", "about"
_NEEDED = ("since", "until", "measure", "level", "amount")
_LEFT_OUT = ("period", "last year", "growth")

Key = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the sheet."""

    number: int
    keys: Key
    since: date
    until: date
    measure: str
    level: str
    amount: Decimal


def read_edited(path: Path, plan: Plan) -> tuple[list[Change], list[Issue]]:
    """Return the changes that make the plan what the sheet says, and what is wrong with it."""
    package = look_inside(path)
    if package.issue:
        return [], [package.issue]
    workbook = Workbook(path, package)
    if workbook.issue or SHEET not in workbook.sheets:
        return [], [workbook.issue or Issue(rule="not_from_show", table="changes", file=path.name)]
    titles: list[str] = []

    def pick(header: Sequence[str], _: int | None) -> tuple[dict[str, int], list[Issue]]:
        titles.extend(title.strip() for title in header)
        return {title: at for at, title in enumerate(titles) if title and title not in _LEFT_OUT}, []

    raw, issues = workbook.read_columns(SHEET, pick, table="changes")
    if raw is None:
        return [], issues
    about = _read_about(workbook)
    if shown := about.get("currency"):
        details = (("plan", plan.settings.currency),)
        return [], [Issue(rule="sheet_converted", table="changes", file=path.name, value=shown, details=details)]
    by = tuple(about.get("by", "").split(";")) if about.get("by") else ()
    missing = [name for name in (*_NEEDED, *by) if name not in raw.cells.columns] if by else [ABOUT]
    if missing:
        details = (("missing", ", ".join(missing)),)
        return [], [Issue(rule="not_from_show", table="changes", file=path.name, details=details)]
    lines, found, dated = _read_lines(raw, by, path.name)
    issues = [issue for issue in issues if issue.line is None or issue.line in dated]
    told = {issue.line for issue in issues}
    if any(line.level == HEDGED for line in lines):
        return [], [*issues, Issue(rule="hedge_not_edited", table="changes", file=path.name)]
    changes, more = _compare(plan, lines, by, read_under(about.get("under", "")), path.name)
    issues = [*issues, *(issue for issue in found if issue.line not in told), *more]
    return ([] if stops(issues) else changes), issues


def _read_about(workbook: Workbook) -> dict[str, str]:
    """Return what the sheet is by, and what it was restricted to."""
    if ABOUT not in workbook.sheets:
        return {}
    raw, _ = workbook.read_columns(ABOUT, lambda header, _: ({name: k for k, name in enumerate(header[:2])}, []))
    lines = raw.cells.iter_rows() if raw is not None and raw.cells.width == 2 else ()
    return {name: value or "" for name, value in lines}


def _read_lines(raw: RawTable, by: Sequence[str], file: str) -> tuple[list[_Line], list[Issue], set[int]]:
    """Return the lines that have dates, and the numbers of these: totals and notes below them have none."""
    lines: list[_Line] = []
    issues: list[Issue] = []
    dated: set[int] = set()
    for at, row in enumerate(raw.cells.iter_rows(named=True)):
        if not (row["since"] and row["until"]):
            continue
        number = raw.first_line + at
        dated.add(number)
        try:
            since, until = (date.fromisoformat(row[name][:10]) for name in ("since", "until"))
            amount = Decimal(row["amount"] or "x")
            if not amount.is_finite():
                raise ValueError
        except (ValueError, InvalidOperation):
            issues.append(Issue(rule="not_a_number", table="changes", file=file, line=number, column="amount",
                                value=(row["amount"] or "")[:80]))  # fmt: skip
            continue
        keys = tuple(row[name] or None for name in by)
        lines.append(_Line(number, keys, since, until, row["measure"] or "", row["level"] or "", amount))
    return lines, issues, dated


def _compare(
    plan: Plan, lines: Sequence[_Line], by: tuple[str, ...], under: tuple[tuple[str, str], ...], file: str
) -> tuple[list[Change], list[Issue]]:
    """Return a change for each line whose amount is not the plan's."""
    changes: list[Change] = []
    issues: list[Issue] = []
    seen: dict[tuple[object, ...], _Line] = {}
    slices: dict[tuple[str, str, date, date], Mapping[Key, int]] = {}
    for line in lines:
        asked = (line.measure, line.level, line.since, line.until)
        if asked not in slices:
            frame, found = cut_slice(plan, Request(by, None, line.measure, line.level, under, line.since, line.until))
            issues += [issue for issue in found if issue not in issues]
            slices[asked] = _amounts(frame, by)
        blank = Change("add", file=file, line=line.number)
        first = seen.setdefault((*asked, line.keys), line)
        if first is not line:
            if first.amount != line.amount:
                twice = "/".join(key or "-" for key in line.keys)
                issues.append(blank.issue("line_twice", twice, first=str(first.number)))
            continue
        now = slices[asked].get(line.keys)
        measure = plan.settings.measures.get(line.measure)
        if measure is None or now is None:
            if measure is not None:
                issues.append(blank.issue("line_not_in_plan", "/".join(key or "-" for key in line.keys)))
            continue
        wanted = int(line.amount.scaleb(measure.decimals).to_integral_value(ROUND_HALF_UP))
        if wanted == now:
            continue
        if None in line.keys:
            issues.append(blank.issue("line_without_key", "/".join(key or "-" for key in line.keys)))
            continue
        whole = line.since <= plan.settings.since and line.until >= plan.settings.until
        keys = tuple((name, _own(name, key or "")) for name, key in zip(by, line.keys, strict=True))
        changes.append(Change(
            "add", (*under, *keys), line.measure, "commit" if line.level == "commit" else "extra",
            None if whole else line.since, None if whole else line.until, wanted - now, file=file, line=line.number,
        ))  # fmt: skip
    return changes, issues


def _amounts(frame: pl.DataFrame, by: Sequence[str]) -> Mapping[Key, int]:
    if frame.is_empty():
        return {}
    return {tuple(line[:-1]): line[-1] for line in frame.select(*by, "amount").iter_rows()}


def _own(dimension: str, key: str) -> str:
    """Return a key as changes name it: a line of a tree is that place's own part, unless it names a level."""
    return key + OWN if dimension in TREES else key
