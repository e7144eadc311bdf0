"""What the interface answers: shapes that all rooms share, and the one shape of everything that goes wrong."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.core.exceptions import ValidationError as NotTaken
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from quotum.web.services.approvals import NotNow
from quotum.web.services.draft_desk import CellNote, EditRefused, MovedOn


class Refusal(Exception):  # noqa: N818 - it is an answer
    """Raised to answer with an error of the one shape."""

    def __init__(self, status: int, code: str, message: str, findings: list[dict[str, Any]] | None = None) -> None:
        self.status, self.code, self.message, self.findings = status, code, message, findings or []
        super().__init__(message)


class ErrorBody(Schema):
    """What went wrong: a code for programs, words for people, findings where data are wrong."""

    code: str
    message: str
    findings: list[dict[str, Any]]


class Error(Schema):
    """The one shape of everything that goes wrong."""

    error: ErrorBody


ERRORS = {frozenset({400, 401, 403, 404, 409, 422, 429}): Error}
"""Documented for every operation."""


def names_nul(error: Exception) -> bool:
    """Tell whether a database refused a text for a NUL character: SQLite takes it, PostgreSQL does not."""
    return "NUL" in str(error) or "\\u0000" in str(error)


def _tell_note(note: CellNote) -> dict[str, Any]:
    """Return what is to be told of a cell as a finding."""
    values = {name: str(value) for name, value in note.values.items()}
    return {"rule": note.code, "row": note.row, "period": note.period, "severity": note.severity, **values}


def answer_errors(api: NinjaAPI) -> None:
    """Make the interface answer every error in the one shape."""

    def answer(request: HttpRequest, status: int, code: str, message: str, findings: Any = ()) -> HttpResponse:
        body = {"error": {"code": code, "message": message, "findings": list(findings)}}
        return api.create_response(request, body, status=status)

    @api.exception_handler(Refusal)
    def refused(request: HttpRequest, error: Refusal) -> HttpResponse:
        return answer(request, error.status, error.code, error.message, error.findings)

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:  # noqa: ARG001
        response = answer(request, 401, "token_needed", "Send a valid token: Authorization: Bearer …")
        response.headers["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(PermissionDenied)
    def forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
        return answer(request, 403, "not_allowed", f"The token or its user lacks: {error}.")

    @api.exception_handler(NotNow)
    def not_now(request: HttpRequest, error: NotNow) -> HttpResponse:
        return answer(request, 409, error.code, "The state of things does not allow this.", error.findings)

    @api.exception_handler(MovedOn)
    def moved_on(request: HttpRequest, error: MovedOn) -> HttpResponse:
        findings = [{"rule": "moved_on", "base": error.sequence}, *map(_tell_note, error.notes)]
        return answer(request, 409, "moved_on", "Others have changed these numbers since they were seen.", findings)

    @api.exception_handler(EditRefused)
    def edits_refused(request: HttpRequest, error: EditRefused) -> HttpResponse:
        findings = [*map(_tell_note, error.notes), *error.findings]
        return answer(request, 422, "refused", "The edits cannot be made as they are.", findings)

    @api.exception_handler(NotTaken)
    def not_taken(request: HttpRequest, error: NotTaken) -> HttpResponse:
        return answer(request, 422, "refused", " ".join(error.messages))

    @api.exception_handler(ObjectDoesNotExist)
    @api.exception_handler(Http404)
    def missing(request: HttpRequest, error: Exception) -> HttpResponse:  # noqa: ARG001
        return answer(request, 404, "not_found", "There is no such thing within your reach.")

    @api.exception_handler(HttpError)
    def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
        return answer(request, error.status_code, "unreadable", str(error))

    @api.exception_handler(ValueError)
    @api.exception_handler(DataError)
    def no_text(request: HttpRequest, error: Exception) -> HttpResponse:
        if not names_nul(error):
            raise error
        return answer(request, 422, "invalid", "A text holds a NUL character, which no table takes.")

    @api.exception_handler(ValidationError)
    def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        findings = [
            {"column": ".".join(str(part) for part in wrong["loc"]), "message": wrong["msg"], "rule": wrong["type"]}
            for wrong in error.errors
        ]
        return answer(request, 422, "invalid", "The request does not have the shape that is documented.", findings)
