"""What a review is: immutable tables that hold actuals against a plan on a day, and say why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from quotum.engine.tables.plan_settings import PlanSettings

Schema = dict[str, type[pl.DataType]]

COMPANY = "company"
"""The dimension of the line that stands for everything; its key is empty."""
OUTSIDE = ""
"""The person of a plan without people: its numbers are told by unit, or for the company alone."""

REVIEW_SCHEMAS: dict[str, Schema] = {
    # Who stands where. dimension: company, unit or person; a unit is the sum of all below it. in_plan: the plan has a
    # number for it. plan_to_date, actual, last_year: from the plan's first day up to as_of; amounts in smallest units.
    # outlook, low, high: the likely end of the plan with its range (null: no history); chance: of reaching the target.
    # needed_day, needed_week: what every working day, or five of them, of the rest must bring; null when none is left.
    "attainment": {"dimension": pl.String, "node": pl.String, "unit": pl.String, "measure": pl.String,
                   "level": pl.String, "decimals": pl.Int64, "in_plan": pl.Boolean, "target": pl.Int64,
                   "plan_to_date": pl.Int64, "actual": pl.Int64, "last_year": pl.Int64, "outlook": pl.Int64,
                   "low": pl.Int64, "high": pl.Int64, "chance": pl.Float64, "needed_day": pl.Float64,
                   "needed_week": pl.Float64},
    # Month by month, of flows: what the plan in force on the month's first day asked, what was credited (null: yet to
    # come), and outlook, which is that and the forecast of the rest; due: what the plan of today asks by the month's
    # end; low and high bound the running total at the month's end (null: over, or no history).
    "months": {"dimension": pl.String, "node": pl.String, "measure": pl.String, "level": pl.String,
               "since": pl.Date, "until": pl.Date, "period": pl.String, "decimals": pl.Int64, "target": pl.Int64,
               "actual": pl.Int64, "outlook": pl.Int64, "due": pl.Int64, "low": pl.Int64, "high": pl.Int64},
    # What the rest takes in activity, through the drivers: by measure and level how much of each activity is needed in
    # all, a working day and a week of five, how much there is a week, and how much was made a week in the last four.
    # Plain numbers; null: nothing would do, or nobody writes it down.
    "needed": {"dimension": pl.String, "node": pl.String, "measure": pl.String, "level": pl.String,
               "activity": pl.String, "needed": pl.Float64, "needed_day": pl.Float64, "needed_week": pl.Float64,
               "there_week": pl.Float64, "made_week": pl.Float64},
    # Why: actual − plan_to_date of a node by driver; the drivers of a node add up to it exactly.
    "variance": {"dimension": pl.String, "node": pl.String, "measure": pl.String, "level": pl.String,
                 "driver": pl.String, "amount": pl.Int64},
    # Who made it, who lost it: by person and customer (all of them), and by product where the plan has products.
    "movers": {"dimension": pl.String, "person": pl.String, "key": pl.String, "measure": pl.String,
               "plan_to_date": pl.Int64, "actual": pl.Int64, "gap": pl.Int64, "why": pl.String},
    # What was credited, by day: every sale of the plan's dates up to as_of, once.
    "actuals": {"measure": pl.String, "date": pl.Date, "person": pl.String, "unit": pl.String, "customer": pl.String,
                "product": pl.String, "amount": pl.Int64},
    # Customers who first bought in the plan, and products: what slices group by, for those that the plan has not.
    "newcomers": {"dimension": pl.String, "key": pl.String, "channel": pl.String, "area": pl.String,
                  "class": pl.String, "category": pl.String},
    # What units and people of attainment are called, where they have a name; reviews made before it was kept have none.
    "names": {"dimension": pl.String, "key": pl.String, "name": pl.String},
    # What leads a start page beside attainment, by person; the company's line has the person null. customers: who
    # bought on the plan's dates up to as_of (count), a year earlier (before), now and not then (gained), then and not
    # now (lost); profit: amount and before; projects: open ones and their worth; share: of the market, in 12 months up
    # to as_of and the 12 before, with 4 decimals. What a company has no data of is not there.
    "figures": {"person": pl.String, "figure": pl.String, "decimals": pl.Int64, "count": pl.Int64, "amount": pl.Int64,
                "before": pl.Int64, "gained": pl.Int64, "lost": pl.Int64},
    # What somebody should do: who, about whom, how large in money, since when.
    "warnings": {"rule": pl.String, "person": pl.String, "unit": pl.String, "customer": pl.String, "key": pl.String,
                 "date": pl.Date, "size": pl.Int64, "found": pl.Float64, "limit": pl.Float64},
    # What is owed on as_of, by person and age in days since it was due.
    "receivables": {"person": pl.String, "unit": pl.String, "age": pl.String, "invoices": pl.Int64,
                    "amount": pl.Int64},
    # Cash by person from the plan's first day up to as_of; the company's line has the person null.
    "cash": {"person": pl.String, "invoiced": pl.Int64, "received": pl.Int64, "open": pl.Int64, "overdue": pl.Int64,
             "collection_rate": pl.Float64, "turnover_days": pl.Float64},
    # Contacts made, by person and month: kinds as the company writes them.
    "contacts": {"person": pl.String, "unit": pl.String, "month": pl.Date, "kind": pl.String, "contacts": pl.Int64,
                 "customers": pl.Int64, "with_result": pl.Int64},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Review:
    """A finished review.

    ``settings`` are the plan's own, with ``as_of`` the day of the review: the target in force is what the plan says,
    never worked out anew. ``tables`` are those of ``REVIEW_SCHEMAS`` and ``issues``.
    """

    settings: PlanSettings
    tables: Mapping[str, pl.DataFrame]

    @property
    def as_of(self) -> date:
        """The day up to which the review looks."""
        return self.settings.as_of

    def __getitem__(self, name: str) -> pl.DataFrame:
        """Return the table called ``name``."""
        return self.tables[name]
