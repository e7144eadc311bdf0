"""``quotum proposals``: what people propose, beside the number from the top."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("proposals")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Compare with a changed setting of plan.toml."
)
@click.option("--json", "as_json", is_flag=True, help="Print the comparison for programs.")
def command(folder: Path, overrides: tuple[str, ...], as_json: bool) -> None:
    """Compare the table proposals with the number from the top, by size and by person; nothing is written.

    \b
    Examples:
      quotum proposals company
      quotum proposals company --set step.person.reconcile=proposals --json

    Exit code 2: the input is wrong. 1: the plan cannot be met.
    """
    from quotum.cli.proposals_run import run_proposals

    raise SystemExit(run_proposals(folder, overrides, as_json=as_json))
