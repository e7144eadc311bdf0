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
_LARGE_PART = 100 * 1024**2
_BLOCK = 1 << 20
_REFERENCE = 16  # bytes that surely hold a reference to a cell
_OVERLAP = 64  # and a cell's opening tag
_SPACE, _R, _EQUALS, _QUOTE = b' r="'
_ERROR_CELL = re.compile(rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^<>]* t="e"')
_MOST_ERRORS = 200


@dataclass(frozen=True, slots=True)
class Package:
    """What a look inside found: an issue that forbids opening it, and the cells of each sheet that show an error."""

    issue: Issue | None = None
    errors: dict[str, list[str]] = field(default_factory=dict)  # sheet -> references such as B7


def look_inside(path: Path) -> Package:
    """Tell whether a workbook may be opened, and which of its cells hold errors such as #N/A."""
    try:
        with zipfile.ZipFile(path) as packed:
            if issue := _check_sizes(packed, path.name):
                return Package(issue)
            errors: dict[str, list[str]] = {}
            for part in packed.infolist():
                if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
                    cells, references = _read_sheet(packed, part)
                    if cells > MOST_CELLS:
                        return Package(Issue(rule="workbook_too_large", file=path.name, value=f"{cells:,} cells"))
                    if references:
                        errors[part.filename] = references
            names = _sheet_names(packed) if errors else {}
            return Package(errors={names.get(part, part): references for part, references in errors.items()})
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


def _read_sheet(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> tuple[int, list[str]]:
    """Return rows × columns of a sheet up to its farthest cell, and the references of cells that show an error."""
    row, column = 0, 0
    errors: dict[str, None] = {}
    for block in _blocks(packed, part):
        far_row, far_column = _farthest(np.frombuffer(block + bytes(_REFERENCE), np.uint8))
        row, column = max(row, far_row), max(column, far_column)
        if b't="e"' in block and len(errors) < _MOST_ERRORS:
            errors.update(dict.fromkeys(found.decode() for found in _ERROR_CELL.findall(block)))
    return row * column, list(errors)[:_MOST_ERRORS]


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
