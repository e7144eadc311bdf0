"""Brings a company in: files are kept, looked into, compared, and taken in as a whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import override

from quotum.web.bridge.company import MASTER
from quotum.web.bridge.findings import list_findings, say_finding
from quotum.web.bridge.stored import remove_stored
from quotum.web.bridge.upload_reading import Allowed, keep_files, look_at, mark_files, plan_text
from quotum.web.queries.company_lists import edit_reach
from quotum.web.queries.permissions import customers_within, people_within, require, units_within
from quotum.web.queries.plans import find_plan_in_force
from quotum.web.records.models import Change, Job, Setup, Upload, User
from quotum.web.services.jobs import Refused, Running, cancel_job, start_job
from quotum.web.services.recording import record_change
from quotum.web.services.reviews import start_review
from quotum.web.services.setups import keep_new
from quotum.web.services.taking_in import take_merged

MOST_FILES = 50
MOST_TEXT = 200_000
MOST_TRIES = 3
_OWNED = {"customers", "ownership"}  # a customer handed over is one change of both
_STAGES = ("reading", "comparing", "checking", "marking", "writing")


class _ChangedMeanwhile(Exception):  # noqa: N818 - it is no failure: one looks again
    """Raised inside of a transaction to give it up, because others have changed what was compared."""


def bring_files(user: User, files: Sequence[tuple[str, IO[bytes], int]]) -> Upload:
    """Keep files somebody sent (name, content, size), and start the look into them.

    Raises ValidationError where they are too many or too large, or of a kind that is not read.
    """
    require(user, "import_data")
    if not files:
        raise ValidationError(_("Choose some files."))
    if len(files) > MOST_FILES:
        raise ValidationError(_("Send at most %(most)d files at once; pack more into a zip.") % {"most": MOST_FILES})
    if sum(size for _name, _content, size in files) > settings.UPLOAD_MOST_BYTES:
        raise ValidationError(_("The files are larger than what is taken at once."))
    address, issues = keep_files((_plain_name(name), content) for name, content, _size in files)
    if any(issue.severity == "error" for issue in issues):
        remove_stored(address)
        raise ValidationError([" ".join(say_finding(each)) for each in list_findings(issues)])
    names = [_plain_name(name) for name, _content, _size in files]
    with transaction.atomic():
        upload = Upload.objects.create(by=user, files=names, folder=address)
        record_change(user, "brought", "uploads", upload.pk, after={"files": names})
        upload.job = start_job(user, "look", {"upload": str(upload.pk)})
        upload.save(update_fields=["job"])
    return upload


def look_again(user: User, upload: Upload, mapping: str, modes: Mapping[str, str]) -> None:
    """Look into the files again with another mapping, or other ways to take the tables in."""
    require(user, "import_data")
    if len(mapping) > MOST_TEXT:
        raise ValidationError(_("The mapping is too long."))
    with transaction.atomic():
        locked = _lock(upload)
        if locked.state == "taken" or _is_busy(locked):
            raise ValidationError(_("It is being worked on, or taken in already."))
        locked.mapping, locked.state = mapping, "brought"
        locked.summary = {**locked.summary, "modes": dict(modes)}
        locked.job = start_job(user, "look", {"upload": str(upload.pk)})
        locked.save()


def ask_to_take(user: User, upload: Upload, reason: str = "") -> None:
    """Start taking the files in; raise ValidationError where they were not looked into, or cannot be taken."""
    require(user, "import_data")
    with transaction.atomic():
        locked = _lock(upload)
        if locked.state != "looked" or locked.summary.get("stops") or _is_busy(locked):
            raise ValidationError(_("These files cannot be taken in as they are."))
        locked.job = start_job(user, "take", {"upload": str(upload.pk), "reason": reason})
        locked.save(update_fields=["job"])


def stop_work(user: User, upload: Upload) -> None:
    """Cancel what is being done with the files; what was not finished leaves nothing behind."""
    require(user, "import_data")
    if upload.job is not None:
        cancel_job(upload.job)


def drop_upload(user: User, upload: Upload) -> None:
    """Forget files that were not taken in."""
    require(user, "import_data")
    with transaction.atomic():
        locked = _lock(upload)
        if locked.state == "taken" or _is_busy(locked):
            raise ValidationError(_("It is being worked on, or taken in already."))
        record_change(user, "dropped", "uploads", upload.pk, before={"files": locked.files})
        locked.delete()
        transaction.on_commit(lambda: remove_stored(upload.folder))


def run_look_job(running: Running) -> dict[str, Any]:
    """Look into files: tables, counts, findings, workbooks with marked cells."""
    upload = Upload.objects.select_related("by").get(pk=running.arguments["upload"])
    looked = look_at(upload.folder, upload.mapping, upload.summary.get("modes", {}), _allowed(upload.by),
                     lambda stage: _tell(running, stage))  # fmt: skip
    _tell(running, "marking")
    with override(upload.by.language or "en"):
        marked = mark_files(upload.folder, looked.issues)
    upload.mapping, upload.findings = looked.mapping, looked.findings
    upload.summary = {**looked.summary, "stops": looked.stops or not looked.tables, "marked": marked}
    upload.state = "looked"
    upload.save(update_fields=["mapping", "findings", "summary", "state"])
    return {"upload": str(upload.pk)}


def run_take_job(running: Running) -> dict[str, Any]:
    """Take files in: compared anew, then written in one transaction; others' changes meanwhile make it begin again."""
    for _try in range(MOST_TRIES):
        upload = Upload.objects.select_related("by").get(pk=running.arguments["upload"])
        if upload.state == "taken":  # done by a worker that died before it could say so
            return {"upload": str(upload.pk)}
        try:
            _take(running, upload)
        except _ChangedMeanwhile:
            continue
        return {"upload": str(upload.pk)}
    raise Refused([{"severity": "error", "rule": "company_changed_meanwhile",
                    "message": _("Others changed the company while it was compared with the files."),
                    "remedy": _("Look at the files again, then take them in.")}])  # fmt: skip


