"""Public holidays and make-up working days by country, from the package ``holidays``."""

from quotum.adapters.calendars.working_days import list_days, list_working_days

__all__ = ["list_days", "list_working_days"]
