"""`quotum restore`: a backup into an empty site."""

from __future__ import annotations

from pathlib import Path

import click

_EXAMPLES = """\b
Examples:
  quotum restore friday.zip --data /srv/new
  DATABASE_URL=postgresql://quotum:secret@db/quotum quotum restore friday.zip --data /srv/new
"""


@click.command("restore", epilog=_EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=Path("quotum-data"),
              show_default=True, help="A folder with nothing in it yet.")  # fmt: skip
def command(file: Path, data: Path) -> None:
    """Put the backup FILE into an empty site: all of it, checked by digests, or nothing."""
    from quotum.cli.backup_run import run_restore

    raise SystemExit(run_restore(file, data))