def _take(running: Running, upload: Upload) -> None:
    """Compare and write; raise where the files no longer fit or others were quicker."""
    last = _last_change()
    looked = look_at(upload.folder, upload.mapping, upload.summary.get("modes", {}), _allowed(upload.by),
                     lambda stage: _tell(running, stage))  # fmt: skip
    if looked.stops or not looked.tables:
        Upload.objects.filter(pk=upload.pk).update(findings=looked.findings, summary={**looked.summary, "stops": True})
        raise Refused(looked.findings)
    _tell(running, "writing")
    counts = {name: each.counts for name, each in looked.tables.items()}
    reason = running.arguments.get("reason", "")
    with transaction.atomic():
        # The first line on record holds everybody else's changes back until this transaction ends.
        line = record_change(running.user, "took in", "uploads", upload.pk, reason=reason,
                             after={"files": upload.files, "tables": counts})  # fmt: skip
        if _others_changed(set(looked.tables), last, line.sequence):
            raise _ChangedMeanwhile
        take_merged(running.user, looked.tables, reason,
                    lambda done, total: running.tell_inside("writing", done, total))  # fmt: skip
        summary = {**looked.summary, "marked": upload.summary.get("marked"),
                   "setup": _keep_setup(running.user, upload, reason)}  # fmt: skip
        Upload.objects.filter(pk=upload.pk).update(state="taken", findings=looked.findings, summary=summary)
        if plan := find_plan_in_force():
            start_review(running.user, plan, str(upload.pk))


def _others_changed(tables: set[str], after: int, before: int) -> bool:
    """Has anybody else changed what was compared: the same tables, or taken away what their rows name?

    Work logged, remarks, plans and the like go on all day and do not matter.
    """
    if tables & _OWNED:
        tables |= _OWNED
    since = Change.objects.filter(sequence__gt=after, sequence__lt=before)
    return since.filter(Q(table__in=tables) | Q(table__in=MASTER, action="removed")).exists()


def _keep_setup(user: User | None, upload: Upload, reason: str) -> str:
    """Keep a plan.toml that came with the files beside the targets there are, and return its name; empty: none came."""
    text = plan_text(upload.folder)
    if not text.strip():
        return ""
    if known := Setup.objects.filter(text=text).first():
        return known.name
    return keep_new(user, PurePath(upload.files[0]).stem or "plan", text, reason).name


def _allowed(user: User) -> Allowed | None:
    """Return what the user may bring in: everything, or keys within the own subtree."""
    require(user, "import_data")
    reach = edit_reach(user, "import_data")
    if reach.everywhere:
        return None
    return Allowed(*(frozenset(within(reach).values_list("pk", flat=True))
                     for within in (units_within, people_within, customers_within)))  # fmt: skip


def _tell(running: Running, stage: str) -> None:
    running.tell(stage, _STAGES.index(stage), len(_STAGES))


def _last_change() -> int:
    last = Change.objects.order_by("-sequence").values_list("sequence", flat=True).first()
    return last or 0


def _lock(upload: Upload) -> Upload:
    return Upload.objects.select_for_update(of=("self",)).select_related("job").get(pk=upload.pk)


def _is_busy(upload: Upload) -> bool:
    job: Job | None = upload.job
    return job is not None and not job.is_over


def _plain_name(name: str) -> str:
    """Return a file's name without folders, of a length that every disk bears."""
    plain = PurePath(name.replace("\\", "/")).name
    return "".join(letter for letter in plain if letter.isprintable())[-150:].lstrip(".") or "file"


__all__ = ["ask_to_take", "bring_files", "drop_upload", "look_again", "stop_work"]
