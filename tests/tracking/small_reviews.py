"""Reviews of small firms for tests: a plan for 2027 and what happened since, in a line or two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

import polars as pl

from quotum.adapters.calendars import list_days
from quotum.engine.planning import calendar_span, review_plan
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_tables import Plan
from quotum.engine.tables.review_tables import Review
from small_company import table


def with_sales(company: Company, more: Iterable[Mapping[str, object]]) -> Company:
    """Return the company with further sales."""
    return Company({**company.tables, "sales": pl.concat([company["sales"], table("sales", more)])})


def review(company: Company, plan: Plan, as_of: str, *, known: list | None = None) -> Review:
    """Return the review of a day; it must be possible."""
    day = date.fromisoformat(as_of)
    settings = replace(plan.settings, as_of=day)
    days, _ = list_days(settings.country, *calendar_span(settings))
    made, issues = review_plan(company, plan, days, day, known)
    assert made is not None, issues
    return made


def standing(made: Review, dimension: str = "person", level: str = "commit") -> dict[str, dict[str, object]]:
    """Return the line of each node of a dimension, by its key."""
    frame = made["attainment"].filter((pl.col("dimension") == dimension) & (pl.col("level") == level))
    return {line["node"]: line for line in frame.iter_rows(named=True)}


def drivers(made: Review, node: str, dimension: str = "person", level: str = "commit") -> dict[str, int]:
    """Return the drivers of a node."""
    wanted = (pl.col("dimension") == dimension) & (pl.col("node") == node) & (pl.col("level") == level)
    return dict(made["variance"].filter(wanted).select("driver", "amount").iter_rows())
