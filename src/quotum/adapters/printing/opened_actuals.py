"""An opened attainment for people: the figure, why, month by month and line by line."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from quotum.adapters.printing.amounts import format_amount
from quotum.adapters.printing.review_tables import DRIVER_WORDS, percent
from quotum.adapters.printing.text_tables import draw_table, printable
from quotum.engine.slices.opening import OpenedActual
from quotum.engine.tables.schema import E4

_MOST_LINES = 40


def draw_opened(opened: OpenedActual, keys: Sequence[tuple[str, str]], title: str) -> str:
    """Return the pages of a terminal: ledger of the figure, its months, its lines, the rows of files behind them."""
    whose = ", ".join(f"{dimension} {key}" for dimension, key in keys)
    parts = [f"{title}: {opened.measure} of {printable(whose)}", _draw_ledger(opened)]
    months = opened.lines.group_by(month=pl.col("date").dt.strftime("%Y-%m")).agg(pl.col("amount").sum()).sort("month")
    rows = [[month, format_amount(amount, opened.decimals)] for month, amount in months.iter_rows()]
    total = ["actual", format_amount(opened.actual, opened.decimals)]
    parts += [draw_table(["month", "actual"], rows, left=1, total=total)]
    parts += [_draw_lines(opened), _draw_sources(opened)]
    return "\n\n".join(part for part in parts if part)


def _draw_ledger(opened: OpenedActual) -> str:
    """Draw how what was due became what came; the lines add up exactly."""
    if opened.standing is None:
        return ""
    due, actual = (int(str(opened.standing[name])) for name in ("plan_to_date", "actual"))
    decimals = opened.decimals
    rows = [["due by now", format_amount(due, decimals)]]
    rows += [[f"  {DRIVER_WORDS[name]}", format_amount(amount, decimals)] for name, amount in opened.drivers]
    total = [f"actual, {percent(actual, due)} of it", format_amount(actual, decimals)]
    return draw_table(["", opened.measure], rows, left=1, total=total)


def _draw_lines(opened: OpenedActual) -> str:
    rows = [
        [str(line["date"]), printable(line["person"] or ""), printable(line["customer"] or "-"),
         printable(line["product"] or "-"), format_amount(line["amount"], opened.decimals)]
        for line in opened.lines.head(_MOST_LINES).iter_rows(named=True)
    ]  # fmt: skip
    more = opened.lines.height - _MOST_LINES
    table = draw_table(["date", "person", "customer", "product", "credited"], rows, left=4) if rows else ""
    return table + (f"\n… and {more:,} more lines; --json has them all" if more > 0 else "")


def _draw_sources(opened: OpenedActual) -> str:
    if opened.sources.is_empty():
        return ""
    rows = [
        [f"{line['file'] or ''}:{line['line'] or ''}", str(line["date"]), printable(line["order"] or "-"),
         printable(line["customer"] or "-"), printable(line["product"] or "-"),
         f"{(line['amount_e4'] or 0) / E4:,.2f}"]
        for line in opened.sources.head(_MOST_LINES).iter_rows(named=True)
    ]  # fmt: skip
    more = opened.sources.height - _MOST_LINES
    table = draw_table(["row of the file", "date", "order", "customer", "product", "amount"], rows, left=5)
    return table + (f"\n… and {more:,} more rows; --json has them all" if more > 0 else "")
