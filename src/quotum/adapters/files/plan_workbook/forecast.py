"""The sheet of forecasts: what was sold and what may come, month by month, with a fan chart of the company."""

from __future__ import annotations

from typing import Any

import polars as pl

from quotum.adapters.files.plan_workbook.book import Book, Column, column_width
from quotum.adapters.files.plan_workbook.words import WORDS
from quotum.adapters.printing.member_names import MemberNames
from quotum.engine.tables.plan_settings import Measure
from quotum.engine.tables.plan_tables import Plan

_TOP, _CHART_LINES, _MOST_LINES = 3, 18, 20_000


def write_forecasts(book: Book, plan: Plan, names: MemberNames) -> None:
    """Write a sheet for each measure that was forecast before the plan was made; none where nothing was."""
    if "forecasts" not in plan.tables:
        return
    for target in plan.settings.targets:
        lines = plan["forecasts"].filter(pl.col("measure") == target.measure).head(_MOST_LINES)
        if lines.height:
            suffix = "" if target is plan.settings.targets[0] else f" {target.measure}"
            _write_measure(book, plan.settings.measures[target.measure], lines, names, suffix)


def _write_measure(book: Book, measure: Measure, lines: pl.DataFrame, names: MemberNames, suffix: str) -> None:
    """Write the chart of the company, then a line for each node and month."""
    sheet = book.add_sheet(WORDS["forecast_sheet"] + suffix)
    title = WORDS["title"].format(sheet=WORDS["forecast_sheet"], measure=measure.name)
    book.write_title(sheet, title, WORDS["forecast_note"])
    sheet.hide_gridlines(2)
    keys = lines["node"].to_list()
    names.learn("unit", [key for key in dict.fromkeys(keys) if key])
    called = [names.of("unit", key) if key else WORDS["company"] for key in keys]
    spread = (lines["high_minor"] - lines["low_minor"]).to_list()
    columns = [
        Column("name", WORDS["whose"], called),
        Column("month", WORDS["month"], [day.strftime("%Y-%m-%d") for day in lines["month"].to_list()]),
        *(Column(key, WORDS[key], lines[f"{column}_minor"].to_list(), "amount")
          for key, column in (("sold", "sold"), ("likely", "mean"), ("low", "low"), ("high", "high"))),
        Column("spread", WORDS["spread"], spread, "amount", formula="={high}-{low}"),
    ]  # fmt: skip
    top = _TOP + _CHART_LINES
    end = book.write_table(sheet, top, 0, columns, decimals=measure.decimals)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, max(column_width(column, measure.decimals), 12))
    _draw_fan(book, sheet, top + 1, lines.filter(pl.col("dimension") == "company").height)
    sheet.print_area(0, 0, end, len(columns) - 1)


def _draw_fan(book: Book, sheet: Any, first: int, count: int) -> None:
    """Draw sales and expected months as lines over the band from low to high: ``count`` lines from ``first``."""
    last = first + count - 1

    def series(column: int, **more: Any) -> dict[str, Any]:
        return {"name": [sheet.name, first - 1, column], "categories": [sheet.name, first, 1, last, 1],
                "values": [sheet.name, first, column, last, column], **more}  # fmt: skip

    band = book.add_chart({"type": "area", "subtype": "stacked"})
    band.add_series(series(4, fill={"none": True}, border={"none": True}))
    band.add_series(series(6, fill={"color": "#C9D9EE"}, border={"none": True}))
    lines = book.add_chart({"type": "line"})
    lines.add_series(series(2, line={"color": "#404040", "width": 2}))
    lines.add_series(series(3, line={"color": "#2F5597", "width": 2}))
    band.combine(lines)
    band.set_legend({"position": "bottom", "delete_series": [0]})
    band.set_size({"width": 900, "height": 340})
    sheet.insert_chart(_TOP - 1, 0, band)
