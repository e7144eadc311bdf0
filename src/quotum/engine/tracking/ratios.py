"""Ratios of a review: computed again from the sums of their parts for every node, never averaged."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from quotum.engine.tables.plan_settings import Measure, PlanSettings
from quotum.engine.tables.review_tables import REVIEW_SCHEMAS
from quotum.engine.tables.whole_ratios import divide_amounts

_AMOUNTS = ("target", "plan_to_date", "actual", "last_year", "outlook")
_TOLD = ("target", "plan_to_date", "actual", "outlook")
_KEYS = ("dimension", "node", "level")
ABOVE, BELOW = "numerator", "denominator"
"""The drivers of a ratio: what its two measures moved."""


def list_ratios(settings: PlanSettings) -> list[Measure]:
    """Return the ratios whose parts are both targets."""
    targets = {target.measure for target in settings.targets}
    return [measure for measure in settings.measures.values()
            if measure.kind == "ratio" and {measure.numerator, measure.denominator} <= targets]  # fmt: skip


def tell_ratios(attainment: pl.DataFrame, ratios: Sequence[Measure]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the lines of ``attainment`` and of ``variance`` of the ratios.

    A node is told where target, plan to date, actual and outlook of what it is divided by are not 0. There is no range
    and no chance: the simulated years of the parts do not belong together. The gap is split in two by Shapley: what the
    numerator moved, and the denominator.
    """
    lines, reasons = [], []
    for ratio in ratios:
        both = _join_parts(attainment, ratio)
        told = both.with_columns(divide_amounts(name, ratio.decimals) for name in _AMOUNTS).drop_nulls(list(_TOLD))
        told = told.with_columns(
            in_plan=pl.col("in_plan") & pl.col("in_plan_below"), measure=pl.lit(ratio.name),
            decimals=pl.lit(ratio.decimals, pl.Int64),
            **{name: pl.lit(None, dtype) for name, dtype in REVIEW_SCHEMAS["attainment"].items()
               if name in ("low", "high", "chance", "needed_day", "needed_week")},
        )  # fmt: skip
        lines.append(told.select(list(REVIEW_SCHEMAS["attainment"])))
        reasons.append(_split_gap(both, told, ratio))
    empty = [pl.DataFrame(schema=REVIEW_SCHEMAS[name]) for name in ("attainment", "variance")]
    return pl.concat([empty[0], *lines]), pl.concat([empty[1], *reasons])


def _join_parts(attainment: pl.DataFrame, ratio: Measure) -> pl.DataFrame:
    """Return the numerator's lines with the denominator's beside them, in the numerator's order."""
    above = attainment.filter(measure=ratio.numerator)
    below = attainment.filter(measure=ratio.denominator).select(*_KEYS, "decimals", "in_plan", *_AMOUNTS)
    return above.join(below, on=list(_KEYS), how="inner", suffix="_below", maintain_order="left")


def _split_gap(both: pl.DataFrame, told: pl.DataFrame, ratio: Measure) -> pl.DataFrame:
    """Return what each part moved, in whole units that add up to the gap."""
    size = 10.0 ** (ratio.decimals + pl.col("decimals_below") - pl.col("decimals"))
    rise = pl.col("actual") - pl.col("plan_to_date")
    share = size * rise * (1 / pl.col("plan_to_date_below") + 1 / pl.col("actual_below")) / 2
    moved = both.select(*_KEYS, share=share.round().cast(pl.Int64, strict=False))
    gaps = told.select(*_KEYS, "measure", gap=rise).join(moved, on=list(_KEYS), maintain_order="left")
    parts = [gaps.with_columns(driver=pl.lit(name), amount=amount) for name, amount in
             ((ABOVE, pl.col("share")), (BELOW, pl.col("gap") - pl.col("share")))]  # fmt: skip
    return (
        pl.concat(parts).filter(pl.col("amount") != 0)
        .sort("dimension", "node", "level", pl.col("driver") == BELOW)
        .select(list(REVIEW_SCHEMAS["variance"]))
    )  # fmt: skip
