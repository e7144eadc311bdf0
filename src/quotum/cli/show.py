"""``quotum show``: a plan's numbers by any keys and periods."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click


def read_pairs(
    ctx: click.Context,  # noqa: ARG001
    param: click.Parameter,  # noqa: ARG001
    texts: tuple[str, ...],
) -> tuple[tuple[str, str], ...]:
    """Read ``dimension=key``; the key may hold further signs of equality."""
    pairs = [text.partition("=") for text in texts]
    for text, (dimension, _, key) in zip(texts, pairs, strict=True):
        if not (dimension.strip() and key.strip()):
            raise click.BadParameter(f"{text} names no key. Write dimension=key, such as unit=North.")
    return tuple((dimension.strip(), key.strip()) for dimension, _, key in pairs)


_DATE = click.DateTime(["%Y-%m-%d"])


@click.command("show")
@click.argument("plan", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--by", default="unit", show_default=True, metavar="KEYS",
              help="What to show it by, with commas between: unit, person, channel, area, category, product, class, "
                   "customer; unit@1 is the ancestor at depth 1 of the tree.")  # fmt: skip
@click.option("--grain", help="day, week, tenday, month, quarter, half or year; none: the whole span as one.")
@click.option("--measure", help="What is counted; the plan's first target when left out.")
@click.option("--level", default="commit", show_default=True, help="commit or stretch; hedged where steps hedge.")
@click.option(
    "--under",
    multiple=True,
    callback=read_pairs,
    metavar="DIMENSION=KEY",
    help="Only what lies under this key, e.g. unit=North with all units below it. May be given repeatedly.",
)
@click.option("--since", type=_DATE, metavar="DATE", help="First day, such as 2027-03-01.")
@click.option("--until", type=_DATE, metavar="DATE", help="First day that no longer belongs to it.")
@click.option("--currency", metavar="CODE", callback=lambda _, __, code: code and code.upper(),
              help="Show money in another currency, at the plan rate.")  # fmt: skip
@click.option("--actual", metavar="REVIEW", type=click.Path(path_type=Path),
              help="Beside it what a review of this plan says came of it: due, actual, pace, growth.")  # fmt: skip
@click.option("--visits", is_flag=True,
              help="Show visits and calls instead: sums of everybody, or days with --under person=P03.")  # fmt: skip
@click.option("--missed", is_flag=True, help="With --visits: those that found no day, with the reason.")
@click.option("--json", "as_json", is_flag=True, help="Print rows for programs: whole numbers in the smallest unit.")
@click.option("--csv", "csv_file", metavar="FILE", help="Write a CSV file for Excel; - prints it.")
@click.option("--xlsx", "xlsx_file", metavar="FILE", type=click.Path(path_type=Path), help="Write a workbook.")
def command(
    plan: Path,
    by: str,
    grain: str | None,
    measure: str | None,
    level: str,
    under: tuple[tuple[str, str], ...],
    since: datetime | None,
    until: datetime | None,
    currency: str | None,
    actual: Path | None,
    visits: bool,
    missed: bool,
    as_json: bool,
    csv_file: str | None,
    xlsx_file: Path | None,
) -> None:
    """Show a plan's numbers by any keys and periods.

    \b
    Examples:
      quotum show plan --by person --grain month
      quotum show plan --by unit@1,category --grain quarter --level stretch
      quotum show plan --by customer --under person=P03 --csv customers.csv
      quotum show plan --by person --currency USD
      quotum show plan --by channel --grain month --actual march
      quotum show plan --visits --under person=P03 --until 2027-01-09
    """
    if as_json + (csv_file is not None) + (xlsx_file is not None) > 1:
        raise click.UsageError("Give only one of --json, --csv and --xlsx.")
    span = since.date() if since else None, until.date() if until else None
    if visits:
        from quotum.cli.show_visits_run import run_show_visits

        raise SystemExit(run_show_visits(plan, under, *span, missed=missed, as_json=as_json))
    from quotum.cli.show_run import run_show, run_show_actual
    from quotum.engine.slices import Request

    keys = tuple(key.strip() for key in by.split(",") if key.strip())
    request = Request(keys, grain, measure, level, under, *span)
    if actual is not None:
        if currency or xlsx_file:
            raise click.UsageError("--actual shows the plan's own currency, on the screen, as --csv or as --json.")
        raise SystemExit(run_show_actual(plan, actual, request, as_json=as_json, csv_file=csv_file))
    out = csv_file if xlsx_file is None else xlsx_file
    raise SystemExit(run_show(plan, request, currency=currency, as_json=as_json, out=out))
