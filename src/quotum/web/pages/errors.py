"""What is shown where a page cannot be: refused, not there, broken; in the reader's language, with a way home.

These pages ask no database, so that they stand even where it is away.
"""

from __future__ import annotations

import logging

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from quotum.web.queries.permissions import lacks_person
from quotum.web.records.models import User

_CODES = {400: "invalid", 403: "forbidden", 404: "not_found", 405: "invalid", 500: "broken"}


def answer_error(request: HttpRequest, status: int, title: str, *texts: str) -> HttpResponse:
    """Return the page of an error; programs get the shape of all their errors."""
    if request.path.startswith("/api/"):
        told = {"code": _CODES[status], "message": " ".join((title, *texts)), "findings": []}
        return JsonResponse({"error": told}, status=status)
    return HttpResponse(render_to_string("pages/error.html", {"title": title, "texts": texts, "status": status}),
                        status=status)  # fmt: skip


def refuse_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400: what was sent cannot be read, or the site was called by a name that it does not know."""
    with translation.override(translation.get_language_from_request(request)):
        if isinstance(exception, DisallowedHost):
            name = request.META.get("HTTP_HOST", "").rpartition(":")[0] or request.META.get("HTTP_HOST", "")
            return answer_error(
                request, 400, _("The site does not know this name"),
                _("It was called %(name)s. Start it with --allow-host %(name)s to let it answer.") % {"name": name},
            )  # fmt: skip
        text = _("The address or the form holds what no page asks for.")
        return answer_error(request, 400, _("This cannot be read"), text)


def refuse_entry(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Answer 403: signed in, but without the post that opens the page."""
    return answer_error(request, 403, _("This page is not open to you"), *_why_closed(request))


def refuse_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """Answer 403 where a form does not come from a page of our own that is still fresh."""
    text = _("Go back, load the page again and send it once more.")
    return answer_error(request, 403, _("This form is too old"), text)


def miss_page(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """Answer 404: nothing of this name is there, or it is not for this reader."""
    text = _("The address is wrong, or what it names is not yours to see.")
    return answer_error(request, 404, _("Nothing is here"), text)


def own_up(request: HttpRequest) -> HttpResponse:
    """Answer 500 as a page; as plain words where even that fails."""
    try:
        return answer_error(request, 500, _("Something went wrong here"),
                            _("It was written down. Nothing of what you sent was kept."))  # fmt: skip
    except Exception:
        logging.getLogger(__name__).exception("The page of an error cannot be shown")
        return HttpResponse("Something went wrong here.", status=500, content_type="text/plain")


def _why_closed(request: HttpRequest) -> tuple[str, ...]:
    """Return what the reader can do about a closed page."""
    user = getattr(request, "user", None)
    if isinstance(user, User) and lacks_person(user):
        return (_("Your post works with your own days and numbers, but your account names no person of the company. "
                  "Your administrator can name one."),)  # fmt: skip
    return (_("Your post does not open it. Your administrator gives posts."),)
