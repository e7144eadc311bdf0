"""What is still needed this month, and who is behind by how much: the plan in force against what was sold."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max

from quotum.web.bridge.standing import Standing, Standings, tell_standings
from quotum.web.queries.clock import today
from quotum.web.queries.plans import find_plan_in_force
from quotum.web.records.models import Change, FactTable


@dataclass(frozen=True, slots=True)
class Needed:
    """What somebody still needs this month, in smallest units; ``each_day`` for each working day left."""

    measure: str
    currency: str
    decimals: int
    target: int
    due: int
    actual: int
    needed: int
    each_day: int
    days_left: int

    @property
    def percent(self) -> int:
        """What has come, in hundredths of the target."""
        return self.actual * 100 // self.target if self.target else 0

    @property
    def is_behind(self) -> bool:
        """Whether less has come than was due by today."""
        return self.actual < self.due


def find_standings() -> Standings | None:
    """Return where everybody stands today by the plan in force; None where there is none, or none for today."""
    plan = find_plan_in_force()
    if plan is None or not plan.since <= today() < plan.until:
        return None
    return tell_standings(plan.address, plan.settings_text, today(), _version())


def needed_of(person: str, standings: Standings | None) -> Needed | None:
    """Return what a person still needs this month; None where the plan has no number for them."""
    if standings is None or (standing := standings.people.get(person)) is None or not standing.month:
        return None
    needed = max(standing.month - standing.month_actual, 0)
    each_day = -(-needed // standings.days_left) if standings.days_left else needed
    return Needed(standings.measure, standings.currency, standings.decimals, standing.month, standing.month_due,
                  standing.month_actual, needed, each_day, standings.days_left)  # fmt: skip


def behind(standing: Standing) -> int:
    """Return by how much somebody's month lies below what was due by today; above it is negative."""
    return standing.month_due - standing.month_actual


def _version() -> str:
    """Return a name of the state of the tables that numbers are made of."""
    facts = FactTable.objects.filter(table__in=("sales", "invoices", "receipts")).order_by("table")
    tables = ("units", "people", "customers", "products", "ownership")
    last = Change.objects.filter(table__in=tables).aggregate(last=Max("sequence"))["last"]
    return f"{last} {' '.join(facts.values_list('digest', flat=True))}"



