"""The customers on a day and on the same day a year and two years earlier, as arrays side by side."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl

from quotum.engine.customers.classing import Classes, class_customers, name_classes, rank_customers, read_classes
from quotum.engine.customers.purchases import Flags, Longs, Purchases, list_edges
from quotum.engine.customers.rhythm import Rhythm, measure_rhythm
from quotum.engine.customers.states import States, came_back, find_states, find_wanted
from quotum.engine.tables.company import Company
from quotum.engine.tables.customer_settings import CLASS_BASES, Classing, CustomerSettings

NUM_LOOKS = 3
"""Today, a year ago for every change, two years ago because being lost within a year needs the year before it."""


@dataclass(frozen=True, slots=True)
class Year:
    """The customers at the end of a year of twelve months, (num_customers,) each; the year is [since, until).

    ``orders`` are order days within it, ``came_back``: they ended a long silence in it.
    """

    since: int
    until: int
    rhythm: Rhythm
    states: States
    amount_e4: Longs
    costed_e4: Longs
    profit_e4: Longs
    orders: Longs
    came_back: Flags

    @property
    def is_served(self) -> Flags:
        """Tell who ordered within the year."""
        return self.orders > 0

    @property
    def is_new(self) -> Flags:
        """Tell whose first order ever lies in the year."""
        return self.rhythm.first >= self.since


def look_back(company: Company, settings: CustomerSettings, purchases: Purchases, as_of: date) -> list[Year]:
    """Return the years that end on a day, one and two years earlier, latest first.

    Each knows only what was sold up to its own end, so that the day decides and not when the question is asked.
    """
    edges, rules, wanted = list_edges(as_of), settings.states, find_wanted(company, as_of)
    years = []
    for until, since in pairwise(edges[: NUM_LOOKS + 1]):
        rhythm = measure_rhythm(purchases, until - 1, rules)
        ordered = purchases.is_order & (purchases.day >= since) & (purchases.day < until)
        years.append(
            Year(
                since=since,
                until=until,
                rhythm=rhythm,
                states=find_states(rhythm, wanted, rules),
                amount_e4=purchases.sum_between(purchases.amount_e4, since, until),
                costed_e4=purchases.sum_between(purchases.costed_e4, since, until),
                profit_e4=purchases.sum_between(purchases.profit_e4, since, until),
                orders=np.bincount(purchases.customer[ordered], minlength=purchases.num_customers).astype(np.int64),
                came_back=came_back(rhythm, since, rules),
            )
        )
    return years


def list_classes(
    company: Company, classings: tuple[Classing, ...], years: list[Year], *, is_today: bool
) -> list[pl.DataFrame]:
    """Return the classes of every classing in the latest year and the one before it, a column each.

    The class known before is the one in the table customers, which counts only for ``is_today`` and where the classing
    has its name, else that of the year before, taken plain.
    """
    customers = company["customers"]
    ranked = [rank_customers(year.amount_e4, customers["customer"]) for year in years]
    found: list[dict[str, pl.Series]] = [{}, {}]
    for place, classing in enumerate(classings):
        if classing.by not in CLASS_BASES:
            for columns in found:
                columns[classing.name] = customers[classing.by].alias(classing.name)
            continue
        plain = [class_customers(year.amount_e4, order, classing) for year, order in zip(years, ranked, strict=True)]
        for k, columns in enumerate(found):
            last = _known_before(plain[k + 1], years[k + 1])
            if k == 0 and place == 0 and is_today:
                given = read_classes(customers["class"], classing)
                last = np.where(given >= 0, given, last)
            classes = class_customers(years[k].amount_e4, ranked[k], classing, last)
            columns[classing.name] = name_classes(classes, classing, years[k].rhythm.has_ordered)
    return [pl.DataFrame(columns) for columns in found]


def _known_before(classes: Classes, year: Year) -> Classes:
    """Return the classes of customers that had bought by the end of a year, -1 for the others."""
    return np.where(year.rhythm.has_ordered, classes, -1).astype(np.int8)
