"""What ``quotum import`` does: draft the mapping, set a target from history, print how sure it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
import polars as pl

from quotum.adapters.files.company_folder import PLAN_FILE, open_company
from quotum.adapters.files.importing.drafting import Draft, draft_import
from quotum.adapters.files.importing.guess_writing import set_target
from quotum.adapters.printing.import_report import draft_as_json, draft_as_text
from quotum.adapters.printing.print_issues import print_issues
from quotum.engine.basics.issues import stops
from quotum.engine.tables.schema import E4


def run_import(files: Sequence[Path], into: Path, data: Path | None, *, as_json: bool) -> int:
    """Write the draft and print it; return the exit code. With an error in the files nothing is written."""
    draft = draft_import(files, into, data)
    written = bool(draft.guess.tables) and not any(issue.rule.startswith("folder_") for issue in draft.issues)
    if written and draft.fresh:
        _set_target(draft, into)
    if as_json:
        click.echo(draft_as_json(draft, into))
    else:
        print_issues(draft.issues)
        if written:
            click.echo(draft_as_text(draft, into))
    return 2 if stops(draft.issues) and not written else 0


def _set_target(draft: Draft, into: Path) -> None:
    """Set the target of a new plan to what the twelve months before it brought."""
    opened = open_company(into, data=draft.data)
    if opened.settings is None:
        return
    since = opened.settings.since
    year = pl.col("date").is_between(since.replace(year=since.year - 1), since, closed="left")
    total_e4 = int(opened.company["sales"].filter(year)["amount_e4"].sum())
    if total_e4 > 0:
        path = into / PLAN_FILE
        text = set_target(path.read_text(encoding="utf-8"), -(-total_e4 // E4))
        path.write_text(text, encoding="utf-8", newline="\n")
