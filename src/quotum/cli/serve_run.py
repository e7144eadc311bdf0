"""The work of ``quotum serve``: choose the data folder, tell what is missing, start."""

from __future__ import annotations

import os
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import click

_PARTS = ("django", "granian", "allauth", "ninja", "whitenoise", "django_tasks_db")


def run_serve(
    data: Path | None, host: str, port: int, workers: int, *, demo: bool, names: Sequence[str] = (),
    time_zone: str | None = None,
) -> int:  # fmt: skip
    """Serve until a signal; return the exit code, 2 where the web is not installed or cannot be served as asked."""
    if missing := [name for name in _PARTS if find_spec(name) is None]:
        click.echo(f"The web is not installed ({', '.join(missing)}). Remedy: pip install 'quotum[web]'", err=True)
        return 2
    folder = data or Path("quotum-demo" if demo else "quotum-data")
    os.environ["QUOTUM_DATA_DIR"] = str(folder.absolute())
    from quotum.web.site.serving import DEMO_DAY, Serving, serve
    from quotum.web.site.surroundings import is_zone, machine_zone, names_answered

    zone = time_zone or os.environ.get("QUOTUM_TIME_ZONE") or machine_zone()
    if not is_zone(zone):
        click.echo(f"There is no time zone {zone}. Remedy: a name such as Asia/Shanghai or Europe/Madrid.", err=True)
        return 2
    os.environ["QUOTUM_TIME_ZONE"] = zone
    if demo:
        os.environ.setdefault("QUOTUM_TODAY", DEMO_DAY)
    given = os.environ.get("QUOTUM_HOSTS", "")
    answered = [*given.split(","), *names] if given else names_answered(host, names)
    os.environ["QUOTUM_HOSTS"] = ",".join(answered)
    return serve(Serving(host, port, workers, demo))
