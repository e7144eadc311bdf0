"""Who may call: a token, within its scopes; and writes that may be sent twice without harm."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from ninja import Status
from ninja.security import HttpBearer

from quotum.web.api.answers import Refusal
from quotum.web.queries.permissions import Reach, require
from quotum.web.records.models import ApiToken, IdempotentAnswer, User
from quotum.web.services.tokens import find_token

_LONGEST_KEY = 100


class Caller(HttpRequest):
    """A request that came with a valid token."""

    user: User
    auth: ApiToken


class Bearer(HttpBearer):
    """Lets in who sends a token that still opens; the request's user is the token's."""

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken | None:
        """Return the token's record, None for an unknown one."""
        found = find_token(token)
        if found is not None:
            request.user = found.user
        return found


def allow(request: Caller, capability: str) -> Reach:
    """Return how far the capability reaches for the caller; raise PermissionDenied where token or user lack it."""
    if capability not in request.auth.scopes:
        raise PermissionDenied(capability)
    return require(request.user, capability)


def write_once(request: Caller, do: Callable[[], tuple[int, Any]], content: bytes | None = None) -> Status[Any]:
    """Do a write, which returns (status, body), and answer it; the same idempotency key again only answers.

    ``content`` stands for the body of a request that was read already, such as one with files.

    The answer is kept in the transaction of the write, so that there is none without the other. Raises Refusal where
    the key was used for another request.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return Status(*do())
    if len(key) > _LONGEST_KEY:
        raise Refusal(400, "key_too_long", f"An idempotency key has at most {_LONGEST_KEY} characters.")
    sent = request.body if content is None else content
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode() + sent).hexdigest()
    if known := IdempotentAnswer.objects.filter(user=request.user, key=key).first():
        return _answered(known, digest)
    try:
        with transaction.atomic():
            status, body = do()
            plain = json.loads(json.dumps(body, cls=DjangoJSONEncoder))
            IdempotentAnswer.objects.create(
                user=request.user, key=key, request_digest=digest, status=status, body=plain
            )
            return Status(status, plain)
    except IntegrityError:
        known = IdempotentAnswer.objects.filter(user=request.user, key=key).first()
        if known is None:
            raise
        return _answered(known, digest)


def _answered(known: IdempotentAnswer, digest: str) -> Status[Any]:
    """Return the answer that was given before."""
    if known.request_digest != digest:
        raise Refusal(409, "key_used", "This idempotency key was used for another request.")
    return Status(known.status, known.body)
