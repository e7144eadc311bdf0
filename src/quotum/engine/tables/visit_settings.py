"""What plan.toml says about field work: how often who is seen, when people drive, what a missed visit costs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Effort = Literal["quick", "normal", "thorough"]
EFFORTS: tuple[Effort, ...] = ("quick", "normal", "thorough")
Assign = Literal["vacant", "all", "none"]
ASSIGNS: tuple[Assign, ...] = ("none", "vacant", "all")


@dataclass(frozen=True, slots=True)
class Cadence:
    """Working days between two contacts. A customer takes the shortest of those that fit it."""

    classes: dict[str, int] = field(default_factory=dict)
    stages: dict[str, int] = field(default_factory=dict)  # by the stage of a project
    prospects: dict[str, int] = field(default_factory=dict)  # by the place in the prospects' quadrant
    calls: dict[str, int] = field(default_factory=dict)  # calls by class, besides visits
    everyone: int = 0  # the slow round: nobody is seen less often; 0: no round

    @property
    def is_given(self) -> bool:
        """Whether anybody is to be seen at all."""
        return bool(self.classes or self.stages or self.prospects or self.calls or self.everyone)


@dataclass(frozen=True, slots=True)
class ClassCosts:
    """What it is worth to see customers of a class in time, in minutes of driving."""

    missed: float = 300.0  # a visit that is left out
    late: float = 15.0  # each working day beyond the tolerance
    early: float = 5.0
    minutes: int = 0  # of a visit, where the customer says nothing; 0: the usual ones


@dataclass(frozen=True, slots=True)
class Travel:
    """How long the way takes: a file of one's own, a routing service, or the great circle × factor ÷ speed."""

    factor: float = 1.3
    kmh: float = 40.0
    file: str = ""  # columns from, to, minutes
    url: str = ""  # of an OSRM or Valhalla service
    service: Literal["osrm", "valhalla"] = "osrm"
    timeout_seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class VisitSettings:
    """What [cadence], [visits] and [travel] say. Minutes of the day count from midnight."""

    cadence: Cadence = field(default_factory=Cadence)
    since: date | None = None  # None: the plan's first day
    until: date | None = None
    effort: Effort = "quick"
    day: tuple[int, int] = (510, 1080)  # work begins, ends
    visits_from: int = 0  # visits begin not before; 0: with the day, after its calls
    lunch: tuple[int, int] = (720, 60)  # from, minutes; 0 minutes: no break
    minutes: int = 30  # of a visit
    call_minutes: int = 6
    visits_per_day: int = 10  # where people says nothing
    calls_per_day: int = 30
    per_day: dict[str, int] = field(default_factory=dict)  # most visits a day by class, or to new and old customers
    tolerance: float = 0.25  # part of the cadence by which visits may be early or late at no cost
    costs: ClassCosts = field(default_factory=ClassCosts)
    classes: dict[str, ClassCosts] = field(default_factory=dict)
    even_weeks: float = 30.0  # minutes of driving for a visit less in a week with twice its share; 0: never
    overnight_after: int = 90  # minutes from home after which a night away is weighed; 0: never
    overnight_cost: int = 120
    assign: Assign = "none"
    change_cost: float = 15.0  # minutes of driving that a moved visit must save when a plan is made anew
    travel: Travel = field(default_factory=Travel)

    def cost_of(self, customer_class: str | None, detail: str = "") -> ClassCosts:
        """Return what a class's visits are worth; where it says nothing, those of a stage or of a prospect's place."""
        return self.classes.get(customer_class or "", self.classes.get(detail, self.costs))

    def days_of_tolerance(self, every: int) -> int:
        """Return by how many working days a contact may be early or late at no cost."""
        return max(1, round(every * self.tolerance))

    @property
    def wanted(self) -> bool:
        """Whether plan.toml asks for visits with the plan: it has [visits] and a cadence."""
        return self.since is not None and self.cadence.is_given
