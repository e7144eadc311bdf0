"""A plan as a grid: rows a tree of units and people, columns a tree of periods; cut once, summed up both trees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.adapters.printing.member_names import MemberNames
from quotum.engine.basics.issues import stops
from quotum.engine.basics.periods import cut_periods
from quotum.engine.revisions.changes import write_under
from quotum.engine.slices import Request, cut_slice
from quotum.engine.tables.plan_dimensions import Wanted, cut_dimensions, places, read_tree, row_dimensions
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.plan_tables import Plan, scan
from quotum.engine.tables.schema import DIMENSIONS, TREES

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Pairs = tuple[tuple[str, str], ...]
GRAINS = ("quarter", "month", "tenday", "week", "day")
_ABOVE = {"month": ("quarter",), "tenday": ("quarter", "month"), "day": ("quarter", "month")}
"""The coarser periods that a grain nests in; weeks nest in none but the whole."""

_BINDING = ("floor", "cap", "lock")


@dataclass(frozen=True, slots=True)
class Column:
    """A period; ``first`` and ``last`` (not included) are the finest periods it is the sum of."""

    key: str
    label: str
    parent: str | None
    since: date
    until: date
    first: int
    last: int


@dataclass(slots=True)
class Row:
    """A member with its amounts by column. ``key`` is what changes call it: ``unit=North;person=Ana``."""

    key: str
    pairs: Pairs
    label: str
    parent: str | None
    amounts: list[int]
    last_year: int | None
    opens: bool = False  # whether there is something below that is not here
    marks: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class View:
    """What somebody looks at: a measure on a level, at a grain."""

    measure: str
    level: str = "commit"
    grain: str = "month"


def list_columns(settings: PlanSettings, grain: str) -> list[Column]:
    """Return the whole plan, then its periods, coarse before their parts."""
    leaves = cut_periods(settings.since, settings.until, grain, settings.fiscal_start)
    whole = Column(f"{settings.since}/{settings.until}", settings.name, None, settings.since, settings.until, 0,
                   len(leaves))  # fmt: skip
    found: list[tuple[date, int, Column]] = []
    above: dict[str, str] = {}  # the start of a finest period -> the key of the one it lies in
    for depth, coarse in enumerate((*_ABOVE.get(grain, ()), grain)):
        for period in cut_periods(settings.since, settings.until, coarse, settings.fiscal_start):
            key = f"{period.since}/{period.until}"
            inside = [k for k, leaf in enumerate(leaves) if period.since <= leaf.since < period.until]
            parent = above.get(str(period.since), whole.key)
            if key == whole.key or not inside:
                continue
            found.append((period.since, depth, Column(key, period.label, parent, period.since, period.until,
                                                      inside[0], inside[-1] + 1)))  # fmt: skip
            above.update({str(leaves[k].since): key for k in inside})
    return [whole, *(column for _, _, column in sorted(found, key=lambda one: one[:2]))]


def tree_dimensions(plan: Plan) -> tuple[str, ...]:
    """Return the dimensions that make the rows of the grid: units and people where rows tell them, else the first."""
    rows = row_dimensions(plan["quotas"])
    told = [name for name in ("unit", "person") if places([Wanted(name, name)], rows, {})]
    return tuple(told) or tuple(name for name in DIMENSIONS if name in rows)[:1]


def cut_choices(plan: Plan) -> list[str]:
    """Return the dimensions by which a person can be cut further."""
    shown = tree_dimensions(plan)
    cuts = {step: cut_dimensions(plan, step) for step in plan.cuts}
    rows = row_dimensions(plan["quotas"])
    return [
        name for name in DIMENSIONS
        if name not in shown and places([Wanted(d, d) for d in (*shown, name)], rows, cuts) is not None
    ]  # fmt: skip


def read_grid(plan: Plan, view: View, roots: Sequence[Pairs] | None) -> list[Row]:
    """Return the rows below ``roots`` (None: everything), each before those below it, with marks of what is bound."""
    columns, dimensions = list_columns(plan.settings, view.grain), tree_dimensions(plan)
    rows: dict[str, Row] = {}
    for root in [()] if roots is None else roots:
        frame, issues = cut_slice(plan, Request(dimensions, view.grain, view.measure, view.level, root))
        if stops(issues) or not frame.height:
            continue
        keys, amounts, last_year = _lay_out(frame, dimensions, plan, view, columns)
        names = MemberNames(plan)
        for at, name in enumerate(dimensions):
            names.learn(name, {key[at] for key in keys})
        for row in _grow(plan, dimensions, names, keys, amounts, last_year, root):
            rows.setdefault(row.key, row)
    found = list(rows.values())
    opens = bool(cut_choices(plan))
    inner = {row.parent for row in found}
    for row in found:
        row.opens = opens and row.key not in inner
    _mark(plan, view, columns, found)
    return found


def read_below(plan: Plan, view: View, above: Pairs, by: str) -> list[Row]:
    """Return the members of a further cut below a row; only their number in the whole plan may be changed."""
    frame, issues = cut_slice(plan, Request((by,), view.grain, view.measure, view.level, above))
    if stops(issues) or not frame.height:
        return []
    columns = list_columns(plan.settings, view.grain)
    keys, amounts, last_year = _lay_out(frame, (by,), plan, view, columns)
    names = MemberNames(plan)
    names.learn(by, [key for (key,) in keys])
    in_rows = places([Wanted(by, by)], row_dimensions(plan["quotas"]), {}) is not None
    fixed = {} if in_rows else dict.fromkeys(range(1, len(columns)), "fixed")
    parent = write_under(above)
    rows = []
    for (key,), line, last in zip(keys, amounts, last_year, strict=True):
        pairs = (*above, (by, key or ""))
        marks = dict(fixed) if key is not None else dict.fromkeys(range(len(columns)), "fixed")
        label = names.of(by, key) or "-"
        rows.append(Row(write_under(pairs), pairs, label, parent, line.tolist(), last, marks=marks))
    return sorted(rows, key=lambda row: (-row.amounts[0], row.key))


def _lay_out(
    frame: pl.DataFrame, by: Sequence[str], plan: Plan, view: View, columns: Sequence[Column]
) -> tuple[list[tuple[str | None, ...]], Ints, list[int | None]]:
    """Return keys, amounts (num_keys, num_columns) and last year's sums of a slice, which has all periods of a key."""
    num_leaves = columns[0].last
    firsts = frame.gather_every(num_leaves)
    keys = [tuple(line) for line in firsts.select(by).iter_rows()]
    leaves = frame["amount"].to_numpy().reshape(len(keys), num_leaves)
    if plan.settings.measures[view.measure].kind == "level":
        amounts = leaves[:, [column.last - 1 for column in columns]]
    else:
        running = np.concatenate([np.zeros((len(keys), 1), dtype=np.int64), np.cumsum(leaves, axis=1)], axis=1)
        amounts = running[:, [column.last for column in columns]] - running[:, [column.first for column in columns]]
    last = frame["last_year"].fill_null(0).to_numpy().reshape(len(keys), num_leaves).sum(axis=1)
    told: Bools = frame["last_year"].is_not_null().to_numpy().reshape(len(keys), num_leaves)
    known = np.maximum.reduce(told, axis=1)
    return keys, amounts, [int(v) if k else None for v, k in zip(last.tolist(), known.tolist(), strict=True)]


