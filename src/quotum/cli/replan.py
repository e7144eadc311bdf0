"""``quotum replan``: what was sold takes the place of what was planned, and the rest of the year is planned anew."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

_DATE = click.DateTime(["%Y-%m-%d"])


@click.command("replan")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--plan", required=True, metavar="PLAN", type=click.Path(path_type=Path), help="The plan so far.")
@click.option("--as-of", required=True, type=_DATE, metavar="DATE", help="The last day whose sales count.")
@click.option("--policy", type=click.Choice(["keep-year", "keep-rest", "outlook"]),
              help="What is kept of the rest; without it [replan] of plan.toml says so.")  # fmt: skip
@click.option("--out", metavar="PLAN2", type=click.Path(path_type=Path),
              help="The new plan folder to write; PLAN stays as it is.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Only show who wins and who loses; write nothing.")
@click.option("--by", default="person", show_default=True, metavar="KEYS", help="Whose differences to show.")
@click.option("--grain", help="Show differences by day, week, tenday, month, quarter, half or year.")
@click.option("--data", metavar="DIR", type=click.Path(path_type=Path), help="Where the foreign files lie.")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE", help="Another setting, e.g. replan.cap=1.2.")
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
def command(
    folder: Path,
    plan: Path,
    as_of: datetime,
    policy: str | None,
    out: Path | None,
    dry_run: bool,
    by: str,
    grain: str | None,
    data: Path | None,
    overrides: tuple[str, ...],
    as_json: bool,
) -> None:
    """Plan the rest of a year anew: what was sold is known, the months ahead follow a policy.

    \b
    Examples:
      quotum replan company --plan plan --as-of 2027-03-31 --dry-run
      quotum replan company --plan plan --as-of 2027-03-31 --policy outlook --out plan2
      quotum compare plan plan2 --by person --grain month
    """
    if not dry_run and out is None:
        raise click.UsageError("Name the new plan with --out, or look first with --dry-run.")
    from quotum.cli.replan_run import Wanted, run_replan

    keys = tuple(key.strip() for key in by.split(",") if key.strip())
    wanted = Wanted(as_of.date(), policy, keys, grain, tuple(overrides), data)
    raise SystemExit(run_replan(folder, plan, None if dry_run else out, wanted, as_json=as_json))
