"""Work in the background as pages show it: one's own, and what others started that one could have started as well."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from quotum.web.queries.permissions import may, reach_of
from quotum.web.queries.setups import covers_company
from quotum.web.records.models import Job, User

SHARED = {"plan": "set_target", "challenges": "set_target", "version": "edit_plan", "review": "see_numbers"}
"""Kinds of which one at a time is alive, whoever asks: kind -> the capability that starts it."""


def jobs_within(user: User) -> QuerySet[Job]:
    """Return the jobs whose progress somebody may see."""
    kinds = [kind for kind, capability in SHARED.items() if may(user, capability)]
    return Job.objects.filter(Q(by=user) | Q(kind__in=kinds))


def hide_findings(job: Job, user: User) -> Job:
    """Return a job without what it found, where that may name numbers that are not the user's to see."""
    if job.by_id != user.pk and not covers_company(reach_of(user, "see_numbers")):
        job.findings = []
    return job
