"""The settings of a plan: small frozen objects, the same whether they come from plan.toml or from a page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from quotum.engine.tables.customer_settings import CustomerSettings
from quotum.engine.tables.driver_settings import DriverSettings
from quotum.engine.tables.feasibility_settings import Fact, FeasibilitySettings
from quotum.engine.tables.forecast_settings import ForecastSettings
from quotum.engine.tables.replan_settings import ReplanSettings
from quotum.engine.tables.visit_settings import VisitSettings
from quotum.engine.tables.warning_settings import WarningSettings

LAYERS = ("commit", "extra")
LEVELS = ("commit", "stretch")
HEDGE, HEDGED = "hedge", "hedged"
"""The layer that managers hand down on top of commit, and the level of both; only plans whose steps hedge have it."""
MAX_AMOUNT_MINOR = 2**53
"""Targets of 2^53 smallest units or more are refused: beyond it a float no longer holds every whole number."""

Bases = tuple[tuple[str, float], ...]
"""A weighted mix: (basis, weight) pairs; one basis alone has the weight 1."""
ACTUALS = ("sales", "invoices", "receipts", "projects")
"""What a review counts for a measure: what was sold, billed, paid, or won."""
MeasureKind = Literal["flow", "level", "ratio"]


@dataclass(frozen=True, slots=True)
class Measure:
    """What is counted: a flow adds up over members and time, a level over members only, a ratio is recomputed."""

    name: str
    kind: MeasureKind = "flow"
    decimals: int = 0
    history: str = "amount"  # what its history is taken from: amount, quantity, margin, orders, customers
    numerator: str = ""  # of a ratio: measure names
    denominator: str = ""
    tolerance: float | None = None  # of a ratio that is a price: how far a product may be from its own, 0.1 is 10 %
    floors: dict[str, float] = field(default_factory=dict)  # of a ratio: the least by category
    actual: str = "sales"  # the table a review counts: one of ACTUALS

    @property
    def is_money(self) -> bool:
        """Whether its amounts are in the plan's currency; a ratio's are not, though its parts may be."""
        return self.kind != "ratio" and self.history in ("amount", "margin")


@dataclass(frozen=True, slots=True)
class Target:
    """The number at the top, in smallest units."""

    measure: str
    commit_minor: int
    stretch_minor: int
    follows: str = ""  # the measure it follows through prices: its total is then the sum of the pieces

    @property
    def extra_minor(self) -> int:
        """What the stretch asks beyond the commitment."""
        return self.stretch_minor - self.commit_minor

    def of_level(self, level: str) -> int:
        """Return what a layer or a level is at the top."""
        return {"commit": self.commit_minor, "extra": self.extra_minor}.get(level, self.stretch_minor)


@dataclass(frozen=True, slots=True)
class AcrossStep:
    """A split over members. ``of`` names the step whose members are split; empty for the first step."""

    name: str
    across: str
    of: str = ""
    basis: Bases = (("history", 1.0),)
    fallback: str = "equal"  # the basis used where all weights of a parent are 0
    floor: float | None = None  # × the same dates a year earlier
    cap: float | None = None
    stretch_cap: float | None = None
    lot_minor: dict[str, int] = field(default_factory=dict)  # by measure; 0 or absent: no lots
    members: tuple[str, ...] = ()  # only these; what is left goes to the reserved member `other`
    weights: dict[str, float] = field(default_factory=dict)  # of the basis manual
    measures: tuple[str, ...] = ()  # only for these measures; empty: all
    hedge: float = 1.0  # what the members get together, as a factor on what their parents have
    reconcile: str = ""  # "proposals": members who proposed something move towards it


@dataclass(frozen=True, slots=True)
class AlongStep:
    """A split over time: the members of the step before it become rows with curves of their own."""

    name: str
    of: str = ""
    along: str = "calendar"
    season: str = "history"  # history | flat | table
    rates: tuple[float, ...] = ()  # of season = "table": twelve, January first
    weekdays: tuple[float, ...] = (1, 1, 1, 1, 1, 0, 0)
    holiday: float = 0.0  # weight of a public holiday; shops peak then
    shrink: float = 30.0  # k in n/(n+k): sales lines a month at which a row's own season counts half


Step = AcrossStep | AlongStep


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """Everything plan.toml says, checked and in the engine's types."""

    name: str
    since: date
    until: date  # half open
    as_of: date
    targets: tuple[Target, ...]
    steps: tuple[Step, ...]
    measures: dict[str, Measure]  # the built-in ones and those of the file
    country: str = ""
    currency: str = "EUR"
    currency_decimals: int = 2
    fiscal_start: int = 1
    seed: int = 1
    history_years: tuple[int, ...] = (3, 2, 1)  # weight of the same dates one, two, three … years earlier
    hedge_cap: float | None = None  # of the product of the steps' hedges
    ramp: tuple[float, ...] = (0.25, 0.5, 0.75)  # of a new person's first months; then 1
    rates: dict[str, int] = field(default_factory=dict)  # plan rates in 10^-10: what one of another currency is worth
    customers: CustomerSettings = field(default_factory=CustomerSettings)
    facts: tuple[Fact, ...] = ()
    focus: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by quarter: what it is about
    feasibility: FeasibilitySettings = field(default_factory=FeasibilitySettings)
    forecast: ForecastSettings = field(default_factory=ForecastSettings)
    drivers: DriverSettings = field(default_factory=DriverSettings)
    visits: VisitSettings = field(default_factory=VisitSettings)
    replan: ReplanSettings = field(default_factory=ReplanSettings)
    warnings: WarningSettings = field(default_factory=WarningSettings)


def list_hedges(settings: PlanSettings, measure: str) -> list[AcrossStep]:
    """Return the steps before the rows that hand down more of a measure than they got, from the top down."""
    along = next((i for i, step in enumerate(settings.steps) if isinstance(step, AlongStep)), len(settings.steps))
    return [
        step
        for step in settings.steps[:along]
        if isinstance(step, AcrossStep) and step.hedge != 1.0 and (not step.measures or measure in step.measures)
    ]
