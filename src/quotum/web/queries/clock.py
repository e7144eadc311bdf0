"""Which day it is: the clock's, or the one that a demonstration stands still on."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)
"""Days of work lie between these, both included; weeks and months around them are still days of the calendar."""


def today() -> date:
    """Return the day on which the web stands."""
    return date.fromisoformat(settings.TODAY) if settings.TODAY else timezone.localdate()


def now() -> datetime:
    """Return the moment at which the web stands: the clock's time on its day."""
    moment = timezone.localtime()
    return moment if not settings.TODAY else datetime.combine(today(), moment.time(), moment.tzinfo)


def span_of(since: date, until: date) -> tuple[datetime, datetime]:
    """Return the moments from the beginning of ``since`` until the beginning of ``until``."""
    zone = timezone.get_current_timezone()
    return datetime.combine(since, time(), zone), datetime.combine(until, time(), zone)


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())
