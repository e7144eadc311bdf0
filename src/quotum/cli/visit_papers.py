"""``quotum visit-papers``: workbooks, calendars and maps of a visit plan."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("visit-papers")
@click.argument("folder", metavar="VISITS", type=click.Path(path_type=Path))
@click.option("--out", required=True, metavar="DIR", type=click.Path(path_type=Path), help="Folder for the papers.")
@click.option("--person", "people", multiple=True, metavar="PERSON", help="Only this person; may be repeated.")
@click.option("--company", metavar="DIR", type=click.Path(path_type=Path),
              help="Company whose activities are counted beside what is planned.")  # fmt: skip
def command(folder: Path, out: Path, people: tuple[str, ...], company: Path | None) -> None:
    """Write what people take along: a folder for each with a workbook, a calendar feed and a map of every week.

    VISITS is a plan with visits or a folder of `quotum plan-visits`. Maps are single files that need no network. The
    column of what was made is empty, to be written in, unless --company has activities of the month.

    \b
    Examples:
      quotum visit-papers january --out papers
      quotum visit-papers plan --out papers --person P03
      quotum visit-papers january --out january-made --company company
    """
    from quotum.cli.visit_papers_run import run_visit_papers

    raise SystemExit(run_visit_papers(folder, out, people, company))
