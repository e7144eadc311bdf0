"""``quotum revise``: change numbers of a finished plan, exactly."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

_DATE = click.DateTime(["%Y-%m-%d"])


@click.command("revise")
@click.argument("plan", metavar="PLAN", type=click.Path(path_type=Path))
@click.option("--changes", required=True, metavar="FILE", type=click.Path(path_type=Path),
              help="What to change: CSV or TOML, a line a change; or an edited workbook of show --xlsx.")  # fmt: skip
@click.option("--out", metavar="PLAN2", type=click.Path(path_type=Path),
              help="The new plan folder to write; PLAN stays as it is.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only show who wins and who loses; write nothing.")
@click.option("--by", default="person", show_default=True, metavar="KEYS", help="Whose differences to show.")
@click.option("--grain", help="Show differences by day, week, tenday, month, quarter, half or year.")
@click.option("--on", type=_DATE, metavar="DATE", help="The day on which holds must not have expired; today.")
@click.option("--in-force", type=_DATE, metavar="DATE",
              help="The day from which changes count; earlier months are appraised by the plan before.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
def command(
    plan: Path,
    changes: Path,
    out: Path | None,
    dry_run: bool,
    by: str,
    grain: str | None,
    on: datetime | None,
    in_force: datetime | None,
    as_json: bool,
) -> None:
    """Change numbers of a finished plan: set, add, scale, copy or spread, for anybody and any period.

    \b
    Examples:
      quotum revise plan --changes changes.csv --dry-run --grain month
      quotum revise plan --changes changes.csv --out plan2
      quotum compare plan plan2 --by person
    """
    if not dry_run and out is None:
        raise click.UsageError("Name the new plan with --out, or look first with --dry-run.")
    from quotum.cli.revise_run import run_revise

    keys = tuple(key.strip() for key in by.split(",") if key.strip())
    day = (on or datetime.now()).date()
    dates = day, in_force.date() if in_force else None
    raise SystemExit(run_revise(plan, changes, None if dry_run else out, keys, grain, dates, as_json=as_json))
