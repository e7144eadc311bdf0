"""The columns that stand on every sheet: commit, stretch, last year, growth."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from quotum.adapters.files.plan_workbook.book import Column
from quotum.adapters.files.plan_workbook.figures import add_up
from quotum.adapters.files.plan_workbook.words import WORDS

GROWTH = '=IF({last_year}>0,{commit}/{last_year}-1,"")'


def growth(amount: int | None, last_year: int | None) -> float | None:
    """Return the growth over last year, None where there is nothing to grow from."""
    return amount / last_year - 1 if amount is not None and last_year is not None and last_year > 0 else None


def amount_columns(
    frame: pl.DataFrame, *, stretch: bool, total: str = "=SUM({%s_all})", summed: pl.DataFrame | None = None
) -> list[Column]:
    """Return commit, stretch where there is one, last year and growth of ``frame(commit, stretch, last_year)``.

    ``total`` is the formula of their totals, ``%s`` the column's key; ``summed`` are the lines that it adds up (all
    of them unless told otherwise). Without a ``total`` there are none.
    """
    summed = frame if summed is None else summed
    totals = {name: add_up(summed, name) for name in ("commit", "stretch", "last_year")}
    columns = [
        Column(name, WORDS[name], frame[name].to_list(), "amount", total=total.replace("%s", name), total_value=value)
        for name, value in totals.items()
        if stretch or name != "stretch"
    ]
    return [*columns, growth_column(frame, GROWTH if total else "", totals["commit"], totals["last_year"])]


def growth_column(frame: pl.DataFrame, total: str, commit: int | None, last_year: int | None) -> Column:
    """Return the growth of each line, computed by the sheet itself."""
    pairs: Sequence[tuple[int | None, int | None]] = frame.select("commit", "last_year").rows()
    values = [growth(*pair) for pair in pairs]
    return Column("growth", WORDS["growth"], values, "growth", GROWTH, total, growth(commit, last_year))


def keep_largest(frame: pl.DataFrame, most: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the lines with the largest commit, in their order, and one line with the sums of all others, if any."""
    if len(frame) <= most:
        return frame, frame.clear()
    rank = frame["commit"].rank("ordinal", descending=True)
    others = frame.filter(rank > most)
    whole = [name for name, dtype in frame.schema.items() if dtype.is_integer()]
    sums = others.select(pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in whole)
    return frame.filter(rank <= most), pl.concat([frame.clear(), sums], how="diagonal")
