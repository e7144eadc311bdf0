"""After the changes everything that follows rows is brought along: cuts, hedge, pieces."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from quotum.engine.revisions.draft import Draft, find_rows
from quotum.engine.revisions.hedges import hedge_members, hedge_rows
from quotum.engine.revisions.members import Descent, descend, put_members
from quotum.engine.revisions.nodes import pick_lines
from quotum.engine.revisions.pieces import follow_money
from quotum.engine.tables.plan_dimensions import cut_dimensions
from quotum.engine.tables.plan_settings import HEDGE, LAYERS


def follow_rows(draft: Draft) -> tuple[Draft, list[int], list[int]]:
    """Return the draft with all that follows its touched rows; rows in conflict, rows not understood."""
    below: list[int] = []
    unknown: list[int] = []
    hedged = HEDGE in draft["quotas"].columns
    for layer in LAYERS:
        touched = pl.Series(sorted(draft.touched[layer]), dtype=pl.Int32)
        lines = draft["quotas"][find_rows(draft["quotas"], touched)]
        for (measure,), rows in lines.group_by("measure", maintain_order=True):
            found = descend(draft.plan, layer, rows, draft.nodes)
            below += found.below_zero
            unknown += found.unknown
            if below or unknown:
                continue
            draft = _put_cuts(draft, found, layer, "total")
            if layer == LAYERS[0] and hedged:
                draft = hedge_rows(draft, rows["row"])
                draft = _hedge_cuts(draft, rows["row"], found)
            for target in draft.plan.settings.targets:
                if target.follows != measure:
                    continue
                draft, own = follow_money(draft, layer, rows["row"], target)
                if layer == LAYERS[0] and hedged:
                    draft = hedge_rows(draft, own)
                    draft = _hedge_pieces(draft, own)
    return draft.close(), below, unknown


def _put_cuts(draft: Draft, found: Descent, layer: str, column: str) -> Draft:
    """Return the draft whose cuts have a layer of the members from ``column``."""
    for step in draft.plan.cuts:
        members = found.members.filter(pl.col("leaf") & (pl.col("step") == step))
        if members.height:
            members = members.with_columns(total=column)
            dimensions = cut_dimensions(draft.plan, step)
            draft = draft.with_cut(step, put_members(draft.plan.cuts[step], members, layer, dimensions))
    return draft


def _hedge_cuts(draft: Draft, rows: pl.Series, found: Descent) -> Draft:
    """Return the draft whose cuts have the hedge of rows."""
    lines = draft["quotas"][find_rows(draft["quotas"], rows)]
    members = hedge_members(lines, found.members)
    return _put_cuts(draft, replace(found, members=members), HEDGE, HEDGE)


def _hedge_pieces(draft: Draft, rows: pl.Series) -> Draft:
    """Return the draft whose cut across products has the hedge of rows of pieces."""
    lines = draft["quotas"][find_rows(draft["quotas"], rows)]
    for step, cut in draft.plan.cuts.items():
        if cut_dimensions(draft.plan, step) != ["product"]:
            continue
        own = pick_lines(cut.lazy(), "row", rows).select("row", "product", total="commit")
        members = own.with_columns(
            pl.int_range(pl.len()).alias("node"), parent=-1 - pl.col("row").cast(pl.Int64), step=pl.lit(step)
        )
        if members.height:
            total = hedge_members(lines, members).with_columns(total=HEDGE)
            draft = draft.with_cut(step, put_members(cut, total, HEDGE, ["product"]))
    return draft
