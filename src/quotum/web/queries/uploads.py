"""What somebody brought, and how far it is."""

from __future__ import annotations

from django.db.models import QuerySet

from quotum.web.bridge.mapping_text import (
    AS_WRITTEN,
    EntryChoices,
    FormChoice,
    change_choices,
    list_choices,
    list_forms,
)
from quotum.web.bridge.notes import read_progress
from quotum.web.bridge.upload_reading import open_marked
from quotum.web.queries.permissions import reach_of
from quotum.web.records.models import Job, Upload, User


def uploads_within(user: User) -> QuerySet[Upload]:
    """Return the uploads somebody may see: the own ones; who brings in everywhere sees all."""
    reach = reach_of(user, "import_data")
    uploads = Upload.objects.select_related("by", "job")
    return uploads if reach.everywhere else uploads.filter(by=user) if reach else uploads.none()


def show_progress(job: Job) -> None:
    """Set on a running job how far it is, also where it says so from within a transaction."""
    told = None if job.is_over else read_progress(str(job.pk))
    if told is not None:
        job.stage, job.done, job.total = told


__all__ = ["AS_WRITTEN", "EntryChoices", "FormChoice", "change_choices", "list_choices", "list_forms", "open_marked",
           "show_progress", "uploads_within"]  # fmt: skip
