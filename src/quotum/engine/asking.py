"""What was asked in each month: by the plan in force then, not by the one of today.

A plan knows its own changes and from when they count (``revisions.in_force``). One that was made from scratch in the
middle of its year knows what the plan before it asked until then, if it was told which one that was.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.revisions import list_changes_of_force, plan_in_force
from quotum.engine.slices.to_date import sum_months
from quotum.engine.tables.plan_settings import LEVELS
from quotum.engine.tables.plan_tables import GIVEN_SCHEMAS, Plan

EARLIER = GIVEN_SCHEMAS["earlier"]
_WAYS = (("unit", "person"), ("person",), ("unit",), ())


def follow_plan(plan: Plan, before: Plan) -> tuple[Plan, list[Issue]]:
    """Return a plan that takes over from another on the day after its as_of: months begun by then stay as asked.

    Plans of other dates or another currency, or with a measure that the new one does not have, are told.
    """
    one, other = ((p.settings.since, p.settings.until, p.settings.currency) for p in (plan, before))
    if one != other:
        words = (" to ".join((str(since), str(until))) + f", {currency}" for since, until, currency in (one, other))
        new, old = words
        return plan, [Issue(rule="follows_other_dates", table="plan", value=old, details=(("wanted", new),))]
    until = plan.settings.as_of + timedelta(days=1)
    if until <= plan.settings.since:
        details = (("since", str(plan.settings.since)),)
        return plan, [Issue(rule="follows_before_plan", table="plan", value=str(plan.settings.as_of), details=details)]
    asked = [pl.DataFrame(schema=EARLIER)]
    for measure in dict.fromkeys(target.measure for target in before.settings.targets):
        by = next(by for by in _WAYS if _is_told(before, measure, by))
        months = _by_version(before, measure, by, until).filter(pl.col("since") < until)
        named = months.with_columns(
            pl.lit(measure).alias("measure"),
            *(pl.lit(None, pl.String).alias(name) for name in ("unit", "person") if name not in by),
        )
        asked.append(named.select(list(EARLIER)))
    return replace(plan, tables={**plan.tables, "earlier": pl.concat(asked)}), []


def months_as_asked(whole: Plan, plan: Plan, measure: str, by: tuple[str, ...], as_of: date) -> pl.DataFrame:
    """Return ``by …, since, until, period, commit, stretch, now_commit, now_stretch``: each month as it was asked.

    A month has the number of the plan in force on its first day; ``now_`` is what ``plan`` asks of it, the one in force
    on as_of. ``whole`` knows all changes and the plan before, if there was one.
    """
    now = sum_months(plan, measure, by)
    asked = _by_version(whole, measure, by, as_of + timedelta(days=1))
    earlier = list_earlier(whole, measure, by)
    if earlier.height:
        asked = pl.concat([earlier, asked.filter(pl.col("since") > earlier["since"].max())])
    keys = [*by, "since", "until", "period"]
    told = now.rename({level: f"now_{level}" for level in LEVELS})
    both = asked.join(told, on=keys, how="full", coalesce=True, nulls_equal=True)
    return both.with_columns(pl.exclude(keys).fill_null(0)).sort(keys)


def list_earlier(plan: Plan, measure: str, by: tuple[str, ...]) -> pl.DataFrame:
    """Return ``by …, since, until, period, commit, stretch`` of the months that a plan before it asked.

    Empty where there was none, or where it was not split by these keys.
    """
    keys = [*by, "since", "until", "period"]
    lines = plan["earlier"].filter(measure=measure) if "earlier" in plan.tables else pl.DataFrame(schema=EARLIER)
    if any(lines[name].null_count() for name in by):
        lines = lines.clear()
    return lines.group_by(keys).agg(pl.col(LEVELS).sum()).sort(keys)


def _by_version(whole: Plan, measure: str, by: tuple[str, ...], until: date) -> pl.DataFrame:
    """Return the months of a plan, each by the version in force on its first day; from ``until`` on by that of then."""
    changes = [day for day in list_changes_of_force(whole) if whole.settings.since < day < until]
    parts = []
    for since, end in pairwise([date.min, *changes, date.max]):
        version = plan_in_force(whole, until - timedelta(days=1) if end == date.max else end - timedelta(days=1))
        months = sum_months(version, measure, by)
        parts.append(months.filter(pl.col("since") >= since, pl.col("since") < end))
    return pl.concat(parts)


def _is_told(plan: Plan, measure: str, by: tuple[str, ...]) -> bool:
    """Tell whether every row of a measure has these keys."""
    rows = plan["quotas"].filter(measure=measure)
    return not any(rows[name].null_count() for name in by)
