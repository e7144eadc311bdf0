"""Which rows count, and which of several rows of a key is the last."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from quotum.adapters.files.importing.columns import days_of, text_of
from quotum.adapters.files.importing.mapping import Condition
from quotum.adapters.files.importing.rows import Rows


def meets(condition: Condition, rows: Rows) -> pl.Series:
    """Return the mask of the rows that a condition lets through."""
    texts = text_of(condition.column, rows)
    kept = pl.repeat(value=True, n=len(texts), eager=True, dtype=pl.Boolean)
    if condition.values:
        kept &= texts.fill_null("").is_in(list(condition.values))
    if condition.excluded:
        kept &= ~texts.fill_null("").is_in(list(condition.excluded))
    if condition.filled is not None:
        kept &= texts.is_not_null() if condition.filled else texts.is_null()
    if condition.since or condition.until:
        days = days_of(condition.column, rows)
        if condition.since:
            kept &= (days >= condition.since.isoformat()).fill_null(value=False)
        if condition.until:
            kept &= (days < condition.until.isoformat()).fill_null(value=False)
    return kept


def order_columns(names: Sequence[str], rows: Rows) -> pl.DataFrame:
    """Return columns that sort rows in time: the first as a date, the others as numbers and texts are ordered.

    Of two texts the longer one is the later: SO9999 comes before SO10000.
    """
    columns = [days_of(names[0], rows).alias("day")]
    for k, name in enumerate(names[1:]):
        texts = text_of(name, rows)
        columns += [texts.str.len_chars().alias(f"length{k}"), texts.alias(f"text{k}")]
    return pl.DataFrame(columns)


def last_rows(keys: pl.DataFrame, order: pl.DataFrame, through: date) -> pl.Series:
    """Return the row of each key that is the last by ``order`` of those not after ``through``, in their own order.

    Rows without a key or a date do not count; of equal ones the one farther down is the last.
    """
    frame = pl.concat([keys, order], how="horizontal").with_row_index("row")
    counted = frame.filter(pl.all_horizontal(pl.col(keys.columns).is_not_null()), pl.col("day") <= through.isoformat())
    last = counted.sort([*order.columns, "row"]).group_by(keys.columns, maintain_order=True).agg(pl.col("row").last())
    return last["row"].sort()
