"""The rows an entry works on: the columns of its file and of those joined to it, and how each file writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import polars as pl

from quotum.adapters.files.importing.dates import Order, OrderEvidence, weigh_order
from quotum.adapters.files.importing.foreign_files import FILE, LINE, ForeignTable
from quotum.adapters.files.importing.mapping import FileForm
from quotum.adapters.files.importing.numbers import Evidence, Mark, weigh
from quotum.engine.basics.issues import Issue
from quotum.engine.basics.nearest import nearest


@dataclass(slots=True)
class Findings:
    """The findings about one entry, all of which name its table."""

    table: str
    issues: list[Issue] = field(default_factory=list)

    def add(self, rule: str, **fields: object) -> None:
        """Note a finding."""
        details = tuple((name, str(value)) for name, value in fields.pop("details", {}).items())  # type: ignore[attr-defined]
        self.issues.append(Issue(rule=rule, table=self.table, details=details, **fields))  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Origin:
    """A file the columns come from, and how it writes numbers and dates."""

    label: str
    form: FileForm
    titles: tuple[str, ...]
    texts: frozenset[str] | None
    mark: Mark = "."
    order: Order = "year-month-day"


@dataclass(frozen=True, slots=True)
class Rows:
    """Cells of a file, joined ones called ``join.title``, with LINE and FILE of the file itself."""

    cells: pl.DataFrame
    origins: dict[str, Origin]  # "": the file itself; else by the join's name

    @classmethod
    def of(cls, table: ForeignTable) -> Rows:
        """Return the rows of a file."""
        return cls(table.cells, {"": origin_of(table)})

    @property
    def label(self) -> str:
        """The file as findings name it."""
        return self.origins[""].label

    def find(self, name: str) -> str | None:
        """Return the column that ``name`` means: of the file itself, else of the first join that has it."""
        wanted = name.strip()
        names = [column for column in self.cells.columns if column not in (LINE, FILE)]
        if wanted in names:
            return wanted
        joined = [f"{join}.{wanted}" for join in self.origins if join]
        folded = {column.casefold(): column for column in reversed(names)}
        return next((folded[key] for key in (wanted.casefold(), *map(str.casefold, joined)) if key in folded), None)

    def column(self, name: str) -> str:
        """Return the column that ``name`` means; it must be there (see ``missing``)."""
        column = self.find(name)
        if column is None:
            raise KeyError(name)
        return column

    def origin_name(self, column: str) -> str:
        """Return which file a column comes from."""
        return next((join for join in self.origins if join and column.startswith(f"{join}.")), "")

    def origin(self, column: str) -> Origin:
        """Return the file a column comes from."""
        return self.origins[self.origin_name(column)]

    def missing(self, names: Iterable[str], findings: Findings, path: str) -> bool:
        """Note the columns that no file of the entry has; tell whether there are any."""
        absent = [name for name in dict.fromkeys(names) if self.find(name) is None]
        titles = [title for origin in self.origins.values() for title in origin.titles]
        for name in absent:
            findings.add("import_column_missing", file=self.label, column=name[:80],
                         details={"section": path, "nearest": nearest(name, titles)})  # fmt: skip
        return bool(absent)

    def lines(self, mask: pl.Series) -> Iterator[tuple[str, int, int]]:
        """Return (file, line, row) of the rows of a mask."""
        for row in mask.arg_true().to_list():
            yield str(self.cells[FILE][row]), int(self.cells[LINE][row]), row

    def learn(self, numbers: dict[str, float | None], dates: Iterable[str], findings: Findings) -> Rows:
        """Return the rows knowing how each file writes the columns of numbers (with their largest value) and dates."""
        origins = dict(self.origins)
        for name, origin in self.origins.items():
            mine = [column for column in numbers if self.origin_name(column) == name]
            days = [column for column in dates if self.origin_name(column) == name]
            mark, order = origin.form.decimal, origin.form.dates
            if mark is None:
                seen = {column: weigh(self.cells[column], numbers[column], origin.texts) for column in mine}
                mark = _decide_mark(seen, origin.label, findings)
            if order is None:
                order = _decide_order({day: weigh_order(self.cells[day]) for day in days}, origin.label, findings)
            origins[name] = replace(origin, mark=mark, order=order)
        return replace(self, origins=origins)


def origin_of(table: ForeignTable) -> Origin:
    """Return what is known of a file before its values are looked at."""
    return Origin(table.label, table.form, table.titles, table.texts)


def as_text(cells: pl.Series) -> pl.Series:
    """Return cells as text: whole floats without a point, dates as 2027-01-31."""
    if cells.dtype == pl.String:
        return cells
    if cells.dtype.is_float():
        whole = cells.cast(pl.Int64, strict=False)
        exact = pl.when(whole == cells).then(whole.cast(pl.String))
        return pl.select(exact.otherwise(cells.cast(pl.String))).to_series().alias(cells.name)
    if cells.dtype == pl.Datetime:
        cells = cells.dt.date()
    return cells.cast(pl.String, strict=False)


def stripped(cells: pl.Series) -> pl.Series:
    """Return text without blanks around it, blank cells as null."""
    texts = as_text(cells)
    if not (texts.str.contains(r"^\s|\s$") | (texts == "")).any():
        return texts
    texts = texts.str.strip_chars()
    return pl.select(pl.when(texts != "").then(texts)).to_series().alias(cells.name)


def _decide_mark(seen: dict[str, Evidence], label: str, findings: Findings) -> Mark:
    """Return the decimal mark that the values tell."""
    found = sum(seen.values(), Evidence())
    if found.point and found.comma:
        column = next(column for column, each in seen.items() if each.comma)
        findings.add("import_decimal_mixed", file=label, column=column, value=found.comma,
                     details={"other": found.point})  # fmt: skip
    elif found.unclear and not found.point and not found.comma:
        column = next(column for column, each in seen.items() if each.unclear)
        findings.add("import_decimal_unclear", file=label, column=column, value=found.unclear)
    return "," if found.comma else "."


def _decide_order(seen: dict[str, OrderEvidence], label: str, findings: Findings) -> Order:
    """Return the order of day and month that the values tell."""
    found = sum(seen.values(), OrderEvidence())
    if found.day_first and found.month_first:
        column = next(column for column, each in seen.items() if each.month_first)
        findings.add("import_dates_mixed", file=label, column=column, value=found.month_first,
                     details={"other": found.day_first})  # fmt: skip
    elif found.unclear and not found.day_first and not found.month_first:
        column = next(column for column, each in seen.items() if each.unclear)
        findings.add("import_dates_unclear", file=label, column=column, value=found.unclear)
    if found.day_first or found.unclear:  # unclear ones are an error already: do not say so again row by row
        return "day-month-year" if found.day_first or not found.month_first else "month-day-year"
    return "month-day-year" if found.month_first else "year-month-day"
