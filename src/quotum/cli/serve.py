"""`quotum serve`: the web for a whole team."""

from __future__ import annotations

import os
from pathlib import Path

import click

_EXAMPLES = """\b
Examples:
  quotum serve --demo
  quotum serve --data /srv/quotum --port 8080 --workers 2
  DATABASE_URL=postgresql://quotum:secret@db/quotum quotum serve --data /srv/quotum
"""


@click.command("serve", epilog=_EXAMPLES)
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=None,
              help="The folder of everything kept: database, plans, files. [default: quotum-data; with --demo "
                   "quotum-demo]")  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--workers", type=click.IntRange(1, 64), default=lambda: min(os.cpu_count() or 1, 4),
              show_default="one a core, at most 4", help="Processes of the server.")  # fmt: skip
@click.option("--demo", is_flag=True, help="Load a made-up company with an account for each role.")
@click.option("--allow-host", "names", multiple=True, metavar="NAME",
              help="A name the site answers to besides this machine's; again for more.")  # fmt: skip
@click.option("--time-zone", metavar="NAME", default=None,
              help="Where a day begins, such as Asia/Shanghai. [default: the machine's]")  # fmt: skip
def command(data: Path | None, host: str, port: int, workers: int, demo: bool, names: tuple[str, ...],
            time_zone: str | None) -> None:  # fmt: skip
    """Serve the web: server and worker in one command, until Ctrl+C."""
    from quotum.cli.serve_run import run_serve

    raise SystemExit(run_serve(data, host, port, workers, demo=demo, names=names, time_zone=time_zone))
