"""How long is the way when nobody knows better: the great circle, longer by a factor, at a steady speed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from quotum.engine.action_plan.person_tasks import Floats, Place

_EARTH_KM = 6371.0088
_NEXT_DOOR_KM = 0.03
_HAIR = 1e-3
"""Part of the way that is added to whole minutes: among ways of as many minutes the shorter one is taken."""


@dataclass(frozen=True, slots=True)
class GreatCircle:
    """Whole minutes between places, at least one unless they are next door, and a hair more for longer ones.

    Callable as ``TravelMinutes``. Whoever writes times rounds the hair away.
    """

    factor: float = 1.3
    kmh: float = 40.0

    def __call__(self, places: Sequence[Place], keys: Sequence[str]) -> Floats:  # noqa: ARG002
        """Return (num_places, num_places) minutes."""
        kilometres = great_circle_km(places)
        raw = kilometres * (self.factor * 60.0 / self.kmh)
        minutes: Floats = np.maximum(np.rint(raw), kilometres > _NEXT_DOOR_KM) + np.minimum(raw * _HAIR, 0.1)
        np.fill_diagonal(minutes, 0.0)
        return minutes


def great_circle_km(places: Sequence[Place]) -> Floats:
    """Return the kilometres between all places by the haversine formula."""
    lat, lon = np.radians(np.array(places, np.float64).reshape(-1, 2)).T
    half = (
        np.sin((lat[:, None] - lat) / 2) ** 2
        + np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    )
    kilometres: Floats = 2 * _EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return kilometres
