"""The first page of a review: the company's figures, plan and actual by month, everybody's pace, why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from quotum.adapters.files.plan_workbook.book import Book, Column, column_width
from quotum.adapters.files.review_workbook.words import WORDS
from quotum.adapters.printing.review_tables import DRIVER_WORDS
from quotum.engine.tables.review_tables import COMPANY, Review

_TOP, _CHART_AT, _HEIGHT = 4, 6, 15
_PLAN, _ACTUAL, _BETTER, _WORSE = "#BFBFBF", "#2F5597", "#3C8D5F", "#B8443C"
_MOST_BARS = 40


def write_dashboard(book: Book, review: Review, measure: str) -> None:
    """Write the page of a measure: tables on the left, their charts on the right."""
    settings = review.settings
    sheet = book.add_sheet(WORDS["dashboard"])
    about = WORDS["about"].format(since=settings.since, until=settings.until, unit=settings.currency)
    book.write_title(sheet, WORDS["on"].format(name=settings.name, as_of=review.as_of), about)
    sheet.hide_gridlines(2)
    sheet.fit_to_pages(1, 1)
    frame = review["attainment"].filter(pl.col("measure") == measure)
    decimals = int(frame["decimals"][0])
    company = frame.filter(pl.col("dimension") == COMPANY)
    columns = [
        Column("level", measure, company["level"].to_list()),
        *(Column(name, WORDS[name], company[of].to_list(), "amount")
          for name, of in (("target", "target"), ("due", "plan_to_date"), ("actual", "actual"),
                           ("outlook", "outlook"))),
    ]  # fmt: skip
    line = book.write_table(sheet, _TOP, 0, columns, decimals=decimals) + 2
    widths = [column_width(column, decimals) for column in columns]
    for write in (_write_months, _write_why, _write_pace):
        line = write(book, sheet, line, review, measure, decimals)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, max(width, 24 if at == 0 else 14))
    sheet.print_area(0, 0, line, _CHART_AT + 9)


def _write_months(book: Book, sheet: Any, line: int, review: Review, measure: str, decimals: int) -> int:
    """Write what the plan asked of each month and what came, with columns beside each other."""
    shown = review["months"].filter(dimension=COMPANY, measure=measure, level="commit")
    if shown.is_empty():
        return line
    columns = [
        Column("month", WORDS["by_month"], shown["period"].to_list()),
        Column("plan", WORDS["plan"], shown["target"].to_list(), "amount"),
        Column("actual", WORDS["actual"], shown["actual"].to_list(), "amount"),
    ]
    end = book.write_table(sheet, line, 0, columns, decimals=decimals)
    _draw(book, sheet, line, shown.height, "column",
          [(1, WORDS["plan"], _PLAN), (2, WORDS["actual"], _ACTUAL)], WORDS["by_month"])  # fmt: skip
    return max(end, line + _HEIGHT) + 2


def _write_why(book: Book, sheet: Any, line: int, review: Review, measure: str, decimals: int) -> int:
    """Write the drivers of the company's gap."""
    wanted = (pl.col("dimension") == COMPANY) & (pl.col("measure") == measure) & (pl.col("level") == "commit")
    frame = review["variance"].filter(wanted)
    if frame.is_empty():
        return line
    columns = [
        Column("driver", WORDS["driver"], [DRIVER_WORDS[name] for name in frame["driver"].to_list()]),
        Column("amount", WORDS["amount"], frame["amount"].to_list(), "amount", total="=SUM({amount_all})",
               total_value=float(frame["amount"].sum())),
    ]  # fmt: skip
    end = book.write_table(sheet, line, 0, columns, decimals=decimals)
    points = [_BETTER if amount >= 0 else _WORSE for amount in frame["amount"].to_list()]
    _draw(book, sheet, line, frame.height, "bar", [(1, WORDS["amount"], _BETTER)], WORDS["why_gap"], points=points)
    return max(end, line + _HEIGHT) + 2


def _write_pace(book: Book, sheet: Any, line: int, review: Review, measure: str, decimals: int) -> int:
    """Write everybody's pace, the slowest last."""
    wanted = (pl.col("measure") == measure) & (pl.col("level") == "commit") & (pl.col("plan_to_date") > 0)
    frame = review["attainment"].filter(wanted)
    finest = "person" if (frame["dimension"] == "person").any() else "unit"
    frame = frame.filter(pl.col("dimension") == finest).with_columns(pace=pl.col("actual") / pl.col("plan_to_date"))
    frame = frame.sort("pace", "node", descending=[True, False]).head(_MOST_BARS)
    if frame.is_empty():
        return line
    columns = [
        Column("who", WORDS["who"], frame["node"].to_list()),
        Column("pace", WORDS["pace"], frame["pace"].to_list(), "percent"),
        Column("gap", WORDS["gap"], (frame["actual"] - frame["plan_to_date"]).to_list(), "amount"),
    ]
    end = book.write_table(sheet, line, 0, columns, decimals=decimals)
    _draw(book, sheet, line, frame.height, "bar", [(1, WORDS["pace"], _ACTUAL)], WORDS["pace_by"], form="0%")
    return max(end, line + _HEIGHT) + 2


def _draw(
    book: Book, sheet: Any, line: int, lines: int, kind: str, series: list[tuple[int, str, str]], title: str, *,
    points: Sequence[str] = (), form: str = "#,##0",
) -> None:  # fmt: skip
    """Draw columns of a table, its first one as the names; ``points`` are the colours of single bars."""
    chart = book.add_chart({"type": kind})
    name = sheet.get_name()
    for column, label, colour in series:
        chart.add_series({
            "name": label, "categories": [name, line + 1, 0, line + lines, 0],
            "values": [name, line + 1, column, line + lines, column], "fill": {"color": colour}, "gap": 50,
            "points": [{"fill": {"color": point}} for point in points] or None,
        })  # fmt: skip
    chart.set_title({"name": title, "overlay": False, "name_font": {"size": 11}})
    if len(series) == 1:
        chart.set_legend({"none": True})
    else:
        chart.set_legend({"position": "bottom"})
    light = {"visible": True, "line": {"color": "#E6E9ED"}}
    if kind == "bar":
        chart.set_y_axis({"reverse": True, "label_position": "low"})
        chart.set_x_axis({"label_position": "low", "num_format": form, "major_gridlines": light})
    else:
        chart.set_y_axis({"num_format": form, "major_gridlines": light})
    chart.set_size({"width": 620, "height": 20 * max(_HEIGHT - 1, lines if kind == "bar" else 0)})
    sheet.insert_chart(line, _CHART_AT, chart, {"object_position": 2})
