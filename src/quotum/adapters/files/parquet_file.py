"""Reads a Parquet file: only the columns that the schema knows, in the types it stores."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from quotum.adapters.files.raw_table import Pick, RawTable, damaged, schema_columns
from quotum.engine.basics.issues import Issue, stops
from quotum.engine.tables.schema import Table

_MANY_CELLS = 50_000_000
_MOST_PACKED = 200
"""Cells a byte: beyond it a large file holds next to nothing many times over, and would fill the memory."""


def read_parquet_table(path: Path, table: Table, file: str) -> tuple[RawTable | None, list[Issue]]:
    """Read the columns of ``table``: (cells or None where nothing could be read, issues). Rows count from 1."""
    return read_parquet_columns(path, schema_columns(table, file), file, table.name)


def read_parquet_columns(path: Path, pick: Pick, file: str, table: str = "") -> tuple[RawTable | None, list[Issue]]:
    """Read the picked columns: (cells or None where nothing could be read, issues). Rows count from 1."""
    try:
        names = list(pl.read_parquet_schema(path))
        places, issues = pick(names, None)
        if stops(issues):
            return None, issues
        rows = pl.scan_parquet(path, glob=False).select(pl.len()).collect().item()
        if rows * len(places) > max(_MANY_CELLS, _MOST_PACKED * path.stat().st_size):
            return None, [Issue(rule="file_too_packed", table=table, file=file, value=f"{rows:,}")]
        cells = pl.read_parquet(path, columns=[names[place] for place in set(places.values())], glob=False)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as problem:
        return None, [damaged(problem, file, table)]
    cells = cells.select(pl.col(names[place]).alias(name) for name, place in places.items())
    return RawTable(file, cells, first_line=1, typed=True), issues
