"""Opens the files that `[import]` names, each once, and reads the columns that are asked for as they stand there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from quotum.adapters.files.csv_text import CsvForm, one_huge_line, read_csv_text
from quotum.adapters.files.importing.foreign_text import UnclearEncoding, find_delimiter, to_utf8
from quotum.adapters.files.importing.mapping import FileForm
from quotum.adapters.files.importing.places import ENDINGS, FilePlace, find_files
from quotum.adapters.files.parquet_file import read_parquet_columns
from quotum.adapters.files.raw_table import Pick, RawTable
from quotum.adapters.files.workbook import Workbook
from quotum.adapters.files.workbook_package import Package, look_inside
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.basics.nearest import nearest

LINE, FILE = "\0line", "\0file"
"""Columns of a foreign table that say where each row stands; no title can be called so."""
MOST_COLUMNS = 800
_FIRST = 8  # titles shown where a column is missing


@dataclass(frozen=True, slots=True)
class ForeignTable:
    """The columns of a file that were asked for, called as there, with LINE and FILE."""

    cells: pl.DataFrame
    label: str
    form: FileForm
    titles: tuple[str, ...]  # all of them
    texts: frozenset[str] | None = None  # of a workbook: what looks like a number with marks and is stored as text


class ForeignFiles:
    """The foreign files of one company. Raises nothing: what cannot be read is told in ``issues``."""

    def __init__(self, roots: Iterable[Path], forms: Mapping[str, FileForm] | None = None,
                 default: FileForm | None = None) -> None:  # fmt: skip
        self.roots = tuple(roots)
        self.issues: list[Issue] = []
        self.used: dict[str, Path] = {}
        self._forms, self._default = dict(forms or {}), default or FileForm()
        self._wanted: dict[str, set[str] | None] = {}
        self._patterns: dict[str, list[re.Pattern[str]]] = {}
        self._read: dict[str, ForeignTable | None] = {}
        self._books: dict[Path, tuple[Workbook | None, Package]] = {}

    def ask(self, source: str, names: Iterable[str] | None, patterns: Sequence[re.Pattern[str]] = ()) -> None:
        """Say which columns of a source will be needed (None: all), before anything is read."""
        asked = self._wanted.setdefault(source, set())
        if names is None or asked is None:
            self._wanted[source] = None
        else:
            asked.update(name.strip().casefold() for name in names)
            asked.update(name.rpartition(".")[2].strip().casefold() for name in names)
        self._patterns.setdefault(source, []).extend(patterns)

    def read(self, source: str) -> ForeignTable | None:
        """Return the columns of a source that were asked for; None where it cannot be read."""
        if source not in self._read:
            self._read[source] = self._open(source)
        return self._read[source]

    def state_header(self, source: str, line: int) -> None:
        """Say in which line the titles of a source stand, before it is read."""
        self._forms[source] = replace(self._forms.get(source) or FileForm(source), header=line)

    def places(self, source: str) -> list[FilePlace]:
        """Return the files a source means, without findings."""
        return find_files(self._form(source).path, self.roots)[0]

    def _form(self, source: str) -> FileForm:
        """Return how a source is written: its own form, and what it leaves open from that of all files."""
        own = self._forms.get(source) or FileForm(source)
        common = self._default
        return replace(
            own, path=own.path or source, encoding=own.encoding or common.encoding,
            delimiter=own.delimiter or common.delimiter, decimal=own.decimal or common.decimal,
            dates=own.dates or common.dates, header=own.header or common.header, none=own.none + common.none,
        )  # fmt: skip

    def _open(self, source: str) -> ForeignTable | None:
        form = self._form(source)
        places, issues = find_files(form.path, self.roots)
        tables: list[ForeignTable] = []
        for place in places:
            self.used[place.name] = place.path
            raw, found, titles = self._read_place(place, form, self._pick(source))
            issues += found
            if raw is not None:
                texts = self._books[place.path][1].texts if place.path in self._books else None
                tables.append(ForeignTable(_located(raw, raw.file), raw.file, form, titles, texts))
        self.issues += issues
        if stops(issues) or not tables:
            return None
        return _joined(tables)

    def _pick(self, source: str) -> Callable[[str, list[str]], Pick]:
        """Return the choice of the columns that were asked for; the list is filled with all titles."""
        wanted, patterns = self._wanted.get(source), self._patterns.get(source, [])

        def choose(file: str, titles: list[str]) -> Pick:
            def pick(header: Sequence[str], line: int | None) -> tuple[dict[str, int], list[Issue]]:
                if len(header) > MOST_COLUMNS:
                    return {}, [Issue(rule="too_many_columns", file=file, line=line, value=f"{len(header):,}",
                                      details=(("most", str(MOST_COLUMNS)),))]  # fmt: skip
                places: dict[str, int] = {}
                issues = []
                for place, title in enumerate(header):
                    name = title.strip().replace("\0", "")
                    if not name or not (wanted is None or name.casefold() in wanted
                                        or any(pattern.fullmatch(name) for pattern in patterns)):  # fmt: skip
                        continue
                    if name in places:
                        issues.append(Issue(rule="column_twice", file=file, line=line, column=name[:80],
                                            severity="warning" if wanted is None else "error"))  # fmt: skip
                    else:
                        places[name] = place
                titles.extend(title.strip() for title in header if title.strip())
                if not places:
                    shown = ", ".join(titles[:_FIRST]) + (" …" if len(titles) > _FIRST else "")
                    return {}, [Issue(rule="import_no_column", file=file, line=line, value=shown[:300])]
                return places, issues

            return pick

        return choose

    def _read_place(
        self, place: FilePlace, form: FileForm, choose: Callable[[str, list[str]], Pick]
    ) -> tuple[RawTable | None, list[Issue], tuple[str, ...]]:
        """Read one file or sheet: (cells, issues, all of its titles)."""
        titles: list[str] = []
        ending = place.path.suffix.lower()
        try:
            if ending in (".xlsx", ".xlsm"):
                raw, issues = self._read_sheet(place, form, choose, titles)
            elif ending == ".parquet":
                raw, issues = read_parquet_columns(place.path, choose(place.name, titles), place.name)
            elif ending in ENDINGS:
                raw, issues = _read_text(place, form, choose(place.name, titles))
            else:
                raw, issues = None, [Issue(rule="import_unread_kind", file=place.name, value=ending or place.name)]
        except OSError as problem:
            raw, issues = None, [Issue(rule="file_unreadable", file=place.name, value=problem.strerror or "")]
        return raw, issues, tuple(titles)

    def open_book(self, place: FilePlace) -> tuple[Workbook | None, list[Issue]]:
        """Open a workbook once, after a look inside."""
        if place.path not in self._books:
            package = look_inside(place.path)
            book = None if package.issue else Workbook(place.path, package)
            self._books[place.path] = (book, package)
        book, package = self._books[place.path]
        if package.issue:
            return None, [package.issue]
        return (None, [book.issue]) if book is not None and book.issue else (book, [])

    def _read_sheet(
        self, place: FilePlace, form: FileForm, choose: Callable[[str, list[str]], Pick], titles: list[str]
    ) -> tuple[RawTable | None, list[Issue]]:
        """Read one sheet of a workbook."""
        book, issues = self.open_book(place)
        if book is None:
            return None, issues
        wanted = place.sheet or form.sheet
        sheets = {sheet.strip().casefold(): sheet for sheet in book.sheets}
        if not wanted and len(book.sheets) == 1:
            wanted = book.sheets[0]
        if wanted.strip().casefold() not in sheets:
            rule = "import_sheet_unknown" if wanted else "import_sheet_needed"
            known = (("known", ", ".join(book.sheets[:20])), ("nearest", nearest(wanted, book.sheets)))
            return None, [Issue(rule=rule, file=place.name, value=wanted, details=known)]
        sheet = sheets[wanted.strip().casefold()]
        return book.read_columns(sheet, choose(book.label(sheet), titles), header=form.header)


def _read_text(place: FilePlace, form: FileForm, pick: Pick) -> tuple[RawTable | None, list[Issue]]:
    """Read one file of delimited text."""
    if one_huge_line(place.path):
        return None, [Issue(rule="record_too_large", file=place.name, line=1)]
    data = place.path.read_bytes()
    try:
        data, _ = to_utf8(data, form.encoding)
    except UnclearEncoding as problem:
        rule = "encoding_wrong" if form.encoding else "encoding_unclear"
        return None, [Issue(rule=rule, file=place.name, line=problem.line, value=form.encoding)]
    delimiter, above = find_delimiter(data)
    if form.header:
        above = form.header - 1
    for _ in range(above):
        data = data.partition(b"\n")[2]
    if form.header and not form.delimiter:
        delimiter, _ = find_delimiter(data)
    return read_csv_text(data, CsvForm(place.name, pick, delimiter=form.delimiter or delimiter, above=above))


def _located(raw: RawTable, label: str) -> pl.DataFrame:
    """Return the cells with the line and file of each row."""
    height = raw.cells.height
    lines = raw.lines
    if lines is None:
        lines = pl.int_range(raw.first_line, raw.first_line + height, eager=True)
    file = pl.Series(FILE, [label], dtype=pl.String).new_from_index(0, height).cast(pl.Categorical)
    return raw.cells.with_columns(lines.cast(pl.Int64).alias(LINE), file)


def _joined(tables: list[ForeignTable]) -> ForeignTable:
    """Return the rows of several files one below the other."""
    if len(tables) == 1:
        return tables[0]
    first = tables[0]
    frames = [table.cells.with_columns(pl.exclude(LINE, FILE).cast(pl.String)) for table in tables]
    texts = [table.texts for table in tables if table.texts is not None]
    return ForeignTable(
        pl.concat(frames, how="diagonal"), ", ".join(table.label for table in tables), first.form,
        tuple(dict.fromkeys(title for table in tables for title in table.titles)),
        frozenset().union(*texts) if len(texts) == len(tables) else None,
    )  # fmt: skip
