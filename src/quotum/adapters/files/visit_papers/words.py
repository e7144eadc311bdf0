"""Every word of the visit papers, so that translations have one place to follow."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

WORDS = {
    "people": "People", "people_title": "Visits by person", "person": "Person", "name": "Name", "total": "Total",
    "customers": "Customers", "days": "Days out", "open_days": "Working days", "visits": "Visits",
    "appointments": "Fixed dates", "calls": "Calls", "travel": "Driving, min", "service": "With customers, min",
    "missed": "Missed", "span": "{since} to {until}",
    "month_title": "Monthly visit plan {month}: {person}", "marks": "● visit   ◆ fixed date   ☎ call",
    "number": "No.", "customer": "Customer", "class": "Class", "address": "Address", "every": "Every",
    "visits_planned": "Visits planned", "calls_planned": "Calls planned", "visits_made": "Visits made",
    "calls_made": "Calls made", "purpose": "Purpose",
    "every_means": "Every: working days from one visit to the next; ☎ from one call to the next",
    "not_planned": "not planned",
    "made": "Made by: ____________________", "checked": "Checked: ____________________",
    "approved": "Approved: ____________________", "signed_on": "Date: ______________",
    "week_title": "Week {week}: {person}", "days_sheet": "Days", "days_title": "Day by day: {person}",
    "day": "Day", "from": "From", "to": "To", "what": "What", "way": "Way, min", "result": "Result",
    "entry_start": "leave", "entry_end": "home", "entry_hotel": "hotel", "entry_lunch": "lunch",
    "entry_visit": "visit", "entry_call": "call", "entry_appointment": "fixed date",
    "why_class": "look after, class", "why_stage": "move the project on:", "why_prospect": "win the prospect:",
    "why_round": "keep in touch", "why_appointment": "fixed date",
}  # fmt: skip
_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def place_of(customer: Mapping[str, str | None]) -> str:
    """Return where a customer is, as far as it is known: street and number, city."""
    return ", ".join(part for part in (customer.get("address"), customer.get("city")) if part)


def weekday_word(day: date) -> str:
    """Return the short name of a day of the week."""
    return _WEEKDAYS[day.weekday()]
