"""Makes the rows of one table from its entries: read, join, filter, reshape, fill the columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from quotum.adapters.files.importing.aliases import match_titles
from quotum.adapters.files.importing.columns import NUMERIC, fill
from quotum.adapters.files.importing.filters import last_rows, meets, order_columns
from quotum.adapters.files.importing.foreign_files import FILE, LINE, ForeignFiles, ForeignTable
from quotum.adapters.files.importing.joins import join_rows
from quotum.adapters.files.importing.mapping import Condition, Entry, Value
from quotum.adapters.files.importing.ownership_runs import find_runs
from quotum.adapters.files.importing.rows import Findings, Rows
from quotum.adapters.files.importing.trees import grow_tree, lowest_common
from quotum.adapters.files.importing.wide import AMOUNT, SINCE, UNTIL, find_periods, unfold
from quotum.adapters.files.raw_table import RawTable
from quotum.engine.tables.schema import TABLES, Kind, Table

REFUSED = "\0refused "
"""Beginning of the columns that say which cells of a column are refused."""
Parents = Callable[[str], Mapping[str, str | None]]


@dataclass(frozen=True, slots=True)
class Period:
    """What the plan says of time."""

    since: date
    until: date
    as_of: date
    fiscal_start: int = 1


@dataclass(frozen=True, slots=True)
class Made:
    """Rows of a table with LINE, FILE and refused cells, and what the file calls its columns."""

    cells: pl.DataFrame
    titles: Mapping[str, str]


def make_rows(
    entry: Entry, files: ForeignFiles, period: Period, parents: Parents, findings: Findings
) -> Made | None:
    """Return the rows that one entry gives; None where a file or column it needs is not there."""
    table = TABLES[entry.table]
    rows = _gather(entry, files, period, findings)
    if rows is None:
        return None
    columns = entry.columns
    if columns is None:
        columns = match_titles(table, rows.origins[""].titles)
        _tell_matches(table, columns, rows, findings)
    columns = {**_of_wide(entry, table), **columns}
    named = [name for value in (*columns.values(), *entry.values()) for name in value.names()]
    ordered = (*entry.latest, *entry.changes)
    if rows.missing([*named, *ordered], findings, entry.path):
        return None
    rows = rows.learn(_numbers(columns, table, rows), _days(entry, columns, table, rows), findings)
    rows = _filter(rows, (c for c in entry.where if c.since or c.until), findings)
    if entry.tree:
        return Made(grow_tree(entry.tree, table, rows, findings), {table.key[0]: _tree_titles(entry)})
    cells = _fill_columns(columns, table, rows, findings)
    if entry.changes:
        cells = find_runs(cells, order_columns(entry.changes, rows), entry.through or period.as_of)
    elif entry.latest:
        keys = cells.select(pl.col(table.key).cast(pl.String))
        cells = cells[last_rows(keys, order_columns(entry.latest, rows), entry.through or period.as_of)]
    if table.key:
        cells = _one_each(cells, columns, table, parents)
    if table.parent and table.parent in cells.columns:
        cells = _without_own_parents(cells, table, findings)
    return Made(cells, {name: value.label for name, value in columns.items() if value.label.strip("\0") == value.label})


def _gather(entry: Entry, files: ForeignFiles, period: Period, findings: Findings) -> Rows | None:
    """Return the entry's files one below the other, filtered, joined, unfolded."""
    tables = [files.read(source) for source in entry.sources]
    joined = [files.read(join.source) for join in entry.joins]
    if any(table is None for table in (*tables, *joined)):
        return None
    rows = Rows.of(_below([table for table in tables if table is not None]))
    if not entry.joins and rows.missing((condition.column for condition in entry.where), findings, entry.path):
        return None
    rows = _filter(rows, (c for c in entry.where if not (c.since or c.until)), findings)
    for join, other in zip(entry.joins, joined, strict=True):
        if other is None:
            return None
        with_join = join_rows(rows, Rows.of(other), join, period.as_of, findings, entry)
        if with_join is None:
            return None
        rows = with_join
    if entry.joins:
        if rows.missing((condition.column for condition in entry.where), findings, entry.path):
            return None
        rows = _filter(rows, (c for c in entry.where if not (c.since or c.until)), findings)
    if entry.wide:
        titles = [title for title in rows.cells.columns if title not in (LINE, FILE)]
        months = list(find_periods(entry.wide, titles))
        rows = rows.learn(dict.fromkeys(months), [], findings)
        return unfold(rows, entry.wide, period.fiscal_start, findings, entry.path)
    return rows


def _below(tables: list[ForeignTable]) -> ForeignTable:
    """Return the rows of several sources one below the other."""
    if len(tables) == 1:
        return tables[0]
    frames = [table.cells.with_columns(pl.exclude(LINE, FILE).cast(pl.String)) for table in tables]
    titles = tuple(dict.fromkeys(title for table in tables for title in table.titles))
    return replace(tables[0], cells=pl.concat(frames, how="diagonal"), titles=titles,
                   label=", ".join(table.label for table in tables))  # fmt: skip


def _filter(rows: Rows, conditions: Iterable[Condition], findings: Findings) -> Rows:
    """Return the rows that meet the conditions whose columns are there."""
    for condition in conditions:
        if rows.find(condition.column) is not None:
            kept = meets(condition, rows)
            if rows.cells.height and not kept.any():
                findings.add("import_filter_empty", severity="warning", file=rows.label, column=condition.column,
                             value=", ".join(condition.values)[:80])  # fmt: skip
            rows = replace(rows, cells=rows.cells.filter(kept))
    return rows


