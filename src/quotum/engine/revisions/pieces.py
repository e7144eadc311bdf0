"""Pieces follow revised money: counted again at the products, by the prices the plan was made with."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.revisions.draft import Draft, find_rows
from quotum.engine.revisions.members import put_members
from quotum.engine.revisions.nodes import pick_lines
from quotum.engine.revisions.trails import move_on, open_trail
from quotum.engine.tables.plan_dimensions import cut_dimensions
from quotum.engine.tables.plan_settings import Target
from quotum.engine.tables.plan_tables import Plan
from quotum.engine.tables.schema import DIMENSIONS, E4

Ints = npt.NDArray[np.int64]


def follow_money(draft: Draft, layer: str, rows: pl.Series, target: Target) -> tuple[Draft, pl.Series]:
    """Return the draft in which a measure has the pieces of some of its lead's rows, and the rows that have them.

    Rows that are products are counted with those beside them, other rows by their cut across products.
    """
    quotas = draft["quotas"]
    lead_at, own_at = (np.flatnonzero((quotas["measure"] == name).to_numpy())
                       for name in (target.follows, target.measure))  # fmt: skip
    lead = quotas[lead_at]
    if lead["product"].null_count() < len(lead):
        wanted = _with_siblings(lead, rows)
        at, pieces = wanted, _count(draft.plan, lead[wanted], layer, target, _begin_parents(lead[wanted]))
        own = quotas[own_at[at]]
        return move_on(draft, open_trail(draft, lead[at], own, layer, layer), pieces), own["row"]
    step = next(step for step in draft.plan.cuts if cut_dimensions(draft.plan, step) == ["product"])
    at = find_rows(lead, rows)
    place = pl.DataFrame({"row": rows, "at": at, "own": quotas["row"].gather(own_at[at].tolist())})
    cut = pick_lines(draft.plan.cuts[step].lazy(), "row", rows).join(place, on="row", maintain_order="left")
    starts = np.append(np.flatnonzero(cut["row"].rle_id().diff().fill_null(1).to_numpy()), len(cut)).astype(np.int64)
    pieces = _count(draft.plan, cut, layer, target, starts)
    members = cut.select("product", row="own", total=pl.Series(pieces, dtype=pl.Int64))
    sums = np.zeros(len(lead), dtype=np.int64)
    np.add.at(sums, cut["at"].to_numpy(), pieces)
    own = quotas[own_at[at]]
    draft = move_on(draft, open_trail(draft, lead[at], own, layer, layer), sums[at])
    return draft.with_cut(step, put_members(draft.plan.cuts[step], members, layer, ["product"])), own["row"]


def _count(plan: Plan, lines: pl.DataFrame, layer: str, target: Target, starts: Ints) -> Ints:
    """Return the pieces of lines of products, parent after parent, by the plan's prices."""
    from quotum.engine.kernels.following import count_pieces

    if lines.is_empty():
        return np.empty(0, dtype=np.int64)
    prices = plan["prices"].select("product", price=pl.col("price_e4") / E4)
    price = lines.select("product").join(prices, on="product", how="left", maintain_order="left")["price"]
    money, own = (plan.settings.measures[name] for name in (target.follows, target.measure))
    return count_pieces(starts, lines[layer].to_numpy(), price.fill_null(0.0).to_numpy(), money.decimals, own.decimals)


def _with_siblings(lead: pl.DataFrame, rows: pl.Series) -> Ints:
    """Return the positions of rows of products and of those with the same parent, parent after parent."""
    parents = [*(name for name in DIMENSIONS if name != "product"), "since", "until"]
    numbered = lead.select("row", *parents, at=pl.int_range(pl.len(), dtype=pl.Int64))
    touched = numbered.filter(pl.col("row").is_in(rows.implode())).select(parents).unique()
    found = numbered.join(touched, on=parents, how="semi", nulls_equal=True).sort(*parents, "at", nulls_last=True)
    return np.asarray(found["at"].to_numpy(), dtype=np.int64)


def _begin_parents(lines: pl.DataFrame) -> Ints:
    """Return where each parent's products begin, and the end, (num_parents + 1,)."""
    parents = [*(name for name in DIMENSIONS if name != "product"), "since", "until"]
    begins = lines.select(pl.struct(parents).rle_id()).to_series().diff().fill_null(1).to_numpy()
    return np.append(np.flatnonzero(begins), len(lines)).astype(np.int64)
