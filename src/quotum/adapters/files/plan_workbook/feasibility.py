"""The sheet of feasibility: what is asked beside what is likely, and the share of the market it takes, with a chart."""

from __future__ import annotations

from typing import Any

import polars as pl

from quotum.adapters.files.plan_workbook.book import Book, Column, clean, column_width
from quotum.adapters.files.plan_workbook.words import WORDS
from quotum.adapters.printing.feasibility_tables import BASES, draw_rules
from quotum.adapters.printing.member_names import MemberNames
from quotum.engine.tables.plan_settings import Measure
from quotum.engine.tables.plan_tables import Plan

_TOP, _CHART_LINES, _MOST_NODES, _MOST_CELLS = 4, 16, 300, 20
_COLOURS = {"share_now": "#BFBFBF", "share_commit": "#2F5597", "share_stretch": "#ED7D31"}
_WIDTH = 11


def write_feasibility(book: Book, plan: Plan, names: MemberNames) -> None:
    """Write the sheet of a plan that was weighed before it was made: a table a measure, then the market.

    A plan without the table ``feasibility``, such as one made by hand, has no such sheet.
    """
    if "feasibility" not in plan.tables or plan["feasibility"].is_empty():
        return
    sheet = book.add_sheet(WORDS["feasibility_sheet"])
    book.write_title(sheet, WORDS["feasibility_sheet"], draw_rules(dict(plan["five_rules"].iter_rows())))
    sheet.hide_gridlines(2)
    sheet.freeze_panes(2, 0)
    line, widths = _TOP, [0] * _WIDTH
    market = plan["market_shares"]
    if market.height:
        line = _write_market(book, sheet, line, market, names, widths)
    for target in plan.settings.targets:
        lines = plan["feasibility"].filter(pl.col("measure") == target.measure)
        if lines.height:
            line = _write_nodes(book, sheet, line, plan.settings.measures[target.measure], lines, names, widths)
    for at, width in enumerate(widths):
        sheet.set_column(at, at, max(width, 10))
    sheet.print_area(0, 0, line, _WIDTH - 1)


def _write_nodes(
    book: Book, sheet: Any, line: int, measure: Measure, lines: pl.DataFrame, names: MemberNames, widths: list[int]
) -> int:
    """Write what is asked of the company, and of units and people (commit, the least likely first); return the end."""
    company = lines.filter(pl.col("dimension") == "company")
    below = lines.filter(pl.col("dimension") != "company", pl.col("level") == "commit")
    below = below.sort("chance", "dimension", "node", nulls_last=True)
    shown = pl.concat([company, below.head(_MOST_NODES)])
    for dimension in ("unit", "person"):
        names.learn(dimension, shown.filter(pl.col("dimension") == dimension)["node"].to_list())
    called = [names.of(dimension, node) for dimension, node in shown.select("dimension", "node").iter_rows()]
    columns = [
        Column("dimension", WORDS["whose"], [WORDS[dimension] for dimension in shown["dimension"].to_list()]),
        Column("name", WORDS["name"], called),
        Column("level", WORDS["level"], [WORDS[level] for level in shown["level"].to_list()]),
        *(Column(key, WORDS[key], shown[column].to_list(), "amount")
          for key, column in (("target", "target_minor"), ("last_year", "last_year_minor"))),
        Column("growth", WORDS["growth"], shown["growth"].to_list(), "growth"),
        *(Column(key, WORDS[key], shown[f"{column}_minor"].to_list(), "amount")
          for key, column in (("likely", "mean"), ("low", "low"), ("high", "high"))),
        Column("chance", WORDS["chance"], shown["chance"].to_list(), "percent"),
        Column("basis", WORDS["target_from"], [BASES.get(basis, "") for basis in shown["basis"].to_list()]),
    ]  # fmt: skip
    _write_heading(book, sheet, line, WORDS["can_we"].format(measure=measure.name))
    if below.height > _MOST_NODES:
        sheet.write_string(line, 3, WORDS["least_likely"].format(count=_MOST_NODES, all=below.height))
    _widen(widths, columns, measure.decimals)
    return book.write_table(sheet, line + 1, 0, columns, decimals=measure.decimals) + 2


def _write_market(
    book: Book, sheet: Any, line: int, market: pl.DataFrame, names: MemberNames, widths: list[int]
) -> int:
    """Write the market, the largest steps first, with a chart of today's share beside those asked for."""
    parts = market[1:].sort("factor", descending=True, nulls_last=True, maintain_order=True)
    shown = pl.concat([market[:1], parts.head(_MOST_CELLS)])
    for dimension in ("area", "category"):
        names.learn(dimension, shown[dimension].drop_nulls().to_list())
    called = [
        " ".join(names.of(dimension, key) for dimension, key in (("area", area), ("category", category)) if key)
        for area, category in shown.select("area", "category").iter_rows()
    ]
    columns = [
        Column("cell", WORDS["market_cell"], [name or WORDS["whole_market"] for name in called]),
        *(Column(key, WORDS[key], shown[key].to_list(), "whole") for key in ("capacity", "own", "commit", "stretch")),
        *(Column(key, WORDS[key], shown[key].to_list(), "percent")
          for key in ("competitors", "share_now", "share_commit", "share_stretch")),
    ]  # fmt: skip
    year, measure = shown.select("year", "measure").row(0)
    _write_heading(book, sheet, line, WORDS["market"].format(year=year, measure=measure))
    end = book.write_table(sheet, line + 1, 0, columns)
    _widen(widths, columns, 0)
    chart, name = book.add_chart({"type": "column"}), sheet.get_name()
    for at, column in enumerate(columns):
        if column.key in _COLOURS:
            chart.add_series({
                "name": column.title, "categories": [name, line + 2, 0, line + 1 + shown.height, 0],
                "values": [name, line + 2, at, line + 1 + shown.height, at],
                "fill": {"color": _COLOURS[column.key]}, "gap": 60,
            })  # fmt: skip
    chart.set_title({"name": WORDS["implied_share"], "overlay": False, "name_font": {"size": 11}})
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"num_format": "0%", "min": 0, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
                      "line": {"none": True}})  # fmt: skip
    chart.set_size({"width": 760, "height": 20 * (_CHART_LINES - 1)})
    sheet.insert_chart(end + 2, 0, chart, {"object_position": 2})
    return end + 2 + _CHART_LINES


def _widen(widths: list[int], columns: list[Column], decimals: int) -> None:
    for at, column in enumerate(columns):
        widths[at] = max(widths[at], column_width(column, decimals))


def _write_heading(book: Book, sheet: Any, line: int, text: str) -> None:
    sheet.write_string(line, 0, clean(text), book.format(bold=True, font_size=12, font_color="#1F3864"))
