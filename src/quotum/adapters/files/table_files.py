"""Finds which file or sheet of a company folder holds which table."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from quotum.adapters.files.workbook import Workbook
from quotum.adapters.files.workbook_package import look_inside
from quotum.engine.basics.issues import Issue
from quotum.engine.basics.nearest import nearest
from quotum.engine.tables.schema import TABLES

_ENDINGS = (".csv", ".parquet", ".xlsx")
_FOREIGN = (".xls", ".xlsm", ".xlsb", ".ods", ".tsv", ".txt")  # looks like a table, but is not read


@dataclass(frozen=True, slots=True)
class Place:
    """Where a table lies: a file, or a sheet of the opened workbook."""

    table: str
    path: Path
    sheet: str = ""
    workbook: Workbook | None = None

    @property
    def label(self) -> str:
        """The place as people read it."""
        return f"{self.path.name} [{self.sheet}]" if self.sheet else self.path.name


def find_tables(folder: Path, foreign: Collection[Path] = ()) -> tuple[list[Place], list[Issue]]:
    """Find every known table of a company folder: (places, issues). A table given twice is an error and not read.

    Files that are ``foreign`` are none of its tables, whatever they are called.
    """
    try:
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith((".", "~$")))
    except FileNotFoundError:
        return [], [Issue(rule="folder_missing", file=str(folder))]
    except OSError as problem:
        return [], [Issue(rule="folder_unreadable", file=str(folder), value=problem.strerror or "")]
    paths = [path for path in paths if not foreign or path.resolve() not in foreign]
    places: list[Place] = []
    issues: list[Issue] = []
    workbooks = [path for path in paths if path.suffix.lower() == ".xlsx"]
    if len(workbooks) > 1:
        names = ", ".join(path.name for path in workbooks)
        issues.append(Issue(rule="several_workbooks", file=workbooks[0].name, value=names))
    for path in paths:
        ending = path.suffix.lower()
        table = path.stem.strip().lower()
        if ending in _ENDINGS and (wrong := _check_path(path, folder)):
            issues.append(wrong)
        elif ending == ".xlsx":
            if len(workbooks) == 1:
                found, more = _find_sheets(path)
                places, issues = places + found, issues + more
        elif ending in _ENDINGS and table in TABLES:
            places.append(Place(table, path))
        elif ending in _ENDINGS or (ending in _FOREIGN and table in TABLES):
            rule = "unknown_file" if ending in _ENDINGS else "unread_file"
            issues.append(Issue(rule=rule, severity="warning", file=path.name, value=path.stem,
                                details=(("nearest", nearest(table, TABLES)),)))  # fmt: skip
    return _without_doubles(places, issues)


def _check_path(path: Path, folder: Path) -> Issue | None:
    """Return the issue of a path that leads out of the folder or that is no ordinary file."""
    try:
        inside = path.resolve(strict=True).is_relative_to(folder.resolve())
        if inside and path.is_file():
            return None
    except (OSError, RuntimeError):
        inside = True
    return Issue(rule="not_a_file" if inside else "outside_folder", file=path.name)


def _find_sheets(path: Path) -> tuple[list[Place], list[Issue]]:
    """Find the known tables among the sheets of a workbook."""
    package = look_inside(path)
    if package.issue:
        return [], [package.issue]
    workbook = Workbook(path, package)
    if workbook.issue:
        return [], [workbook.issue]
    places, issues = [], []
    for sheet in workbook.sheets:
        table = sheet.strip().lower()
        if table in TABLES:
            places.append(Place(table, path, sheet, workbook))
        else:
            issues.append(Issue(rule="unknown_sheet", severity="warning", file=path.name, value=sheet[:80],
                                details=(("nearest", nearest(table, TABLES)),)))  # fmt: skip
    return places, issues


def _without_doubles(places: list[Place], issues: list[Issue]) -> tuple[list[Place], list[Issue]]:
    """Return one place a table and an issue for every table that is given more than once."""
    by_table: dict[str, list[Place]] = {}
    for place in places:
        by_table.setdefault(place.table, []).append(place)
    for table, found in by_table.items():
        if len(found) > 1:
            files = ", ".join(place.label for place in found)
            issues.append(Issue(rule="table_twice", table=table, file=found[0].label, value=files))
    return [found[0] for found in by_table.values()], issues
