"""Reads the changes of a revision: a CSV or TOML file, a line a change, every finding at once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl

from quotum.adapters.files.csv_text import read_csv_table
from quotum.adapters.files.raw_table import RawTable, match_columns
from quotum.adapters.files.typed_columns import type_columns
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.revisions import Change
from quotum.engine.revisions.selecting import read_under
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.schema import E4, Column, Table

CHANGES = Table("changes", (
    Column("operation", "choice", required=True, about="set, add, scale, copy, spread, hold or release"),
    Column("under", "text", about="whose number: unit=North;person=P003, the node last; empty: the whole plan"),
    Column("measure", "text", about="what is counted; empty: the plan's first target"),
    Column("layer", "choice", about="commit (default) or extra; of a hold empty means both"),
    Column("since", "date", about="first day; empty: the plan's"),
    Column("until", "date", about="first day that no longer belongs to it; empty: the plan's end"),
    Column("amount", "amount", about="what set sets and add adds; of copy and spread the new total, empty: it stays"),
    Column("factor", "text", about="what scale multiplies with: 1.05, 105% or 1/3, exactly"),
    Column("source", "text", about="of copy: the slice whose shape is taken, as under; empty: the same slice"),
    Column("source_since", "date", about="of copy: first day of the source; empty: as since"),
    Column("source_until", "date", about="of copy: end of the source; empty: as until"),
    Column("basis", "choice", about="of spread: equal, last_year, shares, working_days; of copy: last_year or empty"),
    Column("over", "choice", about="of copy and spread: members (default) or time"),
    Column("absorb", "choice", about="who takes the difference: parent (default), siblings or time"),
    Column("owner", "text", about="who says so"),
    Column("reason", "text", about="why"),
    Column("expires", "date", about="of a hold: first day on which it no longer holds"),
), about="changes of a plan, made in their order")  # fmt: skip


def read_changes(path: Path, settings: PlanSettings) -> tuple[list[Change], list[Issue]]:
    """Return the changes in a file and what is wrong with it; with errors there is nothing to make."""
    if not path.is_file():
        return [], [Issue(rule="changes_missing", table="changes", file=str(path))]
    if path.suffix.lower() == ".toml":
        raw, issues = _read_toml(path)
    else:
        raw, issues = read_csv_table(path, CHANGES, path.name)
    if raw is None:
        return [], issues
    typed = type_columns(CHANGES, raw)
    issues = [*issues, *typed.issues]
    if not typed.frame.height and not stops(issues):
        issues.append(Issue(rule="changes_empty", table="changes", file=path.name))
    made = []
    for row, line in enumerate(typed.frame.iter_rows(named=True)):
        change, found = _make(line, settings, path.name, typed.source.line(row))
        issues += found
        made.append(change)
    return ([] if stops(issues) else made), issues


def _make(line: dict[str, Any], settings: PlanSettings, file: str, number: int) -> tuple[Change, list[Issue]]:
    """Return one line as a change, its amounts in smallest units."""
    blank = Change(line.get("operation") or "", file=file, line=number)
    issues = [] if blank.operation else [blank.issue("change_needs", "operation", "operation")]
    pairs: dict[str, tuple[tuple[str, str], ...]] = {}
    for column in ("under", "source"):
        try:
            pairs[column] = read_under(line.get(column) or "")
        except ValueError as error:
            pairs[column] = ()
            issues.append(blank.issue("under_unreadable", str(error), column))
    measure = line.get("measure") or settings.targets[0].measure
    decimals = settings.measures[measure].decimals if measure in settings.measures else 0
    amount = line.get("amount_e4")
    minor = None if amount is None else Fraction(amount * 10**decimals, E4)
    if minor is not None and minor.denominator != 1:
        text = str(Decimal(amount or 0) / E4)
        issues.append(blank.issue("money_too_fine", text, "amount", decimals=str(decimals)))
    factor = _read_factor(line.get("factor") or "")
    if line.get("factor") and factor is None:
        issues.append(blank.issue("factor_unreadable", line["factor"], "factor"))
    change = replace(
        blank,
        under=pairs["under"],
        measure=line.get("measure") or "",
        layer=line.get("layer") or "",
        since=line.get("since"),
        until=line.get("until"),
        amount_minor=None if minor is None else int(minor),
        factor=factor,
        source=pairs["source"],
        source_since=line.get("source_since"),
        source_until=line.get("source_until"),
        basis=line.get("basis") or "",
        over=line.get("over") or "members",
        absorb=line.get("absorb") or "parent",
        owner=line.get("owner") or "",
        reason=line.get("reason") or "",
        expires=line.get("expires"),
    )
    return change, issues


def _read_factor(text: str) -> Fraction | None:
    """Return ``1.05``, ``105%`` or ``1/3`` exactly; None for anything else, negative ones included."""
    found = re.fullmatch(r"(\d{1,12}(?:\.\d{1,12})?)\s*(%|/\s*\d{1,12})?", text.strip())
    if found is None:
        return None
    by = 100 if found[2] == "%" else int(found[2].removeprefix("/")) if found[2] else 1
    return Fraction(found[1]) / by if by else None


def _read_toml(path: Path) -> tuple[RawTable | None, list[Issue]]:
    """Return the cells of ``[[change]]`` as text, each with the line of its header."""
    try:
        text = path.read_text(encoding="utf-8-sig")
        document = tomllib.loads(text, parse_float=str)
    except (OSError, ValueError) as error:
        return None, [Issue(rule="change_toml", table="changes", file=path.name, value=str(error))]
    lines = [n for n, line in enumerate(text.splitlines(), 1) if re.match(r"\s*\[\[\s*change\s*\]\]", line)]
    found = document.get("change")
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        return None, [Issue(rule="changes_empty", table="changes", file=path.name)]
    names = list(dict.fromkeys(name for one in found for name in one))
    places, issues = match_columns(CHANGES, names, path.name, None)
    cells = pl.DataFrame(
        {name: [None if (value := one.get(names[at])) is None else str(value) for one in found]
         for name, at in places.items()},
        schema=dict.fromkeys(places, pl.String),
    )  # fmt: skip
    numbers = pl.Series(lines if len(lines) == len(found) else [1] * len(found), dtype=pl.Int64)
    return RawTable(path.name, cells, lines=numbers), issues
