"""Unpacks a zip of company files: only tables, only into one folder, only as much as a machine should bear."""

from __future__ import annotations

import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from quotum.adapters.files.importing.places import ENDINGS
from quotum.adapters.files.raw_table import damaged
from quotum.engine.basics.issues import Issue

MOST_ENTRIES = 2_000
MOST_FILES = 200
MOST_BYTES = 2 * 1024**3
"""Unpacked size beyond which a zip is refused."""
_BLOCK = 1 << 20
_ENCRYPTED, _UTF8 = 0x1, 0x800


def unpack_folder(path: Path, into: Path) -> list[Issue]:
    """Write the tables and plan.toml of a zip into a folder, flat: folders inside of the zip are left out of names.

    Links, hidden files and other kinds of files are not unpacked. Returns what was found; with an error the folder
    may hold a part.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            return _unpack(packed, path.name, into)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError) as problem:
        return [damaged(problem, path.name)]


def _unpack(packed: zipfile.ZipFile, file: str, into: Path) -> list[Issue]:
    """Unpack an opened zip."""
    parts = packed.infolist()
    wanted = [(name, part) for part in parts if (name := _name(part))]
    declared = sum(part.file_size for _, part in wanted)
    if len(parts) > MOST_ENTRIES or len(wanted) > MOST_FILES:
        return [Issue(rule="packed_too_much", file=file, value=f"{len(parts):,} files")]
    if declared > MOST_BYTES:
        return [Issue(rule="packed_too_much", file=file, value=f"{declared // 1024**2:,} MB")]
    if not wanted:
        return [Issue(rule="packed_nothing", file=file)]
    issues = []
    left = MOST_BYTES
    for name, part in wanted:
        if part.flag_bits & _ENCRYPTED:
            return [Issue(rule="packed_locked", file=file, value=name)]
        if (into / name).exists():
            issues.append(Issue(rule="packed_twice", file=file, value=name))
            continue
        left = _write(packed, part, into / name, left)
        if left < 0:  # a header may say less than there is
            (into / name).unlink()
            return [Issue(rule="packed_too_much", file=file, value=f"{MOST_BYTES // 1024**2:,} MB")]
    return issues


def _write(packed: zipfile.ZipFile, part: zipfile.ZipInfo, target: Path, left: int) -> int:
    """Write one part and return how many bytes may still come; below 0 it was stopped."""
    with packed.open(part) as source, target.open("xb") as out:
        while left >= 0 and (block := source.read(_BLOCK)):
            left -= len(block)
            out.write(block)
    return left


def _name(part: zipfile.ZipInfo) -> str:
    """Return under which name a part is unpacked; empty where it is not."""
    if part.is_dir() or stat.S_ISLNK(part.external_attr >> 16):
        return ""
    given = part.filename
    if not part.flag_bits & _UTF8:
        given = _from_dos(given)
    path = PurePosixPath(given.replace("\\", "/"))
    name = path.name
    if name.startswith((".", "~$")) or "__MACOSX" in path.parts or not name.isprintable() or len(name) > 150:
        return ""
    return name if name == "plan.toml" or path.suffix.lower() in ENDINGS else ""


def _from_dos(name: str) -> str:
    """Return a name that a program wrote without saying how: as UTF-8, or as Chinese Windows does."""
    for encoding in ("utf-8", "gb18030"):
        try:
            return name.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return name
