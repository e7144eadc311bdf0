"""Minutes of the day with and without the lunch break.

The kernel plans on a clock that stands still at lunch. Lunch is taken between two stops as soon as that clock has come
to its beginning; work that is under way is finished before. So every time has exactly one counterpart.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lunch:
    """The break: its first minute and its length; a length of 0 is no break."""

    start: int
    minutes: int

    def without(self, minute: float) -> float:
        """Return a minute of the day on the clock that stands still at lunch."""
        if minute <= self.start or not self.minutes:
            return minute
        return max(self.start, minute - self.minutes)

    def latest_without(self, minute: float) -> float:
        """Return the last moment at which work may begin so that it does by ``minute``: before lunch or after it."""
        if not self.minutes or minute < self.start:
            return minute
        return minute - self.minutes if minute >= self.start + self.minutes else self.start - 1

    def begin(self, moment: float) -> int:
        """Return the minute of the day at which work begins that begins at ``moment`` of the clock without lunch."""
        return round(moment if moment < self.start or not self.minutes else moment + self.minutes)
