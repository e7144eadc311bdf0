"""Who owns which customer in which part of the plan: dated, shared, never a day without an owner.

A *holding* is one person's hold on one customer over a window of the plan. The holdings of a customer cover every day
of the plan with shares that add up to 1; days that nobody covers belong to ``vacant:<unit>``.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from quotum.engine.tables.company import Company
from quotum.engine.tables.people_rules import SHARE_TOLERANCE
from quotum.engine.tables.plan_settings import PlanSettings

VACANT = "vacant:"
_HOLDING = ["customer", "unit", "since", "until", "share"]


def vacant(unit: str) -> str:
    """Name the reserved member that stands for customers of ``unit`` without an owner."""
    return VACANT + unit


def list_holdings(company: Company, settings: PlanSettings) -> pl.DataFrame:
    """Return who holds which customer when: ``customer, person, unit, since, until, share``, sorted.

    ``customer`` is the position in the customers table. Ownership wins over customers.person. An owner counts only
    between hired and left; what that leaves open is vacant in the owner's unit. Days that ownership itself leaves open
    are vacant in the unit of the owner before, or else after; a customer nobody has is vacant in the top unit.
    """
    since, until = settings.since, settings.until
    customers = company["customers"].select("customer", "person").with_row_index("position")
    people = company["people"].select("person", "unit", "hired", "left")
    owned = _dated_owners(company, customers, since, until).join(people, on="person", how="left", maintain_order="left")
    covered = _cover(owned, since, until)
    owned = _fill_shares(owned, covered)
    held = owned.with_columns(since=pl.max_horizontal("since", "hired"), until=pl.min_horizontal("until", "left"))
    whole = held.filter((pl.col("since") == since) & (pl.col("until") == until) & (pl.col("share") == 1.0))
    partly = owned.join(whole.select("customer"), on="customer", how="anti")
    kept = held.join(whole.select("customer"), on="customer", how="anti").filter(pl.col("since") < pl.col("until"))
    top = company["units"].filter(pl.col("parent").is_null())["unit"].sort().to_list()
    nobody = customers.join(owned.select("customer").unique(), left_on="position", right_on="customer", how="anti")
    vacancies = pl.concat(
        [
            partly.filter(pl.col("hired") > pl.col("since")).with_columns(until=pl.min_horizontal("hired", "until")),
            partly.filter(pl.col("left") < pl.col("until")).with_columns(since=pl.max_horizontal("left", "since")),
        ]
    ).select(_HOLDING)
    gaps = _find_gaps(partly, covered.join(partly.select("customer").unique(), on="customer", how="semi"))
    unheld = nobody.select(
        customer="position", unit=pl.lit(top[0] if top else None, pl.String), since=pl.lit(since), until=pl.lit(until),
        share=pl.lit(1.0),
    ).select(_HOLDING)  # fmt: skip
    nobodys = pl.concat([vacancies, gaps, unheld]).select(
        "customer", pl.concat_str(pl.lit(VACANT), "unit").alias("person"), "unit", "since", "until", "share"
    )
    names = nobodys.columns
    return pl.concat([whole.select(names), kept.select(names), nobodys]).sort(
        "customer", "since", "until", "person", "share"
    )


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


def _cover(owned: pl.DataFrame, since: date, until: date) -> pl.DataFrame:
    """Return the stretches between changes of owner, with the sum of the owners' shares: ``since, until, share``."""
    customers = owned.filter((pl.col("since") > since) | (pl.col("until") < until) | (pl.col("share") < 1))
    customers = customers.select("customer").unique()
    owned = owned.join(customers, on="customer", how="semi")
    edges = pl.concat(
        [
            owned.select("customer", date="since"),
            owned.select("customer", date="until"),
            customers.with_columns(date=pl.lit(since)),
            customers.with_columns(date=pl.lit(until)),
        ]
    )
    stretches = (
        edges.unique()
        .sort("customer", "date")
        .select("customer", since="date", until=pl.col("date").shift(-1).over("customer"))
        .drop_nulls("until")
    )
    shares = (
        stretches.join(owned, on="customer", how="inner", suffix="_owned")
        .filter((pl.col("since_owned") <= pl.col("since")) & (pl.col("until_owned") >= pl.col("until")))
        .group_by("customer", "since")
        .agg(pl.col("share").sort().sum())
    )
    return stretches.join(shares, on=["customer", "since"], how="left").with_columns(pl.col("share").fill_null(0.0))


def _fill_shares(owned: pl.DataFrame, covered: pl.DataFrame) -> pl.DataFrame:
    """Return the owners with shares that were cut short, such as 0.333 three times, stretched to 1 together."""
    near = (pl.col("whole") - 1.0).abs() <= SHARE_TOLERANCE
    return (
        owned.join(
            covered.select("customer", "since", whole="share"),
            on=["customer", "since"],
            how="left",
            maintain_order="left",
        )
        .with_columns(share=pl.when(near).then(pl.col("share") / pl.col("whole")).otherwise(pl.col("share")))
        .drop("whole")
    )


def _find_gaps(owned: pl.DataFrame, covered: pl.DataFrame) -> pl.DataFrame:
    """Return the days on which the shares of a customer's owners are below 1, as holdings of nobody in a unit."""
    gaps = (
        covered.select("customer", "since", "until", share=1.0 - pl.col("share"))
        .filter(pl.col("share") > SHARE_TOLERANCE)
        .sort("since", "customer")
    )
    units = owned.sort("since", "customer", "person").unique(["customer", "since"], keep="first", maintain_order=True)
    units = units.select("customer", "since", "unit")
    before = gaps.join_asof(units, on="since", by="customer", strategy="backward", check_sortedness=False)
    after = gaps.join_asof(units, on="since", by="customer", strategy="forward", check_sortedness=False)
    return gaps.with_columns(unit=before["unit"].fill_null(after["unit"])).select(_HOLDING)
