"""What the three readers hand on: cells as they stand in the file, and where they stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.nearest import nearest
from quotum.engine.tables.schema import Table

Pick = Callable[[Sequence[str], int | None], tuple[dict[str, int], list[Issue]]]
"""Chooses the columns to read: (header, its line) -> (name in the result -> position in the header, issues)."""


@dataclass(frozen=True, slots=True)
class RawTable:
    """Cells of the columns that were picked: those the schema knows are named as there (`amount`, not `amount_e4`)."""

    file: str
    cells: pl.DataFrame
    first_line: int = 2
    lines: pl.Series | None = None
    typed: bool = False  # the file itself knows types (Parquet); text otherwise
    files: pl.Series | None = None  # the file of every row where rows come from several
    refused: Mapping[str, pl.Series] = field(default_factory=dict)  # column -> mask of cells that cannot be read
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # file -> column -> what the file calls it


def damaged(problem: BaseException, file: str, table: str = "") -> Issue:
    """Return the issue of a file that is not what its ending says."""
    words = str(problem).strip().splitlines() or [type(problem).__name__]
    return Issue(rule="file_damaged", table=table, file=file, value=words[0][:200])


def schema_columns(table: Table, file: str) -> Pick:
    """Return the pick of the columns that the schema of ``table`` knows."""
    return lambda header, line: match_columns(table, header, file, line)


def match_columns(
    table: Table, header: Sequence[str], file: str, line: int | None = 1
) -> tuple[dict[str, int], list[Issue]]:
    """Find the schema's columns in a header: (name -> position, issues).

    Capitals and surrounding blanks do not matter. Unknown columns are warnings, missing required ones and names given
    twice are errors.
    """
    names = [column.name for column in table.columns]
    known = {name.casefold(): name for name in names}
    titles = {title.strip().casefold() for title in header}
    places: dict[str, int] = {}
    issues: list[Issue] = []

    for place, title in enumerate(header):
        name = known.get(title.strip().casefold())
        if name is None:
            if title.strip():
                near = (("nearest", nearest(title, (n for n in names if n not in titles))),)
                issues.append(Issue(rule="unknown_column", severity="warning", table=table.name, file=file, line=line,
                                    column=title.strip()[:80], details=near))  # fmt: skip
        elif name in places:
            issues.append(Issue(rule="column_twice", table=table.name, file=file, line=line, column=name))
        else:
            places[name] = place
    missing = [c.name for c in table.columns if c.required and c.name not in places]
    issues += [Issue(rule="column_missing", table=table.name, file=file, line=line, column=name,
                     details=(("nearest", nearest(name, (t for t in header if t.strip().casefold() not in known))),))
               for name in missing]  # fmt: skip
    return places, issues
