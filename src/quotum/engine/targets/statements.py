"""Numbers that were said of the same thing, brought to the same stretch of time: facts, targets, rates times counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from quotum.engine.tables.feasibility_settings import FACT_GRAINS, Fact

GRAINS_A_YEAR = {
    "day": 365.0, "workday": 260.0, "week": 52.0, "tenday": 36.0, "month": 12.0, "quarter": 4.0, "half": 2.0,
    "year": 1.0,
}  # fmt: skip
"""How many of each grain a year has on average; the year of the trade has 52 weeks of five days."""
_SHORT = ("day", "workday", "week")


@dataclass(frozen=True, slots=True)
class Statement:
    """How much of a measure: between ``low`` and ``high`` (None: open) per ``grain``, or in all where it is empty."""

    measure: str
    low: float | None
    high: float | None
    grain: str
    since: date
    until: date
    said: str  # the figures in signs: ≥ 10/month, 2,000 × 50,000

    def scaled(self, factor: float) -> tuple[float | None, float | None]:
        """Return low and high times a factor."""
        low = None if self.low is None else self.low * factor
        return low, None if self.high is None else self.high * factor

    @property
    def number(self) -> float:
        """Return the one number that stands for it: the lower end, or the upper where there is none."""
        return float(self.low if self.low is not None else self.high or 0.0)


def list_statements(facts: Sequence[Fact], since: date, until: date) -> list[Statement]:
    """Return the facts that say how much, per a grain of time or in all of their dates."""
    return [
        Statement(fact.measure, fact.low, fact.high, fact.per, fact.since or since, fact.until or until, say_fact(fact))
        for fact in facts
        if fact.is_number and not fact.is_rate
    ]


def count_grains(grain: str, since: date, until: date) -> float:
    """Return how many of a grain fit into [since, until); whole years count as above, short grains by days else."""
    months = count_months(since, until)
    if grain in _SHORT and months % 12:
        days = (until - since).days
        return {"day": float(days), "week": days / 7, "workday": days * 5 / 7}[grain]
    return months / 12 * GRAINS_A_YEAR[grain]


def count_months(since: date, until: date) -> float:
    """Return the months of [since, until): whole ones, and a part of the last by its days."""
    whole = (until.year - since.year) * 12 + until.month - since.month
    return whole + (until.day - since.day) / 30.5


def bring_together(one: Statement, other: Statement) -> tuple[Statement, Statement] | None:
    """Return both over the same stretch of time, None where that would be guessing.

    Two paces meet at the longer grain, a pace and a sum over the dates of the sum. Sums of other dates do not meet,
    nor does a pace with a stretch shorter than itself.
    """
    if one.grain and other.grain:
        grain = max(one.grain, other.grain, key=FACT_GRAINS.index)
        return _per(one, grain), _per(other, grain)
    if not one.grain and not other.grain:
        return (one, other) if (one.since, one.until) == (other.since, other.until) else None
    pace, total = (one, other) if one.grain else (other, one)
    if count_grains(pace.grain, total.since, total.until) < 1:
        return None
    whole = in_all(pace, total.since, total.until)
    return (whole, other) if one.grain else (one, whole)


def in_all(statement: Statement, since: date, until: date) -> Statement:
    """Return a pace as the sum it makes in [since, until); a sum as it is."""
    if not statement.grain:
        return statement
    low, high = statement.scaled(count_grains(statement.grain, since, until))
    return replace(statement, low=low, high=high, grain="", since=since, until=until)


def _per(pace: Statement, grain: str) -> Statement:
    low, high = pace.scaled(GRAINS_A_YEAR[pace.grain] / GRAINS_A_YEAR[grain])
    return replace(pace, low=low, high=high, grain=grain)


def say_fact(fact: Fact) -> str:
    """Return the figures of a fact in signs: ``≥ 10/month``, ``8,000–10,000/month``, ``10 (→ 2027-08-01)``."""
    per = f"/{fact.per}" if fact.per else ""
    dates = f" ({fact.since or ''}→{fact.until or ''})" if fact.since or fact.until else ""
    return f"{say_range(fact.low, fact.high)}{per}{dates}"


def say_range(low: float | None, high: float | None) -> str:
    """Return ``20–25``, ``≥ 10``, ``≤ 5`` or one number."""
    if low is None:
        return f"≤ {say_number(high or 0.0)}"
    if high is None:
        return f"≥ {say_number(low)}"
    return say_number(low) if low == high else f"{say_number(low)}–{say_number(high)}"


def say_number(value: float) -> str:
    """Return a number as people read it: 120,579, 583.3, 12.25, 0.13."""
    places = next(places for least, places in ((10_000, 0), (100, 1), (1, 2), (0, 4)) if abs(value) >= least)
    text = f"{value:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def say_share(part: float) -> str:
    """Return 0.125 as ``12.5 %``."""
    return f"{say_number(round(100 * part, 1))} %"


def say_factor(factor: float) -> str:
    """Return 4.46 as ``4.5``."""
    return say_number(round(factor, 1))
