"""Actuals against the plan: who stands where, how it will end, why, and what somebody should do about it."""

from quotum.engine.tracking.attaining import rest_of_plan
from quotum.engine.tracking.contacts import count_contacts_by_month
from quotum.engine.tracking.places import PlanNumbers
from quotum.engine.tracking.tracking import Scene, join_tables, track_measure

__all__ = ["PlanNumbers", "Scene", "count_contacts_by_month", "join_tables", "rest_of_plan", "track_measure"]
