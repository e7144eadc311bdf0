"""What plan.toml says beside the targets: given facts, the focus of each quarter, and when feasibility warns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

FACT_GRAINS = ("day", "workday", "week", "tenday", "month", "quarter", "half", "year")
PER_MARKET, PER_LAST_YEAR = "market", "last_year"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that was said beside the targets, in major units; nothing is planned by it, it is only held against.

    A number between ``low`` and ``high`` (None: open) of ``measure``: in all of ``since`` to ``until`` (None: the
    plan's), or ``per`` a grain of time, per one of another measure, per the ``market`` or per ``last_year``. A
    ``yearly`` fact per measure is what one brings in a full year. ``day``, ``names`` and ``parts`` are what was said
    of a date, of the kinds a number counts, and of the parts of a whole.
    """

    measure: str
    low: float | None = None
    high: float | None = None
    per: str = ""
    yearly: bool = False
    since: date | None = None
    until: date | None = None
    day: date | None = None
    names: tuple[str, ...] = ()
    parts: tuple[tuple[str, float], ...] = ()
    source: str = ""  # where it was said

    @property
    def is_number(self) -> bool:
        """Tell whether the fact says how much."""
        return self.low is not None or self.high is not None

    @property
    def is_rate(self) -> bool:
        """Tell whether the number is one per something other than time."""
        return bool(self.per) and self.per not in FACT_GRAINS


@dataclass(frozen=True, slots=True)
class FeasibilitySettings:
    """When feasibility warns; chances and factors as fractions."""

    chance: float = 0.2  # a commit that is less likely than this is a warning
    stretch_chance: float = 0.05
    share_factor: float = 2.0  # a share that must grow by more than this factor is a warning
    own_tolerance: float = 0.1  # how far market.own may be from our own sales of that year
    lead_days: int = 42  # events that begin within so many days after as_of are told
    market: str = ""  # the measure that the market's capacity counts; empty: the first target's