def _grow(
    plan: Plan, dimensions: Sequence[str], names: MemberNames, keys: list[tuple[str | None, ...]], amounts: Ints,
    last_year: list[int | None], root: Pairs,
) -> list[Row]:  # fmt: skip
    """Return the tree above some leaves: places of a tree with the sums of what lies below them, then the leaves."""
    if dimensions[0] not in TREES:
        flat: list[Pairs] = [(*root, (dimensions[0], key[0] or "")) for key in keys]
        return [Row(write_under(p), p, names.of(*p[-1]), None, line.tolist(), last)
                for p, line, last in zip(flat, amounts, last_year, strict=True)]  # fmt: skip
    dimension = dimensions[0]
    tree = read_tree(plan, dimension)
    top = root[0][1] if root and root[0][0] == dimension else None
    stop = int(tree.parent[tree.position(top)]) if top is not None else -1
    ways: dict[str, list[str]] = {}

    def way(key: str) -> list[str]:
        if key not in ways:
            at, found = tree.position(key), []
            while at >= 0 and at != stop:
                found.append(tree.keys[at])
                at = int(tree.parent[at])
            ways[key] = found[::-1]
        return ways[key]

    rows: dict[str, Row] = {}
    below: dict[str, list[Row]] = {}
    for (unit, *rest), line, last in zip(keys, amounts, last_year, strict=True):
        above: str | None = None
        alone = bool(root) and root[0][0] not in TREES  # one's own number stands by itself
        for place in way(unit) if unit is not None and not alone else ():
            row = rows.get(f"{dimension}={place}")
            if row is None:
                pairs: Pairs = ((dimension, place),)
                row = Row(write_under(pairs), pairs, names.of(dimension, place), above, [0] * len(line), None)
                rows[f"{dimension}={place}"] = row
                below.setdefault(above or "", []).append(row)
            row.amounts = (np.array(row.amounts) + line).tolist()
            row.last_year = last if row.last_year is None else row.last_year + (last or 0)
            above = row.key
        for name, key in zip(dimensions[1:], rest, strict=True):
            pairs = (*(((dimension, unit),) if unit is not None else ()), (name, key or ""))
            leaf = Row(write_under(pairs), pairs, names.of(name, key) or "-", above, line.tolist(), last)
            below.setdefault(above or "", []).append(leaf)
    ordered: list[Row] = []

    def list_below(key: str) -> None:
        for row in below.get(key, ()):
            ordered.append(row)
            if row.key in below:
                list_below(row.key)

    list_below("")
    return ordered


def _mark(plan: Plan, view: View, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    """Mark what a bound of the steps keeps in the whole plan, and what a hold keeps in its dates."""
    layer = "commit" if view.level == "commit" else "extra"
    bound = (
        scan(plan.tables, "splits")
        .filter(pl.col("measure") == view.measure, pl.col("layer") == layer, pl.col("why").is_in(_BINDING))
        .select("dimension", "member", "why")
        .collect()
    )
    why = {(dimension, member): code for dimension, member, code in bound.iter_rows()}
    holds = plan.tables["holds"].to_dicts() if "holds" in plan.tables else []
    held = [hold for hold in holds if hold["measure"] in (None, view.measure) and hold["layer"] in (None, layer)]
    parents = {row.key: row.parent for row in rows}
    for row in rows:
        if row.pairs and row.pairs[-1] in why:
            row.marks[0] = why[row.pairs[-1]]
        line, at = {row.key, write_under(row.pairs[-1:])}, row.parent
        while at is not None:
            line.add(at)
            at = parents.get(at)
        for hold in held:
            if hold["under"] in line or not hold["under"]:
                row.marks.update({k: "hold" for k, column in enumerate(columns)
                                  if hold["since"] < column.until and column.since < hold["until"]})  # fmt: skip


__all__ = ["GRAINS", "Column", "Row", "View", "cut_choices", "list_columns", "read_below", "read_grid"]
