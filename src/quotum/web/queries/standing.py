"""What is still needed this month, and who is behind by how much: the plan in force against what was sold."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from quotum.web.bridge.standing import Asked, Standing, Standings, tell_standings
from quotum.web.queries.clock import today
from quotum.web.records.models import PlanVersion

_TABLES = ("units", "people", "customers", "products", "ownership")
_FACTS = ("sales", "invoices", "receipts")
_STATE = f"""
WITH plan AS (SELECT id, address, at FROM records_planversion WHERE state = %s AND since <= %s AND until > %s)
SELECT id, address,
    {", ".join(['(SELECT MAX(sequence) FROM records_change WHERE "table" = %s)'] * len(_TABLES))},
    {", ".join(['(SELECT digest FROM records_facttable WHERE "table" = %s)'] * len(_FACTS))}
FROM plan ORDER BY at DESC LIMIT 1
"""
"""One look into the database instead of three: it is made for every first page of everybody in the field."""


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
    asked = ask_for_standings()
    return None if asked is None else tell_standings(asked)


def ask_for_standings() -> Asked | None:
    """Return what standings of today are made of, from one query; None where no plan is in force today."""
    with connection.cursor() as cursor:
        cursor.execute(_STATE, ["in_force", today(), today(), *_TABLES, *_FACTS])
        row = cursor.fetchone()
    if row is None:
        return None
    plan, address, *version = row

    def text() -> str:
        return PlanVersion.objects.values_list("settings_text", flat=True).get(pk=plan)

    return Asked(address, today(), " ".join(map(str, version)), text)


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

