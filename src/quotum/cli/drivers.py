"""``quotum drivers``: what a number takes, and any one driver from the others."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("drivers")
@click.argument("folder", metavar="DIR", required=False, type=click.Path(path_type=Path))
@click.option("--solve", "unknown", metavar="NAME", help="The driver to be found so that the goal is met.")
@click.option("--set", "changes", multiple=True, metavar="NAME=VALUE",
              help="A known driver's value, the goal of one made from others, or NAME.since=DATE.")  # fmt: skip
@click.option("--stretch", is_flag=True, help="Take the stretch of the targets as goals instead of commit.")
@click.option("--by", type=click.Choice(["person", "unit"]), help="Show the drivers of each person or unit.")
@click.option("--grain", type=click.Choice(["day", "week", "tenday", "month", "quarter"]), default="month",
              show_default=True, help="Periods in which the tree is evaluated.")  # fmt: skip
@click.option("--data", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="Folder of the foreign files that [import] names; without it they lie in DIR.")  # fmt: skip
@click.option("--templates", is_flag=True, help="List the driver trees that come with quotum.")
@click.option("--template", metavar="NAME", help="Print one of them, ready for plan.toml.")
@click.option("--svg", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), help="Draw the tree to a file.")
@click.option("--json", "as_json", is_flag=True, help="Print everything for programs.")
def command(
    folder: Path | None,
    unknown: str | None,
    changes: tuple[str, ...],
    stretch: bool,
    by: str | None,
    grain: str,
    data: Path | None,
    templates: bool,
    template: str | None,
    svg: Path | None,
    as_json: bool,
) -> None:
    """Tell what a number takes: the driver tree with its values, what is short, ways out, any one driver solved.

    \b
    Examples:
      quotum drivers company
      quotum drivers company --solve visits_a_day
      quotum drivers company --solve people --set revenue=5600000 --set conversion=0.25
      quotum drivers company --by person
      quotum drivers --templates

    Exit code 0: done. 1: no value of the driver meets the goal. 2: the input is wrong.
    """
    from quotum.cli.drivers_run import print_templates, run_drivers

    if templates or template:
        raise SystemExit(print_templates(template))
    if folder is None:
        raise click.UsageError("Name the company folder, e.g. quotum drivers company.")
    raise SystemExit(
        run_drivers(
            folder, unknown=unknown, changes=changes, stretch=stretch, by=by or "", grain=grain, data=data, svg=svg,
            as_json=as_json,
        )
    )  # fmt: skip
