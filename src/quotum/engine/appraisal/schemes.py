"""What an appraisal goes by: dated schemes of scorecards, commissions and cost quotas. Data, never code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

INFINITE = float("inf")
SCORES = ("proportional", "steps", "deduct", "bonus", "pass", "rated")
"""How a line is scored: as far as the target was met, by steps, by deductions an event, by a bonus, all or nothing, as
people rated it (also tests and surveys)."""
MISSING = ("zero", "reweight", "full")
"""What a line without data counts: nothing, what the other lines count, or all of its weight."""
HOWS = ("sum", "count", "mean", "distinct", "kept", "last")
WINDOWS = ("period", "so_far", "year", "year_before", "end")
VETO_LEVELS = ("person", "head", "unit")
VOIDS = ("award", "promotion", "score")
QUOTA_BASES = ("amount", "per_head", "per_10k", "percent")
BASES_OF_COMMISSION = {"ordered": "sales", "signed": "projects", "delivered": "invoices", "collected": "receipts"}


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of numbers with a name or a value; both ends belong to it unless they say otherwise."""

    name: str = ""
    low: float = -INFINITE
    high: float = INFINITE
    low_in: bool = True
    high_in: bool = True
    value: float = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether no number lies in it."""
        return self.low > self.high or (self.low == self.high and not (self.low_in and self.high_in))


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure taken from the rows of one table: ``how`` they are summed up, ``where`` says which of them.

    ``window``: the rows of the period, all up to its end, the twelve months up to its end, the twelve before those, or
    what holds at its end. ``on`` is the column of the date where it is not the table's usual one.
    """

    name: str
    table: str
    how: str = "count"
    column: str = ""
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    window: str = "period"
    on: str = ""


@dataclass(frozen=True, slots=True)
class Indicator:
    """One KPI: what it means, in which unit, and a formula of facts and other indicators. No formula: a definition is
    still asked for; ``asks`` says which."""

    name: str
    formula: str = ""
    about: str = ""
    unit: str = ""
    asks: str = ""
    less_is_better: bool = False


@dataclass(frozen=True, slots=True)
class Deduction:
    """The points an event of a kind costs; ``share`` of them is borne by the heads of the unit as well."""

    kind: str
    points: float
    severity: str = ""
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator on a scorecard: how much it counts, and how it is scored.

    ``floor`` and ``cap`` are parts of the weight. ``target`` is a formula; empty: the figure itself is what is scored.
    ``parts`` name who shares it, with the part of each; ``from_scorecard`` takes another scorecard's mean score.
    """

    indicator: str
    weight: float
    score: str = "proportional"
    target: str = ""
    floor: float = 0.0
    cap: float | None = None
    start: float = 0.0  # attainment below which nothing but the floor is given
    steps: tuple[Band, ...] = ()
    deductions: tuple[Deduction, ...] = ()
    each: float = 0.0  # of a bonus: points for each one beyond `above`; 0: `most` at once
    above: float = 0.0
    most: float = INFINITE
    scale: float = 100.0  # of ratings: the best there is
    missing: str = ""
    owner: str = ""
    supplies: str = ""
    supervises: str = ""
    parts: tuple[tuple[str, float], ...] = ()
    from_scorecard: str = ""


@dataclass(frozen=True, slots=True)
class Veto:
    """Events that void something, whatever the score: for the person, the unit's heads, or everybody in the unit."""

    kinds: tuple[str, ...]
    voids: tuple[str, ...] = ("award", "promotion")
    levels: tuple[str, ...] = ("person",)
    severities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pay:
    """What a score does to performance pay: full from ``full_at``, in proportion below down to ``lowest``, ``step``
    more for each point above. ``amount_minor``: what the full pay of a period is; None: only the factor is told."""

    full_at: float = 85.0
    lowest: float = 0.0
    step: float | None = None
    most: float | None = None
    amount_minor: int | None = None
    coefficients: tuple[tuple[str, float], ...] = ()  # by role


@dataclass(frozen=True, slots=True)
class LastPlace:
    """What is said of the last ones of a ranking: a part of them, and only those below a score."""

    part: float
    below: float = INFINITE
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Improvement:
    """What a fail opens: a plan with a deadline, and what follows if it is missed."""

    below: float
    days: int = 30
    consequence: str = ""


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A weighted set of indicators for some people or units, with its own period and its own effect."""

    name: str
    lines: tuple[Line, ...]
    of: str = "person"  # or unit
    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    units: tuple[str, ...] = ()  # and what lies below them
    kinds: tuple[str, ...] = ()  # of units
    every: str = "month"
    effect: str = ""
    missing: str = "zero"
    floor: float | None = None
    cap: float | None = None
    weights: float = 100.0
    bands: tuple[Band, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    pay: Pay | None = None
    last: LastPlace | None = None
    improve: Improvement | None = None
    head_roles: tuple[str, ...] = ("manager", "head")


@dataclass(frozen=True, slots=True)
class Commission:
    """Pay by the amount: marginal ``tiers`` of attainment, factors for new customers, categories, margins and products.

    ``tiers`` hold the rate as their value; with a ``target`` (a formula) they go by amount ÷ target, else by the amount
    in major units. Beyond ``accelerate_from`` rates are multiplied by ``accelerator``.
    """

    name: str
    on: str = "ordered"
    roles: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    every: str = "month"
    target: str = ""
    tiers: tuple[Band, ...] = ()
    accelerate_from: float = INFINITE
    accelerator: float = 1.0
    new_factor: float = 1.0
    new_months: int = 12
    factors: tuple[tuple[str, str, float], ...] = ()  # (product | category, key, factor)
    margins: tuple[Band, ...] = ()
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class CostQuota:
    """A budget for a variable cost item; what is saved is kept in part, what is overrun is not refunded."""

    item: str
    quota: float
    basis: str = "amount"
    of: str = "unit"
    people: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    every: str = "month"
    keeps: float = 1.0
    fixed: bool = False
    output: str = "revenue"


@dataclass(frozen=True, slots=True)
class Said:
    """What the written scheme says of one thing in one place: a number, or a range that leaves it open."""

    what: str
    low: float
    high: float
    used: float | None = None
    where: str = ""


@dataclass(frozen=True, slots=True)
class Handover:
    """An indicator handed down from a post to those below it, with the part of each."""

    indicator: str
    post: str
    to: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """An indicator at the top: whose it is, and how much. Of a ratio everybody has the whole target; parts are of the
    responsibility for it."""

    indicator: str
    post: str
    target: float = 1.0
    ratio: bool = False


@dataclass(frozen=True, slots=True)
class Scheme:
    """The rules that hold from a date on. Of several with the same name the latest that has begun is in force."""

    name: str
    since: date
    until: date | None = None
    file: str = ""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    indicators: Mapping[str, Indicator] = field(default_factory=dict)
    scorecards: tuple[Scorecard, ...] = ()
    commissions: tuple[Commission, ...] = ()
    cost_quotas: tuple[CostQuota, ...] = ()
    said: tuple[Said, ...] = ()
    posts: Mapping[str, str] = field(default_factory=dict)
    goals: tuple[Goal, ...] = ()
    handovers: tuple[Handover, ...] = ()


def in_force(schemes: tuple[Scheme, ...], day: date) -> tuple[Scheme, ...]:
    """Return the schemes that score a period beginning on a day: of each name the latest one that has begun."""
    found: dict[str, Scheme] = {}
    for scheme in sorted(schemes, key=lambda scheme: (scheme.since, scheme.file)):
        if scheme.since <= day:
            found[scheme.name] = scheme
    return tuple(s for s in found.values() if s.until is None or day < s.until)
