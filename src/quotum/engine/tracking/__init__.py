"""Actuals against the plan: who stands where, how it will end, why, and what somebody should do about it."""

from quotum.engine.tracking.attaining import rest_of_plan
from quotum.engine.tracking.places import PlanNumbers
from quotum.engine.tracking.sources import count_as_sales
from quotum.engine.tracking.tracking import Scene, finish_review, join_tables, track_measure

__all__ = ["PlanNumbers", "Scene", "count_as_sales", "finish_review", "join_tables", "rest_of_plan", "track_measure"]
