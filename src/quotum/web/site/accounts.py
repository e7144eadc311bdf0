"""Accounts are given by an administrator; nobody signs up by himself."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.http import HttpRequest


class UsersWithPeople(AuthenticationBackend):  # type: ignore[misc, unused-ignore]
    """allauth's way to sign in; a session's user comes with the person whose work it is, in one query."""

    def get_user(self, user_id: int) -> AbstractBaseUser | None:
        """Return the user of a session, None where there is none or it may no longer sign in."""
        user = get_user_model().objects.select_related("person").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


class ClosedAccounts(DefaultAccountAdapter):  # type: ignore[misc, unused-ignore]
    """allauth without signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Tell that nobody may."""
        return False
