"""Tables for a terminal: columns stand under each other, also where a character takes two places or none."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_GAP = "  "


@lru_cache(maxsize=1 << 16)  # names stand in many lines, and a Chinese one is looked up letter by letter
def text_width(text: str) -> int:
    """Return the places a text takes in a terminal: East Asian wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(_places(character) for character in text)


def printable(text: str) -> str:
    """Return the text on one line: what would move the cursor or colour the screen becomes a question mark."""
    if text.isprintable():
        return text
    return "".join(c if unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp") else "?" for c in text)


def draw_table(header: Sequence[str], rows: Sequence[Sequence[str]], *, left: int, total: Sequence[str] = ()) -> str:
    """Return the lines of a table: the first ``left`` columns flush left, the others right; a total below a rule."""
    lines = [header, *rows, *([total] if total else [])]
    widths = column_widths(lines)
    # Padding column by column: a table may have a million cells.
    columns = list(zip(*lines, strict=True))
    padded = [_pad(columns[at], width, flush_left=at < left) for at, width in enumerate(widths)]
    drawn = [_GAP.join(cells).rstrip() for cells in zip(*padded, strict=True)]
    rule = _GAP.join("-" * width for width in widths)
    drawn.insert(1, rule)
    if total:
        drawn.insert(len(drawn) - 1, rule)
    return "\n".join(drawn)


def column_widths(lines: Sequence[Sequence[str]]) -> list[int]:
    """Return the places the widest cell of each column takes."""
    return [max(map(text_width, column)) for column in zip(*lines, strict=True)]


def table_width(lines: Sequence[Sequence[str]]) -> int:
    """Return the places a line of the table takes."""
    widths = column_widths(lines)
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _pad(column: Sequence[str], width: int, *, flush_left: bool) -> list[str]:
    """Fill the cells of a column up to its width."""
    if all(map(str.isascii, column)):
        return [text.ljust(width) for text in column] if flush_left else [text.rjust(width) for text in column]
    spaces = [" " * (width - text_width(text)) for text in column]
    return [text + space if flush_left else space + text for text, space in zip(column, spaces, strict=True)]


def _places(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
