"""Reads the sheets of an Excel workbook as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import polars as pl

from quotum.adapters.files.raw_table import Pick, RawTable, damaged, schema_columns
from quotum.adapters.files.workbook_package import Package
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.tables.schema import Table


class Workbook:
    """An opened workbook. Raises nothing: what cannot be read comes back as issues."""

    def __init__(self, path: Path, package: Package) -> None:
        """Open a workbook that ``look_inside`` found sound; ``package`` is what it found."""
        import fastexcel

        self.file = path.name
        self._odd_cells = {"excel_error": package.errors, "formula_without_value": package.unvalued}
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
        file = self.label(sheet)
        raw, issues = self.read_columns(sheet, schema_columns(table, file), table=table.name)
        if raw is None:
            return None, issues
        amounts = {column.name for column in table.columns if column.kind == "amount"} & set(raw.cells.columns)
        return replace(raw, cells=raw.cells.with_columns(rounded(pl.col(name)) for name in amounts)), issues

    def label(self, sheet: str) -> str:
        """Return what findings call a sheet."""
        return f"{self.file} [{sheet}]"

    def read_columns(
        self, sheet: str, pick: Pick, *, header: int | None = None, table: str = ""
    ) -> tuple[RawTable | None, list[Issue]]:
        """Read the picked columns of a sheet as text: (cells or None, issues). Lines are Excel's rows.

        ``header`` is the line of the header; without it the first line that holds anything.
        """
        file = self.label(sheet)
        try:
            loaded = self._reader.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string")
            cells = loaded.to_polars()
        except (self._errors, pl.exceptions.PolarsError, pl.exceptions.PanicException) as problem:
            return None, [damaged(problem, file, table)]
        if header is None:
            head = next((k for k, row in enumerate(cells.iter_rows()) if any(row)), None)
        else:
            head = header - 1 if header <= cells.height else None
        if head is None:
            return None, [Issue(rule="sheet_empty", severity="note", table=table, file=file)]
        titles = [title or "" for title in cells.row(head)]
        places, issues = pick(titles, head + 1)
        if stops(issues):
            return None, issues
        body = cells.slice(head + 1).select(pl.nth(place).alias(name) for name, place in places.items())
        raw = RawTable(file, body, first_line=head + 2)
        return raw, issues + self._find_odd_cells(sheet, file, table, places, head + 1)

    def first_rows(self, sheet: str, count: int) -> list[list[str]]:
        """Return the first rows of a sheet as text; none where it cannot be read."""
        try:
            loaded = self._reader.load_sheet(sheet, header_row=None, skip_rows=0, n_rows=count, dtypes="string")
            cells = loaded.to_polars()
        except (self._errors, pl.exceptions.PolarsError, pl.exceptions.PanicException):
            return []
        return [[cell or "" for cell in row] for row in cells.iter_rows()]

    def _find_odd_cells(
        self, sheet: str, file: str, table: str, places: Mapping[str, int], head: int
    ) -> list[Issue]:
        """Return an issue for each cell below the header that shows #N/A and the like, or was never computed.

        Both read as empty.
        """
        names = {place: name for name, place in places.items()}
        issues = []
        for rule, cells in self._odd_cells.items():
            for reference in cells.get(sheet, ()):
                letters = reference.rstrip("0123456789")
                line = int(reference[len(letters) :])
                column = 0
                for letter in letters:
                    column = column * 26 + ord(letter) - 64
                if line > head and column - 1 in names:
                    issues.append(Issue(rule=rule, table=table, file=file, line=line, column=names[column - 1],
                                        value=reference))  # fmt: skip
        return issues


def rounded(cells: pl.Expr) -> pl.Expr:
    """Round what Excel computed, such as a third, to the four decimals of an amount."""
    long = cells.str.contains(r"^-?[0-9]*\.[0-9]{5,}$")
    return pl.when(long).then(cells.cast(pl.Decimal(38, 4), strict=False).cast(pl.String)).otherwise(cells)
