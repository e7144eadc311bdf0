"""The sample's plan.toml, commented for somebody who sees one for the first time."""

from __future__ import annotations

import math

_TEXT = """\
# The plan of a made-up company, {people:,} people and {customers:,} customers. Change anything and plan again:
#
#     quotum check {folder}
#     quotum plan {folder} --out plan
#     quotum show plan --by unit,person --grain quarter
#     quotum explain plan --person {person}

[plan]
name = "恒光家居 2027"
since = 2027-01-01          # the plan's first day …
until = 2028-01-01          # … and the first day after it
as_of = 2026-12-31          # last day of history that may be used
country = "CN"              # whose public holidays and make-up days count
currency = "CNY"            # amounts below are in yuan; the plan is exact to the fen
fiscal_start = 1            # month in which quarters, halves and years begin
seed = {seed}

# The number at the top. 2026 brought {last_year:,.0f}; commit must be met, stretch is the goal above it.
[[target]]
measure = "revenue"
commit = {commit:_}         # about +10 %
stretch = {stretch:_}        # about +20 %

# The steps split the target, one after the other.

# 1. Over the organisation, by what each unit's customers bought before.
[[step]]
across = "unit"
basis = "history"

# 2. Within a unit over its people. A mix takes its parts one by one: six tenths after the history of the customers they
#    own, three tenths after what these customers could buy, one tenth after people's own ability.
#    Nobody with a history gets less than 0.7 or more than 1.6 times what the same customers brought a year before.
[[step]]
across = "person"
basis = {{ history = 0.6, potential = 0.3, ability = 0.1 }}
floor = 0.7
cap = 1.6

# 3. Over the days. Each person's year follows the season of the customers' history, weekdays and holidays, promotions
#    (table events) and when the person is there (hired, left, absences).
[[step]]
along = "calendar"
season = "history"          # or "flat"
weekdays = [1, 1, 1, 1, 1, 0.4, 0.4]   # Monday first; stores and online sell on weekends too

# 4. Cuts come after the calendar: they say who and what a person's number is made of, and follow that person's days.
[[step]]
across = "customer"
of = "person"
basis = "history"

[[step]]
across = "product"
of = "person"
basis = "history"

{drivers}
# What each quarter is about: one focus a quarter. `quotum check {folder} --feasible` asks for it.
[focus]
"2027-Q1" = "win back customers who have gone quiet"
"2027-Q2" = "first-class customers"
"2027-Q3" = "new customers"
"2027-Q4" = "collect what is due"

# What else was said of the year is held against the targets, the market, last year and each other.
# [[fact]]
# measure = "revenue"
# at_least = 450_000
# per = "month"
# source = "the board's letter"

# How customers are classed (quotum customers): here the best who bring half of all sales, then up to 0.8, up to 0.95.
# [classes]
# names = ["VIP", "first", "second", "other"]
# limits = [0.5, 0.8, 0.95]

# How the coming year is forecast (quotum forecast): methods that compete, and how many of 100 years a range holds.
# [forecast]
# methods = ["same_period", "trend", "theta"]
# range = 0.9

# What a unit of another currency is worth, where amounts of a table are in one (column currency).
# [rates]
# USD = 7.10

# How often customers are to be seen: working days between two visits, and between two calls, by class.
[cadence]
VIP = 5
A = 10
B = 20
C = 40
[cadence.calls]
B = 10
C = 20

# Visits of any month: `quotum plan-visits {folder} --out january --until 2027-02-01`. Take the marks away and
# `quotum plan` plans those of these days with the numbers.
# [visits]
# since = 2027-01-01
# until = 2027-02-01
# effort = "quick"
"""


_DRIVERS = """
# What the number takes: quotum drivers {folder}. Known values come from the tables, with their errors.
[drivers]
revenue = "orders * average_order"
orders = "visits * orders_per_visit"
visits = "person_days * visits_each_day"
visits_each_day = {{ estimate = "visits_made_per_day", each = "person", high = 12 }}
orders_per_visit = {{ estimate = "orders_per_visit", high = 1 }}
average_order = {{ estimate = "average_order" }}

[capacity]
visits = "visits_there"     # visits a day of the table people, times their days
"""


def round_up_to(amount: float, digits: int) -> int:
    """Return ``amount`` rounded up to ``digits`` leading digits: targets are round numbers."""
    step: int = 10 ** max(0, math.floor(math.log10(amount)) + 1 - digits)
    return math.ceil(amount / step) * step


def plan_text(
    *, people: int, customers: int, folder: str, person: str, last_year: float, seed: int, with_drivers: bool
) -> str:
    """Return the text of plan.toml; ``last_year`` is what 2026 brought, in yuan. Drivers need the table activities."""
    drivers = _DRIVERS.format(folder=folder) if with_drivers else ""
    commit, stretch = round_up_to(last_year * 1.1, 3), round_up_to(last_year * 1.2, 3)
    return _TEXT.format(
        people=people, customers=customers, folder=folder, person=person, last_year=last_year, seed=seed,
        commit=commit, stretch=stretch, drivers=drivers,
    )  # fmt: skip
