"""Totals, floors and caps that the splits do not show: a revision may break them, but it tells which.

They are for a part of the plan or for members of several parents (crossing totals). What has moved is looked for among
the rows that were touched; only such a limit is measured as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.curves.running_totals import due
from quotum.engine.revisions.changes import Change, Slice, find_slice
from quotum.engine.revisions.draft import find_rows
from quotum.engine.revisions.selecting import pick_rows
from quotum.engine.tables.plan_dimensions import attach_wanted
from quotum.engine.tables.plan_settings import LAYERS
from quotum.engine.tables.plan_tables import Plan, revision_table, scan


def tell_broken(before: Plan, after: Plan) -> list[Issue]:
    """Return a warning for each limit that the changes between two plans break, or break further."""
    if "limits" not in before.tables:
        return []
    deltas = pl.concat(
        revision_table(plan, name).select("row", "layer", line=pl.struct(pl.exclude("row", "layer")).hash())
        for plan in (before, after)
        for name in ("deltas", "member_deltas")
    )
    touched = deltas.filter(~deltas.is_duplicated())["row"].unique().sort()
    return [issue for line in before["limits"].iter_rows(named=True) if (issue := _check(before, after, touched, line))]


def _check(before: Plan, after: Plan, touched: pl.Series, line: dict[str, Any]) -> Issue | None:
    """Return the warning about one limit, None where it holds or was not moved for the worse."""
    pairs = ((line["dimension"], line["key"]),) if line["dimension"] else ()
    layers = LAYERS if line["layer"] == "stretch" else (line["layer"],)
    part, _ = find_slice(before, Change("hold", pairs, line["measure"], since=line["since"], until=line["until"]))
    if part is None:
        return None
    at = pick_rows(before, part).frame["row"]
    moved_rows = at.filter(at.is_in(touched.implode()))
    moved = _measure(after, part, moved_rows, layers) - _measure(before, part, moved_rows, layers)
    if not moved:
        return None
    old, limit, kind = _measure(before, part, at, layers), line["amount"], line["kind"]
    new = old + moved
    worse = {"floor": moved < 0 and new < limit, "cap": moved > 0 and new > limit,
             "total": abs(new - limit) > abs(old - limit)}  # fmt: skip
    if not worse[kind]:
        return None
    details = (("kind", kind), ("limit", part.write(limit)), ("amount", part.write(new)),
               ("since", str(part.since)), ("until", str(part.until)))  # fmt: skip
    return Issue(rule="limit_broken", severity="warning", table=line["table"], file=line["file"], line=line["line"],
                 value=part.text or line["measure"], details=details)  # fmt: skip


def _measure(plan: Plan, part: Slice, rows: pl.Series, layers: Sequence[str]) -> int:
    """Return what some rows of a slice have in its dates, or their members that it names in the whole plan."""
    if rows.is_empty():
        return 0
    if part.place.step is not None:
        known = {want: keys for want, keys in part.under.items() if want.text in part.place.in_cut}
        cut = scan(plan.cuts, part.place.step).filter(pl.col("row").is_in(rows.implode()))
        found = attach_wanted(cut, plan, (), known, part.place.in_cut).select(pl.sum_horizontal(layers).sum())
        return int(found.collect().item())
    lines = plan["quotas"][find_rows(plan["quotas"], rows)]
    if part.measure.kind == "level":
        return int(lines.select(pl.sum_horizontal(layers).sum()).item())
    running = due(plan, lines, [part.since, part.until], layers)
    return sum(int((running[layer][:, 1] - running[layer][:, 0]).sum()) for layer in layers)
