"""Reads the sheets of an Excel workbook as text, after a look inside: some files are not what they seem."""

from __future__ import annotations

import zipfile
from pathlib import Path

import polars as pl

from quotum.adapters.files.raw_table import RawTable, damaged, match_columns
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.tables.schema import Table

MOST_ENTRIES = 2_000
MOST_BYTES = 2 * 1024**3
"""Unpacked size of a workbook beyond which it is refused: Excel's million rows of twenty columns stay well below."""
MOST_RATIO = 400
"""How much smaller than its content a large part may be packed; sheets come to some ten to sixty times."""
_LARGE_PART = 100 * 1024**2


def check_workbook(path: Path) -> Issue | None:
    """Return the issue of a file that is no workbook, or that would unpack to more than a machine should bear."""
    try:
        with zipfile.ZipFile(path) as packed:
            parts = packed.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as problem:
        return damaged(problem, path.name)
    size = sum(part.file_size for part in parts)
    large = [part for part in parts if part.file_size > _LARGE_PART]
    bomb = any(part.file_size > MOST_RATIO * max(part.compress_size, 1) for part in large)
    if len(parts) > MOST_ENTRIES or size > MOST_BYTES or bomb:
        return Issue(rule="workbook_too_large", file=path.name, value=f"{size // 1024**2} MB",
                     details=(("entries", str(len(parts))),))  # fmt: skip
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        return Issue(rule="file_damaged", file=path.name, value="no xl/workbook.xml")
    return None


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
