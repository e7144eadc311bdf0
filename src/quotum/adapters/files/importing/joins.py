"""Brings columns of another file to the rows of an entry, by a key."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl

from quotum.adapters.files.importing.columns import text_of
from quotum.adapters.files.importing.filters import last_rows, meets, order_columns
from quotum.adapters.files.importing.foreign_files import FILE, LINE
from quotum.adapters.files.importing.mapping import Entry, Join
from quotum.adapters.files.importing.rows import Findings, Rows

_MOST = 20


def join_rows(rows: Rows, other: Rows, join: Join, as_of: date, findings: Findings, entry: Entry) -> Rows | None:
    """Return the rows with the other file's columns called ``join.title``; None where a column is missing.

    Keys that the other file does not have leave its columns empty. Several rows of a key are a finding unless they
    hold the same, or the join says which one counts (``latest``) or that each does (``many``).
    """
    path, needed = entry.path, {name.rpartition(".")[2].strip().casefold() for name in entry.names()}
    lacks = rows.missing([here for here, _ in join.by], findings, path)
    there = [*(name for _, name in join.by), *join.latest, *(condition.column for condition in join.where)]
    if other.missing(there, findings, path) or lacks:
        return None
    if join.latest or any(condition.since or condition.until for condition in join.where):
        days = [*join.latest[:1], *(c.column for c in join.where if c.since or c.until)]
        other = other.learn({}, [other.find(day) or day for day in days], findings)
    for condition in join.where:
        other = replace(other, cells=other.cells.filter(meets(condition, other)))
    keys = pl.DataFrame([text_of(there, other).alias(f"\0key{k}") for k, (_, there) in enumerate(join.by)])
    titles = [column for column in other.cells.columns if column.casefold() in needed]
    found = pl.concat([other.cells.select(*titles, LINE, FILE), keys], how="horizontal")
    if join.latest:
        found = found[last_rows(keys, order_columns(join.latest, other), join.through or as_of)]
    elif not join.many:
        found = found.unique([*titles, *keys.columns], keep="first", maintain_order=True)
        found = _one_each(found, keys.columns, join, findings)
    found = found.drop_nulls(keys.columns).drop(LINE, FILE).rename({title: f"{join.name}.{title}" for title in titles})
    mine = pl.DataFrame([text_of(here, rows).alias(f"\0key{k}") for k, (here, _) in enumerate(join.by)])
    cells = pl.concat([rows.cells, mine], how="horizontal")
    _count_unfound(mine, found, rows, join, findings)
    cells = cells.join(found, on=keys.columns, how="left", maintain_order="left").drop(keys.columns)
    return Rows(cells, {**rows.origins, join.name: other.origins[""]})


def _one_each(found: pl.DataFrame, keys: list[str], join: Join, findings: Findings) -> pl.DataFrame:
    """Return a row for each key; further ones that hold something else are findings."""
    twice = found.filter(pl.struct(keys).is_duplicated() & pl.all_horizontal(pl.col(keys).is_not_null()))
    if not twice.height:
        return found
    second = twice.group_by(keys, maintain_order=True).agg(pl.col(FILE).get(1), pl.col(LINE).get(1), pl.len())
    for *key, file, line, count in second.head(_MOST).iter_rows():
        findings.add("import_join_twice", file=str(file), line=int(line), column=", ".join(name for _, name in join.by),
                     value=" ".join(key), details={"rows": count})  # fmt: skip
    return found.unique(keys, keep="first", maintain_order=True)


def _count_unfound(mine: pl.DataFrame, found: pl.DataFrame, rows: Rows, join: Join, findings: Findings) -> None:
    """Note how many rows name a key that the other file does not have."""
    absent = mine.with_row_index("row").drop_nulls().join(found, on=mine.columns, how="anti")
    if absent.height:
        row = absent["row"].min()
        mask = pl.int_range(mine.height, eager=True) == row
        file, line, _ = next(rows.lines(mask))
        first = absent.filter(pl.col("row") == row).drop("row").row(0)
        findings.add("import_not_found", severity="note" if join.latest else "warning", file=file, line=line,
                     column=", ".join(here for here, _ in join.by), value=" ".join(first),
                     details={"rows": absent.height, "source": join.source})  # fmt: skip
