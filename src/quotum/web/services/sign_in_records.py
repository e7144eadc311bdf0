"""What people change of their own way in, put on record: passwords and second factors. Secrets are never told."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account_signals
from allauth.mfa import signals as factor_signals
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import transaction

from quotum.web.queries.permissions import require_everywhere
from quotum.web.records.models import User
from quotum.web.services.recording import record_change


def watch_sign_ins() -> None:
    """Listen to what the library of accounts does."""
    for signal in (account_signals.password_changed, account_signals.password_set, account_signals.password_reset):
        signal.connect(_put_password, dispatch_uid="quotum password")
    told = {factor_signals.authenticator_added: "added", factor_signals.authenticator_removed: "removed",
            factor_signals.authenticator_reset: "renewed"}  # fmt: skip
    for signal, receiver in zip(told, (_put_added, _put_removed, _put_renewed), strict=True):
        signal.connect(receiver, dispatch_uid=f"quotum factor {told[signal]}")


def has_second_factor(user: User) -> bool:
    """Tell whether a password alone does not let the user in."""
    return bool(Authenticator.objects.filter(user=user).exists())


def end_second_factor(by: User, user: User, reason: str = "") -> None:
    """Take somebody's lost second factor away; sessions end, the next sign-in asks for the password alone."""
    require_everywhere(by, "manage_accounts")
    with transaction.atomic():
        gone = sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True))
        if not gone:
            return
        Authenticator.objects.filter(user=user).delete()
        record_change(by, "ended the second factor", "accounts", user.username, before={"kinds": gone}, reason=reason)
    end_sessions(user)


def end_sessions(user: User) -> None:
    """Sign somebody out everywhere."""
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


def _put_password(user: User, **_more: Any) -> None:
    _put(user, "changed the password")


def _put_added(user: User, authenticator: Authenticator, **_more: Any) -> None:
    _put(user, "added a second factor", authenticator)


def _put_removed(user: User, authenticator: Authenticator, **_more: Any) -> None:
    _put(user, "removed a second factor", authenticator)


def _put_renewed(user: User, authenticator: Authenticator, **_more: Any) -> None:
    _put(user, "renewed a second factor", authenticator)


def _put(user: User, action: str, authenticator: Authenticator | None = None) -> None:
    with transaction.atomic():
        after = None if authenticator is None else {"kind": str(authenticator.type)}
        record_change(user, action, "accounts", user.username, after=after)
