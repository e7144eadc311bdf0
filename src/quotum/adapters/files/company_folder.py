"""Reads a company folder: every table it holds, and every finding about it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from quotum.adapters.files.csv_text import read_csv_table
from quotum.adapters.files.parquet_file import read_parquet_table
from quotum.adapters.files.plan_toml import read_settings
from quotum.adapters.files.raw_table import RawTable
from quotum.adapters.files.table_files import Place, find_tables
from quotum.adapters.files.typed_columns import type_columns
from quotum.engine.basics.issues import Issue, shorten
from quotum.engine.tables.cleaning import clean_company
from quotum.engine.tables.company import Company, Source
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.rules import check_company
from quotum.engine.tables.schema import TABLES, Table

PLAN_FILE = "plan.toml"
NEEDED = ("units", "people")


@dataclass(frozen=True, slots=True)
class OpenedCompany:
    """A company folder as it was found. Plan only when no issue stops: ``settings`` is None then at the latest."""

    company: Company
    settings: PlanSettings | None
    issues: list[Issue]


def open_company(folder: Path, overrides: Sequence[str] = ()) -> OpenedCompany:
    """Read tables and plan.toml of a folder, check them against each other, and clean what needs no decision.

    ``overrides`` are settings such as ``plan.until=2027-07-01`` that win over plan.toml.
    """
    company, issues = read_company(folder)
    if any(issue.rule.startswith("folder_") for issue in issues):
        return OpenedCompany(company, None, issues)
    settings, more = read_settings(folder / PLAN_FILE, overrides)
    issues = issues + more + check_company(company, settings)
    return OpenedCompany(clean_company(company), settings, shorten(issues))


def read_company(folder: Path) -> tuple[Company, list[Issue]]:
    """Read every known table of a folder from CSV, Parquet or the sheets of one workbook: (company, issues).

    What cannot be read is an issue and missing from the company. Nothing raises; with errors nothing may be planned.
    """
    places, issues = find_tables(folder)
    tables: dict[str, pl.DataFrame] = {}
    sources: dict[str, Source] = {}
    unreadable: set[str] = set()
    for place in places:
        raw, found = _read_place(place)
        issues += found
        if raw is None:
            unreadable |= {place.table} if any(issue.severity == "error" for issue in found) else set()
            continue
        typed = type_columns(TABLES[place.table], raw)
        issues += typed.issues
        tables[place.table], sources[place.table] = typed.frame, typed.source
    # A damaged workbook may have held any of the missing tables: say only what is certain.
    if not any(issue.severity == "error" and not issue.table for issue in issues):
        issues += [_missing(name, sources) for name in NEEDED if name not in unreadable and not _filled(name, tables)]
        empty = [name for name in tables if name not in NEEDED and not _filled(name, tables)]
        issues += [Issue(rule="tables_empty", severity="note", value=", ".join(empty))] if empty else []
    return Company.of(tables, sources, frozenset(unreadable)), issues


def _read_place(place: Place) -> tuple[RawTable | None, list[Issue]]:
    """Read the cells of one table."""
    table: Table = TABLES[place.table]
    try:
        if place.workbook is not None:
            return place.workbook.read_table(place.sheet, table)
        read = read_parquet_table if place.path.suffix.lower() == ".parquet" else read_csv_table
        return read(place.path, table, place.path.name)
    except OSError as problem:
        return None, [Issue(rule="file_unreadable", table=table.name, file=place.label, value=problem.strerror or "")]


def _filled(name: str, tables: dict[str, pl.DataFrame]) -> bool:
    return name in tables and tables[name].height > 0


def _missing(name: str, sources: dict[str, Source]) -> Issue:
    """Return the issue of a table that every company needs."""
    return Issue(rule="table_missing" if name not in sources else "table_without_rows", table=name,
                 file=sources[name].file if name in sources else "")  # fmt: skip
