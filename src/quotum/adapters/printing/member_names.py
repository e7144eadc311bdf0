"""The names people read for the keys of a plan, reserved members included."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from quotum.adapters.printing.reason_words import word_reserved, word_window
from quotum.engine.tables.plan_tables import Plan, scan


class MemberNames:
    """Names by dimension and key; only the keys given to ``learn`` are looked up, for there may be a million."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._names: dict[tuple[str, str], str] = {}
        self._whole = {"unit", "area", "category"}
        self._read(pl.col("dimension").is_in(sorted(self._whole)))

    def learn(self, dimension: str, keys: Iterable[str | None]) -> None:
        """Look up the names of further keys, with those that the names of reserved members need."""
        if dimension not in self._whole:
            known = pl.Series(sorted({key.removeprefix("new_business:") for key in keys if key}), dtype=pl.String)
            dimensions = [dimension, "person"] if dimension == "customer" else [dimension]
            self._read(pl.col("dimension").is_in(dimensions) & pl.col("key").is_in(known.implode()))

    def of(self, dimension: str, key: str | None) -> str:
        """Return the name of a member, in words for a reserved one; the key where there is no name."""
        if key is None:
            return ""
        if dimension == "window":
            return word_window(key)
        return word_reserved(key, self._plain) or self._plain(dimension, key)

    def _plain(self, dimension: str, key: str) -> str:
        return self._names.get((dimension, key)) or key

    def _read(self, which: pl.Expr) -> None:
        lines = scan(self._plan.tables, "members").filter(which).select("dimension", "key", "name").collect()
        self._names.update({(dimension, key): name for dimension, key, name in lines.iter_rows() if name})
