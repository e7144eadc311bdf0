"""The work of ``quotum serve``: choose the data folder, tell what is missing, start."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path

import click

_PARTS = ("django", "granian", "allauth", "ninja", "whitenoise", "django_tasks_db")


def run_serve(data: Path | None, host: str, port: int, workers: int, *, demo: bool) -> int:
    """Serve until a signal; return the exit code, 2 where the parts of the web are not installed."""
    if missing := [name for name in _PARTS if find_spec(name) is None]:
        click.echo(f"The web is not installed ({', '.join(missing)}). Remedy: pip install 'quotum[web]'", err=True)
        return 2
    folder = data or Path("quotum-demo" if demo else "quotum-data")
    os.environ["QUOTUM_DATA_DIR"] = str(folder.absolute())
    from quotum.web.site.serving import DEMO_DAY, Serving, serve

    if demo:
        os.environ.setdefault("QUOTUM_TODAY", DEMO_DAY)
    if host not in {"127.0.0.1", "localhost"}:
        os.environ.setdefault("QUOTUM_HOSTS", f"localhost,127.0.0.1,{host}")
    return serve(Serving(host, port, workers, demo))
