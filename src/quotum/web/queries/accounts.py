"""Accounts, with the posts they have."""

from __future__ import annotations

from django.db.models import Prefetch, Q, QuerySet

from quotum.web.queries.permissions import require_everywhere
from quotum.web.records.models import Post, User


def find_accounts(user: User, text: str = "") -> QuerySet[User]:
    """Return all accounts, by name; ``text`` is looked for in names, keys of people, roles and units."""
    require_everywhere(user, "manage_accounts")
    posts = Prefetch("posts", Post.objects.select_related("unit"))
    accounts = User.objects.select_related("person").prefetch_related(posts).order_by("-is_active", "username")
    for word in text.split()[:5]:
        accounts = accounts.filter(
            Q(username__icontains=word) | Q(first_name__icontains=word) | Q(person__person__icontains=word)
            | Q(person__name__icontains=word) | Q(pk__in=Post.objects.filter(
                Q(role__icontains=word) | Q(unit__unit__icontains=word) | Q(unit__name__icontains=word)).values("user"))
        )  # fmt: skip
    return accounts
