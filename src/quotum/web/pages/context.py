"""What the frame around every page shows."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from quotum.web.queries.clock import today
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


_INSIDE = {
    "day": "today", "log": "today", "week": "my-week", "week-board": "monday", "month-board": "monday",
    "compare": "plans", "norms": "company", "calendar": "my-week",
}  # fmt: skip
"""Pages whose address does not begin as their room's does."""


def find_room(request: HttpRequest) -> str:
    """Return the room of the menu that a page belongs to: the one whose address the page's begins with."""
    match = request.resolver_match
    if match is None:
        return ""
    if match.url_name in _INSIDE:
        return _INSIDE[str(match.url_name)]
    fitting = [(len(address), name) for address, name in _list_addresses()
               if request.path == address or (len(address) > 1 and request.path.startswith(address))]  # fmt: skip
    return max(fitting, default=(0, ""))[1]


@cache
def _list_addresses() -> list[tuple[str, str]]:
    return [(reverse(name), name) for name, _title, _needs in ROOMS]


def fill_frame(request: HttpRequest) -> dict[str, Any]:
    """Return the frame's values: the menu of what the user may enter, the languages, a demonstration's day."""
    user, room = getattr(request, "user", None), find_room(request)
    rooms: list[tuple[str, Any]] = []
    if isinstance(user, User):
        own = starts_with_today(user)
        room = "today" if own and room == "home" else room
        rooms = [(name, title) for name, title, needs in ROOMS
                 if (not needs or may(user, needs)) and not (name == "home" and own)]  # fmt: skip
    day = today() if settings.TODAY else None
    return {"rooms": rooms, "room": room, "demo_day": day, "languages": settings.LANGUAGES}
