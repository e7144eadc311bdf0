"""What a customer is on a day: lead, prospect, new, stable, won back, dormant or lost, by the company's own rules."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.customers.purchases import Flags, Floats, day_number, day_of
from quotum.engine.customers.rhythm import Rhythm
from quotum.engine.tables.company import Company
from quotum.engine.tables.customer_settings import StateRules

STATES = ("lead", "prospect", "new", "stable", "won_back", "dormant", "lost")
LEAD, PROSPECT, NEW, STABLE, WON_BACK, DORMANT, LOST = range(len(STATES))
ACTIVE = (NEW, STABLE, WON_BACK)

States = npt.NDArray[np.int8]


def find_states(rhythm: Rhythm, wanted: Flags, rules: StateRules) -> States:
    """Return the state of every customer at the end of the rhythm's day, (num_customers,) positions in ``STATES``.

    Everybody is in exactly one: who never ordered is a prospect where something is ``wanted``, else a lead; of the
    others silence is asked first (lost, dormant), then whether they came back, then how long they have been here.
    """
    silence, has_ordered = rhythm.silence, rhythm.has_ordered
    states = np.full(len(silence), STABLE, dtype=np.int8)
    states[rhythm.first >= _months_back(rhythm.day, rules.new_months)] = NEW
    states[came_back(rhythm, _months_back(rhythm.day, rules.won_back_months), rules)] = WON_BACK
    states[silence > np.maximum(rules.dormant * rhythm.interval, rules.dormant_days)] = DORMANT
    states[silence > lost_after(rhythm, rules)] = LOST
    states[~has_ordered] = np.where(wanted[~has_ordered], PROSPECT, LEAD)
    return states


def lost_after(rhythm: Rhythm, rules: StateRules) -> Floats:
    """Return the days of silence after which each customer counts as lost, (num_customers,)."""
    return np.maximum(rules.lost * rhythm.interval, rules.lost_days)


def came_back(rhythm: Rhythm, since: int, rules: StateRules) -> Flags:
    """Tell who ordered again from a day on after a silence as long as a lost customer's, (num_customers,)."""
    back = np.zeros(len(rhythm.orders), dtype=np.bool_)
    long = rhythm.gap_days > lost_after(rhythm, rules)[rhythm.gap_customer]
    back[rhythm.gap_customer[long & (rhythm.gap_end >= since)]] = True
    return back


def find_wanted(company: Company, as_of: date) -> Flags:
    """Tell of whom something is known that they want: a demand, a time to order, a project or an activity.

    What the customers table says has no date and counts for every day; projects and activities count from theirs on.
    """
    customers = company["customers"]
    said = (customers["monthly_demand"] > 0).fill_null(value=False) | customers["days_to_order"].is_not_null()
    projects = company["projects"].filter(pl.col("since").is_null() | (pl.col("since") <= as_of))["customer"]
    met = company["activities"].filter(pl.col("date") <= as_of)["customer"]
    named = pl.concat([projects, met]).drop_nulls().unique()
    return (said | customers["customer"].is_in(named.implode())).to_numpy()


def _months_back(day: int, months: int) -> int:
    """Return the first of the last ``months`` months that end with a day."""
    end = pl.Series([day_of(day + 1)], dtype=pl.Date)
    return day_number(end.dt.offset_by(f"-{months}mo")[0])
