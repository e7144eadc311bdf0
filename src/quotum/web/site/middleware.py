"""What every answer carries: a policy that lets no foreign script run, and the user's language."""

from __future__ import annotations

from collections.abc import Callable

from django.db import DataError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import translation

from quotum.web.pages.errors import refuse_request

Answer = Callable[[HttpRequest], HttpResponse]

POLICY = "; ".join(
    (
        "default-src 'self'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "font-src 'self'",
        "connect-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
    )
)  # fmt: skip


class ContentSecurityPolicy:
    """Sends the policy with every answer."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the policy unless the view has set one of its own."""
        response = self._get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), payment=()")
        return response


class NoNul:
    """Answers 400 where somebody sends a NUL character, which PostgreSQL keeps in no text."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, but not to an address with a NUL."""
        sent = [request.path, *(text for key, texts in request.GET.lists() for text in (key, *texts))]
        return _refuse_nul(request) if any("\0" in text for text in sent) else self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer what the database said of a NUL in a form."""
        said = isinstance(error, (ValueError, DataError)) and ("NUL" in str(error) or "\\u0000" in str(error))
        return _refuse_nul(request) if said else None


def _refuse_nul(request: HttpRequest) -> HttpResponse:
    """Return 400, to programs in the shape of all their errors."""
    if not request.path.startswith("/api/"):
        return refuse_request(request)
    error = {"code": "invalid", "message": "A NUL character is in no text that is kept.", "findings": []}
    return JsonResponse({"error": error}, status=400)


class LanguageOfUser:
    """Speaks the language the user has chosen, else the browser's."""

    def __init__(self, get_response: Answer) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the user's language."""
        language = getattr(request.user, "language", "")
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        return self._get_response(request)
