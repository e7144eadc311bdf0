"""Rules on dates: periods that run forwards, a history that reaches the plan, entries that lie in it."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.tables.company import Company
from quotum.engine.tables.findings import finding, findings
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.schema import TABLES

STALE_DAYS = 31
"""Days without a sale before `as_of` after which a history looks cut off."""


def check_periods(company: Company) -> list[Issue]:
    """A period's `until` is the first day that no longer belongs to it, so it lies after `since`."""
    issues = []
    for name, table in TABLES.items():
        if {"since", "until"} <= table.schema.keys():
            frame = company[name]
            wrong = (frame["until"] <= frame["since"]).fill_null(value=False)
            issues += findings(company, name, "until_not_after_since", wrong.arg_true(), column="until")
    return issues


def check_history(company: Company, settings: PlanSettings) -> list[Issue]:
    """Compare the dates of the sales with the last day of history that may be used."""
    dates = company["sales"]["date"]
    as_of = pl.lit(settings.as_of)
    used, after = (
        company["sales"]
        .select(
            pl.col("date").filter(pl.col("date") <= as_of).max().alias("used"),
            (pl.col("date") > as_of).sum().alias("after"),
        )
        .row(0)
    )
    if dates.null_count() == len(dates):
        return []
    issues = []
    details = (
        ("as_of", str(settings.as_of)),
        ("last", str(used or "")),
        ("rows", str(after)),
        ("latest", str(dates.max())),
    )
    if used is None:
        issues.append(finding(company, "sales", "history_missing", severity="warning", column="date", details=details))
    elif used < settings.as_of - timedelta(days=STALE_DAYS):
        issues.append(finding(company, "sales", "history_ends_early", severity="warning", column="date", value=used,
                              details=details))  # fmt: skip
    if after:
        issues.append(finding(company, "sales", "history_after_as_of", severity="warning", column="date",
                              value=dates.max(), details=details))  # fmt: skip
    return issues


def check_plan_dates(company: Company, settings: PlanSettings) -> list[Issue]:
    """Locks, totals, proposals and events that do not touch the plan are of no effect."""
    issues = []
    details = (("since", str(settings.since)), ("until", str(settings.until)))
    for name in ("locks", "totals", "proposals", "events"):
        frame = company[name]
        late = (frame["since"] >= settings.until).fill_null(value=False)
        early = (frame["until"] <= settings.since).fill_null(value=False)
        # Events of the past explain the history; only those after the plan are in vain.
        outside = late if name == "events" else late | early
        issues += findings(
            company, name, "outside_plan", outside.arg_true(), column="since", severity="warning", details=details
        )
    return issues
