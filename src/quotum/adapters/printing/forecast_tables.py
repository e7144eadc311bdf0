"""Forecasts as tables for a terminal and as rows for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from quotum.adapters.printing.amounts import format_amount, format_growth
from quotum.adapters.printing.print_issues import issue_for_json
from quotum.adapters.printing.text_tables import draw_table, printable
from quotum.engine.basics.issues import Issue
from quotum.engine.forecasting import NodeForecast
from quotum.engine.forecasting.nodes import COMPANY

_SHORT = {
    "same_period": "same period", "seasonal_naive": "last year", "none": "no history",
}  # fmt: skip


def choose_lines(frame: pl.DataFrame, dimensions: Sequence[str]) -> pl.DataFrame:
    """Return the lines of the company and of some dimensions, in this order."""
    wanted = [COMPANY, *dimensions]
    return pl.concat([frame.filter(pl.col("dimension") == dimension) for dimension in dict.fromkeys(wanted)])


def draw_totals(forecast: NodeForecast, dimensions: Sequence[str], names: Mapping[str, str], decimals: int) -> str:
    """Return a line a node: last year, what is expected, growth, range, how sure, by which methods."""
    rows = [
        [
            line["dimension"],
            *_label(line, names),
            format_amount(line["last_year_minor"], decimals),
            format_amount(line["mean_minor"], decimals),
            format_growth(line["mean_minor"], line["last_year_minor"]),
            format_amount(line["low_minor"], decimals),
            format_amount(line["high_minor"], decimals),
            "" if line["error"] is None else f"{line['error']:.0%}",
            name_methods(line["method"]),
        ]
        for line in choose_lines(forecast.totals, dimensions).iter_rows(named=True)
    ]
    head = ["of", "key", "name", "last year", "forecast", "growth", "low", "high", "error", "methods"]
    return draw_table(head, rows, left=3)


def draw_months(forecast: NodeForecast, dimensions: Sequence[str], names: Mapping[str, str], decimals: int) -> str:
    """Return a line a node and month: what is expected and its range; months sold already are marked."""
    rows = [
        [
            line["dimension"],
            *_label(line, names),
            line["month"].isoformat(),
            "sold" if line["known"] else "" if line["in_plan"] else "before the plan",
            format_amount(line["mean_minor"], decimals),
            "" if line["known"] else format_amount(line["low_minor"], decimals),
            "" if line["known"] else format_amount(line["high_minor"], decimals),
        ]
        for line in choose_lines(forecast.months, dimensions).iter_rows(named=True)
    ]
    return draw_table(["of", "key", "name", "from", "", "forecast", "low", "high"], rows, left=5)


def forecast_for_json(forecast: NodeForecast | None, dimensions: Sequence[str], issues: Sequence[Issue]) -> str:
    """Return totals, months and history as rows for programs: whole numbers in the smallest unit."""
    found: dict[str, Any] = {"issues": [issue_for_json(issue) for issue in issues]}
    if forecast is not None:
        found["measure"] = forecast.measure
        for name in ("totals", "months", "history"):
            found[name] = choose_lines(getattr(forecast, name), dimensions).to_dicts()
    return json.dumps(found, ensure_ascii=False, default=str)


def name_methods(method: str) -> str:
    """Return the names of the methods that were averaged, as people read them."""
    return ", ".join(_SHORT.get(name, name) for name in method.split("+"))


def _label(line: Mapping[str, Any], names: Mapping[str, str]) -> list[str]:
    return [printable(line["node"]), printable(names.get(f"{line['dimension']}={line['node']}", ""))]
