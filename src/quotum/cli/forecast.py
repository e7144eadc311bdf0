"""``quotum forecast``: what the plan's dates bring if things go on as they do."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("forecast")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--by", default="unit", show_default=True, metavar="KEYS",
              help="Whose, with commas between: unit, person, area, channel, category, product, class, "
                   "customer.")  # fmt: skip
@click.option("--measure", help="What is counted; the first target's measure when left out.")
@click.option("--grain", type=click.Choice(["month"]), help="month: a line a month; the plan's total when left out.")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE",
              help="Change a setting for this run, e.g. --set plan.as_of=2026-09-30.")  # fmt: skip
@click.option("--data", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Folder of the foreign files that [import] names; without it they lie in DIR.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print rows for programs: whole numbers in the smallest unit.")
def command(
    folder: Path,
    by: str,
    measure: str | None,
    grain: str | None,
    overrides: tuple[str, ...],
    data: Path | None,
    as_json: bool,
) -> None:
    """Tell what the plan's dates bring if things go on as they do: means, ranges, by which methods.

    \b
    Examples:
      quotum forecast company --by unit,person
      quotum forecast company --by channel --grain month
      quotum forecast company --set plan.as_of=2026-09-30

    Exit code 2: the input is wrong. 0: fine.
    """
    from quotum.cli.forecast_run import run_forecast

    dimensions = [key.strip() for key in by.split(",") if key.strip()]
    raise SystemExit(run_forecast(folder, dimensions, measure, grain, overrides, data, as_json=as_json))
