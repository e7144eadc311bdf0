"""`quotum sample`: write a believable made-up company."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

_EXAMPLES = """\b
Examples:
  quotum sample company
  quotum sample company --size medium --seed 7
"""


class _Progress:
    """Says on stderr what is being done, from the first second on; outside of a terminal only now and then."""

    def __init__(self) -> None:
        self._start = time.monotonic()
        self._next = 1.0
        self._width = 0

    def __call__(self, text: str) -> None:
        seconds = time.monotonic() - self._start
        if seconds < self._next:
            return
        line = f"{seconds:5.0f} s  {text}"
        if sys.stderr.isatty():
            click.echo("\r" + line.ljust(self._width), err=True, nl=False)
            self._width = len(line)
        else:
            click.echo(line, err=True)
            self._next = seconds + 5

    def finish(self) -> None:
        if self._width:
            click.echo(err=True)


class _Refusal(click.ClickException):
    exit_code = 2


@click.command("sample", epilog=_EXAMPLES)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--size", type=click.Choice(["small", "medium", "large", "huge"]), default="small", show_default=True,
              help="12, 200, 2,000 or 10,000 people; 300 to 1,000,000 customers. small and medium are CSV, the others "
                   "Parquet.")  # fmt: skip
@click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=1, show_default=True,
              help="The same seed gives the same bytes.")  # fmt: skip
def command(folder: Path, size: str, seed: int) -> None:
    """Write a believable made-up company into DIR, which must be new or empty."""
    from quotum.sample import write_sample
    from quotum.sample.writing import FolderInUseError

    progress = _Progress()
    try:
        write_sample(folder, size, seed, progress)
    except FolderInUseError:
        raise _Refusal(f"{folder} is not empty. Give a new folder, or empty this one first.") from None
    except OSError as error:
        raise _Refusal(f"{folder} cannot be written: {error.strerror or error}.") from None
    finally:
        progress.finish()
    click.echo(f"{folder}: a {size} company. Next: quotum plan {folder} --out PLAN")
