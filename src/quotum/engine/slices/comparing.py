"""Two plans side by side: the same slice of both, and what differs."""

from __future__ import annotations

import polars as pl

from quotum.engine.basics.issues import Issue, stops
from quotum.engine.slices.requests import Request, planned_measures
from quotum.engine.slices.slicing import cut_slice
from quotum.engine.tables.plan_tables import Plan


def compare_plans(
    before: Plan, after: Plan, request: Request, *, everything: bool = False
) -> tuple[pl.DataFrame, list[Issue]]:
    """Return the slice of both plans beside each other and what is wrong with the question.

    Columns: the ``by`` keys, ``since, until, period, measure, level, before, after, difference, decimals``; amounts are
    Int64 in smallest units. Keys and periods that only one of the plans has count 0 in the other. Only lines that
    differ, unless ``everything``. Plans that do not count the measure in the same unit are an error.
    """
    name = request.measure or next((m for m in planned_measures(before.settings) if m in after.settings.measures), "")
    kinds = [plan.settings.measures[name] for plan in (before, after) if name in planned_measures(plan.settings)]
    if len(kinds) == 2 and (kinds[0].decimals, kinds[0].kind) != (kinds[1].decimals, kinds[1].kind):
        return pl.DataFrame(), [Issue(rule="plans_count_differently", value=name)]
    asked = Request(request.by, request.grain, name or None, request.level, request.under, request.since, request.until)
    old, issues = cut_slice(before, asked)
    new, found = cut_slice(after, asked)
    issues = list(dict.fromkeys([*issues, *found]))
    if stops(issues):
        return pl.DataFrame(), issues
    on = [name for name in old.columns if name not in ("amount", "last_year", "decimals")]
    both = old.drop("last_year").join(
        new.select(*on, pl.col("amount").alias("after"), pl.col("decimals").alias("decimals_after")),
        on=on, how="full", coalesce=True, nulls_equal=True,
    )  # fmt: skip
    frame = both.select(
        *on,
        pl.col("amount").fill_null(0).alias("before"),
        pl.col("after").fill_null(0),
        difference=pl.col("after").fill_null(0) - pl.col("amount").fill_null(0),
        decimals=pl.coalesce("decimals", "decimals_after"),
    ).sort(*on[: on.index("since")], "since", nulls_last=True)
    return (frame if everything else frame.filter(pl.col("difference") != 0)), issues
