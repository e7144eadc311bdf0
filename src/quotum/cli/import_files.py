"""``quotum import``: foreign files in, a first draft of `[import]` out."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("import")
@click.argument("files", metavar="FILES...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--into", required=True, metavar="DIR", type=click.Path(path_type=Path),
              help="The company folder whose plan.toml is written; it may be new.")  # fmt: skip
@click.option("--data", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Folder that holds the files; without it the one they share.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the guess for programs.")
def command(files: tuple[Path, ...], into: Path, data: Path | None, as_json: bool) -> None:
    """Guess what the files of an ERP or a spreadsheet hold and write it down as [import] in DIR/plan.toml.

    Nothing is copied and nothing is asked: every line says how sure it is, what could not be placed is told, and you
    change what is wrong.

    \b
    Examples:
      quotum import orders.xlsx staff.csv --into company
      quotum import exports/*.csv --into company --data exports

    Exit code 2: nothing could be made of the files, or plan.toml has an [import] already.
    """
    from quotum.cli.import_run import run_import

    raise SystemExit(run_import(files, into, data, as_json=as_json))
