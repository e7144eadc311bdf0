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

# How often customers are to be seen: working days between two visits, by class. Take the marks away to plan visits.
# [cadence]
# VIP = 5
# A = 10
# B = 20
# C = 40
#
# [visits]
# since = 2027-01-01
# until = 2027-02-01
# effort = "quick"
"""


def round_up_to(amount: float, digits: int) -> int:
    """Return ``amount`` rounded up to ``digits`` leading digits: targets are round numbers."""
    step: int = 10 ** max(0, math.floor(math.log10(amount)) + 1 - digits)
    return math.ceil(amount / step) * step


def plan_text(*, people: int, customers: int, folder: str, person: str, last_year: float, seed: int) -> str:
    """Return the text of plan.toml; ``last_year`` is what 2026 brought, in yuan."""
    commit, stretch = round_up_to(last_year * 1.1, 3), round_up_to(last_year * 1.2, 3)
    return _TEXT.format(
        people=people, customers=customers, folder=folder, person=person, last_year=last_year, seed=seed,
        commit=commit, stretch=stretch,
    )  # fmt: skip
