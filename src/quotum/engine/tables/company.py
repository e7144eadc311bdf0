"""A company's tables, checked, in the engine's types."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from quotum.engine.tables.schema import TABLES


@dataclass(frozen=True, slots=True)
class Company:
    """The tables of one company: always every table and every column, empty where nothing was given.

    Amount columns are Int64 ten-thousandths named ``<column>_e4``. Build it with ``Company.of`` so that no reader of a
    table has to ask whether it is there.
    """

    tables: Mapping[str, pl.DataFrame] = field(default_factory=dict)

    @classmethod
    def of(cls, tables: Mapping[str, pl.DataFrame]) -> Company:
        """Return a company with the missing tables and columns added empty, columns in the schema's order."""
        full = {}
        for name, table in TABLES.items():
            frame = tables.get(name, pl.DataFrame(schema=table.schema))
            absent = [pl.lit(None, dtype).alias(field) for field, dtype in table.schema.items() if field not in frame]
            full[name] = frame.with_columns(absent).select(list(table.schema)).cast(table.schema)  # type: ignore[arg-type]
        return cls(full)

    def __getitem__(self, name: str) -> pl.DataFrame:
        """Return the table called ``name``."""
        return self.tables[name]
