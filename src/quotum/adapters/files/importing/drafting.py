"""The work of `quotum import`: look at files, guess, write the draft of `[import]`, and say how sure it is."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import polars as pl

from quotum.adapters.files.importing.dates import read_dates
from quotum.adapters.files.importing.derived_tables import derive_tables, leave_out_totals
from quotum.adapters.files.importing.foreign_files import ForeignFiles
from quotum.adapters.files.importing.guess_writing import append_import, import_text, new_plan_text
from quotum.adapters.files.importing.guessing import PLAN_YEAR, Guess, fill_gaps, guess_tables
from quotum.adapters.files.importing.headers import find_header
from quotum.adapters.files.importing.places import ENDINGS, FilePlace
from quotum.adapters.files.importing.rows import stripped
from quotum.adapters.files.importing.samples import Sample
from quotum.adapters.files.plan_toml import read_document
from quotum.adapters.files.workbook import Workbook
from quotum.engine.basics.issues import Issue, stops

PLAN_FILE = "plan.toml"


@dataclass(frozen=True, slots=True)
class Draft:
    """What was written: the guess, the folder of the files where it is not the company's own, and findings."""

    guess: Guess
    data: Path | None
    fresh: bool  # plan.toml is new
    issues: list[Issue] = field(default_factory=list)


def draft_import(paths: Sequence[Path], into: Path, data: Path | None = None) -> Draft:
    """Guess what the files hold and write `[import]` into the plan.toml of ``into``; copies and changes nothing else.

    Without ``data`` the folder that holds all files beside the company's is taken for it. With an error nothing is
    written.
    """
    paths = _in_folders(paths)
    issues = [Issue(rule="import_file_missing", file=str(path), details=(("nearest", ""),))
              for path in paths if not path.is_file()]  # fmt: skip
    data = data or _common_folder([path for path in paths if not _lies_in(path, into)])
    issues += [Issue(rule="import_outside", file=str(path)) for path in paths
               if not (_lies_in(path, into) or (data and _lies_in(path, data)))]  # fmt: skip
    issues += _check_plan(into / PLAN_FILE)
    empty = Guess([], {})
    if stops(issues) or not paths:
        return Draft(empty, data, fresh=False, issues=issues)
    files = ForeignFiles((into, data) if data else (into,))
    samples = _take_samples(paths, into, data, files)
    guess = guess_tables(samples)
    fill_gaps(guess)
    leave_out_totals(guess)
    derive_tables(guess)
    issues += files.issues
    if not guess.tables:
        issues.append(Issue(rule="import_nothing_known", file=", ".join(path.name for path in paths)[:200]))
        return Draft(guess, data, fresh=False, issues=issues)
    fresh = not (into / PLAN_FILE).exists()
    try:
        plan = new_plan_text(into.resolve().name, _last_day(guess, files))
        _set_years(guess, plan if fresh else (into / PLAN_FILE).read_text(encoding="utf-8-sig"))
        append_import(into / PLAN_FILE, import_text(guess), {"plan": plan})
    except OSError as problem:
        issues.append(Issue(rule="folder_not_written", file=str(into), value=problem.strerror or ""))
    return Draft(guess, data, fresh, issues)


def _in_folders(paths: Sequence[Path]) -> list[Path]:
    """Return the files, a folder standing for the tables in it."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            tables = [inside for inside in path.iterdir() if inside.suffix.lower() in ENDINGS]
            found += sorted(inside for inside in tables if not inside.name.startswith((".", "~$")))
        else:
            found.append(path)
    return list(dict.fromkeys(found))


def _lies_in(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(folder.resolve())


def _common_folder(paths: Sequence[Path]) -> Path | None:
    """Return the folder that holds all of the files."""
    if not paths:
        return None
    common = Path(os.path.commonpath([path.resolve().parent for path in paths]))
    return next((path.parent for path in paths if path.resolve().parent == common), common)


def _check_plan(path: Path) -> list[Issue]:
    """Return what forbids writing into a plan.toml that is there."""
    if not path.exists():
        return []
    document, notes = read_document(path)
    if document is not None and "import" in document:
        return [Issue(rule="import_exists", file=str(path))]
    return [issue for issue in notes.issues if issue.severity == "error"]


def _take_samples(paths: Sequence[Path], into: Path, data: Path | None, files: ForeignFiles) -> list[Sample]:
    """Return a sample of every file, of every sheet of a workbook."""
    samples = []
    for path in paths:
        root = into if _lies_in(path, into) else data or into
        name = path.resolve().relative_to(root.resolve()).as_posix()
        for source in _sources(path, name, files):
            files.ask(source, None)
            if line := find_header(files, source):
                files.state_header(source, line)
            table = files.read(source)
            if table is not None and table.cells.height:
                samples.append(Sample.of(source, table))
    return samples


def _sources(path: Path, name: str, files: ForeignFiles) -> list[str]:
    """Return the file itself, or its sheets."""
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        return [name]
    book, issues = files.open_book(FilePlace(path, name))
    if not isinstance(book, Workbook):
        files.issues += issues
        return []
    return [f"{name} [{sheet}]" for sheet in book.sheets] if len(book.sheets) > 1 else [name]


def _set_years(guess: Guess, plan: str) -> None:
    """Let months that do not say their year be those of the year in which the plan begins."""
    since = tomllib.loads(plan).get("plan", {}).get("since")
    year = f", year = {since.year}" if isinstance(since, date) else ""
    for each in guess.tables:
        each.options = [option.replace(PLAN_YEAR, year) for option in each.options]


def _last_day(guess: Guess, files: ForeignFiles) -> date | None:
    """Return the last day of the sales."""
    last: str | None = None
    for table in guess.tables:
        column = table.columns.get("date")
        if table.table != "sales" or column is None:
            continue
        for source in table.sources:
            foreign, order = files.read(source), guess.samples[source].order[0]
            if foreign is not None and column.titles[0] in foreign.cells.columns:
                days, wrong = read_dates(stripped(foreign.cells[column.titles[0]]), order or "year-month-day")
                days = days if wrong is None else days.filter(~wrong)
                found = days.drop_nulls().cast(pl.String).max()
                last = max(last or "", str(found)[:10]) if found else last
    return date.fromisoformat(last) if last else None
