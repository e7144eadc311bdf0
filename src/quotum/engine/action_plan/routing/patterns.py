"""Which sets of days fit a customer's cadence: so many visits, so far apart, softly or strictly, on open days only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spacing:
    """How far apart visits lie, in working days; what lies outside costs ``cost_per_day`` for each day off.

    ``first_max``: the latest day of the first visit (counted from 0), for instance because of the last visit before
    the horizon. ``slack``: by how many days gaps may miss ``gap_min`` and ``gap_max`` at all; 0 makes them strict.
    """

    visits: int
    gap_min: int
    gap_max: int
    first_max: int
    slack: int = 0
    cost_per_day: float = 0.0


def spaced_patterns(
    spacing: Spacing, open_days: Sequence[int], max_patterns: int = 150
) -> list[tuple[tuple[int, ...], float]]:
    """Return the sets of open days that keep the spacing, with their cost.

    Where there are more than ``max_patterns``, the cheapest are kept and among equals ones spread evenly over all of
    them, so that no part of the horizon is left out. No visits at all are one empty pattern.
    """
    days = sorted(set(open_days))
    partial: list[tuple[tuple[int, ...], float]] = [((), 0.0)]
    for k in range(spacing.visits):
        partial = [
            ((*chosen, day), cost + extra)
            for chosen, cost in partial
            for day in days
            if not chosen or day > chosen[-1]
            if (extra := _price(spacing, day, chosen[-1] if k else None)) is not None
        ]
        partial = _thin(partial, 8 * max_patterns)
    return sorted(_thin(partial, max_patterns))


def _price(spacing: Spacing, day: int, before: int | None) -> float | None:
    """What does a visit on this day cost after the one before, or None if it may not be?"""
    if before is None:
        off = max(0, day - spacing.first_max)
    else:
        off = max(0, spacing.gap_min - (day - before), day - before - spacing.gap_max)
    return None if off > spacing.slack else off * spacing.cost_per_day


def _thin(found: list[tuple[tuple[int, ...], float]], most: int) -> list[tuple[tuple[int, ...], float]]:
    if len(found) <= most:
        return found
    ordered = sorted(found, key=lambda pair: (pair[1], pair[0]))
    edge = ordered[most - 1][1]
    cheaper = [pair for pair in ordered if pair[1] < edge]
    equal = [pair for pair in ordered if pair[1] == edge]
    room = most - len(cheaper)
    return cheaper + [equal[i * len(equal) // room] for i in range(room)]