def _of_wide(entry: Entry, table: Table) -> dict[str, Value]:
    """Return the columns that a wide sheet fills by itself."""
    if not entry.wide:
        return {}
    filled = {"since": SINCE, "until": UNTIL, "date": SINCE, "amount": AMOUNT}
    return {column.name: Value((filled[column.name],)) for column in table.columns if column.name in filled}


def _kind(table: Table, name: str) -> Kind:
    return table.column(name).kind


def _numbers(columns: Mapping[str, Value], table: Table, rows: Rows) -> dict[str, float | None]:
    """Return the files' columns that hold numbers, each with the largest value it may have."""
    found: dict[str, float | None] = {}
    for name, value in columns.items():
        if _kind(table, name) in NUMERIC and value.values is None:
            for text in value.texts:
                column = rows.find(text)
                if "{" not in text and column is not None and column != AMOUNT:
                    found[column] = table.column(name).high
    return found


def _days(entry: Entry, columns: Mapping[str, Value], table: Table, rows: Rows) -> list[str]:
    """Return the files' columns that hold dates."""
    named = [text for name, value in columns.items() if _kind(table, name) == "date" and value.values is None
             for text in value.texts]  # fmt: skip
    named += [*entry.latest[:1], *entry.changes[:1], *(c.column for c in entry.where if c.since or c.until)]
    return [column for name in named if (column := rows.find(name)) is not None and column not in (SINCE, UNTIL)]


def _fill_columns(columns: Mapping[str, Value], table: Table, rows: Rows, findings: Findings) -> pl.DataFrame:
    """Return the table's columns with LINE, FILE and the marks of refused cells."""
    cells, marks = [], []
    for name, value in columns.items():
        filled, wrong = fill(value, _kind(table, name), rows, findings)
        cells.append(filled.alias(name))
        if wrong is not None:
            marks.append(wrong.alias(REFUSED + name))
    return pl.DataFrame([*cells, rows.cells[LINE], rows.cells[FILE], *marks])


def _one_each(cells: pl.DataFrame, columns: Mapping[str, Value], table: Table, parents: Parents) -> pl.DataFrame:
    """Return rows that hold the same once, and one row a key where a column asks for the lowest member above all."""
    lowest = {name: value.lowest for name, value in columns.items() if value.lowest}
    if lowest:
        together = cells.group_by(table.key, maintain_order=True).agg(pl.col(list(lowest)).drop_nulls())
        cells = cells.unique(table.key, keep="first", maintain_order=True).drop(list(lowest))
        for name, tree in lowest.items():
            above = parents(tree)
            common = [lowest_common(keys, above) for keys in together[name].cast(pl.List(pl.String)).to_list()]
            together = together.with_columns(pl.Series(name, common, pl.String))
        cells = cells.join(together, on=table.key, how="left", maintain_order="left", nulls_equal=True)
    if cells.height > cells.select(pl.col(table.key).n_unique()).row(0)[0]:
        cells = cells.unique(list(columns), keep="first", maintain_order=True)
    return cells


def _without_own_parents(cells: pl.DataFrame, table: Table, findings: Findings) -> pl.DataFrame:
    """Return the rows with members that name themselves as parent at the top: many programs write it so."""
    own = (cells[table.key[0]].cast(pl.String) == cells[table.parent].cast(pl.String)).fill_null(value=False)
    if not own.any():
        return cells
    row = cells.filter(own).row(0, named=True)
    findings.add("import_own_parent", severity="note", file=str(row[FILE]), line=row[LINE], column=table.parent,
                 value=str(row[table.key[0]])[:80], details={"rows": own.sum()})  # fmt: skip
    return cells.with_columns(pl.when(~own).then(pl.col(table.parent)))


def _tree_titles(entry: Entry) -> str:
    return ", ".join(dict.fromkeys(level.key.label for level in entry.tree if level.key.label))


def _tell_matches(table: Table, columns: Mapping[str, Value], rows: Rows, findings: Findings) -> None:
    """Note which titles were taken for which columns, and required columns that none was taken for."""
    pairs = ", ".join(f"{name} = {value.label}" for name, value in columns.items())
    findings.add("import_by_titles", severity="note", file=rows.label, value=pairs[:300])
    for column in table.columns:
        if column.required and column.name not in columns:
            findings.add("import_title_missing", file=rows.label, column=column.name,
                         value=", ".join(rows.origins[""].titles)[:200])  # fmt: skip


def as_raw_table(made: list[Made], table: Table) -> RawTable:
    """Return the rows of all entries of a table as cells that are typed and checked like those of any file."""
    names = [column.name for column in table.columns]
    frames = [each.cells for each in made]
    if len(frames) > 1:
        frames = [f.with_columns(pl.col([n for n in f.columns if n in names]).cast(pl.String)) for f in frames]
    cells = pl.concat(frames, how="diagonal") if len(frames) > 1 else frames[0]
    files = cells[FILE].unique(maintain_order=True).cast(pl.String).to_list() or [""]
    titles: dict[str, dict[str, str]] = {}
    for each in made:
        for file in each.cells[FILE].unique().cast(pl.String).to_list():
            titles.setdefault(file, {}).update(each.titles)
    return RawTable(
        files[0],
        cells.select(name for name in names if name in cells.columns),
        lines=cells[LINE],
        files=cells[FILE] if len(files) > 1 else None,
        refused={name.removeprefix(REFUSED): cells[name].fill_null(value=False)
                 for name in cells.columns if name.startswith(REFUSED)},
        titles=titles,
    )  # fmt: skip
