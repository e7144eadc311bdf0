"""The plain split as peers do it, each as fast as we could write it: shares by weight, then largest remainder."""

from __future__ import annotations

import itertools
import math
import time
from typing import Any

import numpy as np
import polars as pl


def split_with_polars(frame: pl.DataFrame) -> pl.DataFrame:
    """Polars expressions: ranks within windows (sorting, or lists per group, took two to three times as long)."""
    real = pl.col("total") * pl.col("weight") / pl.col("weight").sum().over("parent")
    return (
        frame.lazy()
        .with_columns(real=real)
        .with_columns(whole=pl.col("real").floor())
        .with_columns(fraction=pl.col("real") - pl.col("whole"))
        .with_columns(
            left=pl.col("total") - pl.col("whole").sum().over("parent"),
            place=pl.col("fraction").rank("ordinal", descending=True).over("parent"),
        )
        .select("parent", amount=(pl.col("whole") + (pl.col("place") <= pl.col("left"))).cast(pl.Int64))
        .collect()
    )


DUCKDB_SQL = """
create or replace table result as
with shares as (
  select parent, member, total, total * weight / sum(weight) over (partition by parent) as real from frame
), ranked as (
  select parent, member, floor(real) as whole,
         total - sum(floor(real)) over (partition by parent) as remaining,
         row_number() over (partition by parent order by real - floor(real) desc, member) as place
  from shares
)
select parent, member, cast(whole as bigint) + cast(place <= remaining as int) as amount from ranked
"""


def split_with_numpy(starts: np.ndarray, totals: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """NumPy, whole columns at a time."""
    sizes = np.diff(starts)
    parent = np.repeat(np.arange(len(totals)), sizes)
    real = np.repeat(totals / np.add.reduceat(weights, starts[:-1]), sizes) * weights
    whole = np.floor(real)
    left = totals - np.add.reduceat(whole, starts[:-1]).astype(np.int64)
    order = np.lexsort((whole - real, parent))
    place = np.arange(len(weights)) - np.repeat(starts[:-1], sizes)
    amounts = whole.astype(np.int64)
    amounts[order] += place < np.repeat(left, sizes)
    return amounts


def split_with_python(starts: list[int], totals: list[int], weights: list[float]) -> list[int]:
    """A tight loop over lists."""
    amounts: list[int] = []
    for (low, high), total in zip(itertools.pairwise(starts), totals, strict=True):
        own = weights[low:high]
        scale = total / sum(own)
        real = [scale * weight for weight in own]
        whole = [int(share) for share in real]
        left = total - sum(whole)
        if left:
            fractions = [w - x for w, x in zip(whole, real, strict=True)]
            for i in sorted(range(len(own)), key=fractions.__getitem__)[:left]:
                whole[i] += 1
        amounts += whole
    return amounts


def reconcile_sparsely(starts: np.ndarray, totals: np.ndarray, weights: np.ndarray) -> dict[str, Any]:
    """hierarchicalforecast, top-down sparse, by the proportions of given forecasts; it does not promise whole units.

    The tree has one top over all parents. Returns seconds of the fit, and the error of the totals in real shares and
    after rounding each to whole units.
    """
    from hierarchicalforecast.methods import TopDownSparse
    from scipy import sparse

    num_parents, num_leaves = len(totals), len(weights)
    parent = np.repeat(np.arange(num_parents), np.diff(starts))
    leaves = np.arange(num_leaves)
    above = sparse.csr_matrix((np.ones(num_leaves), (parent, leaves)), shape=(num_parents, num_leaves))
    summing = sparse.vstack([np.ones((1, num_leaves)), above, sparse.identity(num_leaves)], format="csr")
    tags = {
        "top": np.arange(1),
        "parents": 1 + np.arange(num_parents),
        "leaves": 1 + num_parents + leaves,
    }
    forecasts = np.concatenate([[totals.sum()], totals, weights])[:, None]
    method = TopDownSparse("forecast_proportions")
    start = time.perf_counter()
    found = method.fit_predict(S=summing, y_hat=forecasts, tags=tags)["mean"][-num_leaves:, 0]
    seconds = time.perf_counter() - start
    off_real = np.abs(np.add.reduceat(found, starts[:-1]) - totals).max()
    off_whole = np.abs(np.add.reduceat(np.rint(found), starts[:-1]) - totals).max()
    return {"seconds": seconds, "off_real": float(off_real), "off_whole": math.ceil(off_whole)}
