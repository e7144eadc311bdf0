"""``quotum visit-papers``: workbooks, calendars and maps of a visit plan."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("visit-papers")
@click.argument("folder", metavar="VISITS", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Folder for the papers.")
@click.option("--person", "people", multiple=True, metavar="PERSON", help="Only this person; may be repeated.")
def command(folder: Path, out: Path, people: tuple[str, ...]) -> None:
    """Write what people take along: a folder for each with a workbook, a calendar feed and a map of every week.

    VISITS is a plan with visits or a folder of `quotum plan-visits`. Maps are single files that need no network.

    \b
    Examples:
      quotum visit-papers january --out papers
      quotum visit-papers plan --out papers --person P03
    """
    from quotum.cli.visit_papers_run import run_visit_papers

    raise SystemExit(run_visit_papers(folder, out, people))
