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
    if num_periods > 1 and _least_width(frame) <= width:
        header, rows, total = _periods_beside(frame, keys, kind, names)
        if table_width([header, *rows, total or header]) <= width:
            return draw_table(header, rows, left=len(keys), total=total)
    header, rows, total = _periods_below(frame, keys, kind, names, with_period=num_periods > 1)
    return draw_table(header, rows, left=len(keys) + (num_periods > 1), total=total)


Drawn = tuple[list[str], list[list[str]], list[str]]


def _periods_below(frame: pl.DataFrame, keys: Sequence[str], kind: str, names: Names, *, with_period: bool) -> Drawn:
    columns = [*keys, *(["period"] if with_period else [])]
    decimals, amounts, last_year = frame["decimals"][0], frame["amount"].to_list(), frame["last_year"].to_list()
    cells = [name_keys(frame[column], names.get(column, {})) for column in columns]
    cells += [[format_amount(amount, decimals) for amount in column] for column in (amounts, last_year)]
    cells += [[format_growth(now, before) for now, before in zip(amounts, last_year, strict=True)]]
    total: list[str] = []
    if columns and (kind == "flow" or (kind == "level" and not with_period)):
        amount, before, sound = _total(frame)
        beside = [format_amount(amount, decimals), format_amount(before, decimals), format_growth(amount, sound)]
        total = ["total", *[""] * (len(columns) - 1), *beside]
    return [*columns, "amount", "last year", "growth"], [list(row) for row in zip(*cells, strict=True)], total


def _periods_beside(frame: pl.DataFrame, keys: Sequence[str], kind: str, names: Names) -> Drawn:
    """Lay the periods out as columns; a sum over time stands behind them where the measure has one."""
    decimals, periods = frame["decimals"][0], frame["period"].unique(maintain_order=True).to_list()
    width = len(periods)  # every key has a line for every period
    amounts, last_year = frame["amount"].to_list(), frame["last_year"].to_list()
    named = [name_keys(frame[key].gather_every(width), names.get(key, {})) for key in keys]

    def behind(amount: int, before: int | None, sound: int | None) -> list[str]:
        beside = [format_amount(amount, decimals), format_amount(before, decimals), format_growth(amount, sound)]
        return beside if kind == "flow" else []

    rows = []
    for at in range(len(frame) // width):
        part = slice(at * width, (at + 1) * width)
        known = [before for before in last_year[part] if before is not None]
        now, before = sum(amount or 0 for amount in amounts[part]), sum(known) if known else None
        cells = [format_amount(amount, decimals) for amount in amounts[part]]
        sound = before if len(known) == width else None
        rows.append([*(column[at] for column in named), *cells, *behind(now, before, sound)])
    total: list[str] = []
    if keys and kind != "ratio":
        by_period = frame.group_by("since").agg(pl.col("amount").sum()).sort("since")["amount"].to_list()
        cells = [format_amount(amount, decimals) for amount in by_period]
        total = ["total", *[""] * (len(keys) - 1), *cells, *behind(*_total(frame))]
    return [*keys, *periods, *(["total", "last year", "growth"] if kind == "flow" else [])], rows, total


def _least_width(frame: pl.DataFrame) -> int:
    """Return the places that the periods alone would take beside each other: most tables need not be drawn twice."""
    largest = frame.group_by("period").agg(pl.col("amount").max())
    decimals = frame["decimals"][0]
    return sum(max(len(label), len(format_amount(most, decimals))) + 2 for label, most in largest.rows())


def _total(frame: pl.DataFrame) -> tuple[int, int | None, int | None]:
    """Return the sums of amount and last year, and the latter only where no whole period is unknown.

    Growth over what is known of a part of the time would compare unlike spans.
    """
    known = frame["last_year"].drop_nulls()
    before = int(known.sum()) if len(known) else None
    complete = frame.group_by("since").agg(pl.col("last_year").is_not_null().any())["last_year"].all()
    return int(frame["amount"].sum()), before, before if complete else None


def name_keys(keys: pl.Series, names: Mapping[str, str]) -> list[str]:
    """Return each key with the name people read, where there is another one."""
    texts = {
        key: printable(key if names.get(key, "") in ("", key) else f"{key} {names[key]}") for key in set(keys) - {None}
    }
    return [_NO_KEY if key is None else texts[key] for key in keys.to_list()]
