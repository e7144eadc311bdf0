"""What a plan was made from: a digest of every input file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

_KINDS = {".csv", ".parquet", ".xlsx", ".toml"}


def digest_folder(folder: Path, foreign: Mapping[str, Path] | None = None) -> dict[str, str]:
    """Return the SHA-256 of each table and settings file of a company folder, and of the foreign files, by name."""
    files = {path.name: path for path in folder.iterdir() if path.is_file() and path.suffix.lower() in _KINDS}
    return {name: _digest(path) for name, path in sorted({**(foreign or {}), **files}.items())}


def digest_file(path: Path) -> str:
    """Return the SHA-256 of one file; that of plan.json names a plan, for it tells what the plan was made from."""
    return _digest(path)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
