"""Gives people their workbook back with the cells marked in which something was found."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from quotum.adapters.files.importing.places import split_sheet

MOST_BYTES = 30 * 1024**2
"""Workbooks beyond are not marked: the library that keeps formats and charts holds all of it in memory."""
MOST_MARKS = 5_000
TITLE = "findings"
"""The column that a marked CSV file has more than the one that came."""
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


def mark_text(path: Path, marks: Sequence[Mark], into: Path) -> int:
    """Write a copy of a CSV file with its findings in a last column, and return how many lines have some; 0: no copy.

    Line ends, quotes and encoding of the other cells stay as they are; findings come in UTF-8 where the file's
    encoding has no such signs, and the whole copy is then UTF-8 with a mark.
    """
    own = [mark for mark in marks if Path(mark.file).name == path.name]
    if not own or path.stat().st_size > MOST_BYTES:
        return 0
    text, coding = _decode(path.read_bytes())
    said: dict[int, list[str]] = {}
    for mark in own:
        where = f"{mark.column}: " if mark.column else ""
        said.setdefault(mark.line, []).append(f"{where}{mark.text}")
    head = "".join(text.splitlines(keepends=True)[:10])
    separator = max(",;\t|", key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    lines = text.splitlines(keepends=True)
    out, begun, found = [], 0, 0
    for row in rows:
        end = rows.line_num
        whole = "".join(lines[begun:end])
        body = whole.rstrip("\r\n")
        told = [note for line in range(begun + 1, end + 1) for note in said.get(line, ())]
        found += bool(told)
        note = TITLE if begun == 0 else " / ".join(dict.fromkeys(told))
        out.append(f"{body}{separator}{_quote(note)}{whole[len(body):]}" if row else whole)
        begun = end
    marked = "".join(out)
    try:
        into.write_bytes(marked.encode(coding))
    except UnicodeEncodeError:
        into.write_bytes(marked.encode("utf-8-sig"))
    return found


def _quote(text: str) -> str:
    """Return a text as a cell that no spreadsheet takes for a formula."""
    safe = f"'{text}" if text[:1] in "=+-@" else text
    return '"' + safe.replace('"', '""') + '"' if text else ""


def _decode(content: bytes) -> tuple[str, str]:
    """Return a file's text and its encoding; one that nothing fits is read as it may."""
    for coding in ("utf-8-sig", "utf-8", "gb18030", "big5", "cp1252"):
        if coding == "utf-8-sig" and not content.startswith(b"\xef\xbb\xbf"):
            continue
        try:
            return content.decode(coding), coding
        except UnicodeDecodeError:
            continue
    return content.decode("utf-8", errors="replace"), "utf-8-sig"


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
