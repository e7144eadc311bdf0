"""Reads a Parquet file: only the columns that the schema knows, in the types it stores."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from quotum.adapters.files.raw_table import RawTable, damaged, match_columns
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.tables.schema import Table


def read_parquet_table(path: Path, table: Table, file: str) -> tuple[RawTable | None, list[Issue]]:
    """Read the columns of ``table``: (cells or None where nothing could be read, issues). Rows count from 1."""
    try:
        names = list(pl.read_parquet_schema(path))
        places, issues = match_columns(table, names, file, line=None)
        if stops(issues):
            return None, issues
        cells = pl.read_parquet(path, columns=[names[place] for place in places.values()], glob=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as problem:
        return None, [damaged(problem, file, table.name)]
    cells = cells.select(pl.col(names[place]).alias(name) for name, place in places.items())
    return RawTable(file, cells, first_line=1, typed=True), issues
