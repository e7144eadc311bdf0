"""Targets, plans with their versions and states, edits, approvals, challenges. Plans themselves lie as folders."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

PLAN_STATES = {
    "draft": _("draft"), "proposed": _("proposed"), "approved": _("approved"), "in_force": _("in force"),
    "superseded": _("superseded"),
}  # fmt: skip


class FactTable(models.Model):
    """A table that programs fill, such as sales: a Parquet file named by its digest. Each import makes a new file."""

    table = models.CharField(max_length=60, primary_key=True)
    address = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    rows = models.BigIntegerField()
    changed = models.DateTimeField(auto_now=True)


class Setup(models.Model):
    """What a plan.toml says: target, steps, cadence and all settings of the next plan."""

    name = models.CharField(max_length=200, unique=True)
    text = models.TextField()
    changed = models.DateTimeField(auto_now=True)


class PlanVersion(models.Model):
    """An immutable plan: where it lies, its digest, what it came from, and how far it is approved."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    number = models.PositiveIntegerField(default=0)  # counts the versions of a setup, from 1
    setup = models.ForeignKey(Setup, models.PROTECT, related_name="plans")
    settings_text = models.TextField()  # plan.toml as it was
    address = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # of plan.json
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    state = models.CharField(max_length=12, choices=list(PLAN_STATES.items()), default="draft", db_index=True)
    since = models.DateField()
    until = models.DateField()
    totals = models.JSONField(default=list)
    feasibility = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    by = models.ForeignKey("User", models.PROTECT, null=True)
    at = models.DateTimeField(auto_now_add=True)
    reason = models.TextField(blank=True)
    challenge_percent = models.FloatField(default=0.0)  # challenges up to so much are granted by rule

    class Meta:
        """The newest first."""

        ordering = ("-at",)
        constraints = (
            models.UniqueConstraint(fields=("setup", "number"), condition=models.Q(number__gt=0),
                                    name="versions_counted_once"),
        )  # fmt: skip

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """The name with the number of the version, by which people tell versions apart."""
        return f"{self.name} v{self.number}" if self.number else self.name


class Edit(models.Model):
    """One change of a draft's numbers, made in the workspace; ``sequence`` orders those of a plan without gaps."""

    plan = models.ForeignKey(PlanVersion, models.CASCADE, related_name="edits")
    sequence = models.PositiveIntegerField()
    batch = models.UUIDField()  # changes made together are undone together
    change = models.JSONField()  # the columns of a changes file
    undone = models.BooleanField(default=False)
    by = models.ForeignKey("User", models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """In the order made."""

        ordering = ("sequence",)
        constraints = (models.UniqueConstraint(fields=("plan", "sequence"), name="edits_in_order"),)


class Comment(models.Model):
    """What somebody says about a number of a plan. ``under``: as ``unit=North;person=Ana``."""

    plan = models.ForeignKey(PlanVersion, models.CASCADE, related_name="comments")
    under = models.CharField(max_length=400, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    text = models.TextField()
    by = models.ForeignKey("User", models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)


class Approval(models.Model):
    """What a unit's manager decides about the unit's part of a proposed plan."""

    plan = models.ForeignKey(PlanVersion, models.CASCADE, related_name="approvals")
    unit = models.ForeignKey("Unit", models.PROTECT)
    state = models.CharField(max_length=12, default="waiting")  # waiting, approved, returned
    by = models.ForeignKey("User", models.PROTECT, null=True)
    at = models.DateTimeField(null=True)
    note = models.TextField(blank=True)

    class Meta:
        """One a plan and unit."""

        constraints = (models.UniqueConstraint(fields=("plan", "unit"), name="one_approval_a_unit"),)


class Challenge(models.Model):
    """Somebody asks for another number, with a reason; a rule answers inside its limits, else the manager."""

    plan = models.ForeignKey(PlanVersion, models.CASCADE, related_name="challenges")
    person = models.ForeignKey("Person", models.PROTECT)
    measure = models.CharField(max_length=60)
    layer = models.CharField(max_length=10, default="commit")
    was_minor = models.BigIntegerField()
    asked_minor = models.BigIntegerField()
    reason = models.TextField()
    state = models.CharField(max_length=12, default="open", db_index=True)  # open, granted, declined
    by_rule = models.BooleanField(default=False)
    answer = models.TextField(blank=True)
    by = models.ForeignKey("User", models.PROTECT, related_name="challenges")
    at = models.DateTimeField(auto_now_add=True)
    answered_by = models.ForeignKey("User", models.PROTECT, null=True, related_name="answered_challenges")
    answered_at = models.DateTimeField(null=True)


class ReviewResult(models.Model):
    """A review of a plan on a day, kept as a folder."""

    plan = models.ForeignKey(PlanVersion, models.CASCADE, related_name="reviews")
    as_of = models.DateField()
    address = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        """The newest day first."""

        ordering = ("-as_of", "-at")
