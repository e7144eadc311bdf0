"""What `[import]` may say: small frozen objects, and the names of columns they ask of each file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from quotum.adapters.files.importing.dates import Order
from quotum.adapters.files.importing.numbers import Mark

FIELD = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class FileForm:
    """How a file is written. Empty: as the file itself shows."""

    path: str = ""
    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    decimal: Mark | None = None
    dates: Order | None = None
    header: int | None = None  # line of the header
    none: tuple[str, ...] = ()  # what else stands for nothing


@dataclass(frozen=True, slots=True)
class Value:
    """Where a column's values come from: the first of some columns or templates that is filled, or a constant."""

    texts: tuple[str, ...] = ()  # `City`, or `{FirstName} {LastName}`
    constant: str | None = None
    values: Mapping[str, str] | None = None  # what the file writes -> what is meant
    otherwise: str | None = None  # for what `values` does not name; None: that is a finding
    scale: Decimal = Decimal(1)
    lowest: str = ""  # of several rows of a key: the lowest member of this tree above all of them

    def names(self) -> Iterator[str]:
        """Return the columns it is made of."""
        for text in self.texts:
            yield from FIELD.findall(text) or (text,)

    @property
    def label(self) -> str:
        """The columns as findings name them."""
        return ", ".join(dict.fromkeys(self.names()))


@dataclass(frozen=True, slots=True)
class Condition:
    """Which rows count, by one column."""

    column: str
    values: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    filled: bool | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """Columns of another file, found by a key."""

    source: str
    by: tuple[tuple[str, str], ...]  # (column here, column there)
    name: str
    latest: tuple[str, ...] = ()  # of several rows of a key the last by these columns; the first of them is a date
    through: date | None = None  # the last day that counts for `latest`; the plan's as_of by default
    many: bool = False  # a row for each match
    where: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a tree that is told by columns."""

    name: Value
    key: Value
    kind: str


@dataclass(frozen=True, slots=True)
class Wide:
    """Columns that stand for periods: `M{month}`, `{year}-{month}`, `Q{quarter}`, or twelve names in order."""

    columns: tuple[str, ...]
    year: str | int = ""  # a column, or the year itself; empty: the pattern names it
    fiscal: bool = False  # the year is a fiscal one, named by the year in which it ends
    scale: Decimal = Decimal(1)
    whole: bool = False  # the columns of a row added up to one period


@dataclass(frozen=True, slots=True)
class Entry:
    """One source of one table: several entries of a table are put one below the other."""

    table: str
    path: str  # of the section in plan.toml
    sources: tuple[str, ...]
    columns: Mapping[str, Value] | None  # None: by the titles, which may be any known alias
    where: tuple[Condition, ...] = ()
    joins: tuple[Join, ...] = ()
    latest: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    through: date | None = None
    tree: tuple[Level, ...] = ()
    wide: Wide | None = None

    def values(self) -> Iterator[Value]:
        """Return every value the entry is made of."""
        yield from (self.columns or {}).values()
        for level in self.tree:
            yield from (level.name, level.key)

    def names(self) -> Iterator[str]:
        """Return every column that the entry names, in whichever of its files it may lie."""
        for value in self.values():
            yield from value.names()
        yield from (condition.column for condition in self.where)
        yield from (*self.latest, *self.changes)
        if self.wide and isinstance(self.wide.year, str) and self.wide.year:
            yield self.wide.year
        for join in self.joins:
            yield from (name for pair in join.by for name in pair)
            yield from join.latest
            yield from (condition.column for condition in join.where)


@dataclass(frozen=True, slots=True)
class Sum:
    """A target that is the sum of a column, or of columns that stand for periods, over the plan's dates."""

    source: str
    column: str  # empty with `wide`
    day: str = ""
    where: tuple[Condition, ...] = ()
    scale: Decimal = Decimal(1)
    wide: Wide | None = None

    def names(self) -> Iterator[str]:
        """Return every column it needs."""
        if self.wide:
            yield from (self.wide.year,) if isinstance(self.wide.year, str) and self.wide.year else ()
        else:
            yield self.column
        yield from (condition.column for condition in self.where)
        if self.day:
            yield self.day


@dataclass(frozen=True, slots=True)
class ImportSettings:
    """All of `[import]`."""

    entries: tuple[Entry, ...] = ()
    forms: Mapping[str, FileForm] = field(default_factory=dict)
    default: FileForm = FileForm()

    @property
    def tables(self) -> set[str]:
        """The tables it fills."""
        return {entry.table for entry in self.entries}

    def sources(self) -> Iterable[str]:
        """Return every source it reads."""
        for entry in self.entries:
            yield from entry.sources
            yield from (join.source for join in entry.joins)
