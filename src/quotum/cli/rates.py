"""``quotum rates``: amounts of other currencies at plan rates, and what actual rates would change."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("rates")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE",
              help="Tell it with a changed setting of plan.toml, such as rates.USD=7.2.")  # fmt: skip
@click.option("--data", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Folder of the foreign files that [import] names; without it they lie in DIR.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print it for programs: whole ten-thousandths.")
def command(folder: Path, overrides: tuple[str, ...], data: Path | None, as_json: bool) -> None:
    """Tell, by table, currency and year, what amounts are at plan rates and at the rates of their days.

    \b
    Examples:
      quotum rates company
      quotum rates company --set rates.USD=7.2

    Exit code 2: there are errors.
    """
    from quotum.cli.rates_run import run_rates

    raise SystemExit(run_rates(folder, overrides, data, as_json=as_json))
