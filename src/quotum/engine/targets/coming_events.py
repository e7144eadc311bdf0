"""Which events that move sales begin soon? They are told with the days that are left to prepare them."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.targets.statements import say_number


def find_coming_events(company: Company, settings: PlanSettings) -> list[Issue]:
    """Return a note for each event that begins within ``lead_days`` after as_of, the nearest first."""
    horizon = settings.as_of + timedelta(days=settings.feasibility.lead_days)
    begins = pl.col("since")
    coming = company["events"].filter((begins > settings.as_of) & (begins <= horizon), pl.col("effect") != 1)
    return [
        Issue(
            rule="event_ahead", severity="note", table="events", value=kind or scope or "",
            details=(("where", scope if kind and scope else ""), ("since", str(since)), ("until", str(until)),
                     ("days", str((since - settings.as_of).days)), ("effect", say_number(effect))),
        )
        for since, until, kind, scope, effect in
        coming.sort("since", "until", "kind", "scope", "effect").select(
            "since", "until", "kind", "scope", "effect").iter_rows()
    ]  # fmt: skip
