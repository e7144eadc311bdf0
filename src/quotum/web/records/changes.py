"""The record of every change: append-only, each line sealed with the digest of the one before."""

from __future__ import annotations

from django.db import models

OWN_WORK = ("agenda", "log", "open_items")
"""Tables of lines about the own work of the user who made them: nobody does it for somebody else."""
COMPANY_LINES = f"""NOT ("table" IN ({", ".join(f"'{name}'" for name in OWN_WORK)}))"""
"""The condition of the index of all other lines, written as databases keep it: one that differs would not use it."""


class Change(models.Model):
    """Who changed what, when, from what to what, why. Lines are never altered: the database refuses it."""

    sequence = models.BigIntegerField(unique=True)
    at = models.DateTimeField()
    user = models.ForeignKey("User", models.PROTECT, null=True)  # null: the system itself
    action = models.CharField(max_length=40)  # created, changed, removed, imported, planned, approved …
    table = models.CharField(max_length=60)
    key = models.CharField(max_length=200)
    unit = models.CharField(max_length=120, blank=True)  # whose subtree it concerns; empty: the company
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        """In the order made."""

        ordering = ("-sequence",)
        indexes = (
            models.Index(fields=("table", "key")), models.Index(fields=("unit", "-sequence")),
            models.Index(fields=("table", "-sequence")), models.Index(fields=("user", "-sequence")),
            models.Index(fields=("-sequence",), name="changes_of_company", condition=~models.Q(table__in=OWN_WORK)),
        )  # fmt: skip
