"""Reads a company folder: every table it holds, and every finding about it at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import polars as pl

from quotum.adapters.files.csv_text import read_csv_table
from quotum.adapters.files.importing import Import, Period, needs_import, open_import
from quotum.adapters.files.parquet_file import read_parquet_table
from quotum.adapters.files.plan_toml import find_period, make_settings, read_document
from quotum.adapters.files.raw_table import RawTable
from quotum.adapters.files.table_files import Place, find_tables
from quotum.adapters.files.typed_columns import type_columns
from quotum.engine.basics.issues import Issue, shorten
from quotum.engine.tables.cleaning import clean_company
from quotum.engine.tables.company import Company, Source
from quotum.engine.tables.plan_rates import at_plan_rates
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.rate_effects import EFFECTS_SCHEMA
from quotum.engine.tables.rules import check_company
from quotum.engine.tables.schema import TABLES, Table

PLAN_FILE = "plan.toml"
NEEDED = ("units", "people")


@dataclass(frozen=True, slots=True)
class OpenedCompany:
    """A company folder as it was found. Plan only when no issue stops: ``settings`` is None then at the latest.

    ``foreign`` are the files that `[import]` read, by the names plan.toml gives them. The company's amounts are in the
    plan's currency, others at their plan rates; ``rate_effects`` (``EFFECTS_SCHEMA``) tell what actual rates change.
    """

    company: Company
    settings: PlanSettings | None
    issues: list[Issue]
    foreign: dict[str, Path] = field(default_factory=dict)
    rate_effects: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=EFFECTS_SCHEMA))


def open_company(folder: Path, overrides: Sequence[str] = (), data: Path | None = None) -> OpenedCompany:
    """Read tables and plan.toml of a folder, check them against each other, and clean what needs no decision.

    ``overrides`` are settings such as ``plan.until=2027-07-01`` that win over plan.toml. Foreign files that plan.toml
    names under `[import]` may lie in the folder or in ``data``.
    """
    document, notes = read_document(folder / PLAN_FILE, overrides)
    foreign = open_import(document, notes, folder, data) if document is not None and needs_import(document) else None
    given = find_period(document) if document is not None else None
    period = None if given is None else Period(*given)
    company, issues = read_company(folder, foreign, period)
    if any(issue.rule.startswith("folder_") for issue in issues):
        return OpenedCompany(company, None, issues)
    if foreign is not None and document is not None:
        issues += foreign.fill_targets(document, period) if period else []
        issues += foreign.files.issues
    settings = make_settings(document, notes)
    issues = issues + notes.issues + check_company(company, settings)
    cleaned, effects = clean_company(company), pl.DataFrame(schema=EFFECTS_SCHEMA)
    if settings is not None:
        cleaned, effects, found = at_plan_rates(cleaned, settings)
        issues += found
    issues = shorten(name_titles(issues, company))
    return OpenedCompany(cleaned, settings, issues, foreign.used if foreign else {}, effects)


@dataclass(frozen=True, slots=True)
class ReadTables:
    """Tables as they were read: only those and only the columns that the files hold, in the engine's types."""

    tables: dict[str, pl.DataFrame]
    sources: dict[str, Source]
    unreadable: set[str]
    issues: list[Issue]


def read_company(
    folder: Path, foreign: Import | None = None, period: Period | None = None
) -> tuple[Company, list[Issue]]:
    """Read every known table of a folder from CSV, Parquet or the sheets of one workbook: (company, issues).

    Tables that `[import]` fills are made from their ``foreign`` files. What cannot be read is an issue and missing
    from the company. Nothing raises; with errors nothing may be planned.
    """
    read = read_tables(folder, foreign, period)
    tables, issues = read.tables, read.issues
    # A damaged workbook may have held any of the missing tables: say only what is certain.
    if not any(issue.severity == "error" and not issue.table for issue in issues):
        missing = [name for name in NEEDED if name not in read.unreadable and not _filled(name, tables)]
        issues += [_missing(name, read.sources) for name in missing]
        empty = [name for name in tables if name not in NEEDED and not _filled(name, tables)]
        issues += [Issue(rule="tables_empty", severity="note", value=", ".join(empty))] if empty else []
    return Company.of(tables, read.sources, frozenset(read.unreadable)), issues


def read_tables(folder: Path, foreign: Import | None = None, period: Period | None = None) -> ReadTables:
    """Read the known tables that a folder holds, as ``read_company`` does, whether or not they make a company."""
    imported = foreign.settings.tables if foreign else set()
    places, issues = find_tables(folder, foreign.claimed() if foreign else set())
    tables: dict[str, pl.DataFrame] = {}
    sources: dict[str, Source] = {}
    unreadable: set[str] = set()

    def keep(name: str, raw: RawTable) -> None:
        typed = type_columns(TABLES[name], raw)
        issues.extend(typed.issues)
        tables[name], sources[name] = typed.frame, typed.source

    for place in places:
        if place.table in imported:
            both = f"{place.label}, [import]"
            issues.append(Issue(rule="table_twice", table=place.table, file=place.label, value=both))
            continue
        raw, found = _read_place(place)
        issues += found
        if raw is None:
            unreadable |= {place.table} if any(issue.severity == "error" for issue in found) else set()
        else:
            keep(place.table, raw)
    if foreign:
        issues += foreign.make_tables(period, lambda tree: _parents(tree, tables), keep)
        unreadable |= imported - set(tables)
    return ReadTables(tables, sources, unreadable, issues)


def name_titles(issues: list[Issue], company: Company) -> list[Issue]:
    """Return the issues with the columns called as the foreign file calls them, where there is one."""
    named = []
    for issue in issues:
        source = company.sources.get(issue.table)
        title = source.titles.get(issue.file, {}).get(issue.column, "") if source else ""
        named.append(replace(issue, column=title) if title else issue)
    return named


def _parents(tree: str, tables: dict[str, pl.DataFrame]) -> dict[str, str | None]:
    """Return the parent of each member of a tree that was read before."""
    key, parent = TABLES[tree].key[0], TABLES[tree].parent
    if tree not in tables or not {key, parent} <= set(tables[tree].columns):
        return {}
    return dict(tables[tree].select(key, parent).drop_nulls(key).iter_rows())


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
