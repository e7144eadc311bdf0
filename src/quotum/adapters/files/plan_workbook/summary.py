"""The first page: targets, regions, months with a chart, and the plan in numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import polars as pl

from quotum.adapters.files.plan_workbook.amounts import amount_columns, keep_largest
from quotum.adapters.files.plan_workbook.book import Book, Column, clean, column_width
from quotum.adapters.files.plan_workbook.figures import Rows, add_up
from quotum.adapters.files.plan_workbook.findings import count_findings
from quotum.adapters.files.plan_workbook.words import WORDS
from quotum.adapters.printing.member_names import MemberNames
from quotum.adapters.printing.reason_words import OWN_PART_WORDS, VACANT, is_reserved
from quotum.engine.basics.issues import Issue
from quotum.engine.slices import Request, cut_slice
from quotum.engine.slices.requests import planned_measures
from quotum.engine.tables.plan_dimensions import read_tree
from quotum.engine.tables.plan_settings import Measure
from quotum.engine.tables.plan_tables import Plan, scan
from quotum.engine.tables.schema import TREES

_MAX_REGIONS = 20
_TOP, _LEFT = 4, 0
_CHART_LINES = 16
_COLOURS = {"last_year": "#BFBFBF", "commit": "#2F5597", "stretch": "#ED7D31"}


TargetLine = tuple[Measure, int | None, int | None, int | None]
"""A measure with its commit, stretch and last year."""


def write_summary(
    book: Book, targets: Mapping[str, Rows], months: pl.DataFrame, names: MemberNames, findings: list[Issue]
) -> None:
    """Write the page: on the left targets, regions and counts, on the right the chart above its months.

    ``months`` are those of the first target's rows.
    """
    rows = next(iter(targets.values()))
    settings, measure = book.settings, rows.measure
    sheet = book.add_sheet(WORDS["summary"])
    last_day = settings.until - timedelta(days=1)
    about = WORDS["period"].format(since=settings.since, until=last_day, as_of=settings.as_of)
    book.write_title(sheet, settings.name, f"{about} · {WORDS['amounts_in'].format(unit=settings.currency)}")
    sheet.hide_gridlines(2)
    sheet.fit_to_pages(1, 1)
    sheet.freeze_panes(2, 0)
    regions, by_month = _region_columns(rows, names), _month_columns(rows, months)
    left = _write_left(book, sheet, rows, list_targets(rows.plan, targets), regions, _count_columns(rows, findings))
    at = len(regions) + 1
    top = _TOP + _CHART_LINES
    widths = [column_width(column, measure.decimals) for column in by_month]
    end = book.write_table(sheet, top + 1, at, by_month, decimals=measure.decimals)
    _write_heading(book, sheet, _TOP, at, WORDS["by_month"].format(measure=measure.name))
    _draw_months(book, sheet, (_TOP + 1, at), (top + 1, at), by_month, sum(widths))
    for place, width in enumerate(widths, start=at):
        sheet.set_column(place, place, width)
    sheet.set_column(at - 1, at - 1, 3)
    sheet.print_area(0, 0, max(left, end), at + len(by_month) - 1)
    sheet.write_string(2, 0, WORDS["summary_note"], book.format(font_color="#595959", italic=True))


def list_targets(plan: Plan, targets: Mapping[str, Rows]) -> list[TargetLine]:
    """Return every measure with commit, stretch and last year; ratios are computed from their parts."""
    given = {target.measure: target for target in plan.settings.targets}
    lines: list[TargetLine] = []
    for name, measure in planned_measures(plan.settings).items():
        if measure.kind == "ratio":
            levels = [cut_slice(plan, Request((), measure=name, level=level))[0] for level in ("commit", "stretch")]
            commit, stretch = (frame["amount"].to_list() or [None] for frame in levels)
            lines.append((measure, commit[0], stretch[0], (levels[0]["last_year"].to_list() or [None])[0]))
        else:
            past = add_up(targets[name].total(), "last_year")
            lines.append((measure, given[name].commit_minor, given[name].stretch_minor, past))
    return lines


def _write_left(
    book: Book, sheet: Any, rows: Rows, targets: list[TargetLine], regions: list[Column], counts: list[Column]
) -> int:
    """Write the tables of the left half one below the other; return the last line."""
    _write_heading(book, sheet, _TOP, _LEFT, WORDS["targets"])
    line = _write_targets(book, sheet, _TOP + 1, targets) + 2
    widths = [column_width(column, rows.measure.decimals) for column in regions]
    if len(regions[0].values):
        dimension = rows.dimensions[0]
        title = WORDS[f"{dimension}_sheet" if dimension in ("unit", "area") else dimension]
        heading = WORDS["top"].format(dimension=title, measure=rows.measure.name)
        _write_heading(book, sheet, line, _LEFT, heading)
        line = book.write_table(sheet, line + 1, _LEFT, regions, decimals=rows.measure.decimals) + 2
    _write_heading(book, sheet, line, _LEFT, WORDS["plan_holds"])
    end = book.write_table(sheet, line + 1, _LEFT, counts)
    widths[0] = max(widths[0], 24)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, max(width, 12))
    return end


def _write_targets(book: Book, sheet: Any, top: int, targets: list[TargetLine]) -> int:
    """Write the measures, each with its own decimals; return the last line."""
    frame = pl.DataFrame([t[1:] for t in targets], schema=["commit", "stretch", "last_year"], orient="row")
    frame = frame.cast(pl.Int64)
    head = [Column("measure", WORDS["measure"], []), *amount_columns(frame.clear(), stretch=True, total="")]
    book.write_table(sheet, top, _LEFT, head)
    for line, (measure, *_) in enumerate(targets, start=top + 1):
        one = frame[line - top - 1 : line - top]
        columns = [Column("measure", "", [measure.name]), *amount_columns(one, stretch=True, total="")]
        book.write_lines(sheet, line, _LEFT, columns, decimals=measure.decimals)
    return top + len(targets)


def _region_columns(rows: Rows, names: MemberNames) -> list[Column]:
    """Return the members one level below the top with their amounts, largest first; the smallest stand together."""
    dimension = next(iter(rows.dimensions), None)
    if dimension is None:
        totals = rows.total().clear().with_columns(key=pl.lit(None, pl.String))
    elif dimension in TREES:
        totals = _by_top(rows, dimension)
    else:
        totals = rows.total([dimension]).rename({dimension: "key"})
    kept, others = keep_largest(totals.sort("commit", "key", descending=[True, False]), _MAX_REGIONS)
    if dimension:
        names.learn(dimension, kept["key"].to_list())
    frame = pl.concat([kept, others], how="diagonal")
    called = [_name_top(rows, names, dimension or "", key) for key in kept["key"].to_list()]
    if len(others):
        called.append(WORDS["further"].format(count=len(totals) - len(kept)))
    whole = add_up(frame, "commit") or 0
    shares = [amount / whole if whole else None for amount in frame["commit"].to_list()]
    total = {"total": "=SUM({share_all})", "total_value": 1.0} if whole else {}
    return [
        Column("name", WORDS[dimension or "target"], called, total=WORDS["total"]),
        *amount_columns(frame, stretch=True),
        Column("share", WORDS["share"], shares, "percent", **total),  # type: ignore[arg-type]
    ]


def _name_top(rows: Rows, names: MemberNames, dimension: str, key: str | None) -> str:
    """Return the name of a line of the regions; a top that has others below it stands for its own part only."""
    name = names.of(dimension, key)
    if dimension in TREES and key is not None:
        tree = read_tree(rows.plan, dimension)
        if key in tree.keys and tree.depth[tree.position(key)] == 0 and tree.inner()[tree.position(key)]:
            return OWN_PART_WORDS.format(name=name)
    return name or WORDS["not_in_tree"]


def _by_top(rows: Rows, dimension: str) -> pl.DataFrame:
    """Return the sums of the ancestors at depth 1 (a top without anything below it stands for itself)."""
    tree = read_tree(rows.plan, dimension)
    ancestor = {tree.keys[path[-1]]: tree.keys[path[min(1, len(path) - 1)]]
                for path in ([at for at in way if at >= 0] for way in tree.paths().tolist())}  # fmt: skip
    top = pl.Series("key", [ancestor.get(key, key) for key in rows.frame[dimension].to_list()], dtype=pl.String)
    return replace(rows, frame=rows.frame.with_columns(top)).total(["key"])


def _month_columns(rows: Rows, months: pl.DataFrame) -> list[Column]:
    """Return the company's months: commit, which is the sum of its rows' months, stretch, last year, growth."""
    commit = months.group_by("period", maintain_order=True).agg(pl.col("amount").sum())["amount"]
    frame = rows.months(level="stretch").select("period", "last_year", stretch="amount").with_columns(commit=commit)
    adds = rows.measure.kind == "flow"
    columns = amount_columns(frame, stretch=True, total="=SUM({%s_all})" if adds else "")
    return [Column("month", WORDS["month"], frame["period"].to_list(), total=WORDS["total"] if adds else ""), *columns]


def _draw_months(
    book: Book, sheet: Any, place: tuple[int, int], table: tuple[int, int], months: list[Column], width: int
) -> None:
    """Put the chart at ``place``: columns for last year and commit, a line for stretch; its data lie at ``table``."""
    lines, (top, left) = len(months[0].values), table
    if not lines:
        return
    columns, line = book.add_chart({"type": "column"}), book.add_chart({"type": "line"})
    at = {column.key: left + i for i, column in enumerate(months)}
    name = sheet.get_name()

    def series(key: str) -> dict[str, Any]:
        colour = _COLOURS[key]
        is_line = key == "stretch"
        style = {"line": {"color": colour, "width": 2.25}} if is_line else {"fill": {"color": colour}, "gap": 60}
        return {"name": [name, top, at[key]], "categories": [name, top + 1, left, top + lines, left],
                "values": [name, top + 1, at[key], top + lines, at[key]], **style}  # fmt: skip

    for key in ("last_year", "commit"):
        columns.add_series(series(key))
    if months[at["stretch"] - left].values != months[at["commit"] - left].values:
        line.add_series(series("stretch"))
        columns.combine(line)
    columns.set_legend({"position": "bottom"})
    columns.set_title({"none": True})
    columns.set_y_axis({"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
                        "line": {"none": True}})  # fmt: skip
    columns.set_size({"width": 7 * width + 5 * (len(months) - 1), "height": 20 * (_CHART_LINES - 1)})
    sheet.insert_chart(*place, columns, {"object_position": 2})


def _count_columns(rows: Rows, findings: list[Issue]) -> list[Column]:
    """Return how many people, vacancies, units, customers and products the plan holds, and findings by severity."""
    people = rows.frame["person"].drop_nulls().unique().to_list()
    members = dict(scan(rows.plan.tables, "members").group_by("dimension").agg(pl.len()).collect().rows())
    counts = {
        WORDS["people"]: sum(not is_reserved(person) for person in people),
        WORDS["vacancies"]: sum(person.startswith(VACANT) for person in people),
        WORDS["units"]: members.get("unit", 0),
        WORDS["customers"]: members.get("customer", 0),
        WORDS["products"]: members.get("product", 0),
    }
    for severity, count in count_findings(findings).items():
        counts[f"{WORDS['findings']}: {WORDS[severity]}"] = count
    shown = {name: count for name, count in counts.items() if count}
    return [Column("what", "", list(shown)), Column("count", WORDS["count"], list(shown.values()), "whole")]


def _write_heading(book: Book, sheet: Any, line: int, at: int, text: str) -> None:
    sheet.write_string(line, at, clean(text), book.format(bold=True, font_size=12, font_color="#1F3864"))
