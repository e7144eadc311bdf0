"""Where travel minutes come from: the great circle, a matrix file, or a routing service."""

from __future__ import annotations

from pathlib import Path

from quotum.adapters.travel_times.matrix_file import read_matrix
from quotum.adapters.travel_times.routing_service import RoutingService
from quotum.engine.action_plan.person_tasks import TravelMinutes
from quotum.engine.action_plan.travel_ways import GreatCircle
from quotum.engine.basics.issues import Issue
from quotum.engine.tables.visit_settings import Travel

__all__ = ["open_travel"]


def open_travel(settings: Travel, folder: Path, cache: Path | None = None) -> tuple[TravelMinutes, list[Issue]]:
    """Return what gives travel minutes as [travel] asks for, and what is wrong with it.

    A matrix file lies in ``folder``; answers of a service are kept in ``cache``.
    """
    usual = GreatCircle(settings.factor, settings.kmh)
    if settings.file:
        matrix, issues = read_matrix(folder / settings.file, usual)
        return matrix or usual, issues
    if settings.url:
        return RoutingService(settings.url, settings.service, settings.timeout_seconds, usual, cache), []
    return usual, []
