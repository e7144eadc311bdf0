"""Dimensions and keys as somebody writes them, looked up in a plan; what nobody knows is an issue with the nearest."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.nearest import nearest
from quotum.engine.tables.plan_dimensions import Wanted, cut_dimensions, read_tree
from quotum.engine.tables.plan_tables import Plan, scan
from quotum.engine.tables.schema import DIMENSIONS, TREES


def tell_unknown(rule: str, value: str, known: Iterable[str]) -> list[Issue]:
    """Return an issue naming what is known and what is nearest, or none when ``value`` is known."""
    names = list(known)
    if value in names:
        return []
    return [Issue(rule=rule, value=value, details=(("known", ", ".join(names)), ("nearest", nearest(value, names))))]


def read_dimensions(texts: Iterable[str]) -> tuple[list[Wanted], list[Issue]]:
    """Read ``unit``, ``unit@1``: each once, in the order asked for."""
    wanted, issues = [], []
    for text in dict.fromkeys(texts):
        dimension, at, depth = text.partition("@")
        unknown = tell_unknown("unknown_dimension", dimension, DIMENSIONS)
        if not unknown and at and (dimension not in TREES or not depth.isdecimal()):
            unknown = [Issue(rule="no_tree", value=text, details=(("trees", ", ".join(TREES)),))]
        issues += unknown
        wanted.append(Wanted(text, dimension, int(depth) if at and depth.isdecimal() else None))
    return wanted, issues


def read_keys(plan: Plan, under: Iterable[tuple[str, str]], issues: list[Issue]) -> dict[Wanted, set[str]]:
    """Return, by dimension, the keys that pass; keys nobody knows are added to ``issues``."""
    keys: dict[Wanted, set[str]] = {}
    for text, key in under:
        dimension, _, depth = text.partition("@")
        if not _is_member(plan, dimension, key):
            issues += _unknown_key(plan, dimension, key)
        elif dimension in TREES and not depth:
            tree = read_tree(plan, dimension)
            below = tree.subtree(key) if key in tree.keys else {key}
            keys.setdefault(Wanted(text, dimension), set()).update(below)
        else:
            keys.setdefault(Wanted(text, dimension, int(depth) if depth else None), set()).add(key)
    return keys


def _is_member(plan: Plan, dimension: str, key: str) -> bool:
    """Tell whether a key is anywhere in the plan: a member, what members say of each other, or a reserved member."""
    return plan.recall(("member", dimension, key), lambda: _find_member(plan, dimension, key))


def _find_member(plan: Plan, dimension: str, key: str) -> bool:
    members = scan(plan.tables, "members")
    queries = [members.filter(pl.col("dimension") == dimension, pl.col("key") == key)]
    if dimension in members.collect_schema():
        queries.append(members.filter(pl.col(dimension) == key))
    queries.append(scan(plan.tables, "quotas").filter(pl.col(dimension) == key))
    queries += [
        scan(plan.cuts, step).filter(pl.col(dimension) == key)
        for step in plan.cuts
        if dimension in cut_dimensions(plan, step)
    ]
    return any(query.select(pl.len()).collect().item() for query in queries)


def _unknown_key(plan: Plan, dimension: str, key: str) -> list[Issue]:
    known = scan(plan.tables, "members").filter(pl.col("dimension") == dimension).select("key", "name").collect()
    by_name = known.filter(pl.col("name") == key)["key"].to_list()
    found = by_name[0] if by_name else nearest(key, known["key"].to_list())
    return [Issue(rule="unknown_key", column=dimension, value=key, details=(("nearest", found),))]
