"""``quotum replan-visits``: a running visit plan after something happened, with as few changes as may be."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

_DATE = click.DateTime(["%Y-%m-%d"])


@click.command("replan-visits")
@click.argument("visits", metavar="VISITS", type=click.Path(path_type=Path))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="NEW", type=click.Path(path_type=Path),
              help="Folder to write the new visit plan to; it must not exist.")  # fmt: skip
@click.option("--today", required=True, type=_DATE, metavar="DATE", help="The day on which it is planned anew.")
@click.option("--plan", metavar="PLAN", type=click.Path(path_type=Path),
              help="A plan of quotum replan: its hand-overs pass projects and fixed dates on.")  # fmt: skip
@click.option("--freeze", type=click.IntRange(0, 60), default=1, show_default=True,
              help="Working days from today on that stay as they are.")  # fmt: skip
@click.option("--absent", multiple=True, metavar="PERSON=SINCE/UNTIL",
              help="Somebody is away, beside the table absences; until is the first day back.")  # fmt: skip
@click.option("--drop", multiple=True, metavar="CUSTOMER", help="A customer who is not to be seen any more.")
@click.option("--jobs", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes to plan with.")
@click.option("--data", metavar="DIR", type=click.Path(path_type=Path),
              help="A further folder in which the files of [import] may lie.")  # fmt: skip
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Change a setting of plan.toml.")
@click.option("--json", "as_json", is_flag=True, help="Print what moved for programs.")
def command(
    visits: Path,
    folder: Path,
    out: Path,
    today: datetime,
    plan: Path | None,
    freeze: int,
    absent: tuple[str, ...],
    drop: tuple[str, ...],
    jobs: int,
    data: Path | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    """Plan the rest of a visit plan anew after an illness, a new or lost customer, or a moved appointment.

    DIR is the company as it is now: absences, customers, appointments, activities. The past and the next days stay;
    a visit is moved only if it must be or saves more than change_cost minutes of driving.

    \b
    Examples:
      quotum replan-visits january company --out january-2 --today 2027-01-11 --absent P03=2027-01-12/2027-01-14
      quotum replan-visits january company --out january-2 --today 2027-01-11 --freeze 2 --drop C0017
      quotum replan-visits april company --out april-2 --today 2027-04-01 --plan plan2

    Exit code 2: the input is wrong. 1: it cannot be met. In both cases nothing is written.
    """
    from quotum.cli.plan_visits_run import Wanted
    from quotum.cli.replan_visits_run import Change, run_replan_visits

    wanted = Wanted(folder, out, jobs=jobs, data=data, overrides=overrides)
    change = Change(visits, today.date(), freeze, absent, drop, plan)
    raise SystemExit(run_replan_visits(wanted, change, as_json=as_json))
