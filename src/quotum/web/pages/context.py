"""What the frame around every page shows."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from quotum.web.queries.days import starts_with_today
from quotum.web.queries.permissions import may
from quotum.web.records.models import User

ROOMS = (
    ("home", _("Home"), ""),
    ("dashboard", _("Standing"), "see_numbers"),
    ("today", _("Today"), "log_work"),
    ("my-week", _("Week"), "log_work"),
    ("monday", _("Team"), "approve"),
    ("customers", _("Customers"), "see_customers"),
    ("setups", _("Targets"), "set_target"),
    ("plans", _("Plans"), "see_numbers"),
    ("scores", _("Scores"), "see_scores"),
    ("company", _("Company"), "see_people"),
    ("import", _("Bring in"), "import_data"),
    ("accounts", _("Accounts"), "manage_accounts"),
    ("changes", _("Changes"), "see_changes"),
)
"""Name of the address, what people read, the capability that opens it; in the order of the menu."""


def fill_frame(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's values: the menu of what the user may enter, the languages, a demonstration's day."""
    user = getattr(request, "user", None)
    rooms = [] if not isinstance(user, User) else [
        (name, title) for name, title, needs in ROOMS
        if (not needs or may(user, needs)) and not (name == "home" and starts_with_today(user))
    ]
    return {"rooms": rooms, "demo_day": settings.TODAY, "languages": settings.LANGUAGES}
