"""The plan as it was asked of people on a day: without what was changed for later days.

A plan that was made anew tells what was sold in place of what was asked, so nobody could be behind in the months
before. Its changes know from when they count; taken out again, they leave the plan that was in force.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl

from quotum.engine.revisions.draft import Draft
from quotum.engine.revisions.following import follow_rows
from quotum.engine.tables.plan_settings import LAYERS
from quotum.engine.tables.plan_tables import Plan, revision_table


def list_changes_of_force(plan: Plan) -> list[date]:
    """Return the days on which another version of the plan came in force, in order."""
    return revision_table(plan, "changes")["in_force"].drop_nulls().unique().sort().to_list()


def plan_in_force(plan: Plan, day: date) -> Plan:
    """Return the plan that was in force on a day: changes that count from later days are taken out again.

    Rows that only those changes brought are left out; sums, cuts, hedge and pieces are what they were. Raises
    ValueError for a plan whose tables do not belong together.
    """
    changes = revision_table(plan, "changes")
    later = changes.filter(pl.col("in_force") > day)["change"].sort(descending=True).to_list()
    if not later:
        return plan
    draft = Draft.of(plan)
    touched = draft["deltas"].filter(pl.col("change").is_in(later))["row"].unique()
    for change in later:
        draft = draft.take_out(change)
    draft, below, unknown = follow_rows(draft)
    if below or unknown:
        raise ValueError(f"rows {below or unknown} do not follow their changes")
    quotas = draft["quotas"]
    empty = pl.sum_horizontal(*LAYERS) == 0
    left = draft["deltas"]["row"].unique()
    brought = quotas.filter(empty, pl.col("row").is_in(touched.implode()), ~pl.col("row").is_in(left.implode()))["row"]
    kept = ~pl.col("row").is_in(brought.implode())
    made = draft.with_tables(quotas=quotas.filter(kept)).plan
    return replace(made, cuts={step: cut.filter(kept) for step, cut in made.cuts.items()})
