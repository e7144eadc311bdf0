"""Text files of any program: which encoding, which delimiter."""

from __future__ import annotations

import codecs
import csv
import io
import re

import numpy as np

DELIMITERS = (",", ";", "\t", "|")
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_WESTERN = set("áéíóúñüçàèìòùâêîôûäëïößãõøåæœÁÉÍÓÚÑÜÇÀÈÌÒÙÂÊÎÔÛÄËÏÖÃÕØÅÆŒ¿¡ºª°€£´·–—’‘“”…«»")
_HEAD = 1 << 16


class UnclearEncoding(Exception):  # noqa: N818 - a finding about the file, caught by the one caller
    """The bytes are text in no encoding that could be told; ``line`` is where they begin to be none."""

    def __init__(self, line: int) -> None:
        self.line = line


def to_utf8(data: bytes, encoding: str = "") -> tuple[bytes, str]:
    """Return the text as UTF-8 without a mark, and the encoding it had. Raises UnclearEncoding and LookupError.

    A stated encoding is taken at its word. Otherwise: the file's mark, UTF-16 by its zero bytes, UTF-8 if it is valid,
    GB18030 if it is valid and looks like Chinese, Windows-1252 if its letters are those of western languages.
    """
    for bom, name in _BOMS:
        if data.startswith(bom) and codecs.lookup(encoding or name).name.startswith(name[:6]):
            return _decode(data[len(bom) :], name), name
    if encoding:
        return _decode(data, encoding), encoding
    if data.isascii() and b"\0" not in data[:_HEAD]:
        return data, "utf-8"
    if name := _utf16_by_zeros(data):
        return _decode(data, name), name
    try:
        data.decode()
    except UnicodeDecodeError as problem:
        for name in ("gb18030", "cp1252"):
            if _plausible(data, name):
                return _decode(data, name), name
        raise UnclearEncoding(data.count(b"\n", 0, problem.start) + 1) from None
    return data, "utf-8"


def _decode(data: bytes, encoding: str) -> bytes:
    try:
        return data if encoding == "utf-8" and data.isascii() else data.decode(encoding).encode()
    except UnicodeDecodeError as problem:
        raise UnclearEncoding(data.count(b"\n", 0, problem.start) + 1) from None
    except UnicodeEncodeError:  # half of a pair of UTF-16
        raise UnclearEncoding(1) from None


def _utf16_by_zeros(data: bytes) -> str:
    """Tell UTF-16 without a mark by its zeros: ends of lines and commas have one on the same side."""
    head = np.frombuffer(data[: min(len(data), _HEAD) // 2 * 2], np.uint8)
    zeros = head == 0
    even, odd = int(zeros[::2].sum()), int(zeros[1::2].sum())
    if len(data) % 2 or min(even, odd) * 20 > max(even, odd) or max(even, odd) * 50 < len(head):
        return ""
    newline, name = (b"\0\n", "utf-16-be") if even > odd else (b"\n\0", "utf-16-le")
    return name if newline in data[:_HEAD] else ""


def _plausible(data: bytes, encoding: str) -> bool:
    """Tell whether valid text of an encoding also looks like it: the first characters beyond ASCII are usual ones."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return False
    strange = re.findall(r"[^\x00-\x7f]", text)[:5_000]
    if encoding == "cp1252":
        return all(letter in _WESTERN for letter in strange)
    # Western letters stand alone: read as GB18030 they swallow the ASCII letter behind them.
    paired = [letter for letter in strange if min(letter.encode(encoding)) >= 0x80]
    return len(paired) * 2 >= len(strange)


def find_delimiter(data: bytes) -> tuple[str, int]:
    """Return the delimiter of UTF-8 text, and the lines above the header: Excel's line ``sep=;`` is one."""
    head = data[:_HEAD].decode("utf-8", "replace")
    if stated := re.match(r'"?sep=(.)"?\r?\n', head):
        return stated[1], 1
    lines = head if len(data) <= _HEAD else head.rpartition("\n")[0] or head
    best, widest = ",", (False, 1)
    for delimiter in DELIMITERS:
        with_rows = _widths(lines, delimiter)
        if with_rows:
            score = (len(set(with_rows)) == 1, with_rows[0])
            if score[1] > 1 and score > widest:
                best, widest = delimiter, score
    return best, 0


def _widths(lines: str, delimiter: str) -> list[int]:
    """Return how many fields the first records have."""
    widths = []
    try:
        for row in csv.reader(io.StringIO(lines, newline=""), delimiter=delimiter):
            if row:
                widths.append(len(row))
            if len(widths) == 20:
                break
    except csv.Error:
        return widths[:1]
    return widths
