"""The work of ``quotum show``: read the plan, cut the slice, hand it to the printer."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

import click
import polars as pl

from quotum.adapters.files.currencies import foreign_decimals
from quotum.adapters.files.plan_folder import read_plan
from quotum.adapters.printing.print_issues import print_issues
from quotum.adapters.printing.slice_files import MAX_SHEET_ROWS, slice_json, write_csv, write_workbook
from quotum.adapters.printing.slice_tables import Names, draw_slice
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.slices import Request, cut_slice
from quotum.engine.slices.converting import convert_slice
from quotum.engine.tables.plan_tables import Plan, scan

_BAD_INPUT = 2


def run_show(
    folder: Path, request: Request, *, currency: str | None = None, as_json: bool, out: Path | str | None
) -> int:
    """Print or write a slice of the plan in ``folder`` and return the exit code: 0, or 2 for bad input.

    ``currency``: show money in it, at the plan rate. ``out``: a path for a workbook, a text for a CSV file (``-``:
    standard output), none for the screen.
    """
    frame = pl.DataFrame()
    plan, issues = read_plan(folder)
    if plan is not None:
        try:
            frame, issues = cut_slice(plan, request)
            if currency is not None and not stops(issues):
                frame, told = _convert(plan, frame, request, currency)
                issues = [*issues, *told]
            if not as_json and not stops(issues):
                issues = [*issues, *_deliver(plan, frame, request, out)]
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            issues = [Issue(rule="plan_damaged", table="plan", file=str(folder), value=type(error).__name__)]
    if as_json:
        click.echo(slice_json(frame, issues))
    else:
        print_issues(issues)
    return _BAD_INPUT if stops(issues) else 0


def run_show_actual(folder: Path, review_folder: Path, request: Request, *, as_json: bool, csv_file: str | None) -> int:
    """Print or write a slice of a plan beside what a review says came of it; return the exit code: 0, or 2."""
    from quotum.adapters.files.digests import digest_file
    from quotum.adapters.files.review_folder import check_plan, read_review
    from quotum.adapters.printing.attainment_slices import draw_attainment
    from quotum.engine.slices.attaining import attain_slice

    frame = pl.DataFrame()
    plan, issues = read_plan(folder)
    review, found = read_review(review_folder)
    issues = [*issues, *found]
    if plan is not None and review is not None and not stops(issues):
        issues += check_plan(review_folder, digest_file(folder / "plan.json"))
    if plan is not None and review is not None and not stops(issues):
        frame, found = attain_slice(plan, review, request)
        issues += found
    if as_json:
        click.echo(slice_json(frame, issues))
        return _BAD_INPUT if stops(issues) else 0
    print_issues(issues)
    if plan is None or review is None or stops(issues):
        return _BAD_INPUT
    if csv_file is not None:
        _deliver_csv(frame, csv_file)
        return 0
    keys, measure = list(dict.fromkeys(request.by)), request.measure or plan.settings.targets[0].measure
    click.echo(f"{plan.settings.name} on {review.as_of}, {measure}, {request.level}")
    names = _read_names(plan, frame, keys)
    click.echo(draw_attainment(frame, keys, kind=plan.settings.measures[measure].kind, names=names))
    return 0


def _convert(plan: Plan, frame: pl.DataFrame, request: Request, currency: str) -> tuple[pl.DataFrame, list[Issue]]:
    """Return the slice in another currency, with the decimals that has."""
    settings = plan.settings
    if currency == settings.currency:
        return frame, []
    measure = settings.measures[request.measure or settings.targets[0].measure]
    decimals = foreign_decimals(measure, settings.currency_decimals, currency)
    return convert_slice(frame, settings, request.measure, currency, decimals)


def _deliver(plan: Plan, frame: pl.DataFrame, request: Request, out: Path | str | None) -> list[Issue]:
    """Print the table, or write the workbook (a path) or the CSV file (a text) asked for."""
    kind = plan.settings.measures[request.measure or plan.settings.targets[0].measure].kind
    try:
        if out is None:
            _print_table(plan, frame, list(dict.fromkeys(request.by)), kind)
        elif isinstance(out, str):
            _deliver_csv(frame, out)
        elif len(frame) > MAX_SHEET_ROWS:
            details = (("known", f"{MAX_SHEET_ROWS:,d}"),)
            return [Issue(rule="too_many_rows", value=f"{len(frame):,d}", details=details)]
        else:
            from quotum.engine.revisions.changes import write_under

            by, under = list(dict.fromkeys(request.by)), write_under(request.under)
            write_workbook(frame, out, kind=kind, as_of=plan.settings.as_of, by=by, under=under)
    except BrokenPipeError:
        raise
    except OSError as error:
        return [Issue(rule="file_not_written", file=str(out), value=error.strerror or str(error))]
    return []


def _print_table(plan: Plan, frame: pl.DataFrame, keys: Sequence[str], kind: str) -> None:
    """Print the slice under a line that says what it shows."""
    title = [plan.settings.name]
    if len(frame):
        first = frame.row(0, named=True)
        span = f"{frame['since'].sort()[0]} until {frame['until'].sort()[-1]}"
        title += [first["measure"], first["level"], span]
        title += [f"in {first['currency']}"] if "currency" in first else []
    click.echo(", ".join(title))
    width = shutil.get_terminal_size((160, 40)).columns
    click.echo(draw_slice(frame, keys, kind=kind, names=_read_names(plan, frame, keys), width=width))


def _deliver_csv(frame: pl.DataFrame, csv_file: str) -> None:
    if csv_file == "-":
        text = io.StringIO(newline="")
        write_csv(frame, text)
        sys.stdout.buffer.write(text.getvalue().encode())
        return
    with Path(csv_file).open("w", encoding="utf-8", newline="") as stream:
        write_csv(frame, stream)


def _read_names(plan: Plan, frame: pl.DataFrame, keys: Sequence[str]) -> Names:
    """Return the names of the keys that are shown."""
    members = scan(plan.tables, "members").select("dimension", "key", "name")
    names = {}
    for column in keys:
        shown = frame[column].unique().drop_nulls()
        wanted = (pl.col("dimension") == column.partition("@")[0]) & pl.col("key").is_in(shown.implode())
        found = members.filter(wanted, pl.col("name").is_not_null()).collect()
        names[column] = dict(zip(found["key"], found["name"], strict=True))
    return names
