"""How big a sample is, and the days it covers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

FIRST_DAY = date(2024, 1, 1)
AS_OF = date(2026, 12, 31)
PLAN_SINCE = date(2027, 1, 1)
PLAN_UNTIL = date(2028, 1, 1)
NUM_HISTORY_DAYS = (PLAN_SINCE - FIRST_DAY).days
NUM_DAYS = (PLAN_UNTIL - FIRST_DAY).days
"""Days are counted from FIRST_DAY; those from NUM_HISTORY_DAYS on lie in the plan year."""
LINES_PER_CUSTOMER = 15
NEVER = 10**6
"""A day number that no date reaches."""


@dataclass(frozen=True, slots=True)
class Size:
    """Counts of one size. ``branching``: members below each unit, from the company down."""

    name: str
    num_people: int
    num_customers: int
    num_products: int
    branching: tuple[int, ...]
    file_format: str  # csv | parquet
    has_activities: bool = False
    has_invoices: bool = False


SIZES = {
    size.name: size
    for size in (
        Size("small", 12, 300, 60, (2, 2), "csv", has_activities=True, has_invoices=True),
        Size("medium", 200, 20_000, 200, (4, 5), "csv", has_activities=True),
        Size("large", 2_000, 200_000, 400, (6, 6, 4), "parquet"),
        Size("huge", 10_000, 1_000_000, 800, (8, 8, 8), "parquet"),
    )
}


def stream(seed: int, topic: int, part: int = 0) -> np.random.Generator:
    """Return the chance of one topic: each topic has a stream of its own, so that changing one leaves the others."""
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, topic, part])))
