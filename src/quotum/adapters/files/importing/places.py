"""Where foreign files may lie: inside of the company folder, or of the folder given as ``--data``; nowhere else."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.nearest import nearest

_SHEET = re.compile(r"(?P<path>.+?) ?\[(?P<sheet>[^\[\]]+)\]")
ENDINGS = (".csv", ".tsv", ".txt", ".tab", ".parquet", ".xlsx", ".xlsm")


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A file that may be read, and the sheet of it that is meant, if any."""

    path: Path
    name: str  # as it was given
    sheet: str = ""


def split_sheet(source: str) -> tuple[str, str]:
    """Return path and sheet of a source such as ``book.xlsx [Orders]``."""
    found = _SHEET.fullmatch(source.strip())
    return (found["path"], found["sheet"]) if found else (source.strip(), "")


def find_files(source: str, roots: tuple[Path, ...]) -> tuple[list[FilePlace], list[Issue]]:
    """Return the files a source means, `*` standing for any part of a name; the first root that has one wins."""
    given, sheet = split_sheet(source)
    outside = False
    for root in roots:
        try:
            paths = sorted(root.glob(given)) if "*" in given and not Path(given).is_absolute() else [root / given]
            found = [path for path in paths if path.is_file()]
            inside = [path for path in found if path.resolve(strict=True).is_relative_to(root.resolve())]
        except (OSError, RuntimeError, ValueError, NotImplementedError):
            continue
        outside |= len(inside) < len(found) or _leads_out(root, given)
        if inside and len(inside) == len(found):
            return [FilePlace(path, _name(path, root), sheet) for path in inside], []
    if outside:
        return [], [Issue(rule="import_outside", file=given)]
    return [], [Issue(rule="import_file_missing", file=given, details=(("nearest", nearest(given, _names(roots))),))]


def _leads_out(root: Path, given: str) -> bool:
    """Tell whether a path leads out of its folder, there or not."""
    try:
        return not (root / given.replace("*", "x")).resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):
        return True


def _name(path: Path, root: Path) -> str:
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name


def _names(roots: tuple[Path, ...]) -> list[str]:
    """Return the names of the tables that lie in the folders."""
    names: list[str] = []
    for root in roots:
        try:
            names += [path.name for path in root.iterdir() if path.suffix.lower() in ENDINGS]
        except OSError:
            continue
    return names[:3_000]
