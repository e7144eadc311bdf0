"""Write the sample's tables as a company folder: all of it or nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from quotum.engine.tables.schema import TABLES

ROW_GROUP = 500_000


class FolderInUseError(Exception):
    """The folder to be written is there and not empty, or is a file."""


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder beside ``folder`` that takes its name at the end; on failure it goes away.

    Raises FolderInUseError where ``folder`` is a file or has something in it.
    """
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise FolderInUseError(str(folder))
    part = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    part.mkdir(parents=True)
    try:
        yield part
        if folder.is_dir():
            folder.rmdir()  # it is empty; some systems do not rename over a folder
        part.rename(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def write_tables(
    folder: Path, tables: Mapping[str, pl.DataFrame], file_format: str, progress: Callable[[str], None]
) -> None:
    """Write each table with its columns in the schema's order, as CSV or as Parquet (zstd)."""
    for name, table in tables.items():
        progress(f"writing {name} ({len(table):,} rows)")
        ordered = table.select([column.name for column in TABLES[name].columns if column.name in table.columns])
        if unknown := set(table.columns) - set(ordered.columns):
            raise ValueError(f"{name}: columns that the schema does not know: {unknown}")
        if file_format == "csv":
            ordered.write_csv(folder / f"{name}.csv")
        else:
            ordered.write_parquet(folder / f"{name}.parquet", compression="zstd", row_group_size=ROW_GROUP)
