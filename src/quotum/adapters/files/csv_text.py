"""Reads delimited text: UTF-8, quotes where needed; every cell as text, every oddity an issue with its line."""

from __future__ import annotations

import codecs
import csv
import io
import mmap
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl

from quotum.adapters.files.csv_structure import (
    MOST_RECORD,
    HugeRecord,
    Ints,
    Records,
    StrayQuote,
    all_records,
    is_regular,
)
from quotum.adapters.files.raw_table import Pick, RawTable, schema_columns
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.tables.schema import Table

_MOST_REPAIRS = 1_000  # ragged records that are mended one by one so that their other cells are checked too
_CHUNK = 1 << 24
_SLOW_ROWS = 100_000
_START = "\0start"
_MARKS = {"\t": "tab"}
_CSV_ERRORS = (("field larger", "cell_too_long"), ("unexpected end", "quote_open"))
_BOMS = ((codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"))


@dataclass(frozen=True, slots=True)
class CsvForm:
    """How a file is to be read: which columns, parted by what, and what to call it in findings."""

    file: str
    pick: Pick
    table: str = ""
    delimiter: str = ","
    above: int = 0  # lines of the file that were cut off above the header


def read_csv_table(path: Path, table: Table, file: str) -> tuple[RawTable | None, list[Issue]]:
    """Read the columns of ``table`` from a CSV file as text: (cells or None where nothing could be read, issues)."""
    form = CsvForm(file, schema_columns(table, file), table.name)
    if one_huge_line(path):
        return None, [Issue(rule="record_too_large", table=table.name, file=file, line=1)]
    return read_csv_text(path.read_bytes().removeprefix(codecs.BOM_UTF8), form)


def read_csv_text(data: bytes, form: CsvForm) -> tuple[RawTable | None, list[Issue]]:
    """Read the picked columns of delimited UTF-8 text: (cells or None where nothing could be read, issues)."""
    wrong = _check_bytes(data, form)
    if wrong:
        return None, [wrong]
    if b"\n" not in data and b"\r" in data:
        data = data.replace(b"\r", b"\n")
    try:
        return _read_records(data, form)
    except StrayQuote:
        return _read_slowly(data, form)
    except HugeRecord as problem:
        line = data.count(b"\n", 0, problem.start) + 1 + form.above
        return None, [Issue(rule="record_too_large", table=form.table, file=form.file, line=line)]


def one_huge_line(path: Path) -> bool:
    """Tell whether somewhere a whole stretch of MOST_RECORD bytes holds no end of a line: a look, without loading."""
    size = path.stat().st_size
    if size <= MOST_RECORD:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        stretches = [(start, start + MOST_RECORD) for start in range(0, size - MOST_RECORD, MOST_RECORD)]
        return any(data.find(b"\n", *span) < 0 and data.find(b"\r", *span) < 0 for span in stretches)


def _check_bytes(data: bytes, form: CsvForm) -> Issue | None:
    """Return the issue of a file that is empty or that is not UTF-8 text."""
    if not data or data.isspace():
        return Issue(rule="file_empty", table=form.table, file=form.file)
    for bom, name in _BOMS:
        if data.startswith(bom):
            return Issue(rule="not_utf8", table=form.table, file=form.file, line=1, value=name)
    nul = data.find(b"\0")
    if nul >= 0:
        return Issue(rule="nul_byte", table=form.table, file=form.file, line=data.count(b"\n", 0, nul) + 1 + form.above)
    bad = _first_bad_byte(data)
    if bad is None:
        return None
    start, end = data.rfind(b"\n", 0, bad) + 1, data.find(b"\n", bad)
    text = data[max(start, bad - 20) : end if 0 <= end < bad + 20 else bad + 20].decode("utf-8", "replace")
    line = data.count(b"\n", 0, bad) + 1 + form.above
    return Issue(rule="not_utf8", table=form.table, file=form.file, line=line, value=text.strip())


def _first_bad_byte(data: bytes) -> int | None:
    """Return the place of the first byte that is not UTF-8, looking at some megabytes at a time."""
    if data.isascii():
        return None
    start = 0
    while start < len(data):
        end = min(start + _CHUNK, len(data))
        while end < len(data) and data[end] & 0xC0 == 0x80 and end - start > _CHUNK - 4:
            end -= 1  # do not cut a character in two
        try:
            data[start:end].decode()
        except UnicodeDecodeError as problem:
            return start + problem.start
        start = end
    return None


def _read_records(data: bytes, form: CsvForm) -> tuple[RawTable | None, list[Issue]]:
    """Read a file whose quotes are in order. Raises StrayQuote."""
    end = data.find(b"\n")
    titles = _fields(data if end < 0 else data[:end], form.delimiter)
    if any(titles) and is_regular(data, len(titles), form.delimiter):
        return _read_columns(titles, data, form, skip=1)

    records, at_line = all_records(data, form.delimiter)
    filled = np.flatnonzero(~records.blank)
    head, rows = int(filled[0]), filled[1:]
    titles = _fields(data[records.starts[head] : records.ends[head]], form.delimiter)
    odd = rows[records.fields[rows] != len(titles)]
    worst = [(int(at_line[k]) + form.above, int(records.fields[k])) for k in odd[:_MOST_REPAIRS]]
    ragged = _ragged(worst, len(odd), titles, form)
    if len(odd) > _MOST_REPAIRS:
        return None, _other_delimiter(titles, form) or ragged
    body = _mended(data, records, rows, len(titles), form.delimiter)
    raw, issues = _read_columns(titles, body, form, lines=pl.Series(at_line[rows] + form.above))
    return raw, issues + ragged


def _read_columns(
    titles: list[str], body: bytes, form: CsvForm, *, skip: int = 0, lines: pl.Series | None = None
) -> tuple[RawTable | None, list[Issue]]:
    """Read the known columns of records that all have one field a title; ``skip``: lines of header before them."""
    if other := _other_delimiter(titles, form):
        return None, other
    places, issues = form.pick(titles, 1 + form.above)
    if stops(issues):
        return None, issues
    cells = pl.DataFrame(schema=dict.fromkeys(places, pl.String))
    if len(body) > (body.find(b"\n") + 1 or len(body)) * skip:
        names = [str(place) for place in range(len(titles))]
        try:
            frame = pl.read_csv(body, has_header=False, skip_lines=skip, schema=dict.fromkeys(names, pl.String),
                                columns=sorted(set(places.values())), separator=form.delimiter)  # fmt: skip
        except pl.exceptions.PolarsError as problem:
            raise StrayQuote from problem
        if lines is not None and frame.height != len(lines):
            raise StrayQuote  # Polars saw other records than we did: read it the slow, certain way
        cells = frame.select(pl.col(str(place)).alias(name) for name, place in places.items())
    return RawTable(form.file, cells, first_line=2 + form.above, lines=lines), issues


def _fields(record: bytes, delimiter: str) -> list[str]:
    """Return the fields of one record."""
    try:
        return next(csv.reader(io.StringIO(record.decode(), newline=""), delimiter=delimiter), [])
    except csv.Error as problem:
        raise StrayQuote from problem


def _other_delimiter(titles: list[str], form: CsvForm) -> list[Issue]:
    """Return the issue of a file whose only title contains another delimiter."""
    mark = next((mark for mark in ";\t|" if mark in titles[0]), "") if len(titles) == 1 else ""
    if mark and form.delimiter == ",":
        return [Issue(rule="other_delimiter", table=form.table, file=form.file, line=1, value=_MARKS.get(mark, mark))]
    return []


def _ragged(odd: list[tuple[int, int]], count: int, titles: list[str], form: CsvForm) -> list[Issue]:
    """Return an issue for every (line, number of fields) that is not as the header says."""
    issues = [Issue(rule="row_too_long" if fields > len(titles) else "row_too_short", table=form.table, file=form.file,
                    line=line, value=str(fields), details=(("fields", str(len(titles))),))
              for line, fields in odd]  # fmt: skip
    if count > len(odd):
        issues[-1] = replace(issues[-1], more=count - len(odd))
    return issues


def _mended(data: bytes, records: Records, rows: Ints, fields: int, delimiter: str) -> bytes:
    """Return the records ``rows`` as a file of its own, cut or filled up to ``fields`` fields.

    Ragged rows are kept so that their keys are not missed elsewhere; their issue forbids planning anyhow.
    """
    parts: list[bytes] = []
    start = 0
    odd = np.flatnonzero(np.diff(rows, prepend=rows[:1] - 1) != 1)  # a blank record was left out before these
    breaks = np.union1d(odd, np.flatnonzero(records.fields[rows] != fields))
    for k in [*breaks.tolist(), len(rows)]:
        if k > start:
            parts.append(data[records.starts[rows[start]] : records.ends[rows[k - 1]]])
            start = k
        if k < len(rows) and records.fields[rows[k]] != fields:
            cells = _fields(data[records.starts[rows[k]] : records.ends[rows[k]]], delimiter)
            parts.append(_record((cells + [""] * fields)[:fields], delimiter))
            start = k + 1
    return b"\n".join(parts)


def _record(cells: list[str], delimiter: str) -> bytes:
    """Return one record of a CSV file, every cell quoted."""
    return delimiter.join('"' + cell.replace('"', '""') + '"' for cell in cells).encode()


def _read_slowly(data: bytes, form: CsvForm) -> tuple[RawTable | None, list[Issue]]:
    """Read a file with stray quotes record by record: a quote inside of a bare cell is a letter like any other."""
    reader = csv.reader(io.StringIO(data.decode(), newline=""), delimiter=form.delimiter, strict=True)
    titles: list[str] | None = None
    places: dict[str, int] = {}
    issues: list[Issue] = []
    parts: list[pl.DataFrame] = []
    rows: list[list[str | None]] = []
    starts: list[int] = []
    odd: list[tuple[int, int]] = []
    line = 1 + form.above
    try:
        for row in reader:
            if row and titles is None:
                titles = row
                places, issues = form.pick(titles, line)
                if stops(issues):
                    return None, _other_delimiter(titles, form) or issues
            elif row and titles is not None:
                if len(row) != len(titles):
                    odd.append((line, len(row)))
                rows.append([row[place] if place < len(row) else None for place in places.values()])
                starts.append(line)
            line = reader.line_num + 1 + form.above
            if len(rows) == _SLOW_ROWS:
                parts.append(_framed(rows, starts, places))
                rows, starts = [], []
    except csv.Error as problem:
        rule = next((rule for words, rule in _CSV_ERRORS if words in str(problem)), "quote_misplaced")
        at = reader.line_num + form.above if rule == "quote_misplaced" else line
        return None, [Issue(rule=rule, table=form.table, file=form.file, line=at)]
    frame = pl.concat([*parts, _framed(rows, starts, places)])
    issues += _ragged(odd[:_MOST_REPAIRS], len(odd), titles or [], form)
    return RawTable(form.file, frame.drop(_START), lines=frame[_START]), issues


def _framed(rows: list[list[str | None]], starts: list[int], places: dict[str, int]) -> pl.DataFrame:
    """Return rows and the lines they start on as a frame."""
    schema = dict.fromkeys(places, pl.String)
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.Series(_START, starts, pl.Int64))
