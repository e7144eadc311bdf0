"""Where the records of a CSV file begin and how many fields they have, without parsing a single cell.

One pass over the bytes with NumPy: a delimiter or newline counts where the number of quotes before it is even. That is
exact as long as quotes stand only around whole cells, which the pass checks too; files with stray quotes are left to
Python's slower ``csv`` module (``csv_text.py``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_CHUNK = 1 << 23
_NEWLINE, _RETURN, _QUOTE = 10, 13, 34
MOST_RECORD = 1 << 24
"""Bytes of one record beyond which a file is refused: hundreds of cells as long as Excel allows stay below."""

Ints = npt.NDArray[np.int64]


class HugeRecord(Exception):  # noqa: N818 - a finding about the file, caught by the one caller
    """A record of more than MOST_RECORD bytes begins at this byte."""

    def __init__(self, start: int) -> None:
        self.start = start


class StrayQuote(Exception):  # noqa: N818 - a finding about the file, caught by the one caller
    """A quote inside of a cell that is not quoted, or one that never closes."""


@dataclass(frozen=True, slots=True)
class Records:
    """Records of a CSV file: byte offsets (the newline not included) and the number of fields of each."""

    starts: Ints
    ends: Ints
    fields: Ints

    @property
    def blank(self) -> npt.NDArray[np.bool_]:
        """Records that hold nothing at all, told by their length: ``\\n`` or ``\\r\\n``."""
        return np.asarray((self.fields == 1) & (self.ends == self.starts))


def _check_quotes(data: npt.NDArray[np.uint8], at: Ints, opening: npt.NDArray[np.bool_], comma: int) -> None:
    """Raise StrayQuote unless every opening quote begins a cell and every closing quote ends one (or is doubled)."""
    before = np.where(at > 0, data[at - 1], _NEWLINE)[opening]
    after = np.where(at < len(data) - 1, data[np.minimum(at + 1, len(data) - 1)], _NEWLINE)[~opening]
    if not (np.isin(before, (comma, _NEWLINE, _QUOTE)).all()
            and np.isin(after, (comma, _NEWLINE, _RETURN, _QUOTE)).all()):  # fmt: skip
        raise StrayQuote


def record_chunks(data: bytes, delimiter: str = ",") -> Iterator[Records]:
    """Yield the records of the file in order, some megabytes at a time. Raises StrayQuote and HugeRecord."""
    whole, mark = np.frombuffer(data, np.uint8), ord(delimiter)
    has_quotes = b'"' in data
    inside, open_commas, start = False, 0, 0
    for offset in range(0, len(whole), _CHUNK):
        part = whole[offset : offset + _CHUNK]
        newline, comma = part == _NEWLINE, part == mark
        if has_quotes:
            quote = part == _QUOTE
            quoted = np.logical_xor.accumulate(quote) ^ inside
            inside = bool(quoted[-1])
            at = np.flatnonzero(quote)
            _check_quotes(whole, at + offset, quoted[at], mark)
            newline, comma = newline & ~quoted, comma & ~quoted
        marks = np.flatnonzero(newline | comma)
        at_end = np.flatnonzero(newline[marks])  # among the marks: what lies between two of them are commas
        if len(at_end):
            ends = marks[at_end] + offset
            commas = np.diff(at_end, prepend=-1) - 1
            commas[0] += open_commas
            yield _records(whole, np.concatenate(([start], ends[:-1] + 1)), ends, commas)
            start = int(ends[-1]) + 1
            open_commas = len(marks) - 1 - int(at_end[-1])
        else:
            open_commas += len(marks)
        if offset + len(part) - start > MOST_RECORD:
            raise HugeRecord(start)
    if inside:
        raise StrayQuote
    if start < len(whole):
        yield _records(whole, np.array([start]), np.array([len(whole)]), np.array([open_commas]))


def _records(data: npt.NDArray[np.uint8], starts: Ints, ends: Ints, commas: Ints) -> Records:
    """Return records whose ends leave out the carriage return before the newline."""
    ends = ends - ((ends > starts) & (data[np.maximum(ends - 1, 0)] == _RETURN))
    return Records(starts.astype(np.int64), ends.astype(np.int64), commas.astype(np.int64) + 1)


def is_regular(data: bytes, fields: int, delimiter: str = ",") -> bool:
    """Tell whether the file is line by line one record of ``fields`` fields: no blank lines, no quoted newlines.

    Raises StrayQuote and HugeRecord.
    """
    records = 0
    for chunk in record_chunks(data, delimiter):
        if not (chunk.fields == fields).all() or (fields == 1 and chunk.blank.any()):
            return False
        records += len(chunk.starts)
    return b'"' not in data or data.count(b"\n") + (not data.endswith(b"\n")) == records


def all_records(data: bytes, delimiter: str = ",") -> tuple[Records, Ints]:
    """Return every record of the file and the line each starts on, the first line being 1.

    Raises StrayQuote and HugeRecord.
    """
    chunks = list(record_chunks(data, delimiter))
    starts, ends, fields = (
        np.concatenate([getattr(chunk, name) for chunk in chunks]) for name in ("starts", "ends", "fields")
    )
    newlines = np.flatnonzero(np.frombuffer(data, np.uint8) == _NEWLINE)
    return Records(starts, ends, fields), np.searchsorted(newlines, starts) + 1
