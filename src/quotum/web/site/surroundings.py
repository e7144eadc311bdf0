"""What the machine tells of itself: its time zone, and the names and addresses that others may call it by."""

from __future__ import annotations

import os
import socket
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from zoneinfo import ZoneInfo

_ALWAYS = ("localhost", "127.0.0.1", "[::1]")
_ALL = {"0.0.0.0", "::", "[::]"}


def machine_zone(etc: Path = Path("/etc")) -> str:
    """Return the machine's time zone by its name in the zone database, UTC where it tells none."""
    told = [os.environ.get("TZ", "").removeprefix(":")]
    told.append(os.path.realpath(etc / "localtime").rpartition("zoneinfo/")[2])
    if (etc / "timezone").is_file():
        told.append((etc / "timezone").read_text(encoding="utf-8").strip())
    return next((name for name in told if is_zone(name)), "UTC")


def is_zone(name: str) -> bool:
    """Tell whether the zone database knows a name."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        return False
    return bool(name)


def names_answered(host: str, more: Sequence[str]) -> list[str]:
    """Return the names a site answers to that listens on ``host``: ``more`` were asked for.

    A site that listens on every address answers to all that the machine knows of itself.
    """
    names = [*_ALWAYS, *([] if host in _ALL else [host]), *more]
    if host in _ALL:
        names += [socket.gethostname(), *_own_addresses()]
    return list(dict.fromkeys(name for name in names if name))


def _own_addresses() -> list[str]:
    """Return the addresses of the machine as others see it; asking which way a packet would go sends none."""
    found: list[str] = []
    with suppress(OSError):
        found += socket.gethostbyname_ex(socket.gethostname())[2]
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        asking.connect(("192.0.2.1", 9))  # an address for examples: nobody is there
        found.append(asking.getsockname()[0])
    return found
