"""Reads the sheets of an Excel workbook as text, after a look inside: some files are not what they seem."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.adapters.files.raw_table import RawTable, damaged, match_columns
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.tables.schema import Table

MOST_ENTRIES = 2_000
MOST_BYTES = 1024**3
"""Unpacked size of a workbook beyond which it is refused: Excel's million rows of twenty columns stay below."""
MOST_RATIO = 400
"""How much smaller than its content a large part may be packed; sheets come to some ten to sixty times."""
MOST_CELLS = 60_000_000
"""Rows × columns of a sheet: one cell in the last corner makes the reader ask for memory for all before it."""
_LARGE_PART = 100 * 1024**2
_BLOCK = 1 << 20
_REFERENCE = 16  # bytes that surely hold a reference to a cell
_SPACE, _R, _EQUALS, _QUOTE = b' r="'


def check_workbook(path: Path) -> Issue | None:
    """Return the issue of a file that is no workbook, or that would unpack to more than a machine should bear."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
            size = sum(part.file_size for part in parts)
            large = [part for part in parts if part.file_size > _LARGE_PART]
            bomb = any(part.file_size > MOST_RATIO * max(part.compress_size, 1) for part in large)
            if len(parts) > MOST_ENTRIES or size > MOST_BYTES or bomb:
                return Issue(rule="workbook_too_large", file=path.name, value=f"{size // 1024**2:,} MB")
            if not any(part.filename == "xl/workbook.xml" for part in parts):
                return damaged(ValueError("no xl/workbook.xml"), path.name)
            cells = max(
                (
                    _extent(packed, part)
                    for part in parts
                    if part.filename.startswith("xl/worksheets/") and not part.is_dir()
                ),
                default=0,
            )
            if cells > MOST_CELLS:
                return Issue(rule="workbook_too_large", file=path.name, value=f"{cells:,} cells")
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as problem:
        return damaged(problem, path.name)
    return None


def _extent(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> int:
    """Return rows × columns of a sheet up to its farthest cell."""
    row, column, tail = 0, 0, b""
    with packed.open(part) as sheet:
        while block := sheet.read(_BLOCK):
            far_row, far_column = _farthest(np.frombuffer(tail + block + bytes(_REFERENCE), np.uint8))
            row, column = max(row, far_row), max(column, far_column)
            tail = block[-_REFERENCE:]
    return row * column


def _farthest(xml: npt.NDArray[np.uint8]) -> tuple[int, int]:
    """Return the largest row and column that any reference such as ``r="XFD1048576"`` names."""
    head = xml[:-_REFERENCE]
    named = (head[3:] == _QUOTE) & (head[2:-1] == _EQUALS) & (head[1:-2] == _R) & (head[:-3] == _SPACE)
    at = np.flatnonzero(named) + 4
    rows, columns = np.zeros(len(at), np.int64), np.zeros(len(at), np.int64)
    open_ = np.ones(len(at), np.bool_)
    for place in range(_REFERENCE - 4):
        letter = xml[at + place].astype(np.int64)
        digit, capital = (letter >= 48) & (letter <= 57), (letter >= 65) & (letter <= 90)
        open_ &= digit | capital
        rows = np.where(open_ & digit, rows * 10 + letter - 48, rows)
        columns = np.where(open_ & capital, columns * 26 + letter - 64, columns)
    return int(rows.max(initial=0)), int(columns.max(initial=0))


class Workbook:
    """An opened workbook. Raises nothing: what cannot be read comes back as issues."""

    def __init__(self, path: Path) -> None:
        """Open a workbook that ``check_workbook`` found sound."""
        import fastexcel

        self.file = path.name
        self.issue: Issue | None = None
        self.sheets: list[str] = []
        self._errors: type[Exception] = fastexcel.FastExcelError
        try:
            self._reader = fastexcel.read_excel(str(path))
            self.sheets = list(self._reader.sheet_names)
        except (self._errors, pl.exceptions.PanicException, OSError) as problem:
            self.issue = damaged(problem, self.file)

    def read_table(self, sheet: str, table: Table) -> tuple[RawTable | None, list[Issue]]:
        """Read the columns of ``table`` from a sheet as text: (cells or None, issues). Lines are Excel's rows."""
        file = f"{self.file} [{sheet}]"
        try:
            loaded = self._reader.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
            cells = loaded.to_polars()
        except (self._errors, pl.exceptions.PolarsError, pl.exceptions.PanicException) as problem:
            return None, [damaged(problem, file, table.name)]
        if not cells.height:
            return None, [Issue(rule="sheet_empty", severity="note", table=table.name, file=file)]
        head = next(k for k, row in enumerate(cells.iter_rows()) if any(row)) if cells.width else 0
        titles = [title or "" for title in cells.row(head)]
        places, issues = match_columns(table, titles, file, line=head + 1)
        if stops(issues):
            return None, issues
        body = cells.slice(head + 1).select(pl.nth(place).alias(name) for name, place in places.items())
        return RawTable(file, body, first_line=head + 2), issues
