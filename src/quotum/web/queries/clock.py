"""Which day it is: the clock's, or the one that a demonstration stands still on."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.utils import timezone


def today() -> date:
    """Return the day on which the web stands."""
    return date.fromisoformat(settings.TODAY) if settings.TODAY else timezone.localdate()
