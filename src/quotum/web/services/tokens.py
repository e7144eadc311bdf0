"""Keys for programs: shown once, kept as digests, acting as their user within their scopes."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from quotum.web.queries.permissions import may
from quotum.web.records.models import ApiToken, User
from quotum.web.records.roles import CAPABILITIES
from quotum.web.services.accounts import digest_of
from quotum.web.services.recording import record_change

_SEEN_EVERY = timedelta(minutes=5)


def make_token(user: User, name: str, scopes: Collection[str], expires: datetime | None = None) -> str:
    """Return a new key of the user's own; raise PermissionDenied for a scope that the user does not have."""
    wanted = [scope for scope in CAPABILITIES if scope in scopes]
    if len(wanted) != len(set(scopes)) or not all(may(user, scope) for scope in wanted):
        raise PermissionDenied("scopes")
    secret = f"quotum_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        ApiToken.objects.create(user=user, name=name, digest=digest_of(secret), scopes=wanted, expires=expires)
        record_change(user, "created", "tokens", name, after={"scopes": wanted, "expires": expires})
    return secret


def revoke_token(user: User, token: ApiToken) -> None:
    """End one of the user's own keys; raise PermissionDenied for somebody else's."""
    if token.user_id != user.pk:
        raise PermissionDenied("token")
    with transaction.atomic():
        ApiToken.objects.filter(pk=token.pk, revoked=None).update(revoked=timezone.now())
        record_change(user, "revoked", "tokens", token.name)


def find_token(secret: str) -> ApiToken | None:
    """Return the key with this secret if it still opens: not revoked, not expired, its user active."""
    now = timezone.now()
    keys = ApiToken.objects.select_related("user").filter(Q(expires=None) | Q(expires__gt=now), revoked=None)
    token = keys.filter(digest=digest_of(secret), user__is_active=True).first()
    if token is not None and (token.last_used is None or now - token.last_used > _SEEN_EVERY):
        ApiToken.objects.filter(pk=token.pk).update(last_used=now)
    return token
