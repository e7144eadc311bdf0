"""Who may enter a page: every view is behind one of these."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from quotum.web.queries.permissions import require
from quotum.web.records.models import User

View = Callable[..., HttpResponse]


class PageRequest(HttpRequest):
    """What a page behind a door is asked: by a signed-in user, perhaps through htmx."""

    user: User
    htmx: HtmxDetails


def behind(capability: str) -> Callable[[View], View]:
    """Let only signed-in users with the capability enter; others get 403. What they see inside, queries decide."""

    def guard(view: View) -> View:
        @wraps(view)
        @login_required
        def entered(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            require(request.user, capability)
            return view(request, *args, **kwargs)

        return entered

    return guard
