"""Calls and visits made: by customer for the reasons of a gap, by person and month for the statistics."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from quotum.engine.basics.periods import years_before
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.review_tables import REVIEW_SCHEMAS
from quotum.engine.tables.sales_values import positions

NO_RESULT = ("", "none", "no")
"""Results that say that a contact brought nothing."""


def count_contacts_by_customer(company: Company, settings: PlanSettings) -> pl.DataFrame:
    """Return what customers saw of people: ``customer, contacts, contacts_before, contacts_year``.

    That is on the plan's dates up to as_of, on the same dates a year earlier, and in the whole year before the plan.

    ``customer`` is the position in the customers table; customers never seen have no line.
    """
    until = min(settings.as_of + timedelta(days=1), settings.until)
    activities = company["activities"]
    at = pl.Series(positions(activities["customer"], company["customers"]["customer"]), dtype=pl.Int32)
    seen = activities.select("date", customer=at).filter(pl.col("customer") >= 0)
    day = pl.col("date")
    now = (day >= settings.since) & (day < until)
    first = years_before(settings.since, 1)
    before = (day >= first) & (day < years_before(until, 1))
    year = (day >= first) & (day < settings.since)
    counts = seen.filter(day >= first).group_by("customer").agg(
        contacts=now.sum(), contacts_before=before.sum(), contacts_year=year.sum()
    )
    return counts.with_columns(pl.exclude("customer").cast(pl.Int64)).sort("customer")


def count_contacts_by_month(company: Company, settings: PlanSettings) -> pl.DataFrame:
    """Return the table ``contacts``: how many of each kind a person made in each month of the plan up to as_of."""
    until = min(settings.as_of + timedelta(days=1), settings.until)
    made = company["activities"].filter((pl.col("date") >= settings.since) & (pl.col("date") < until))
    units = company["people"].select("person", "unit")
    result = pl.col("result").fill_null("").str.strip_chars().str.to_lowercase()
    return (
        made.join(units, on="person", how="left")
        .group_by("person", "unit", month=pl.col("date").dt.truncate("1mo"), kind=pl.col("kind").fill_null(""))
        .agg(
            contacts=pl.len().cast(pl.Int64),
            customers=pl.col("customer").drop_nulls().n_unique().cast(pl.Int64),
            with_result=(~result.is_in(list(NO_RESULT))).sum().cast(pl.Int64),
        )
        .sort("person", "unit", "month", "kind")
        .select(list(REVIEW_SCHEMAS["contacts"]))
    )
