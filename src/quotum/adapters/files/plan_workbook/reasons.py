"""Reasons: every split down to the rows, one line a member, as the plan itself keeps them."""

from __future__ import annotations

import polars as pl

from quotum.adapters.files.plan_workbook.book import Book, Column
from quotum.adapters.files.plan_workbook.figures import Rows
from quotum.adapters.files.plan_workbook.words import WORDS
from quotum.adapters.printing.member_names import MemberNames
from quotum.adapters.printing.reason_words import OWN_PART_WORDS, is_reserved, word_basis, word_why
from quotum.engine.tables.plan_settings import Measure
from quotum.engine.tables.plan_tables import Plan, scan

_MAX_LINES = 100_000
_OF_LAYER = ("floor", "cap", "amount", "why")


def write_reasons(book: Book, rows: Rows, names: MemberNames, title: str) -> None:
    """Write why every unit and person got what it got: weights, share, bounds, amount; cuts are left to ``explain``."""
    all_lines = _read_splits(rows.plan, rows.measure)
    lines = all_lines.head(_MAX_LINES)
    for (dimension,), keys in lines.group_by("dimension", maintain_order=True):
        names.learn(str(dimension), keys["member"].to_list())
    called, parents = _name_nodes(lines, names)
    weights = [c for c in lines.columns if c.startswith("weight_") and lines[c].count()]
    columns = [
        Column("step", WORDS["step"], lines["step"].to_list()),
        Column("parent", WORDS["parent"], parents),
        Column("key", WORDS["key"], ["" if is_reserved(key) else key for key in lines["member"].to_list()]),
        Column("member", WORDS["member"], called),
        *(Column(c, WORDS["weight"].format(basis=word_basis(c.removeprefix("weight_"))), lines[c].to_list(), "number")
          for c in weights),
        Column("share", WORDS["share"], lines["share"].to_list(), "percent"),
        *_layer_columns(lines, ""),
        *(_layer_columns(lines, "_extra") if "amount_extra" in lines.columns else []),
    ]  # fmt: skip
    note = WORDS["reasons_note"]
    if len(lines) < len(all_lines):
        note += " " + WORDS["reasons_cut"].format(count=len(lines), all=len(all_lines))
    book.write_list(WORDS["reasons_sheet"], title, note, columns, decimals=rows.measure.decimals, frozen=4)


def _read_splits(plan: Plan, measure: Measure) -> pl.DataFrame:
    """Return the splits above the rows, one line a node, with the columns of extra beside those of commit."""
    lines = (
        scan(plan.tables, "splits")
        .filter((pl.col("measure") == measure.name) & ~pl.col("step").is_in(list(plan.cuts)))
        .filter(pl.col("dimension") != "window")  # the parts of a person's year: no split among members
        .collect()
    )
    commit, extra = (lines.filter(pl.col("layer") == layer) for layer in ("commit", "extra"))
    if extra.is_empty():
        return commit.sort("node")
    return commit.join(extra.select("node", *_OF_LAYER), on="node", suffix="_extra", how="left").sort("node")


def _name_nodes(lines: pl.DataFrame, names: MemberNames) -> tuple[list[str], list[str]]:
    """Return the name of each node and the names on the way down to its parent."""
    places: dict[int, tuple[str, str, str]] = {-1: ("", "", WORDS["target"])}  # dimension, member, way
    called, parents = [], []
    for node, parent, dimension, member in lines.select("node", "parent", "dimension", "member").iter_rows():
        above, key, way = places[parent]
        name = names.of(dimension, member)
        if (above, key) == (dimension, member):
            name = OWN_PART_WORDS.format(name=name)
        called.append(name)
        parents.append(way)
        places[node] = dimension, member, name if parent == -1 else f"{way} › {name}"
    return called, parents


def _layer_columns(lines: pl.DataFrame, suffix: str) -> list[Column]:
    """Return floor and cap, where there are any, amount and why of a layer."""
    layer = "extra" if suffix else "commit"
    titles = {"floor": "extra_floor" if suffix else "floor", "cap": "extra_cap" if suffix else "cap",
              "amount": layer, "why": "why_extra" if suffix else "why"}  # fmt: skip
    columns = []
    for column, title in titles.items():
        values = lines[column + suffix].to_list()
        if column == "why":
            columns.append(Column(f"why{suffix}", WORDS[title], [word_why(why) for why in values]))
        elif column == "amount" or lines[column + suffix].count():
            columns.append(Column(column + suffix, WORDS[title], values, "amount"))
    return columns
