"""Who may sign in, in which post since when, and with which tokens programs come."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from quotum.web.records.roles import ROLES


class User(AbstractUser):
    """An account. ``person`` is the line of the company's people it belongs to; finance or HR have none."""

    person = models.OneToOneField("Person", models.SET_NULL, null=True, blank=True, related_name="user")
    language = models.CharField(max_length=10, blank=True)

    def __str__(self) -> str:
        return self.get_full_name() or self.username


class Post(models.Model):
    """What somebody is, where, from when to when (half open); no unit: the whole company."""

    user = models.ForeignKey(User, models.CASCADE, related_name="posts")
    role = models.CharField(max_length=30, choices=list(ROLES.items()))
    unit = models.ForeignKey("Unit", models.PROTECT, null=True, blank=True, related_name="posts")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        """The newest post first."""

        ordering = ("-since", "id")
        verbose_name = _("post")

    def __str__(self) -> str:
        return f"{ROLES[self.role]} {self.unit_id or ''}".strip()


class WelcomeLink(models.Model):
    """A link that lets somebody choose a password once; only its digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="welcome_links")
    digest = models.CharField(max_length=64, unique=True)
    expires = models.DateTimeField()
    used = models.DateTimeField(null=True)


class ApiToken(models.Model):
    """A key for programs: acts as its user, within its scopes; only its digest is kept."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)  # capabilities, a subset of the user's own
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField(null=True, blank=True)
    last_used = models.DateTimeField(null=True)
    revoked = models.DateTimeField(null=True)


class IdempotentAnswer(models.Model):
    """What a write with an idempotency key was answered, so that the same write again changes nothing."""

    user = models.ForeignKey(User, models.CASCADE)
    key = models.CharField(max_length=100)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """One answer a key and user."""

        constraints = (models.UniqueConstraint(fields=("user", "key"), name="one_answer_a_key"),)
