"""Schemes, appraisals of a period with everybody's scores, objections. What a score is made of lies as a folder."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from quotum.web.records.company import KEY_LENGTH

OBJECTION_STATES = {"open": _("open"), "upheld": _("upheld"), "refused": _("refused")}


class Scheme(models.Model):
    """The rules of an appraisal as a TOML file says them; what was scored by them keeps its own copy."""

    name = models.CharField(max_length=60, unique=True)
    text = models.TextField()
    changed = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name


class Appraisal(models.Model):
    """A period scored once, kept as a folder. Only those who appraise see it before it is released."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey("PlanVersion", models.PROTECT, related_name="appraisals")
    period = models.CharField(max_length=20)
    since = models.DateField()
    until = models.DateField()
    as_of = models.DateField()  # the last day that was looked at; before the period's end: the score so far
    schemes = models.JSONField(default=dict)  # name -> text, as they were
    address = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)  # of appraisal.json
    findings = models.JSONField(default=list)
    by = models.ForeignKey("User", models.PROTECT, null=True)
    at = models.DateTimeField(auto_now_add=True)
    reason = models.TextField(blank=True)
    released = models.DateTimeField(null=True)
    released_by = models.ForeignKey("User", models.PROTECT, null=True, related_name="released_appraisals")

    class Meta:
        """The newest first."""

        ordering = ("-at",)

    def __str__(self) -> str:
        return self.period

    @property
    def is_over(self) -> bool:
        """Whether the whole period was looked at."""
        return (self.until - self.as_of).days <= 1


class Score(models.Model):
    """What somebody, or a unit, came to on a scorecard in a period; scores are hundredths of a point."""

    appraisal = models.ForeignKey(Appraisal, models.CASCADE, related_name="scores")
    person = models.ForeignKey("Person", models.PROTECT, null=True, related_name="scores")  # null: the unit's own
    unit = models.ForeignKey("Unit", models.PROTECT, related_name="scores")
    scheme = models.CharField(max_length=KEY_LENGTH)
    scorecard = models.CharField(max_length=KEY_LENGTH)
    effect = models.CharField(max_length=KEY_LENGTH, blank=True)
    period = models.CharField(max_length=20)
    since = models.DateField()
    until = models.DateField()
    score_e2 = models.BigIntegerField(null=True)
    rank = models.IntegerField(null=True)
    among = models.IntegerField(null=True)
    grade = models.CharField(max_length=KEY_LENGTH, blank=True)
    voided = models.JSONField(default=list)
    pay_factor = models.FloatField(null=True)
    pay_minor = models.BigIntegerField(null=True)
    last_place = models.BooleanField(default=False)
    improve_until = models.DateField(null=True)

    class Meta:
        """The best first."""

        ordering = ("rank", "pk")
        indexes = (models.Index(fields=("appraisal", "scorecard", "period", "rank"), name="score_ranking"),)

    def __str__(self) -> str:
        return f"{self.scorecard}, {self.period}"


class Objection(models.Model):
    """Somebody doubts a score or one of its lines, with a reason; the manager or those who appraise answer."""

    score = models.ForeignKey(Score, models.PROTECT, related_name="objections")
    indicator = models.CharField(max_length=KEY_LENGTH, blank=True)  # empty: the whole score
    reason = models.TextField()
    state = models.CharField(max_length=12, choices=list(OBJECTION_STATES.items()), default="open", db_index=True)
    answer = models.TextField(blank=True)
    by = models.ForeignKey("User", models.PROTECT, related_name="objections")
    at = models.DateTimeField(auto_now_add=True)
    answered_by = models.ForeignKey("User", models.PROTECT, null=True, related_name="answered_objections")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        """The newest first."""

        ordering = ("-at",)
