"""What a plan asks by a day, and in all: the numbers that a review holds actuals against."""

from __future__ import annotations

from datetime import date

import polars as pl

from quotum.engine.slices.requests import Request
from quotum.engine.slices.slicing import cut_slice
from quotum.engine.tables.plan_settings import LEVELS
from quotum.engine.tables.plan_tables import Plan

_ABSENT = ("not_in_plan", "side_by_side")


def sum_to_date(
    plan: Plan, measure: str, by: tuple[str, ...], until: date, *, whole: bool = False
) -> pl.DataFrame | None:
    """Return ``by …, to_date_commit, to_date_stretch``: what is due before ``until``; None where ``by`` is not told.

    ``whole``: ``target_commit`` and ``target_stretch`` of the whole plan besides. Amounts in smallest units; every key
    of the plan is there, also with 0 due.
    """
    settings = plan.settings
    found: pl.DataFrame | None = None
    for level in LEVELS:
        spans = [("to_date", min(until, settings.until))] + ([("target", settings.until)] if whole else [])
        for name, end in spans:
            begun = end > settings.since
            frame, issues = cut_slice(plan, Request(by, None, measure, level, until=end if begun else None))
            if any(issue.rule in _ABSENT for issue in issues):
                return None
            amount = pl.col("amount") if begun else pl.lit(0, pl.Int64)
            part = frame.select(*by, amount.alias(f"{name}_{level}"))
            # Both slices have the same keys in the same order: those of the plan.
            found = part if found is None else found.with_columns(part[f"{name}_{level}"])
    return found


def sum_months(plan: Plan, measure: str, by: tuple[str, ...]) -> pl.DataFrame:
    """Return ``by …, since, until, period, commit, stretch``: what the months of a plan ask, by keys it tells."""
    keys = [*by, "since", "until", "period"]
    commit, stretch = (cut_slice(plan, Request(by, "month", measure, level))[0] for level in LEVELS)
    # Both slices have the same keys in the same order: those of the plan.
    return commit.select(*keys, commit="amount").with_columns(stretch["amount"].alias("stretch"))
