"""The work of ``quotum compare``: read both plans, compare the slice, hand it to the printer."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

import click
import polars as pl

from quotum.adapters.files.plan_folder import read_plan
from quotum.adapters.printing.difference_tables import draw_differences, write_difference_book
from quotum.adapters.printing.member_names import MemberNames
from quotum.adapters.printing.print_issues import print_issues
from quotum.adapters.printing.slice_files import MAX_SHEET_ROWS, slice_json, write_csv
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.slices import Request, compare_plans
from quotum.engine.tables.plan_tables import Plan

_BAD_INPUT = 2


def run_compare(
    folders: tuple[Path, Path], request: Request, *, everything: bool, as_json: bool, out: Path | str | None
) -> int:
    """Print or write what differs between two plans; return the exit code: 0, or 2 for bad input.

    ``out``: a path for a workbook, a text for a CSV file (``-``: standard output), none for the screen.
    """
    frame = pl.DataFrame()
    before, issues = read_plan(folders[0])
    after, found = read_plan(folders[1])
    issues = [*issues, *found]
    if before is not None and after is not None:
        try:
            frame, issues = compare_plans(before, after, request, everything=everything)
            if not as_json and not stops(issues):
                issues = [*issues, *_deliver(after, frame, request, out)]
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            issues = [Issue(rule="plan_damaged", table="plan", file=str(folders[0]), value=type(error).__name__)]
    if as_json:
        click.echo(slice_json(frame, issues))
    else:
        print_issues(issues)
    return _BAD_INPUT if stops(issues) else 0


def _deliver(plan: Plan, frame: pl.DataFrame, request: Request, out: Path | str | None) -> list[Issue]:
    """Print the table, or write the workbook (a path) or the CSV file (a text) asked for."""
    try:
        if out is None:
            width = shutil.get_terminal_size((160, 40)).columns
            click.echo(draw_differences(frame, tuple(dict.fromkeys(request.by)), MemberNames(plan), width))
        elif out == "-":
            text = io.StringIO(newline="")
            write_csv(frame, text)
            sys.stdout.buffer.write(text.getvalue().encode())
        elif isinstance(out, str):
            with Path(out).open("w", encoding="utf-8", newline="") as stream:
                write_csv(frame, stream)
        elif len(frame) > MAX_SHEET_ROWS:
            details = (("known", f"{MAX_SHEET_ROWS:,d}"),)
            return [Issue(rule="too_many_rows", value=f"{len(frame):,d}", details=details)]
        else:
            write_difference_book(frame, out, as_of=plan.settings.as_of)
    except BrokenPipeError:
        raise
    except OSError as error:
        return [Issue(rule="file_not_written", file=str(out), value=error.strerror or str(error))]
    return []
