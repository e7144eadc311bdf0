"""Where the folders and files lie that the database only names: below the data folder, by address."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from django.core.files.storage import default_storage


def stored(address: str) -> Path:
    """Return the path of an address such as ``plans/2027-a1b2``; raise ValueError where it leads out of the storage."""
    root = Path(default_storage.path("")).resolve()
    path = (root / address).resolve()
    if not path.is_relative_to(root) or path == root:
        raise ValueError(f"{address!r} leads out of the storage.")
    return path


def new_address(kind: str) -> str:
    """Return an address that nothing has yet, its folder made: ``plans``, ``reviews``, ``uploads`` …"""
    address = f"{kind}/{secrets.token_hex(8)}"
    stored(address).parent.mkdir(parents=True, exist_ok=True)
    return address


def remove_stored(address: str) -> None:
    """Remove what lies at an address, if anything does."""
    path = stored(address)
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
