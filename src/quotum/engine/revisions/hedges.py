"""Hedge follows commit: a row whose commit was revised has the factor of the plan's steps on it, its members alike."""

from __future__ import annotations

from fractions import Fraction
from math import prod

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.revisions.draft import Draft, find_rows
from quotum.engine.revisions.trails import move_on, open_trail
from quotum.engine.tables.plan_settings import HEDGE, list_hedges

Ints = npt.NDArray[np.int64]


def hedge_rows(draft: Draft, rows: pl.Series) -> Draft:
    """Return the draft in which some rows of one measure have the hedge of their commit.

    A commit that is what it was before any revision has its first hedge; any other the steps' factor, rounded half up.
    """
    lines = draft["quotas"][find_rows(draft["quotas"], rows)]
    trail = open_trail(draft, lines, lines, "commit", HEDGE)
    steps, half = list_hedges(draft.plan.settings, lines["measure"][0]), Fraction(1, 2)
    factor = prod((Fraction(str(step.hedge)) for step in steps), start=Fraction(1))
    followed = [int((commit * (factor - 1) + half) // 1) for commit in lines["commit"].to_list()]
    same = lines["commit"].to_numpy() == trail.lead_before
    return move_on(draft, trail, np.where(same, trail.before, np.array(followed, dtype=np.int64)))


def hedge_members(rows: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Return members of cuts with their ``hedge``, handed down from ``rows(row, commit, hedge)``.

    ``members(row, node, parent, step, …, total)``: the nodes of all cuts below the rows, ``total`` is their commit.
    """
    from quotum.engine.kernels.following import share_hedge

    inner = members["node"]
    level = members.filter(~pl.col("parent").is_in(inner.implode())).join(
        rows.select("row", of_parent="commit", given="hedge"), on="row"
    )  # fmt: skip
    levels = []
    while level.height:
        level = level.sort("step", "parent", "node")
        begins = level.select(pl.struct("step", "parent").rle_id()).to_series().to_numpy()
        starts = np.searchsorted(begins, np.arange(int(begins[-1]) + 2)).astype(np.int64)
        first = starts[:-1].tolist()
        hedge = share_hedge(
            starts, level["given"].gather(first).to_numpy(), level["total"].to_numpy(),
            level["of_parent"].gather(first).to_numpy(),
        )  # fmt: skip
        level = level.with_columns(pl.Series(HEDGE, hedge))
        levels.append(level.select(*members.columns, HEDGE))
        level = members.join(level.select("row", parent="node", of_parent="total", given=HEDGE), on=["row", "parent"])
    return pl.concat(levels) if levels else members.with_columns(pl.lit(0, pl.Int64).alias(HEDGE))
