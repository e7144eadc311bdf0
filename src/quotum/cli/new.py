"""``quotum new``: an empty company to fill in."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("new")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--xlsx", "as_workbook", is_flag=True, help="Write one workbook with a sheet for each table instead of CSV files."
)
def command(folder: Path, as_workbook: bool) -> None:
    """Write an empty company into DIR, which must be new or empty: tables with headers and a commented plan.toml.

    \b
    Examples:
      quotum new company
      quotum new company --xlsx

    Only units, people and a target are needed; each further table switches on what needs it.
    """
    from quotum.adapters.files.new_company import write_new_company
    from quotum.adapters.printing.print_issues import print_issues

    issues = write_new_company(folder, as_workbook=as_workbook)
    if issues:
        print_issues(issues)
        raise SystemExit(2)
    click.echo(f"{folder}: an empty company. Fill in the tables and plan.toml, then: quotum check {folder}")
