"""Where the data lie: one folder with the database, files, plans and the secret; or a PostgreSQL server beside it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit


def data_folder() -> Path:
    """Return the folder that ``QUOTUM_DATA_DIR`` names, ``quotum-data`` where it is silent; it is made if missing."""
    folder = Path(os.environ.get("QUOTUM_DATA_DIR", "quotum-data")).absolute()
    for name in ("files", "static"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    return folder


def read_secret(folder: Path) -> str:
    """Return the key that signs sessions: the environment's, else the folder's own, made at the first start."""
    if given := os.environ.get("QUOTUM_SECRET_KEY"):
        return given
    path = folder / "secret-key"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(key := secrets.token_urlsafe(48))
    return key


def database_of(url: str, folder: Path) -> dict[str, Any]:
    """Return Django's settings of the database that ``postgresql://user:password@host:port/name`` names, else SQLite.

    Raises ValueError for another kind of address.
    """
    if not url:
        options = {
            "transaction_mode": "IMMEDIATE", "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        }  # fmt: skip
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "quotum.sqlite3", "OPTIONS": options,
                "CONN_MAX_AGE": None}  # fmt: skip - opened once a thread, not once a request
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError(f"DATABASE_URL begins with {parts.scheme}://; only postgresql:// is known.")
    return {
        "ENGINE": "django.db.backends.postgresql", "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""), "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""), "PORT": str(parts.port or ""), "OPTIONS": {"pool": True},
    }  # fmt: skip
