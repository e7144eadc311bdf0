"""Pages of a user that are kept as they were sent, and sent again while nothing that they show can have changed.

Whether something can have changed is one look into the record of changes (queries.stamps). What no two answers share,
the token of forms and the keys that make a form count once, is put into a text each time that it is sent.
"""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from collections.abc import Callable, Hashable
from functools import wraps
from threading import Lock
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.translation import get_language

from quotum.web.pages.doors import PageRequest
from quotum.web.queries.stamps import stamp_of_day

MOST_BYTES = 32 * 1024 * 1024
"""What the kept pages of one process take together; the one that nobody asked for longest goes first."""
TOKEN, FRESH_KEY = (secrets.token_hex(16) for _ in range(2))
"""What stands in a kept text for the token of forms, and for the key of a form; nobody's data can hold them."""
_FRESH_KEY = re.compile(FRESH_KEY.encode())


class KeptPages:
    """Texts found by whose and which page they are, each with the stamp of what it shows; for all threads."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes, self.bytes = most_bytes, 0
        self._pages: OrderedDict[Hashable, tuple[Hashable, bytes]] = OrderedDict()
        self._lock = Lock()

    def find(self, at: Hashable, stamp: Hashable) -> bytes | None:
        """Return a page that was kept with the same stamp."""
        with self._lock:
            kept = self._pages.get(at)
            if kept is None or kept[0] != stamp:
                return None
            self._pages.move_to_end(at)
            return kept[1]

    def keep(self, at: Hashable, stamp: Hashable, text: bytes) -> None:
        """Keep a page in the place of an older one."""
        with self._lock:
            self.bytes += len(text) - len(self._pages.pop(at, (None, b""))[1])
            self._pages[at] = stamp, text
            while self.bytes > self.most_bytes:
                self.bytes -= len(self._pages.popitem(last=False)[1][1])


class PageToKeep(HttpResponse):
    """An answer from a text with places for token and keys: the text may be kept, the answer is nobody else's."""

    def __init__(self, request: PageRequest, text: bytes) -> None:
        self.kept = text
        fresh = _FRESH_KEY.sub(lambda _: new_key().encode(), text)
        super().__init__(fresh.replace(TOKEN.encode(), get_token(request).encode()))


pages = KeptPages()


def keep_page(view: Callable[[PageRequest], HttpResponse]) -> Callable[[PageRequest], HttpResponse]:
    """Send a user's page as it was where nothing can have changed; else what the view answers, kept if it may be.

    Only for pages that show the user's own day and the company, nobody else's work (see the stamp). A page with
    messages is never kept and never taken from what is.
    """

    @wraps(view)
    def answered(request: PageRequest) -> HttpResponse:
        # Whether a page may be kept: who is nobody of the company has no day; messages are shown once.
        plain = request.method == "GET" and not request.META.get("QUERY_STRING") and not request.htmx
        whose = plain and getattr(request.user, "person_id", None)
        stamp = stamp_of_day(request.user) if whose and not len(get_messages(request)) else None
        if stamp is None:
            return view(request)
        at = request.user.pk, request.path, get_language()
        text = pages.find(at, stamp)
        if text is not None:
            return PageToKeep(request, text)
        response = view(request)
        if isinstance(response, PageToKeep):
            pages.keep(at, stamp, response.kept)
        return response

    return answered


def render_to_keep(request: PageRequest, template: str, values: dict[str, Any]) -> PageToKeep:
    """Render a page whose text may be kept."""
    places = {"csrf_token": TOKEN, "fresh_key": FRESH_KEY}
    return PageToKeep(request, render_to_string(template, {**values, **places}, request).encode())


def new_key() -> str:
    """Return a key that makes a form count once."""
    return secrets.token_urlsafe(12)
