"""Regions and areas: the whole tree, indented, each line with all that is below it."""

from __future__ import annotations

import numpy as np
import polars as pl

from quotum.adapters.files.plan_workbook.amounts import amount_columns
from quotum.adapters.files.plan_workbook.book import Book, Column
from quotum.adapters.files.plan_workbook.figures import AMOUNTS, Rows
from quotum.adapters.files.plan_workbook.words import WORDS
from quotum.adapters.printing.member_names import MemberNames
from quotum.adapters.printing.reason_words import OWN_PART_WORDS
from quotum.engine.tables.plan_dimensions import read_tree
from quotum.engine.tables.plan_tables import Plan


def write_tree(book: Book, rows: Rows, names: MemberNames, dimension: str, name: str, title: str) -> None:
    """Write the sheet of a tree: tops are level 1; an inner place's own part is a line of its own below it."""
    lines = list_subtrees(rows, dimension, names)
    depth = lines["depth"].to_list()
    tops = lines.filter(pl.col("depth") == 0)
    columns = [
        Column("name", WORDS[dimension], lines["name"].to_list(), total=WORDS["total"]),
        Column("key", WORDS["key"], lines["key"].to_list()),
        Column("level", WORDS["level"], [d + 1 for d in depth], "whole"),
        *amount_columns(
            lines, stretch=rows.has_stretch, total="=SUMIF({level_all},1,{%s_all})", summed=tops
        ),
    ]  # fmt: skip
    sheet = book.write_list(
        name, title, WORDS["tree_note"], columns, decimals=rows.measure.decimals, frozen=1, indents=depth
    )
    sheet.outline_settings(symbols_below=False)
    for line, level in enumerate(depth, start=4):
        if level:
            sheet.set_row(line, None, None, {"level": min(level, 7)})


def list_subtrees(rows: Rows, dimension: str, names: MemberNames) -> pl.DataFrame:
    """Return the tree from the top down: ``name, key, depth, commit, stretch, last_year`` of whole subtrees.

    Keys that are in no tree follow as tops; places below which there is no row are left out.
    """
    sums = rows.total([dimension])
    own = {key: amounts for key, *amounts in sums.select(dimension, *AMOUNTS).iter_rows()}
    tree = read_tree(rows.plan, dimension)
    subtree: list[list[int | None] | None] = [list(own[key]) if key in own else None for key in tree.keys]
    for place in np.argsort(-tree.depth, kind="stable").tolist():
        above = int(tree.parent[place])
        if above >= 0:
            subtree[above] = _add(subtree[above], subtree[place])
    inner, lines = tree.inner(), []
    for place in walk(rows.plan, dimension):
        key, depth, amounts = tree.keys[place], int(tree.depth[place]), subtree[place]
        if amounts is None:
            continue
        name = names.of(dimension, key)
        lines.append((name, key, depth, *amounts))
        if inner[place] and key in own:
            lines.append((OWN_PART_WORDS.format(name=name), key, depth + 1, *own[key]))
    for key in sorted(own.keys() - set(tree.keys), key=lambda key: (key is None, key)):
        lines.append((names.of(dimension, key) or WORDS["not_in_tree"], key or "", 0, *own[key]))
    schema = {"name": pl.String, "key": pl.String, "depth": pl.Int64, **dict.fromkeys(AMOUNTS, pl.Int64)}
    return pl.DataFrame(lines, schema=schema, orient="row")


def walk(plan: Plan, dimension: str) -> list[int]:
    """Return the positions of a tree's places from the top down, each followed by what is below it."""
    tree = read_tree(plan, dimension)
    children: dict[int, list[int]] = {}
    for place, above in enumerate(tree.parent.tolist()):
        children.setdefault(above, []).append(place)
    order, waiting = [], children.get(-1, [])[::-1]
    while waiting:
        place = waiting.pop()
        order.append(place)
        waiting.extend(children.get(place, [])[::-1])
    return order


def list_paths(plan: Plan, dimension: str, names: MemberNames) -> dict[str, tuple[int, str]]:
    """Return by key its position in the walk, and the names on the way down to it; a single top goes without saying."""
    tree = read_tree(plan, dimension)
    skip = int((tree.parent < 0).sum() == 1)
    paths = tree.paths()
    found = {}
    for position, place in enumerate(walk(plan, dimension)):
        way = [names.of(dimension, tree.keys[at]) for at in paths[place] if at >= 0]
        found[tree.keys[place]] = position, " › ".join(way[skip:] or way)
    return found


def _add(one: list[int | None] | None, other: list[int | None] | None) -> list[int | None] | None:
    """Add amounts of which some, or all, may be unknown."""
    if one is None or other is None:
        return list(one or other or []) or None
    return [a if b is None else b if a is None else a + b for a, b in zip(one, other, strict=True)]
