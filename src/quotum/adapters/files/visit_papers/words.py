"""Every word of the visit papers, so that translations have one place to follow."""

from __future__ import annotations

from datetime import date

WORDS = {
    "people": "People", "people_title": "Visits by person", "person": "Person", "name": "Name", "total": "Total",
    "customers": "Customers", "days": "Days out", "open_days": "Working days", "visits": "Visits",
    "appointments": "Fixed dates", "calls": "Calls", "travel": "Driving, min", "service": "With customers, min",
    "missed": "Missed", "span": "{since} to {until}",
    "month_title": "Monthly visit plan {month}: {person}", "marks": "● visit   ◆ fixed date   ☎ call",
    "number": "No.", "customer": "Customer", "class": "Class", "address": "Place", "every": "Every",
    "planned": "Planned", "actual": "Actual", "purpose": "Purpose",
    "not_planned": "not planned",
    "made": "Made by: ____________________", "checked": "Checked: ____________________",
    "approved": "Approved: ____________________", "signed_on": "Date: ______________",
    "week_title": "Week {week}: {person}", "days_sheet": "Days", "days_title": "Day by day: {person}",
    "day": "Day", "from": "From", "to": "To", "what": "What", "way": "Way, min", "result": "Result",
    "entry_start": "leave", "entry_end": "home", "entry_hotel": "hotel", "entry_lunch": "lunch",
    "entry_visit": "visit", "entry_call": "call", "entry_appointment": "fixed date",
    "why_class": "class", "why_stage": "project:", "why_prospect": "prospect:", "why_round": "round",
    "why_appointment": "fixed date",
}  # fmt: skip
_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def weekday_word(day: date) -> str:
    """Return the short name of a day of the week."""
    return _WEEKDAYS[day.weekday()]
