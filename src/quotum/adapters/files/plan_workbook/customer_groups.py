"""The sheet of customers: what sales are made of by class and state, with charts, and how many are kept or lost."""

from __future__ import annotations

from typing import Any

import polars as pl

from quotum.adapters.files.plan_workbook.book import Book, Column, clean, column_width
from quotum.adapters.files.plan_workbook.words import WORDS
from quotum.adapters.printing.customer_tables import MEASURE_WORDS, STATE_WORDS
from quotum.engine.tables.plan_tables import Plan

_TOP, _CHART_AT, _CHART_LINES = 4, 8, 14
_NOW, _BEFORE = "#2F5597", "#BFBFBF"
_IN_MONEY = ("potential_share", "profit")


def write_customer_groups(book: Book, plan: Plan, measure: str, decimals: int) -> None:
    """Write the sheet of a plan that knows its customers: a table and a chart by classing and by state, then measures.

    A plan without the table ``customer_groups``, or without any sale, has no such sheet.
    """
    if "customer_groups" not in plan.tables or plan["customer_groups"].is_empty():
        return
    groups = plan["customer_groups"]
    sheet = book.add_sheet(WORDS["customer_groups_sheet"])
    as_of = book.settings.as_of
    title = WORDS["title"].format(sheet=WORDS["customer_groups_sheet"], measure=measure)
    book.write_title(sheet, title, WORDS["customer_groups_note"].format(as_of=as_of))
    sheet.hide_gridlines(2)
    sheet.fit_to_pages(1, 1)
    sheet.freeze_panes(2, 0)
    shown = [*(classing.name for classing in book.settings.customers.classings), "state"]
    line, widths = _TOP, [0] * 7
    for dimension in shown:
        frame = groups.filter(pl.col("dimension") == dimension)
        if frame.is_empty():
            continue
        columns = _list_columns(frame, dimension, measure)
        _write_heading(book, sheet, line, WORDS["composition_by"].format(dimension=_title(dimension)))
        end = book.write_table(sheet, line + 1, 0, columns, decimals=decimals)
        _draw(book, sheet, line, line + 2, frame.height, dimension)
        widths = [max(width, column_width(column, decimals)) for width, column in zip(widths, columns, strict=True)]
        line = max(end, line + _CHART_LINES) + 2
    end = _write_measures(book, sheet, line, plan["customer_measures"])
    for at, width in enumerate(widths):
        sheet.set_column(at, at, max(width, 46) if at == 0 else max(width, 12))
    sheet.print_area(0, 0, end, _CHART_AT + 7)


def _list_columns(frame: pl.DataFrame, dimension: str, measure: str) -> list[Column]:
    """Return the columns of a composition, the year before beside the year."""
    keys = ["-" if key is None else STATE_WORDS.get(key, key) for key in frame["key"].to_list()]
    total, before = int(frame["amount"].sum()), int(frame["before"].sum())
    all_now: dict[str, Any] = {"total": "=SUM({amount_all})", "total_value": total}
    all_before: dict[str, Any] = {"total": "=SUM({before_all})", "total_value": before}
    served: dict[str, Any] = {"total": "=SUM({customers_all})", "total_value": int(frame["customers"].sum())}
    return [
        Column("key", _title(dimension), keys, total=WORDS["total"]),
        Column("customers", WORDS["customers"], frame["customers"].to_list(), "whole", **served),
        Column("amount", measure, frame["amount"].to_list(), "amount", **all_now),
        Column("share", WORDS["share"], frame["share"].to_list(), "percent"),
        Column("before", WORDS["year_before"], frame["before"].to_list(), "amount", **all_before),
        Column("share_before", WORDS["share"], frame["share_before"].to_list(), "percent"),
        Column("change", WORDS["change_of_share"], frame["change"].to_list(), "growth"),
    ]


def _draw(book: Book, sheet: Any, at: int, top: int, lines: int, dimension: str) -> None:
    """Put the shares of the year and of the one before side by side, as columns by key."""
    chart = book.add_chart({"type": "column"})
    name = sheet.get_name()
    for column, colour, title in ((5, _BEFORE, WORDS["year_before"]), (3, _NOW, WORDS["last_twelve"])):
        chart.add_series({
            "name": title, "categories": [name, top, 0, top + lines - 1, 0],
            "values": [name, top, column, top + lines - 1, column], "fill": {"color": colour}, "gap": 60,
        })  # fmt: skip
    chart.set_title({"name": WORDS["composition_by"].format(dimension=_title(dimension)), "overlay": False,
                     "name_font": {"size": 11}})  # fmt: skip
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"num_format": "0%", "min": 0, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
                      "line": {"none": True}})  # fmt: skip
    chart.set_size({"width": 480, "height": 20 * (_CHART_LINES - 1)})
    sheet.insert_chart(at, _CHART_AT, chart, {"object_position": 2})


def _write_measures(book: Book, sheet: Any, line: int, measures: pl.DataFrame) -> int:
    """Write the company's counts with their rates; money is told by quotum customers. Return the last line."""
    counts = measures.filter((pl.col("dimension") == "") & ~pl.col("measure").is_in(_IN_MONEY))
    words = [MEASURE_WORDS[measure] for measure in counts["measure"].to_list()]
    _write_heading(book, sheet, line, WORDS["customer_measures"])
    return book.write_table(sheet, line + 1, 0, [
        Column("measure", WORDS["measure"], [f"{name}, of {base}" for name, base in words]),
        Column("value", WORDS["count"], counts["value"].to_list(), "whole"),
        Column("rate", WORDS["rate"], counts["rate"].to_list(), "percent"),
        Column("before", WORDS["year_before"], counts["value_before"].to_list(), "whole"),
        Column("rate_before", WORDS["rate"], counts["rate_before"].to_list(), "percent"),
    ])  # fmt: skip


def _title(dimension: str) -> str:
    return WORDS.get(dimension, dimension)


def _write_heading(book: Book, sheet: Any, line: int, text: str) -> None:
    sheet.write_string(line, 0, clean(text), book.format(bold=True, font_size=12, font_color="#1F3864"))
