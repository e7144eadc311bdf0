"""`quotum backup`: everything the web keeps, in one file."""

from __future__ import annotations

from pathlib import Path

import click

_EXAMPLES = """\b
Examples:
  quotum backup friday.zip --data /srv/quotum
"""


@click.command("backup", epilog=_EXAMPLES)
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--data", type=click.Path(path_type=Path, file_okay=False), default=Path("quotum-data"),
              show_default=True, help="The folder that quotum serve keeps everything in.")  # fmt: skip
def command(file: Path, data: Path) -> None:
    """Write the database and all plans and files into FILE, also while the site runs."""
    from quotum.cli.backup_run import run_backup

    raise SystemExit(run_backup(file, data))
