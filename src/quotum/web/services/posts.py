"""Who is what since when: posts given and ended, accounts closed and opened again."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from quotum.web.queries.clock import today
from quotum.web.queries.permissions import require_everywhere
from quotum.web.records.models import Person, Post, Unit, User
from quotum.web.records.roles import ROLES
from quotum.web.services.accounts import require_person
from quotum.web.services.recording import record_change
from quotum.web.services.sign_in_records import end_sessions


def give_post(
    by: User, user: User, role: str, unit: str = "", since: date | None = None, until: date | None = None,
    reason: str = "",
) -> Post:  # fmt: skip
    """Give an account a post; raise ValidationError for an unknown role or unit, or dates the wrong way round."""
    require_everywhere(by, "manage_accounts")
    begins = since or today()
    if role not in ROLES:
        raise ValidationError({"role": _("There is no such role.")})
    require_person(role, user.person_id)
    if unit and not Unit.objects.filter(pk=unit).exists():
        raise ValidationError({"unit": _("There is no such unit.")})
    if until is not None and until <= begins:
        raise ValidationError({"until": _("It ends before it begins.")})
    with transaction.atomic():
        post = Post.objects.create(user=user, role=role, unit_id=unit or None, since=begins, until=until)
        record_change(by, "gave a post", "accounts", user.username, after=_plain(post), reason=reason, unit=unit)
    return post


def end_post(by: User, post: Post, until: date, reason: str = "") -> None:
    """End a post on a date: the first day without it. A post that has not begun by then goes altogether."""
    require_everywhere(by, "manage_accounts")
    with transaction.atomic():
        locked = Post.objects.select_for_update(of=("self",)).select_related("user").get(pk=post.pk)
        before = _plain(locked)
        locked.until = until
        after = _plain(locked) if until > locked.since else None
        if until > locked.since:
            locked.save(update_fields=["until"])
        else:
            locked.delete()
        _keep_an_administrator()
        record_change(by, "ended a post", "accounts", locked.user.username, before=before, after=after,
                      reason=reason, unit=locked.unit_id or "")  # fmt: skip


def close_account(by: User, user: User, reason: str = "") -> None:
    """Let somebody in no more: sessions end, links and tokens no longer work; what was done stays on record."""
    require_everywhere(by, "manage_accounts")
    with transaction.atomic():
        user.is_active = False
        user.save(update_fields=["is_active"])
        user.welcome_links.filter(used=None).delete()
        _keep_an_administrator()
        record_change(by, "closed", "accounts", user.username, reason=reason)
    end_sessions(user)


def open_account(by: User, user: User, reason: str = "") -> None:
    """Let somebody in again."""
    require_everywhere(by, "manage_accounts")
    with transaction.atomic():
        user.is_active = True
        user.save(update_fields=["is_active"])
        record_change(by, "opened", "accounts", user.username, reason=reason)


def change_account(by: User, user: User, name: str, person: str | None, reason: str = "") -> None:
    """Change the name of an account and the person of the company it belongs to."""
    require_everywhere(by, "manage_accounts")
    if person and not Person.objects.filter(pk=person).exists():
        raise ValidationError({"person": _("There is no such person.")})
    if person and User.objects.filter(person_id=person).exclude(pk=user.pk).exists():
        raise ValidationError({"person": _("This person has an account already.")})
    with transaction.atomic():
        before = {"name": user.first_name, "person": user.person_id}
        user.first_name, user.person_id = name, person or None
        user.save(update_fields=["first_name", "person"])
        after = {"name": name, "person": person or None}
        if after != before:
            record_change(by, "changed", "accounts", user.username, before=before, after=after, reason=reason)


def _keep_an_administrator() -> None:
    """Raise ValidationError where nobody would be left who may manage accounts today."""
    in_force = Q(until=None) | Q(until__gt=today())
    if not Post.objects.filter(in_force, since__lte=today(), role="administrator", user__is_active=True).exists():
        raise ValidationError(_("One administrator must stay."))


def _plain(post: Post) -> dict[str, object]:
    """Return a post as the record of changes keeps it."""
    return {"role": post.role, "unit": post.unit_id, "since": post.since, "until": post.until}
