"""``quotum review``: actuals against a plan, how it will end, and why."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click


@click.command("review")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--plan", required=True, metavar="PLAN", type=click.Path(path_type=Path),
              help="The plan to hold it against.")  # fmt: skip
@click.option("--as-of", required=True, metavar="DATE", type=click.DateTime(["%Y-%m-%d"]),
              help="The last day that counts; nothing later is looked at.")  # fmt: skip
@click.option("--out", required=True, metavar="REVIEW", type=click.Path(path_type=Path),
              help="Folder to write the review to; it must not exist.")  # fmt: skip
@click.option("--data", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Folder of the foreign files that [import] names; without it they lie in DIR.")  # fmt: skip
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE",
              help="Change a setting of plan.toml for this run, e.g. --set warnings.behind=0.8.")  # fmt: skip
@click.option("--by-unit", is_flag=True, help="Also a workbook for each unit and all below it, for its manager.")
@click.option("--json", "as_json", is_flag=True, help="Print rows for programs: whole numbers in the smallest unit.")
def command(
    folder: Path, plan: Path, as_of: datetime, out: Path, data: Path | None, overrides: tuple[str, ...],
    by_unit: bool, as_json: bool,
) -> None:  # fmt: skip
    """Hold what happened against a plan: who stands where, how it will end, why, and what to do.

    The numbers are those of the plan, which is not worked out again. DIR holds the same company with what has
    happened since.

    \b
    Examples:
      quotum review company --plan plan --as-of 2027-03-31 --out march
      quotum review company --plan plan --as-of 2027-03-31 --out march --by-unit

    Exit code 2: the input is wrong. In that case nothing is written.
    """
    from quotum.cli.review_run import run_review

    done = run_review(folder, plan, as_of.date(), out, overrides, data, by_unit=by_unit, as_json=as_json)
    raise SystemExit(done)
