"""Gives people their workbook back with the cells marked in which something was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quotum.adapters.files.importing.places import split_sheet

MOST_BYTES = 30 * 1024**2
"""Workbooks beyond are not marked: the library that keeps formats and charts holds all of it in memory."""
MOST_MARKS = 5_000
_COLOURS = {"error": "FFF4B6B0", "conflict": "FFF4B6B0", "warning": "FFFBE3B5", "note": "FFDCE9F7"}


@dataclass(frozen=True, slots=True)
class Mark:
    """What is said about one cell: the file as findings name it, line, title of the column (empty: the line)."""

    file: str
    line: int
    column: str
    severity: str
    text: str


def mark_workbook(path: Path, marks: Sequence[Mark], into: Path) -> int:
    """Write a copy of a workbook with coloured and commented cells, and return how many; 0: nothing was written."""
    import openpyxl
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    own = [mark for mark in marks if split_sheet(mark.file)[0] == path.name][:MOST_MARKS]
    if not own or path.stat().st_size > MOST_BYTES:
        return 0
    book = openpyxl.load_workbook(path, keep_vba=path.suffix.lower() == ".xlsm")
    fills = {name: PatternFill("solid", fgColor=colour) for name, colour in _COLOURS.items()}
    said: dict[tuple[str, int, int], list[Mark]] = {}
    for mark in own:
        name = split_sheet(mark.file)[1] or book.sheetnames[0]
        if name in book.sheetnames and hasattr(book[name], "cell"):
            place = _find_column(book[name], mark.line, mark.column)
            said.setdefault((name, mark.line, place), []).append(mark)
    for (name, line, place), here in said.items():
        cell = book[name].cell(line, place)
        worst = min(here, key=lambda mark: list(_COLOURS).index(mark.severity))
        if type(cell).__name__ == "MergedCell":
            continue
        cell.fill = fills[worst.severity]
        text = "\n".join(dict.fromkeys(mark.text for mark in here))
        cell.comment = Comment(text[:2_000], "quotum", width=320, height=140)
    book.save(into)
    return len(said)


def _find_column(sheet: object, line: int, title: str) -> int:
    """Return the column under a title: the nearest cell above the line that reads so; the first where none does."""
    wanted = title.strip().casefold()
    rows = sheet.iter_rows(min_row=1, max_row=min(line, 50), values_only=True)  # type: ignore[attr-defined]
    found = 1
    for row in rows:
        for place, value in enumerate(row, 1):
            if wanted and str(value or "").strip().casefold() == wanted:
                found = place
    return found
