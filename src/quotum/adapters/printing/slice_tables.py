"""A slice as a table for people: periods beside each other where they fit, last year and growth beside the target."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from quotum.adapters.printing.amounts import format_amount, format_growth
from quotum.adapters.printing.text_tables import draw_table, printable, table_width

Names = Mapping[str, Mapping[str, str]]
"""By column of the slice: the name people read of each key."""

_NO_KEY = "-"


def draw_slice(frame: pl.DataFrame, keys: Sequence[str], *, kind: str, names: Names, width: int) -> str:
    """Return the table of a slice; ``kind`` is that of the measure, which says what may be added up.

    Flows are added over members and time, levels over members only, ratios not at all.
    """
    if frame.is_empty():
        return "Nothing is planned there."
    num_periods = frame["since"].n_unique()
    if num_periods > 1:
        header, rows, total = _periods_beside(frame, keys, kind, names)
        if table_width(header, [*rows, total or header]) <= width:
            return draw_table(header, rows, left=len(keys), total=total)
    header, rows, total = _periods_below(frame, keys, kind, names, with_period=num_periods > 1)
    return draw_table(header, rows, left=len(keys) + (num_periods > 1), total=total)


Drawn = tuple[list[str], list[list[str]], list[str]]


def _periods_below(frame: pl.DataFrame, keys: Sequence[str], kind: str, names: Names, *, with_period: bool) -> Drawn:
    columns = [*keys, *(["period"] if with_period else [])]
    decimals = frame["decimals"][0]
    rows = [
        [
            *_name_keys(columns, line, names),
            format_amount(line["amount"], decimals),
            format_amount(line["last_year"], decimals),
            format_growth(line["amount"], line["last_year"]),
        ]
        for line in frame.iter_rows(named=True)
    ]
    total: list[str] = []
    if columns and (kind == "flow" or (kind == "level" and not with_period)):
        amount, last_year = _sum(frame["amount"]), _sum_known(frame)
        beside = format_amount(_sum(frame["last_year"]), decimals), format_growth(amount, last_year)
        total = ["total", *[""] * (len(columns) - 1), format_amount(amount, decimals), *beside]
    return [*columns, "amount", "last year", "growth"], rows, total


def _periods_beside(frame: pl.DataFrame, keys: Sequence[str], kind: str, names: Names) -> Drawn:
    """Lay the periods out as columns; a sum over time stands behind them where the measure has one."""
    decimals, periods = frame["decimals"][0], frame["period"].unique(maintain_order=True).to_list()
    sums = kind == "flow"
    header = [*keys, *periods, *(["total", "last year", "growth"] if sums else [])]

    def draw(block: pl.DataFrame, amounts: Sequence[int | None]) -> list[str]:
        cells = [format_amount(amount, decimals) for amount in amounts]
        if sums:
            amount, last_year = sum(a or 0 for a in amounts), _sum_known(block)
            cells += [format_amount(amount, decimals), format_amount(_sum(block["last_year"]), decimals)]
            cells += [format_growth(amount, last_year)]
        return cells

    rows = []
    for low in range(0, len(frame), len(periods)):  # every key has a line for every period
        block = frame[low : low + len(periods)]
        rows.append([*_name_keys(keys, block.row(0, named=True), names), *draw(block, block["amount"].to_list())])
    if not keys or kind == "ratio":
        return header, rows, []
    by_period = frame.group_by("since").agg(pl.col("amount").sum()).sort("since")["amount"].to_list()
    return header, rows, ["total", *[""] * (len(keys) - 1), *draw(frame, by_period)]


def _sum(amounts: pl.Series) -> int | None:
    return None if amounts.null_count() == len(amounts) else int(amounts.sum())


def _sum_known(frame: pl.DataFrame) -> int | None:
    """Return last year's sum, or nothing where a whole period is unknown: growth would compare unlike spans."""
    known = frame.group_by("since").agg(pl.col("last_year").is_not_null().any())["last_year"]
    return _sum(frame["last_year"]) if known.all() else None


def _name_keys(columns: Sequence[str], line: Mapping[str, str | None], names: Names) -> list[str]:
    cells = []
    for column in columns:
        key = line[column]
        name = names.get(column, {}).get(key or "", "")
        cells.append(printable(_NO_KEY if key is None else key if name in ("", key) else f"{key} {name}"))
    return cells
