"""Looks into the package of an Excel workbook before anything parses it: some files are not what they seem."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path

import numpy as np
import numpy.typing as npt

from quotum.adapters.files.raw_table import damaged
from quotum.engine.basics.issues import Issue

MOST_ENTRIES = 2_000
MOST_BYTES = 1024**3
"""Unpacked size of a workbook beyond which it is refused: Excel's million rows of twenty columns stay below."""
MOST_RATIO = 400
"""How much smaller than its content a large part may be packed; sheets come to some ten to sixty times."""
MOST_CELLS = 60_000_000
"""Rows × columns of a sheet: one cell in the last corner makes the reader ask for memory for all before it."""
MOST_STRING = 4 * 32_767
"""Bytes of the longest shared text: a cell of Excel holds 32,767 characters."""
MOST_SHOWN = 256 * 1024**2
"""Bytes of all shared texts as often as cells show them."""
MOST_RUN = 1 << 20
"""Bytes without a tag in a sheet: a cell holds 32,767 characters, a list of validations or merges somewhat more."""
_LARGE_PART = 100 * 1024**2
_BLOCK = 1 << 20
_REFERENCE = 16  # bytes that surely hold a reference to a cell
_OVERLAP = 256  # and a cell's opening tag with a short formula
_SPACE, _R, _EQUALS, _QUOTE = b' r="'
_OPEN = ord("<")
_MOST_DEPTH = 1_000
_ERROR_CELL = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^<>]* t="e"')
_UNVALUED_CELL = re.compile(
    rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^<>]*>\s*<f(?:[^<>]*/>|[^<>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
_SHARED_CELL = re.compile(rb't="s"[^<>]*>\s*<v>([0-9]{1,9})</v>')
_STRING_END = re.compile(rb"</si>|<si\s*/>")
_MARKED_TEXT = re.compile(rb"<t[^<>]*>\s*([1-9][0-9]{0,2}[.,][0-9]{3})\s*</t>")
_MOST_ERRORS = 200


@dataclass(frozen=True, slots=True)
class Package:
    """What a look inside found: an issue that forbids opening it, and the cells of each sheet that show an error."""

    issue: Issue | None = None
    errors: dict[str, list[str]] = field(default_factory=dict)  # sheet -> references such as B7
    unvalued: dict[str, list[str]] = field(default_factory=dict)  # sheet -> formulas that were never computed
    texts: frozenset[str] = frozenset()  # texts such as 1.234, which might be numbers with marks for thousands


def look_inside(path: Path) -> Package:
    """Tell whether a workbook may be opened, and which of its cells hold errors such as #N/A."""
    try:
        with zipfile.ZipFile(path) as packed:
            if issue := _check_sizes(packed, path.name):
                return Package(issue)
            strings = _read_strings(packed)
            errors: dict[str, list[str]] = {}
            unvalued: dict[str, list[str]] = {}
            texts, shown = strings.texts, 0
            for part in packed.infolist():
                if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
                    sheet = _read_sheet(packed, part)
                    shown += sheet.shared * strings.longest
                    if sheet.cells > MOST_CELLS:
                        return Package(Issue(rule="workbook_too_large", file=path.name, value=f"{sheet.cells:,} cells"))
                    errors |= {part.filename: sheet.errors} if sheet.errors else {}
                    unvalued |= {part.filename: sheet.unvalued} if sheet.unvalued else {}
                    texts |= sheet.texts
            shown = shown if shown <= MOST_SHOWN or strings.longest > MOST_STRING else _count_shown(packed)
            if strings.longest > MOST_STRING or shown > MOST_SHOWN:
                size = max(strings.longest, shown) // 1024
                return Package(Issue(rule="workbook_too_large", file=path.name, value=f"{size:,} KB of text"))
            names = _sheet_names(packed) if errors or unvalued else {}
            by_sheet = [{names.get(part, part): cells for part, cells in found.items()} for found in (errors, unvalued)]
            return Package(None, by_sheet[0], by_sheet[1], texts)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, KeyError, RuntimeError) as problem:
        return Package(damaged(problem, path.name))


def _check_sizes(packed: zipfile.ZipFile, file: str) -> Issue | None:
    """Return the issue of a package that is no workbook, or that unpacks to more than a machine should bear."""
    parts = packed.infolist()
    size = sum(part.file_size for part in parts)
    large = [part for part in parts if part.file_size > _LARGE_PART]
    bomb = any(part.file_size > MOST_RATIO * max(part.compress_size, 1) for part in large)
    if len(parts) > MOST_ENTRIES or size > MOST_BYTES or bomb:
        return Issue(rule="workbook_too_large", file=file, value=f"{size // 1024**2:,} MB")
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        return damaged(ValueError("no xl/workbook.xml"), file)
    return None


@dataclass(frozen=True, slots=True)
class _Strings:
    """What the texts that cells share come to."""

    longest: int = 0
    texts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What one pass over a sheet found; ``cells``: rows × columns up to the farthest cell."""

    cells: int
    shared: int  # cells that show a shared text
    errors: list[str]
    unvalued: list[str]
    texts: frozenset[str]


def _read_strings(packed: zipfile.ZipFile) -> _Strings:
    """Return the length of the longest shared text, and those that look like numbers with marks.

    One long text that a million cells show is small on disk and fills the memory when the cells are read.
    """
    if "xl/sharedStrings.xml" not in packed.namelist():
        return _Strings()
    runs = _Runs()
    texts: set[str] = set()
    for block in _blocks(packed, packed.getinfo("xl/sharedStrings.xml")):
        runs.look(block)
        texts.update(found.decode() for found in _MARKED_TEXT.findall(block))
    return _Strings(runs.longest, frozenset(texts))


class _Runs:
    """Bytes between two signs `<` of a part, and how deep its elements lie in one another."""

    def __init__(self) -> None:
        self.longest = 0
        self._run = 0

    def look(self, block: bytes) -> None:
        """Look at the next block. Raises ValueError where elements lie deeper than any workbook needs."""
        opens = np.flatnonzero(np.frombuffer(block, np.uint8) == _OPEN)
        if len(opens):
            self.longest = max(self.longest, self._run + int(opens[0]), int(np.diff(opens).max(initial=0)))
            self._run = len(block) - int(opens[-1])
        else:
            self._run += len(block)
            self.longest = max(self.longest, self._run)
        # Blocks overlap a little: the depth is that of the block alone, and none stays open for long.
        depth = len(opens) - 2 * block.count(b"</") - block.count(b"/>") - block.count(b"<?") - block.count(b"<!")
        if abs(depth) > _MOST_DEPTH:
            raise ValueError("elements lie too deep in one another")


def _count_shown(packed: zipfile.ZipFile) -> int:
    """Return the bytes of the shared texts as often as cells show them, counted no farther than MOST_SHOWN."""
    strings = packed.read("xl/sharedStrings.xml")
    sizes = np.diff([found.end() for found in _STRING_END.finditer(strings)], prepend=0)
    shown = 0
    for part in packed.infolist():
        if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
            for block in _blocks(packed, part):
                places = np.array(_SHARED_CELL.findall(block), np.int64)
                shown += int(sizes[places[places < len(sizes)]].sum())
                if shown > MOST_SHOWN:
                    return shown
    return shown


def _read_sheet(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> _Sheet:
    """Return what can be said of a sheet without parsing it. Raises ValueError where it declares entities."""
    row, column, shared = 0, 0, 0
    errors: dict[str, None] = {}
    unvalued: dict[str, None] = {}
    texts: set[str] = set()
    runs = _Runs()
    for block in _blocks(packed, part):
        runs.look(block)
        if runs.longest > MOST_RUN:
            raise ValueError("a cell is too long")
        if b"<!DOCTYPE" in block or b"<!ENTITY" in block:
            raise ValueError("it declares entities")
        far_row, far_column = _farthest(np.frombuffer(block + bytes(_REFERENCE), np.uint8))
        row, column = max(row, far_row), max(column, far_column)
        shared += block.count(b' t="s"')
        if b't="e"' in block and len(errors) < _MOST_ERRORS:
            errors.update(dict.fromkeys(found.decode() for found in _ERROR_CELL.findall(block)))
        if b"<f" in block and len(unvalued) < _MOST_ERRORS:
            unvalued.update(dict.fromkeys(found.decode() for found in _UNVALUED_CELL.findall(block)))
        if b"<is>" in block and len(texts) < _MOST_ERRORS:
            texts.update(found.decode() for found in _MARKED_TEXT.findall(block))
    return _Sheet(
        row * column, shared, list(errors)[:_MOST_ERRORS], list(unvalued)[:_MOST_ERRORS], frozenset(texts)
    )


def _blocks(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part some bytes at a time, each block with the end of the one before."""
    tail = b""
    with packed.open(part) as sheet:
        while block := sheet.read(_BLOCK):
            yield tail + block
            tail = block[-_OVERLAP:]


def _sheet_names(packed: zipfile.ZipFile) -> dict[str, str]:
    """Return the name of the sheet that lies in each part."""
    links = packed.read("xl/_rels/workbook.xml.rels").decode()
    targets = {}
    for link in re.findall(r"<Relationship\b[^>]*>", links):
        names = dict(re.findall(r'(\w+)="([^"]*)"', link))
        targets[names.get("Id", "")] = names.get("Target", "").removeprefix("/xl/")
    sheets = re.findall(r"<sheet\b[^>]*>", packed.read("xl/workbook.xml").decode())
    found = {}
    for sheet in sheets:
        names = dict(re.findall(r'([\w:]+)="([^"]*)"', sheet))
        found[f"xl/{targets.get(names.get('r:id', ''), '')}"] = unescape(names.get("name", ""))
    return found


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
