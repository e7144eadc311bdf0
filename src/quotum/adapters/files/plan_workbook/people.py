"""People by month: who carries how much when, beside last year."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from quotum.adapters.files.plan_workbook.amounts import amount_columns, keep_largest
from quotum.adapters.files.plan_workbook.book import Book, Column
from quotum.adapters.files.plan_workbook.figures import Rows
from quotum.adapters.files.plan_workbook.trees import list_paths
from quotum.adapters.files.plan_workbook.words import WORDS
from quotum.adapters.printing.member_names import MemberNames
from quotum.adapters.printing.reason_words import is_reserved
from quotum.engine.tables.schema import TREES

_MAX_LINES = 50_000


def write_people(
    book: Book, rows: Rows, months: pl.DataFrame, names: MemberNames, name: str, title: str
) -> None:
    """Write the sheet: one line a person, in the order of the units; vacant and reserved ones in words.

    ``months`` are those of the rows' ``line_dimensions``.
    """
    by, labels = rows.line_dimensions, months["period"].unique(maintain_order=True).to_list()
    amounts = months["amount"].to_numpy().reshape(-1, len(labels))
    totals = rows.total(by).with_columns(pl.Series(f"m{i}", amounts[:, i]) for i in range(len(labels)))
    kept, others = keep_largest(totals, _MAX_LINES)
    frame = pl.concat([_in_order(rows, kept, by, names), others], how="diagonal")
    heads = [
        column
        for dimension in by
        for column in _head_columns(rows, dimension, frame[dimension].to_list(), names)
    ]  # fmt: skip
    heads = heads or [Column("target", WORDS["target"], [WORDS["target"]])]
    if len(others):
        heads[0] = replace(heads[0], values=[*heads[0].values[:-1], _further(len(totals) - len(kept))])
    heads[0] = replace(heads[0], total=WORDS["total"])
    by_month = [
        Column(f"m{i}", label, frame[f"m{i}"].to_list(), "amount",
               total=f"=SUM({{m{i}_all}})", total_value=int(frame[f"m{i}"].sum()))
        for i, label in enumerate(labels)
    ]  # fmt: skip
    commit, *rest = amount_columns(frame, stretch=rows.has_stretch)
    if rows.measure.kind == "flow":
        commit = replace(commit, formula=f"=SUM({{m0}}:{{m{len(labels) - 1}}})")
    book.write_list(
        name, title, WORDS["people_note"], [*heads, *by_month, commit, *rest],
        decimals=rows.measure.decimals, frozen=len(heads), further=bool(len(others)),
    )  # fmt: skip


def _in_order(rows: Rows, frame: pl.DataFrame, by: list[str], names: MemberNames) -> pl.DataFrame:
    """Return the lines in the order of their trees; reserved members come last within their parent."""
    order = []
    for dimension in by:
        keys = frame[dimension].to_list()
        names.learn(dimension, keys)
        paths = list_paths(rows.plan, dimension, names) if dimension in TREES else {}
        last = len(paths), ""
        order.append(pl.Series(f"{dimension}_place", [paths.get(key or "", last)[0] for key in keys], dtype=pl.Int64))
        order.append(pl.Series(f"{dimension}_reserved", [is_reserved(key or "") for key in keys], dtype=pl.Boolean))
    ranked = frame.with_columns(order) if order else frame
    ways = [name for d in by for name in (f"{d}_place", f"{d}_reserved", d)]
    return ranked.sort(ways, nulls_last=True).select(frame.columns) if by else frame


def _head_columns(rows: Rows, dimension: str, keys: list[str | None], names: MemberNames) -> list[Column]:
    """Return the columns that say whose line it is: the way down a tree, or key and name."""
    if dimension in TREES:
        paths = list_paths(rows.plan, dimension, names)
        ways = [paths[key][1] if key in paths else names.of(dimension, key) for key in keys]
        return [Column(dimension, WORDS[dimension], ways)]
    called = [names.of(dimension, key) for key in keys]
    shown = ["" if is_reserved(key or "") else key for key in keys]
    return [Column(dimension, WORDS[dimension], shown), Column(f"{dimension}_name", WORDS["name"], called)]


def _further(count: int) -> str:
    return WORDS["further"].format(count=count)
