"""Work that takes longer than a page may: what was asked, how far it is, what came out."""

from __future__ import annotations

import uuid

from django.db import models

JOB_STATES = ("waiting", "running", "done", "refused", "failed", "cancelled")


class Job(models.Model):
    """A piece of work in the background. ``findings`` are issues as pages show them; ``heartbeat`` tells it lives."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=200, blank=True)  # what it works on: of a kind one at a time lives
    arguments = models.JSONField(default=dict)
    state = models.CharField(max_length=12, default="waiting", db_index=True)
    stage = models.CharField(max_length=100, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)  # 0: not known
    result = models.JSONField(null=True)
    findings = models.JSONField(default=list)
    by = models.ForeignKey("User", models.PROTECT, null=True)
    created = models.DateTimeField(auto_now_add=True)
    started = models.DateTimeField(null=True)
    heartbeat = models.DateTimeField(null=True)
    finished = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        """Of a kind only one lives about an object."""

        constraints = (
            models.UniqueConstraint(fields=("kind", "about"), name="one_live_job",
                                    condition=models.Q(state__in=("waiting", "running")) & ~models.Q(about="")),
        )  # fmt: skip

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state not in {"waiting", "running"}


class Upload(models.Model):
    """Files somebody brought: looked into, shown, then taken in as a whole or not at all."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    by = models.ForeignKey("User", models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)
    files = models.JSONField(default=list)  # names as given
    folder = models.CharField(max_length=200)  # address below the data folder
    state = models.CharField(max_length=12, default="brought")  # brought, looked, taken, refused, dropped
    mapping = models.TextField(blank=True)  # the [import] section guessed, and as the user corrected it
    summary = models.JSONField(default=dict)  # table -> rows, new, changed, same
    findings = models.JSONField(default=list)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="uploads")

    class Meta:
        """The newest first."""

        ordering = ("-at",)
