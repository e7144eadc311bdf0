"""``quotum plan-visits``: a company folder into a dated, routed visit plan."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

_DATE = click.DateTime(["%Y-%m-%d"])


@click.command("plan-visits")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="VISITS", type=click.Path(path_type=Path),
              help="Folder to write the visit plan to; it must not exist.")  # fmt: skip
@click.option("--since", type=_DATE, metavar="DATE", help="First day; [visits] or the plan's when left out.")
@click.option("--until", type=_DATE, metavar="DATE", help="First day that no longer belongs to it.")
@click.option("--effort", type=click.Choice(["quick", "normal", "thorough"]), help="How long days are sought.")
@click.option("--person", "people", multiple=True, metavar="PERSON", help="Only this person; may be repeated.")
@click.option("--plan", metavar="PLAN", type=click.Path(path_type=Path),
              help="The plan it belongs to: noted in the visit plan, and its period is kept.")  # fmt: skip
@click.option("--jobs", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes to plan with.")
@click.option("--data", metavar="DIR", type=click.Path(path_type=Path),
              help="A further folder in which the files of [import] may lie.")  # fmt: skip
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a setting of plan.toml.")
@click.option("--json", "as_json", is_flag=True, help="Print what was planned for programs.")
def command(
    folder: Path,
    out: Path,
    since: datetime | None,
    until: datetime | None,
    effort: str | None,
    people: tuple[str, ...],
    plan: Path | None,
    jobs: int,
    data: Path | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    """Plan everybody's visits and calls: which customer on which day, in which order, at what time.

    [cadence] of plan.toml says how often who is seen. What could not be placed is told with its reason.

    \b
    Examples:
      quotum plan-visits company --out january --since 2027-01-01 --until 2027-02-01
      quotum plan-visits company --out quarter --until 2027-04-01 --effort thorough --jobs 2
      quotum show january --visits

    Exit code 2: the input is wrong. 1: it cannot be met. In both cases nothing is written.
    """
    from quotum.cli.plan_visits_run import Wanted, run_plan_visits

    days = (since.date() if since else None), (until.date() if until else None)
    wanted = Wanted(folder, out, *days, effort, people, plan, jobs, data, overrides)
    raise SystemExit(run_plan_visits(wanted, as_json=as_json))
