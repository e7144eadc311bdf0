"""Cost quotas: what a variable item may cost; savings are kept, overruns are not refunded."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.appraisal.facts import Rows, measure_facts
from quotum.engine.appraisal.schemes import CostQuota, Fact
from quotum.engine.appraisal.subjects import Subjects
from quotum.engine.basics.periods import Period

Floats = npt.NDArray[np.float64]

COST_SCHEMA: dict[str, type[pl.DataType]] = {
    # A line a person or unit, item and period, smallest units. kept: what of the saving stays with them; overrun: what
    # is not refunded.
    "person": pl.String, "unit": pl.String, "scheme": pl.String, "item": pl.String, "period": pl.String,
    "since": pl.Date, "until": pl.Date, "basis": pl.String, "quota": pl.Int64, "actual": pl.Int64, "kept": pl.Int64,
    "overrun": pl.Int64,
}  # fmt: skip


def hold_quotas(
    quota: CostQuota, scheme: str, rows: Rows, subjects: Subjects, periods: Sequence[Period],
    heads: Floats, output: Floats, decimals: int,
) -> pl.DataFrame:  # fmt: skip
    """Return what an item was allowed to cost and what it cost (``COST_SCHEMA``).

    ``output`` is what per_10k and percent are taken of, ``heads`` the people per_head counts, both
    (num_subjects, num_periods). Without output there is no quota and no line; without a table of costs neither.
    """
    if rows["costs"].is_empty():  # nobody has saved what nobody wrote down
        return pl.DataFrame(schema=COST_SCHEMA)
    fact = Fact(quota.item, "costs", "sum", "amount_e4", (("item", (quota.item,)),))
    spent = np.nan_to_num(measure_facts(fact, rows, subjects, periods))
    match quota.basis:
        case "per_head":
            allowed = quota.quota * heads
        case "per_10k":
            allowed = quota.quota * output / 10_000
        case "percent":
            allowed = quota.quota * output
        case _:
            allowed = np.full(spent.shape, quota.quota)
    chosen = subjects.chosen(quota)[:, None] & subjects.present(periods) & np.isfinite(allowed)
    who, when = np.nonzero(chosen)
    size = 10**decimals
    whole = np.floor(allowed[chosen] * size + 0.5 + 1e-6).astype(np.int64)
    cost = np.rint(spent[chosen] * size).astype(np.int64)
    saved = np.maximum(whole - cost, 0)
    frame = subjects.frame.select("person", "unit").select(pl.all().gather(who.tolist()))
    return frame.with_columns(
        person=pl.col("person").fill_null(""),
        scheme=pl.lit(scheme), item=pl.lit(quota.item),
        period=pl.Series([periods[i].label for i in when.tolist()], dtype=pl.String),
        since=pl.Series([periods[i].since for i in when.tolist()], dtype=pl.Date),
        until=pl.Series([periods[i].until for i in when.tolist()], dtype=pl.Date),
        basis=pl.lit(quota.basis), quota=pl.Series(whole), actual=pl.Series(cost),
        kept=pl.Series(np.floor(saved * quota.keeps + 1e-9).astype(np.int64)),
        overrun=pl.Series(np.maximum(cost - whole, 0)),
    ).select(list(COST_SCHEMA)).cast(COST_SCHEMA)  # type: ignore[arg-type] # fmt: skip
