"""Tables for a terminal: columns stand under each other, also where a character takes two places or none."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

_GAP = "  "


def text_width(text: str) -> int:
    """Return the places a text takes in a terminal: East Asian wide characters two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(_places(character) for character in text)


def printable(text: str) -> str:
    """Return the text on one line: what would move the cursor or colour the screen becomes a question mark."""
    return "".join(c if unicodedata.category(c) not in ("Cc", "Cf", "Zl", "Zp") else "?" for c in text)


def draw_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, left: int, total: Sequence[str] = (), indent: str = ""
) -> str:
    """Return the lines of a table: the first ``left`` columns flush left, the others right; a total below a rule."""
    lines = [header, *rows, *([total] if total else [])]
    widths = [max(text_width(line[column]) for line in lines) for column in range(len(header))]
    drawn = [indent + _draw_line(line, widths, left) for line in lines]
    rule = indent + _GAP.join("-" * width for width in widths)
    drawn.insert(1, rule)
    if total:
        drawn.insert(len(drawn) - 1, rule)
    return "\n".join(drawn)


def table_width(header: Sequence[str], rows: Sequence[Sequence[str]]) -> int:
    """Return the places the widest line of the table takes."""
    widths = [max(text_width(line[column]) for line in [header, *rows]) for column in range(len(header))]
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _draw_line(line: Sequence[str], widths: Sequence[int], left: int) -> str:
    cells = []
    for column, (text, width) in enumerate(zip(line, widths, strict=True)):
        space = " " * (width - text_width(text))
        cells.append(text + space if column < left else space + text)
    return _GAP.join(cells).rstrip()


def _places(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
