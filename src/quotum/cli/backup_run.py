"""The work of ``quotum backup`` and ``quotum restore``."""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

import click


def run_backup(file: Path, data: Path) -> int:
    """Save everything into a new file; return the exit code."""
    if not data.is_dir():
        click.echo(f"There is no folder {data}. Remedy: name the one that quotum serve uses: --data DIR", err=True)
        return 2
    backup = _open_site(data)
    try:
        saved = backup.save_backup(file)
    except FileExistsError:
        click.echo(f"{file} is there already. Remedy: name a new file.", err=True)
        return 2
    except OSError as problem:
        click.echo(f"{file} cannot be written: {problem.strerror or problem}.", err=True)
        return 2
    click.echo(f"{file}: {saved.rows:,} rows and {saved.files:,} files, {saved.bytes / 1e6:,.1f} MB")
    return 0


def run_restore(file: Path, data: Path) -> int:
    """Put a backup into an empty site; return the exit code."""
    if not file.is_file():
        click.echo(f"There is no file {file}.", err=True)
        return 2
    backup = _open_site(data)
    try:
        restored = backup.restore_backup(file)
    except backup.BadBackup as problem:
        click.echo(str(problem), err=True)
        return 2
    click.echo(f"{data}: {restored.rows:,} rows and {restored.files:,} files. Next: quotum serve --data {data}")
    return 0


def _open_site(data: Path) -> ModuleType:
    """Bring up the site of a folder and return the module that saves and restores it."""
    os.environ["QUOTUM_DATA_DIR"] = str(data.absolute())
    from quotum.web.site import backup
    from quotum.web.site.serving import open_database

    open_database()
    return backup
