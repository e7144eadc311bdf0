"""One score opened: its lines, what each is made of, and the rows behind them, from the folder it was kept in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import polars as pl

from quotum.adapters.files.appraisal_folder import read_appraisal
from quotum.engine.appraisal import open_sources
from quotum.engine.tables.schema import TABLES
from quotum.web.bridge.scoring import ROWS
from quotum.web.bridge.stored import stored

Key = tuple[str, str, str, str, str]
"""Person (empty: a unit's score), unit, scheme, scorecard, period."""
_KEY = ("person", "unit", "scheme", "scorecard", "period")
_UNSEEN = {"row", "lat", "lon"}


@dataclass(frozen=True, slots=True)
class SheetLine:
    """A line of a score. ``points_e2`` are hundredths; ``figures`` are what the formula is made of."""

    place: int
    indicator: str
    weight: float
    target: float | None
    actual: float | None
    points_e2: int
    why: str
    formula: str
    target_formula: str
    owner: str
    figures: list[tuple[str, float | None]]

    @property
    def part(self) -> float:
        """What was got of the weight."""
        return self.points_e2 / 100 / self.weight if self.weight else 0.0

    @property
    def is_plan(self) -> bool:
        """Whether the target is what a plan has due."""
        return self.target_formula.endswith("_target")


@dataclass(frozen=True, slots=True)
class Sheet:
    """All of a score: lines, what follows from it, objections that came with the company's tables, its money."""

    lines: list[SheetLine]
    consequences: list[dict[str, Any]]
    given_objections: list[dict[str, Any]]
    commissions: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Rows:
    """Some of the rows behind a line: ``columns`` as the company's tables call them, cells as a folder has them."""

    table: str
    figure: str
    columns: list[str]
    cells: list[list[Any]]


@lru_cache(maxsize=4)
def open_appraisal(address: str) -> Mapping[str, pl.DataFrame]:
    """Return the tables of the appraisal at an address, read once a process; raise ValueError where they cannot be."""
    tables, issues = read_appraisal(stored(address))
    if not tables:
        raise ValueError(f"The appraisal at {address} cannot be read: {issues[0].rule}.")
    return tables


def open_sheet(address: str, key: Key) -> Sheet:
    """Return the lines of a score with their formulas and figures."""
    tables = open_appraisal(address)
    mine = _is(key)
    known = {
        (every, fact): value
        for every, fact, value in tables["facts"].filter(_is(key, ("person", "unit", "period"))).select(
            "every", "fact", "value").iter_rows()
    }  # fmt: skip
    rules = {
        row["place"]: row
        for row in tables["rules"].filter(scheme=key[2], scorecard=key[3]).iter_rows(named=True)
    }
    lines = []
    for row in tables["lines"].filter(mine).sort("place").iter_rows(named=True):
        rule = rules.get(row["place"], {})
        facts = rule.get("facts") or []
        lines.append(SheetLine(
            row["place"], row["indicator"], row["weight"], row["target"], row["actual"], row["points_e2"], row["why"],
            rule.get("formula") or "", rule.get("target") or "", rule.get("owner") or "",
            [(name, known.get((rule["every"], name))) for name in facts],
        ))  # fmt: skip
    paid = tables["commissions"].filter(person=key[0], scheme=key[2], period=key[4]) if key[0] else None
    return Sheet(
        lines, tables["consequences"].filter(mine).to_dicts(),
        tables["objections"].filter(_is(key, ("person", "scheme", "scorecard", "period"))).to_dicts() if key[0] else [],
        [] if paid is None else paid.to_dicts(),
    )  # fmt: skip


def count_rows(address: str, key: Key, line: SheetLine) -> dict[tuple[str, str], int]:
    """Return how many rows stand behind each figure of a line: (table, figure) -> rows."""
    found = _sources(address, key, line).group_by("table", "fact").len().sort("table", "fact")
    return {(table, fact): count for table, fact, count in found.iter_rows()}


def list_rows(address: str, key: Key, line: SheetLine, table: str, figure: str, first: int, most: int) -> Rows:
    """Return some of the rows behind a figure of a line, the oldest first."""
    picked = _sources(address, key, line).filter(table=table, fact=figure).sort("date", "line")
    picked = picked.slice(first, most).select(pl.col("line").alias("row"))
    path = stored(address) / ROWS / f"{table}.parquet"
    rows = pl.read_parquet(path, glob=False).with_columns(pl.col("row").cast(pl.Int64))
    frame = picked.join(rows, on="row", how="left", maintain_order="left")
    kinds = {column.field: column.name for column in TABLES[table].columns}
    names = [name for name in frame.columns if name not in _UNSEEN and frame[name].null_count() < frame.height]
    return Rows(table, figure, [kinds.get(name, name) for name in names], [
        [value / 10_000 if name.endswith("_e4") and value is not None else value for name, value in zip(names, row,
         strict=True)] for row in frame.select(names).iter_rows()
    ])  # fmt: skip


def _sources(address: str, key: Key, line: SheetLine) -> pl.DataFrame:
    """Return the places of the rows behind a line: part, period, fact, table, file, line, date."""
    found = open_sources(open_appraisal(address), person=key[0], unit="" if key[0] else key[1])
    names = {name for name, _value in line.figures} | {line.indicator}
    return found.filter(pl.col("part") == key[3], pl.col("period") == key[4], pl.col("fact").is_in(sorted(names)))


def _is(key: Key, columns: tuple[str, ...] = _KEY) -> pl.Expr:
    given = dict(zip(_KEY, key, strict=True))
    return pl.all_horizontal(pl.col(column) == given[column] for column in columns)
