"""``quotum plan``: a company folder in, a plan folder out."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("plan")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="PLAN", type=click.Path(path_type=Path), help="The plan folder to write.")
@click.option("--set", "overrides", multiple=True, metavar="KEY=VALUE",
              help="Change a setting for this run, e.g. --set target.revenue.commit=6000000.")  # fmt: skip
@click.option("--after", "before", metavar="PLAN", type=click.Path(path_type=Path),
              help="The plan in force until this one's as_of: months begun by then stay as it asked them.")  # fmt: skip
@click.option("--data", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Folder of the foreign files that [import] names; without it they lie in DIR.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the result for programs.")
def command(
    folder: Path, out: Path, overrides: tuple[str, ...], before: Path | None, data: Path | None, as_json: bool
) -> None:
    """Turn a company folder into a plan: everybody's numbers, with reasons.

    \b
    Examples:
      quotum plan company --out plan
      quotum plan company --out plan-2 --set target.revenue.commit=6000000 --set step.person.cap=1.5
      quotum plan company --out july --after plan --set plan.as_of=2027-06-30

    Exit code 2: the input is wrong. 1: it cannot be met. In both cases nothing is written.
    """
    from quotum.cli.plan_run import run_plan

    raise SystemExit(run_plan(folder, out, overrides, as_json=as_json, data=data, before=before))
