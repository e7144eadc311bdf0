"""``quotum compare``: what differs between two plans."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from quotum.cli.show import read_pairs

_DATE = click.DateTime(["%Y-%m-%d"])


@click.command("compare")
@click.argument("plan", metavar="PLAN", type=click.Path(path_type=Path))
@click.argument("other", metavar="PLAN2", type=click.Path(path_type=Path))
@click.option("--by", default="person", show_default=True, metavar="KEYS", help="What to compare by, as for show.")
@click.option("--grain", help="day, week, tenday, month, quarter, half or year; none: the whole span as one.")
@click.option("--measure", help="What is counted; the first that both plans have when left out.")
@click.option("--level", default="commit", show_default=True, help="commit or stretch.")
@click.option("--under", multiple=True, callback=read_pairs, metavar="DIMENSION=KEY",
              help="Only what lies under this key, e.g. unit=North. May be given repeatedly.")  # fmt: skip
@click.option("--since", type=_DATE, metavar="DATE", help="First day, such as 2027-03-01.")
@click.option("--until", type=_DATE, metavar="DATE", help="First day that no longer belongs to it.")
@click.option("--all", "everything", is_flag=True, help="Show lines that do not differ, too.")
@click.option("--json", "as_json", is_flag=True, help="Print rows for programs: whole numbers in the smallest unit.")
@click.option("--csv", "csv_file", metavar="FILE", help="Write a CSV file for Excel; - prints it.")
@click.option("--xlsx", "xlsx_file", metavar="FILE", type=click.Path(path_type=Path), help="Write a workbook.")
def command(
    plan: Path,
    other: Path,
    by: str,
    grain: str | None,
    measure: str | None,
    level: str,
    under: tuple[tuple[str, str], ...],
    since: datetime | None,
    until: datetime | None,
    everything: bool,
    as_json: bool,
    csv_file: str | None,
    xlsx_file: Path | None,
) -> None:
    """Compare two plans: before, after, and the difference.

    \b
    Examples:
      quotum compare plan plan2
      quotum compare plan plan2 --by unit,person --grain month --under unit=North
      quotum compare plan plan2 --by customer --csv differences.csv
    """
    if as_json + (csv_file is not None) + (xlsx_file is not None) > 1:
        raise click.UsageError("Give only one of --json, --csv and --xlsx.")
    from quotum.cli.compare_run import run_compare
    from quotum.engine.slices import Request

    keys = tuple(key.strip() for key in by.split(",") if key.strip())
    span = since.date() if since else None, until.date() if until else None
    request = Request(keys, grain, measure, level, under, *span)
    out = csv_file if xlsx_file is None else xlsx_file
    raise SystemExit(run_compare((plan, other), request, everything=everything, as_json=as_json, out=out))
