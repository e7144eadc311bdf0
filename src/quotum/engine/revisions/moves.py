"""Who has what after planning anew, and why: one line for each holder of numbers, one column for each reason."""

from __future__ import annotations

import polars as pl

from quotum.engine.tables.plan_tables import Plan, revision_table

REASONS = ("handover", "actuals", "own", "siblings")
"""What the year of a holder changed by: customers handed over, what was sold, its own months ahead, others' gaps."""


def list_moves(before: Plan, after: Plan) -> pl.DataFrame:
    """Return ``measure, layer, unit, person, before, <reason> …, after`` of everybody whose year or months moved.

    Amounts in smallest units; before + reasons = after.
    """
    last = revision_table(before, "changes")["change"].max()
    changes = revision_table(after, "changes").filter(pl.col("change") > (last if isinstance(last, int) else 0))
    named = changes.select("change", reason=pl.when(pl.col("operation").is_in(REASONS)).then("operation").otherwise(
        pl.lit("own")))  # fmt: skip
    keys = ["measure", "layer", "unit", "person"]
    rows = after["quotas"].select("row", "measure", "unit", "person")
    deltas = revision_table(after, "deltas").join(named, on="change").join(rows, on="row")
    sums = deltas.group_by(*keys, "reason").agg(pl.col("delta").sum())
    moved = sums.select(keys).unique().sort(*keys)
    for reason in REASONS:
        own = sums.filter(pl.col("reason") == reason).select(*keys, pl.col("delta").alias(reason))
        moved = moved.join(own, on=keys, how="left", nulls_equal=True, maintain_order="left")
    was = before["quotas"].unpivot(["commit", "extra"], index=["measure", "unit", "person"], variable_name="layer",
                                   value_name="before")  # fmt: skip
    was = was.group_by(keys).agg(pl.col("before").sum())
    told = moved.join(was, on=keys, how="left", nulls_equal=True, maintain_order="left")
    told = told.with_columns(pl.col("before", *REASONS).fill_null(0))
    return told.select(*keys, "before", *REASONS, after=pl.sum_horizontal("before", *REASONS))
