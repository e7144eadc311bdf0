"""What a file's columns look like: the first thousands of rows, and what they can be read as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from quotum.adapters.files.importing.dates import ORDERS, Order, read_dates, weigh_order
from quotum.adapters.files.importing.foreign_files import FILE, LINE, ForeignTable
from quotum.adapters.files.importing.numbers import MARKS, Mark, read_numbers, weigh
from quotum.adapters.files.importing.rows import stripped
from quotum.engine.tables.schema import Column

_TOTALS = ("total", "totals", "grandtotal", "subtotal", "sum", "合计", "总计", "小计", "合計", "總計", "小計",
           "totales", "totalgeneral", "suma", "sumatotal")  # fmt: skip
_MOST_ROWS = 200_000
_LOOK = 1_000
_ENOUGH = 0.98  # of the values must be readable


@dataclass(frozen=True)
class Sample:
    """A file as the guesser sees it; every column as text without blanks around it."""

    source: str
    cells: pl.DataFrame
    texts: frozenset[str] | None
    header: int | None = None  # the line of the titles where it is not the first
    totals: dict[str, list[str]] = field(default_factory=dict)  # by title: the words of rows of totals, left out here
    _seen: dict[tuple[str, str], bool] = field(default_factory=dict, compare=False)

    @classmethod
    def of(cls, source: str, table: ForeignTable) -> Sample:
        """Return the sample of a file that was read with all of its columns."""
        kept = table.cells.drop(LINE, FILE).head(_MOST_ROWS)
        cells = pl.DataFrame([stripped(cells) for cells in kept.get_columns()])
        total = {texts.name: _is_total(texts) for texts in cells.get_columns()}
        gaps = cells.select(pl.sum_horizontal(pl.all().is_null())).to_series()
        rows = pl.DataFrame(total).select(pl.any_horizontal(pl.all())).to_series() & (gaps * 3 >= cells.width)
        words = {name: cells[name].filter(mask & rows).unique().sort().to_list() for name, mask in total.items()}
        words = {name: found for name, found in words.items() if found}
        return cls(source, cells.filter(~rows), table.texts, table.form.header, words)

    @property
    def titles(self) -> list[str]:
        """The titles of the columns that hold anything."""
        return [cells.name for cells in self.cells.get_columns() if cells.null_count() < len(cells)]

    def values(self, title: str) -> pl.Series:
        """Return the distinct values of a column."""
        return self.cells[title].drop_nulls().unique(maintain_order=True)

    def is_key(self, title: str) -> bool:
        """Tell whether a column is filled and different in every row."""
        cells = self.cells[title]
        return bool(cells.null_count() == 0 and cells.n_unique() == len(cells))

    @cached_property
    def mark(self) -> tuple[Mark | None, bool]:
        """The decimal mark that numbers use, and whether that is sure; None where no number has one."""
        seen = [weigh(self.cells[title], None, self.texts) for title in self.titles if self._numbers(title)]
        point, comma = (any(getattr(each, name) for each in seen) for name in ("point", "comma"))
        unclear = next((each.unclear for each in seen if each.unclear), "")
        if point or comma:
            return ("," if comma and not point else "."), point != comma
        # Three digits behind a comma are thousands in most files, behind a point decimals: but nobody knows.
        return (".", False) if unclear else (None, True)

    @cached_property
    def order(self) -> tuple[Order | None, bool]:
        """The order of day and month, and whether that is sure; None where every date tells itself."""
        seen = [weigh_order(self.cells[title].head(_LOOK * 10)) for title in self.titles if self._dates(title)]
        day, month = (any(getattr(each, name) for each in seen) for name in ("day_first", "month_first"))
        if day or month:
            return ("month-day-year" if month and not day else "day-month-year"), day != month
        return ("day-month-year", False) if any(each.unclear for each in seen) else (None, True)

    def _numbers(self, title: str) -> bool:
        return self._tell("number", title, lambda values: any(
            _share(values, read_numbers(values, mark)[1]) >= _ENOUGH for mark in MARKS))  # fmt: skip

    def _dates(self, title: str) -> bool:
        return self._tell("date", title, lambda values: any(
            _share(values, read_dates(values, order)[1]) >= _ENOUGH for order in ORDERS))  # fmt: skip

    def _tell(self, what: str, title: str, look: Callable[[pl.Series], bool]) -> bool:
        """Return what a look at the first values tells, once for each column."""
        if (what, title) not in self._seen:
            self._seen[what, title] = look(self.cells[title].head(_MOST_ROWS // 10).drop_nulls().unique().head(_LOOK))
        return self._seen[what, title]

    def fits(self, title: str, column: Column) -> bool:
        """Tell whether a column's values can be what ``column`` wants."""
        if column.kind in ("amount", "number", "whole", "rate"):
            return self._numbers(title) and not (self._dates(title) and not self._plain(title))
        if column.kind == "currency":
            return bool(self.values(title).head(_LOOK).str.contains("^[A-Za-z]{3}$").all())
        return self._dates(title) if column.kind == "date" else True

    def _plain(self, title: str) -> bool:
        return bool(self.values(title).head(_LOOK).str.contains(r"^[0-9.]+$").all())

    def is_number(self, title: str) -> bool:
        """Tell whether a column holds numbers that are no dates."""
        return self._numbers(title)

    def is_date(self, title: str) -> bool:
        """Tell whether a column holds dates; digits alone are numbers unless a title says otherwise."""
        return self._dates(title) and not self._plain(title)


def _is_total(texts: pl.Series) -> pl.Series:
    """Tell which cells are a word that rows of totals begin with."""
    return texts.str.to_lowercase().str.replace_all(r"[\s:：.]", "").is_in(_TOTALS).fill_null(value=False)


def _share(values: pl.Series, wrong: pl.Series | None) -> float:
    """Return the part of the values that could be read."""
    return 0.0 if not len(values) else 1.0 if wrong is None else 1 - float(wrong.mean() or 0)  # type: ignore[arg-type]
