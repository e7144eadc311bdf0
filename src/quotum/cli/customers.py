"""``quotum customers``: who buys, who is lost, what sales are made of, and how many customers the target needs."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click


@click.command("customers")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
              help="The day to tell of; the plan's as_of when left out.")  # fmt: skip
@click.option("--by", metavar="KEYS", default="",
              help="Tell it by unit, person, class, state, channel, area, category or another classing; "
                   "several with commas.")  # fmt: skip
@click.option("--plan", metavar="PLAN", type=click.Path(path_type=Path),
              help="A plan whose numbers people and units are held against.")  # fmt: skip
@click.option("--data", metavar="DIR", type=click.Path(path_type=Path),
              help="A further folder in which the files of [import] may lie.")  # fmt: skip
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a setting of plan.toml.")
@click.option("--csv", "csv_file", metavar="FILE", type=click.Path(path_type=Path),
              help="Write a line for each customer: class, state, rhythm, amounts.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print every table for programs.")
def command(
    folder: Path,
    as_of: datetime | None,
    by: str,
    plan: Path | None,
    data: Path | None,
    overrides: tuple[str, ...],
    csv_file: Path | None,
    as_json: bool,
) -> None:
    """Tell of a company's customers on any day: measures, composition, and what the target needs of them.

    \b
    Examples:
      quotum customers company
      quotum customers company --as-of 2026-06-30 --by class
      quotum customers company --by person --plan plan --csv customers.csv

    Exit code 2: the input is wrong.
    """
    from quotum.cli.customers_run import run_customers

    keys = tuple(key.strip() for key in by.split(",") if key.strip())
    day = as_of.date() if as_of else None
    if day is not None and not 1900 <= day.year < 2200:
        raise click.BadParameter(f"{day} lies outside of 1900 to 2199.", param_hint="'--as-of'")
    raise SystemExit(run_customers(folder, day, keys, plan, data, overrides, csv_file, as_json=as_json))
