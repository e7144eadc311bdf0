"""Who sees whom from when to when: dated ownership, the newest project, or people to whom customers are given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import groupby, pairwise
from operator import itemgetter

import polars as pl

from quotum.engine.action_plan.assigning import assign_customers
from quotum.engine.tables.company import Company
from quotum.engine.tables.ownership import VACANT, list_holdings
from quotum.engine.tables.plan_settings import PlanSettings
from quotum.engine.tables.visit_settings import VisitSettings

OWNER_SCHEMA = {"customer": pl.String, "owner": pl.String, "since": pl.Date, "until": pl.Date}

Held = tuple[int, str, date, date, float]
"""A holding: customer's number, person, since, until, share."""


def list_owners(
    company: Company, settings: PlanSettings, visits: VisitSettings, since: date, until: date
) -> pl.DataFrame:
    """Return ``customer, owner, since, until``: who sees whom in the days from ``since`` until before ``until``.

    Customers of nobody are left out, and so are days on which nobody has them. Who is given a customer of nobody keeps
    it until its next owner comes; where all are given anew, for the whole time.
    """
    owned = find_visitors(company, settings, since, until)
    first = owned.filter(pl.col("since") == since).select("customer", "owner")
    if visits.assign == "none":
        return owned
    given = assign_customers(company, visits, first, since).with_columns(since=pl.lit(since), until=pl.lit(until))
    if visits.assign == "all":
        return given
    coming = owned.group_by("customer").agg(next=pl.col("since").min())
    new = given.join(first, on="customer", how="anti").join(coming, on="customer", how="left")
    new = new.with_columns(until=pl.col("next").fill_null(until)).drop("next")
    return pl.concat([owned, new]).sort("customer", "since")


def find_visitors(company: Company, settings: PlanSettings, since: date, until: date) -> pl.DataFrame:
    """Return who owns whom, dated: ``OWNER_SCHEMA``.

    Of several owners it is the one with the largest share, of equal ones the first by key; who has none at all belongs
    to the person of the newest project.
    """
    held = list_holdings(company, replace(settings, since=since, until=until))
    alone = (pl.col("since") == since) & (pl.col("until") == until) & (pl.col("share") == 1.0)
    simple = held.filter(alone)
    others = held.join(simple, on="customer", how="anti").sort("customer", "since", "until", "person")
    rows = others.select("customer", "person", "since", "until", "share").iter_rows()
    dated = [(customer, *span) for customer, own in groupby(rows, itemgetter(0)) for span in _main_owners(list(own))]
    keys = company["customers"].select("customer").with_row_index("position")
    schema = {"position": pl.UInt32, "owner": pl.String, "since": pl.Date, "until": pl.Date}
    owned = pl.concat([
        simple.select(position="customer", owner="person", since="since", until="until").cast({"position": pl.UInt32}),
        pl.DataFrame(dated, schema=schema, orient="row"),
    ]).filter(~pl.col("owner").str.starts_with(VACANT)).join(keys, on="position", how="inner")  # fmt: skip
    projects = company["projects"].drop_nulls(["customer", "person"]).sort("since", "project", nulls_last=False)
    newest = projects.unique("customer", keep="last", maintain_order=True).select(
        "customer", owner="person", since=pl.lit(since), until=pl.lit(until)
    )
    theirs = newest.join(owned, on="customer", how="anti").join(keys, on="customer", how="semi")
    return pl.concat([owned.select(list(OWNER_SCHEMA)), theirs]).sort("customer", "since")


def _main_owners(held: list[Held]) -> Iterator[tuple[str, date, date]]:
    """Yield the main owner of each stretch of one customer's holdings; stretches of one owner are joined."""
    edges = sorted({day for _, _, since, until, _ in held for day in (since, until)})
    stretches = []
    for begin, end in pairwise(edges):
        own = [(-share, person) for _, person, since, until, share in held if since <= begin and end <= until]
        if own:
            stretches.append((min(own)[1], begin, end))
    for person, spans in groupby(stretches, itemgetter(0)):
        listed = list(spans)
        yield person, listed[0][1], listed[-1][2]
