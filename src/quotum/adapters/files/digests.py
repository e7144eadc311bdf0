"""What a plan was made from: a digest of every input file."""

from __future__ import annotations

import hashlib
from pathlib import Path

_KINDS = {".csv", ".parquet", ".xlsx", ".toml"}


def digest_folder(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each table and settings file of a company folder, by file name."""
    files = sorted(p for p in folder.iterdir() if p.is_file() and p.suffix.lower() in _KINDS)
    return {path.name: _digest(path) for path in files}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
