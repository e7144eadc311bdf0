"""Trees that columns tell: Group, Country, Region become rows with parents; and the lowest member above several."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import polars as pl

from quotum.adapters.files.importing.columns import fill
from quotum.adapters.files.importing.foreign_files import FILE, LINE
from quotum.adapters.files.importing.mapping import Level
from quotum.adapters.files.importing.rows import Findings, Rows
from quotum.engine.tables.schema import Table

_MOST = 20


def grow_tree(levels: Iterable[Level], table: Table, rows: Rows, findings: Findings) -> pl.DataFrame:
    """Return the members of all levels: key, parent, kind and name (as far as the table has them), LINE and FILE.

    A level that is empty is left out of its branch, one that repeats the key above it too: France in France is one
    member. A key below two parents is a finding.
    """
    parent = pl.Series([None], dtype=pl.String).new_from_index(0, rows.cells.height)
    parts = []
    place = rows.cells.select(LINE, FILE)
    for depth, level in enumerate(levels):
        key = fill(level.key, "key", rows, findings)[0].cast(pl.String).str.strip_chars()
        key = pl.select(pl.when(key != "").then(key)).to_series()
        name = fill(level.name, "text", rows, findings)[0].cast(pl.String)
        part = place.with_columns(
            key.alias("key"), parent.alias("parent"), name.alias("name"), depth=depth,
            kind=pl.lit(level.kind or None, pl.String), title=pl.lit(level.key.label),
        )  # fmt: skip
        parts.append(part.filter(key.is_not_null() & key.ne_missing(parent)))
        parent = key.fill_null(parent)
    members = pl.concat(parts)
    members = members.unique(["key", "parent"], keep="first", maintain_order=True)
    twice = members.filter(pl.col("key").is_duplicated())
    for key, parents, file, line, title in (
        twice.group_by("key", maintain_order=True)
        .agg("parent", pl.col(FILE, LINE, "title").get(1)).head(_MOST).iter_rows()
    ):  # fmt: skip
        findings.add("import_two_parents", file=str(file), line=int(line), column=title, value=key,
                     details={"parents": ", ".join(parent or "(top)" for parent in parents)})  # fmt: skip
    members = members.unique("key", keep="first", maintain_order=True).sort("depth", maintain_order=True)
    shown = {"key": table.key[0], "parent": table.parent, "kind": "kind", "name": "name"}
    names = {column.name for column in table.columns}
    return members.select(
        *(pl.col(field).alias(column) for field, column in shown.items() if column in names), LINE, FILE
    )


def lowest_common(keys: Iterable[str], parents: Mapping[str, str | None]) -> str | None:
    """Return the lowest member that lies above all of the keys or is all of them; None where there is none."""
    paths = [_path(key, parents) for key in dict.fromkeys(keys)]
    common: str | None = None
    for members in zip(*paths, strict=False):
        if len(set(members)) > 1:
            break
        common = members[0]
    return common


def _path(key: str, parents: Mapping[str, str | None]) -> list[str]:
    """Return the members from the top down to a key; circles are cut (they have a finding of their own)."""
    path: list[str] = []
    here: str | None = key
    while here is not None and here not in path:
        path.append(here)
        here = parents.get(here)
    return path[::-1]
