"""What an import does to a table: rows found by key are updated, others added; what it comes to is counted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

from quotum.engine.tables.schema import TABLES

Mode = Literal["update", "add", "days", "all", "skip"]
"""update: by key, other rows stay; add: only keys that are new; days: rows between the first and last date of the
files are replaced; all: the whole table is replaced; skip: the table is left out."""

LINE_KEYS: dict[str, tuple[str, ...]] = {
    "ownership": ("customer",), "events": ("since", "until", "kind", "scope"),
    "sales": ("date", "order", "customer", "product"), "receipts": ("date", "invoice", "customer"),
    "activities": ("date", "person", "customer", "kind"), "appointments": ("person", "start"),
    "absences": ("person", "since"), "market": ("area", "category", "year", "competitor"),
    "locks": ("measure", "layer", "dimension", "key", "since", "until", "kind"),
    "totals": ("measure", "layer", "dimension", "key", "since", "until"),
    "proposals": ("person", "measure", "layer", "customer", "since", "until"),
    "costs": ("date", "item", "unit", "person"), "rates": ("currency", "since"),
    "ratings": ("date", "person", "indicator", "rater"), "incidents": ("date", "person", "unit", "kind"),
    "surveys": ("date", "customer", "person", "survey", "question"),
}  # fmt: skip
"""By what lines are found that have no key of their own: all stored lines of such a group give way to the files'."""

_MOST_SHOWN = 1_000


@dataclass(frozen=True, slots=True)
class Merged:
    """A table as it would be. ``given``: the files' rows, filled up from what is stored, in the files' order.

    ``kept``: stored rows that stay. ``news`` marks rows of ``given`` that are new, ``changes`` those that differ.
    """

    given: pl.DataFrame
    kept: pl.DataFrame
    news: pl.Series
    changes: pl.Series
    gone: int = 0
    picked: pl.Series | None = None  # mask of the files' rows that count; None: all of them
    differences: list[dict[str, Any]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows there are of each kind."""
        new, changed = int(self.news.sum()), int(self.changes.sum())
        return {"rows": self.given.height, "new": new, "changed": changed,
                "same": self.given.height - new - changed, "gone": self.gone, "kept": self.kept.height}  # fmt: skip

    @property
    def is_idle(self) -> bool:
        """Whether nothing would be different."""
        return not (self.news.any() or self.changes.any() or self.gone)


def modes_of(table: str) -> tuple[Mode, ...]:
    """Return what may be done with a table, the usual first."""
    if table in {"units", "areas", "categories", "products", "people", "customers"}:
        return ("update", "add", "skip")
    dated = any(column.name == "date" for column in TABLES[table].columns)
    return ("update", *(("days",) if dated else ()), "all", "skip")


def merge(table: str, stored: pl.DataFrame, given: pl.DataFrame, mode: Mode) -> Merged:
    """Return what a table would be; ``given`` holds only the columns of the files, the others stay as stored."""
    schema = TABLES[table].schema
    if TABLES[table].key and mode not in {"days", "all"}:
        return _merge_by_key(table, stored, given, mode)
    absent = [pl.lit(None, kind).alias(name) for name, kind in schema.items() if name not in given]
    full = given.with_columns(absent).select(list(schema))
    keys = list(LINE_KEYS.get(table) or TABLES[table].key)
    inside: pl.Expr = pl.lit(value=True)
    if mode == "days" and full.height:
        inside = pl.col("date").is_between(pl.lit(full["date"].min()), pl.lit(full["date"].max()))
    pool, beside = (stored, stored.clear()) if mode != "days" else (stored.filter(inside), stored.filter(~inside))
    given_nth, pool_nth = _numbered(full), _numbered(pool)
    there = _found(given_nth, pool_nth)
    left = pool.filter(~_found(pool_nth, given_nth))  # stored lines that the files do not hold as they are
    kept = left.clear()
    if mode == "update" and left.height:
        kept = left.join(full.select(keys).unique(), on=keys, how="anti", nulls_equal=True, maintain_order="left")
    fresh = full.select(keys).filter(~there)
    known = _found(fresh, pool.select(keys).unique()) if fresh.height else there.clear()
    changes = there.clear().extend_constant(value=False, n=full.height).scatter((~there).arg_true(), known)
    gone = max(0, left.height - kept.height - int(known.sum()))
    return Merged(full, pl.concat([beside, kept]), ~there & ~changes, changes, gone)


def _merge_by_key(table: str, stored: pl.DataFrame, given: pl.DataFrame, mode: Mode) -> Merged:
    """Return a table whose rows are found by their key."""
    keys = list(TABLES[table].key)
    schema = TABLES[table].schema
    before = given.select(keys).join(
        stored.with_columns(pl.lit(value=True).alias("\0there")), on=keys, how="left", maintain_order="left"
    )  # fmt: skip
    there = before["\0there"].fill_null(value=False)
    full = pl.DataFrame([given[name] if name in given else before[name].alias(name) for name in schema]).cast(
        schema  # type: ignore[arg-type]
    )
    picked = None
    if mode == "add":
        picked = ~there
        full, there, before = full.filter(picked), there.filter(picked), before.filter(picked)
    alike = pl.repeat(value=True, n=full.height, dtype=pl.Boolean, eager=True)
    for name in schema:
        if name in given and name not in keys:
            alike &= full[name].eq_missing(before[name])
    kept = stored if mode == "add" else stored.join(given.select(keys), on=keys, how="anti", maintain_order="left")
    changes = there & ~alike
    return Merged(full, kept, ~there, changes, 0, picked, _differences(full, before, changes, keys))


def _found(rows: pl.DataFrame, others: pl.DataFrame) -> pl.Series:
    """Return which rows stand among the others, too; each of the others stands there once."""
    marked = others.with_columns(pl.lit(value=True).alias("\0there"))
    names = rows.columns
    joined = rows.join(marked, on=names, how="left", nulls_equal=True, maintain_order="left")
    return joined["\0there"].fill_null(value=False)


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """Return a hash of every row and which of the rows alike it is."""
    return pl.DataFrame({"hash": frame.hash_rows(0)}).with_columns(pl.int_range(pl.len()).over("hash").alias("nth"))


def _differences(full: pl.DataFrame, before: pl.DataFrame, changes: pl.Series, keys: list[str]) -> list[dict[str, Any]]:
    """Return the cells that change, of the first thousand rows: key, column, before, after."""
    found: list[dict[str, Any]] = []
    rows = changes.arg_true()[:_MOST_SHOWN].to_list()
    for row in rows:
        after, was = full.row(row, named=True), before.row(row, named=True)
        found += [{"key": str(after[keys[0]]), "column": name, "before": was[name], "after": after[name]}
                  for name in after if name not in keys and after[name] != was[name]]  # fmt: skip
    return found
