"""Which rows a slice holds, who stands beside it, and which rows are held."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.revisions.cells import Held
from quotum.engine.revisions.changes import OWN, Change, Slice, find_slice
from quotum.engine.tables.plan_dimensions import CARRIERS, Wanted, attach_wanted, read_tree
from quotum.engine.tables.plan_settings import LAYERS
from quotum.engine.tables.plan_tables import Plan, revision_table, scan
from quotum.engine.tables.schema import TREES

Ints = npt.NDArray[np.int64]
_HOME = {"person": "unit", "product": "category"}
"""Of a member that stands in no tree itself: the tree place that makes others its siblings."""


@dataclass(frozen=True, slots=True)
class Lines:
    """Some lines of quotas, and where they stand there."""

    frame: pl.DataFrame
    at: Ints


def pick_rows(plan: Plan, part: Slice) -> Lines:
    """Return the lines of quotas that pass what a slice asks of dimensions that rows carry."""
    at = find_places(plan, part)
    return Lines(plan["quotas"][at], at)


def find_places(plan: Plan, part: Slice) -> Ints:
    """Return where the lines of a slice stand in quotas, in order."""
    return plan.recall(("rows", part.measure.name, part.pairs),
                       lambda: _filtered(plan, part, part.under, part.place.in_rows))  # fmt: skip


def pick_siblings(plan: Plan, part: Slice, rows: Lines) -> Lines:
    """Return the lines of quotas that may take what the node of a slice (its last pair) gives or asks; none: nobody."""
    at = plan.recall(("siblings", part.measure.name, part.pairs), lambda: _find_siblings(plan, part, rows))
    return Lines(plan["quotas"][at], at)


def _find_siblings(plan: Plan, part: Slice, rows: Lines) -> Ints:
    """Return where the rows below the other children of the node's parent stand.

    The last pair names the node. In a tree the parent is the place above; a person's is the unit, a product's the
    category, unless the pairs before it say more; of other members it is everything the pairs before them leave.
    """
    if not part.pairs:
        return rows.at[:0]
    dimension, key = part.pairs[-1]
    own = Wanted(dimension, dimension.partition("@")[0])
    above = {want: keys for want, keys in part.under.items() if want.text != dimension}
    if own.dimension in TREES and "@" not in dimension:
        tree = read_tree(plan, own.dimension)
        bare = key.removesuffix(OWN) if key not in tree.keys else key
        if bare not in tree.keys:
            return rows.at[:0]
        parent = int(tree.parent[tree.position(bare)])
        if bare == key and parent < 0:
            return rows.at[:0]
        above[own] = tree.subtree(bare if bare != key else tree.keys[parent])
    place = dict(part.place.in_rows)
    home = _HOME.get(own.dimension, "")
    carrier = next((c for c in CARRIERS.get(home, ()) if rows.frame[c].null_count() < len(rows.frame)), "")
    if carrier and not any(want.dimension == home for want in above):
        homes = _homes(plan, own.dimension, home, part.under, rows)
        if homes:
            above[Wanted(home, home)], place[home] = homes, carrier
    return np.setdiff1d(_filtered(plan, part, above, place), rows.at)


def _filtered(plan: Plan, part: Slice, under: Mapping[Wanted, Collection[str]], place: Mapping[str, str]) -> Ints:
    frame = plan["quotas"].lazy().with_row_index("at").filter(pl.col("measure") == part.measure.name)
    known = {want: keys for want, keys in under.items() if want.text in place}
    picked = attach_wanted(frame, plan, (), known, place).select("at").sort("at").collect()
    return np.asarray(picked["at"].cast(pl.Int64).to_numpy(), dtype=np.int64)


def _homes(plan: Plan, dimension: str, home: str, under: Mapping[Wanted, Collection[str]], rows: Lines) -> set[str]:
    """Return the tree places that the slice's own members stand in."""
    keys = {key for want, wanted in under.items() if want.dimension == dimension for key in wanted}
    if dimension == "person" and rows.frame["unit"].null_count() == 0:
        return set(rows.frame["unit"].unique())
    members = scan(plan.tables, "members").filter(pl.col("dimension") == dimension, pl.col("key").is_in(sorted(keys)))
    return set(members.select(pl.col(home)).collect()[home].drop_nulls())


def read_holds(plan: Plan, on: date | None) -> list[Held]:
    """Return the holds of a plan that are in force on a day (None: all), each with the rows it keeps."""
    held = []
    for line in revision_table(plan, "holds").iter_rows(named=True):
        if on is not None and line["expires"] is not None and line["expires"] <= on:
            continue
        part, places = _find_hold(plan, line["under"], line["measure"], line["since"], line["until"])
        if part is None:
            continue  # a lock of a member of a cut: it binds when the cut follows its row
        mask = np.zeros(len(plan["quotas"]), dtype=np.bool_)
        mask[places] = True
        layers = LAYERS if line["layer"] is None else (line["layer"],)
        held.append(Held(mask, tuple(layers), part.since, part.until))
    return held


def _find_hold(plan: Plan, *asked: Any) -> tuple[Slice | None, Ints]:
    """Return the slice that a hold (under, measure, since, until) keeps and where its rows stand; None: no rows."""

    def find() -> tuple[Slice | None, Ints]:
        under, measure, since, until = asked
        part, _ = find_slice(plan, Change("hold", read_under(under), measure, since=since, until=until))
        if part is None or part.place.step is not None:
            return None, np.empty(0, dtype=np.int64)
        return part, find_places(plan, part)

    return plan.recall(("hold", *asked), find)


def read_under(text: str) -> tuple[tuple[str, str], ...]:
    """Return the pairs of ``unit=North;person=Ana``; raises ValueError for a part that names no key."""
    parts = [part.replace("\x00", ";") for part in text.replace("\\;", "\x00").split(";") if part.strip()]
    pairs = [part.partition("=") for part in parts]
    if any(not (dimension.strip() and key.strip()) for dimension, _, key in pairs):
        raise ValueError(text)
    return tuple((dimension.strip(), key.strip()) for dimension, _, key in pairs)
