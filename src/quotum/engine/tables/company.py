"""A company's tables, checked, in the engine's types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from quotum.engine.tables.schema import TABLES


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rows of a table come from, so that a finding can name its file and line."""

    file: str
    first_line: int = 2
    lines: pl.Series | None = None  # the line of every row; None: rows follow each other line by line
    unread: Mapping[str, pl.Series] = field(default_factory=dict)  # rows of a column whose value has its own issue
    files: pl.Series | None = None  # the file of every row where rows come from several
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # file -> column -> what the file calls it

    def file_at(self, row: int) -> str:
        """Return the file of a row."""
        return self.file if self.files is None else str(self.files[row])

    def line(self, row: int) -> int:
        """Return the line of a row as an editor or Excel counts."""
        return self.first_line + row if self.lines is None else int(self.lines[row])


@dataclass(frozen=True, slots=True)
class Company:
    """The tables of one company: always every table and every column, empty where nothing was given.

    Amount columns are Int64 ten-thousandths named ``<column>_e4``. Build it with ``Company.of`` so that no reader of a
    table has to ask whether it is there. ``sources`` knows the files; ``unreadable`` are tables that were given but
    could not be read, so that nobody takes them for empty ones.
    """

    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    unreadable: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        tables: Mapping[str, pl.DataFrame],
        sources: Mapping[str, Source] | None = None,
        unreadable: frozenset[str] = frozenset(),
    ) -> Company:
        """Return a company with the missing tables and columns added empty, columns in the schema's order."""
        full = {}
        for name, table in TABLES.items():
            frame = tables.get(name, pl.DataFrame(schema=table.schema))
            absent = [pl.lit(None, dtype).alias(field) for field, dtype in table.schema.items() if field not in frame]
            full[name] = frame.with_columns(absent).select(list(table.schema)).cast(table.schema)  # type: ignore[arg-type]
        return cls(full, sources or {}, unreadable)

    def __getitem__(self, name: str) -> pl.DataFrame:
        """Return the table called ``name``."""
        return self.tables[name]
