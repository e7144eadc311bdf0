"""Whose a customer is on a day: the figures of people and units are those of the customers they have then."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from quotum.engine.tables.company import Company
from quotum.engine.tables.ownership import list_holdings
from quotum.engine.tables.plan_settings import PlanSettings


def find_owners(company: Company, settings: PlanSettings, as_of: date) -> pl.DataFrame:
    """Return ``person, unit`` of every customer on a day, in the order of the customers table.

    Of several owners it is the one with the largest share, of equal ones the first by key; customers without one belong
    to the vacant place of their unit.
    """
    held = list_holdings(company, replace(settings, since=as_of, until=as_of + timedelta(days=1)))
    main = held.sort("customer", "share", "person", descending=[False, True, False])
    main = main.unique("customer", keep="first", maintain_order=True)
    rows = pl.DataFrame({"customer": pl.int_range(company["customers"].height, dtype=pl.UInt32, eager=True)})
    return rows.join(main, on="customer", how="left", maintain_order="left").select("person", "unit")
