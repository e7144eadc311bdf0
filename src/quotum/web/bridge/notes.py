"""Notes between processes while a transaction is open: how far it is, and whether somebody wants it to stop.

What a transaction writes nobody else reads before its end, and SQLite lets nobody else write meanwhile: so both are
files beside the database.
"""

from __future__ import annotations

import json
from pathlib import Path

from quotum.web.bridge.stored import stored


def note_progress(key: str, stage: str, done: int, total: int) -> None:
    """Write down how far a piece of work is."""
    path = _path(key, "progress")
    unfinished = path.with_suffix(".unfinished")
    unfinished.write_text(json.dumps([stage, done, total]), encoding="utf-8")
    unfinished.replace(path)


def read_progress(key: str) -> tuple[str, int, int] | None:
    """Return what was last written down; None where nothing was, or the work is over."""
    try:
        stage, done, total = json.loads(_path(key, "progress").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return str(stage), int(done), int(total)


def ask_to_stop(key: str) -> None:
    """Leave word that the work is to stop."""
    _path(key, "stop").touch()


def is_stop_asked(key: str) -> bool:
    """Tell whether the work is to stop."""
    return _path(key, "stop").exists()


def clear_notes(key: str) -> None:
    """Remove what was noted about a piece of work that is over."""
    for kind in ("progress", "stop"):
        _path(key, kind).unlink(missing_ok=True)


def _path(key: str, kind: str) -> Path:
    path = stored(f"notes/{key}.{kind}")
    path.parent.mkdir(parents=True, exist_ok=True)
    return path
