"""Who owns which customer in which part of the plan: dated, shared, never a day without an owner.

A *holding* is one person's hold on one customer over a window of the plan. The holdings of a customer cover every day
of the plan with shares that add up to 1; days that nobody covers belong to ``vacant:<unit>``.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import PlanSettings

VACANT = "vacant:"
_FULL_SHARE = 1 - 1e-9


def vacant(unit: str) -> str:
    """Name the reserved member that stands for customers of ``unit`` without an owner."""
    return VACANT + unit


def list_holdings(company: Company, settings: PlanSettings) -> pl.DataFrame:
    """Return who holds which customer when: ``customer, person, unit, since, until, share``, sorted.

    ``customer`` is the position in the customers table. Ownership wins over customers.person; an owner counts only
    between hired and left, and what that leaves open is vacant in the owner's unit (in the top unit for a customer that
    nobody ever had).
    """
    since, until = settings.since, settings.until
    customers = company["customers"].select("customer", "person").with_row_index("position")
    owned = _dated_owners(company, customers, since, until)
    people = company["people"].select("person", "unit", "hired", "left")
    held = (
        owned.join(people, on="person", how="left", maintain_order="left")
        .with_columns(
            since=pl.max_horizontal("since", "hired"),
            until=pl.min_horizontal("until", "left"),
        )
        .drop("hired", "left")
    )
    whole = held.filter((pl.col("since") == since) & (pl.col("until") == until) & (pl.col("share") == 1.0))
    partly = held.join(whole.select("customer"), on="customer", how="anti")
    top = company["units"].filter(pl.col("parent").is_null())["unit"].sort().to_list()
    nobody = customers.join(owned.select("customer").unique(), left_on="position", right_on="customer", how="anti")
    home = pl.concat(
        [
            partly.group_by("customer").agg(pl.col("unit").sort_by("since").first()),
            nobody.select(customer="position", unit=pl.lit(top[0] if top else None, pl.String)),
        ]
    )
    kept = partly.filter(pl.col("since") < pl.col("until"))
    return pl.concat([whole, kept, _vacancies(kept, home, since, until)]).sort("customer", "since", "until", "person")


def _dated_owners(company: Company, customers: pl.DataFrame, since: date, until: date) -> pl.DataFrame:
    """Return ``customer, person, since, until, share`` clipped to the plan, before employment is looked at."""
    dated = (
        company["ownership"]
        .join(customers.select("customer", "position"), on="customer", how="inner")
        .select(
            customer="position",
            person="person",
            since=pl.max_horizontal("since", pl.lit(since)),
            until=pl.min_horizontal(pl.col("until").fill_null(until), pl.lit(until)),
            share=pl.col("share").fill_null(1.0),
        )
    )
    plain = (
        customers.join(dated.select("customer").unique(), left_on="position", right_on="customer", how="anti")
        .filter(pl.col("person").is_not_null())
        .select(customer="position", person="person", since=pl.lit(since), until=pl.lit(until), share=pl.lit(1.0))
    )
    return pl.concat([plain, dated.filter(pl.col("since") < pl.col("until"))])


def _vacancies(held: pl.DataFrame, home: pl.DataFrame, since: date, until: date) -> pl.DataFrame:
    """Return the holdings of nobody: for each customer of ``home`` the days whose shares are below 1."""
    edges = pl.concat(
        [
            held.select("customer", date="since"),
            held.select("customer", date="until"),
            home.select("customer", date=pl.lit(since)),
            home.select("customer", date=pl.lit(until)),
        ]
    )
    stretches = (
        edges.unique()
        .sort("customer", "date")
        .with_columns(until=pl.col("date").shift(-1).over("customer"))
        .drop_nulls("until")
    )
    covered = (
        stretches.join(held, on="customer", how="inner", suffix="_held")
        .filter((pl.col("since") <= pl.col("date")) & (pl.col("until_held") >= pl.col("until")))
        .group_by("customer", "date")
        .agg(pl.col("share").sort().sum())
    )
    return (
        stretches.join(covered, on=["customer", "date"], how="left")
        .with_columns(share=1.0 - pl.col("share").fill_null(0.0))
        .filter(pl.col("share") > 1 - _FULL_SHARE)
        .join(home, on="customer", how="inner")
        .select(
            "customer", person=pl.lit(VACANT) + pl.col("unit"), since="date", until="until", share="share", unit="unit"
        )
        .select("customer", "person", "since", "until", "share", "unit")
    )
