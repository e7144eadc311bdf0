"""Accounts: given with a post and a link that lets its owner choose a password once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import date, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from quotum.web.queries.clock import today
from quotum.web.queries.permissions import require_everywhere
from quotum.web.records.models import Person, Post, Unit, User, WelcomeLink
from quotum.web.records.roles import NEED_PERSON
from quotum.web.services.recording import record_change

LINK_DAYS = 7


def add_account(
    by: User | None, username: str, role: str, *, unit: Unit | None = None, person: Person | None = None,
    name: str = "", since: date | None = None,
) -> User:  # fmt: skip
    """Add an account with its first post; it has no password until its owner has used a welcome link."""
    if by is not None:
        require_everywhere(by, "manage_accounts")
    require_person(role, person.pk if person else None)
    with transaction.atomic():
        user = User(username=username, person=person, first_name=name)
        user.set_unusable_password()
        user.save()
        Post.objects.create(user=user, role=role, unit=unit, since=since or today())
        after = {"username": username, "role": role, "unit": unit and unit.pk, "person": person and person.pk}
        record_change(by, "created", "accounts", username, after=after, unit=unit.pk if unit else "")
    return user


def require_person(role: str, person: str | None) -> None:
    """Raise ValidationError for a role that works with what is its own where the account names no person."""
    if role in NEED_PERSON and not person:
        raise ValidationError({"person": _("This role works with its own days and numbers: name the person.")})


def make_welcome_link(by: User | None, user: User) -> str:
    """Return a new secret for the address that lets the user choose a password; earlier ones no longer work."""
    if by is not None:
        require_everywhere(by, "manage_accounts")
    secret = secrets.token_urlsafe(24)
    with transaction.atomic():
        user.welcome_links.filter(used=None).delete()
        WelcomeLink.objects.create(
            user=user, digest=digest_of(secret), expires=timezone.now() + timedelta(days=LINK_DAYS)
        )
        record_change(by, "linked", "accounts", user.username)
    return secret


def find_welcome(secret: str) -> WelcomeLink | None:
    """Return the link with this secret, if it still works."""
    links = WelcomeLink.objects.select_related("user").filter(used=None, expires__gt=timezone.now())
    return links.filter(digest=digest_of(secret)).first()


def choose_password(secret: str, password: str) -> User:
    """Set the password of the link's owner and use the link up; raise ValidationError for a weak password.

    Raises WelcomeLink.DoesNotExist where the link does not work any more.
    """
    with transaction.atomic():
        links = WelcomeLink.objects.select_for_update().filter(used=None, expires__gt=timezone.now())
        link = links.get(digest=digest_of(secret))
        validate_password(password, link.user)
        link.user.set_password(password)
        link.user.save(update_fields=["password"])
        link.used = timezone.now()
        link.save(update_fields=["used"])
        record_change(link.user, "chose a password", "accounts", link.user.username)
    return link.user


def digest_of(secret: str) -> str:
    """Return what the database keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
