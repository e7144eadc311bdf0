"""Finds the line of titles in files that begin with something else: the name of a report, its date, blank lines."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from functools import cache

from quotum.adapters.files.csv_text import one_huge_line
from quotum.adapters.files.importing.aliases import column_aliases, fold
from quotum.adapters.files.importing.foreign_files import ForeignFiles
from quotum.adapters.files.importing.foreign_text import DELIMITERS, UnclearEncoding, to_utf8
from quotum.adapters.files.importing.places import FilePlace
from quotum.engine.tables.schema import TABLES

_LOOK = 30  # lines
_LEAST = 2  # titles that some table knows


def find_header(files: ForeignFiles, source: str) -> int | None:
    """Return the line of a source's titles; None where the first that holds anything has some, or none is found."""
    place = next(iter(files.places(source)), None)
    if place is None or place.path.suffix.lower() == ".parquet":
        return None
    is_book = place.path.suffix.lower() in (".xlsx", ".xlsm")
    lines = _first_rows(files, place) if is_book else _first_lines(place)
    known = [sum(fold(cell) in _known_titles() for cell in set(line)) for line in lines]
    first = next((k for k, line in enumerate(lines) if any(cell.strip() for cell in line)), None)
    if first is None or known[first] >= _LEAST:
        return None
    best = max(range(len(lines)), key=lambda k: known[k])
    return best + 1 if known[best] >= _LEAST else None


@cache
def _known_titles() -> frozenset[str]:
    """Return the folded titles of all columns of all tables."""
    return frozenset(alias for table in TABLES for alias in column_aliases(table))


def _first_rows(files: ForeignFiles, place: FilePlace) -> list[list[str]]:
    book, _ = files.open_book(place)
    sheet = place.sheet or (book.sheets[0] if book is not None and book.sheets else "")
    return book.first_rows(sheet, _LOOK) if book is not None and sheet in book.sheets else []


def _first_lines(place: FilePlace) -> list[Sequence[str]]:
    """Return the first lines of a text file, each cut at the delimiter that gives it the most titles."""
    if one_huge_line(place.path):
        return []
    try:
        data, _ = to_utf8(place.path.read_bytes())
    except (OSError, UnclearEncoding):
        return []
    lines = data.split(b"\n", _LOOK)[:_LOOK]
    return [_cut(line.decode("utf-8", "replace").rstrip("\r")) for line in lines]


def _cut(line: str) -> Sequence[str]:
    cuts = [_split(line, delimiter) for delimiter in DELIMITERS]
    return max(cuts, key=lambda cells: sum(fold(cell) in _known_titles() for cell in set(cells)))


def _split(line: str, delimiter: str) -> Sequence[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []
