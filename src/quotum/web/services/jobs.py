"""Work in the background: told as it goes, cancelled when asked, taken up again after a crash."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from importlib import import_module
from threading import Event, Thread
from typing import Any

from django.db import IntegrityError, OperationalError, close_old_connections, connections, transaction
from django.db.models import F, Q
from django.utils import timezone
from django_tasks import task

from quotum.web.bridge.notes import ask_to_stop, clear_notes, is_stop_asked, note_progress
from quotum.web.records.models import Job, User

KINDS: dict[str, str] = {
    "look": "quotum.web.services.importing:run_look_job",
    "take": "quotum.web.services.importing:run_take_job",
    "plan": "quotum.web.services.plans:run_plan_job",
    "review": "quotum.web.services.reviews:run_review_job",
    "challenges": "quotum.web.services.versions:run_version_job",
    "scores": "quotum.web.services.scores:run_scores_job",
    "version": "quotum.web.services.versions:run_version_job",
    "visits": "quotum.web.services.visits:run_visits_job",
}
"""kind -> module:function that does the work: takes ``Running``, returns what to keep of it."""

BEAT_SECONDS = 5.0
SILENCE = timedelta(seconds=30)
"""A running job that has not been heard of for so long belongs to a worker that died."""
MOST_ATTEMPTS = 3


class Cancelled(Exception):  # noqa: N818 - it is a decision, not a failure
    """Raised inside of a job whose cancelling was asked."""


class Refused(Exception):  # noqa: N818 - it is a decision, not a failure
    """Raised inside of a job that cannot be done with what was given; carries the findings."""

    def __init__(self, findings: list[dict[str, Any]], result: Any = None) -> None:
        self.findings, self.result = findings, result
        super().__init__(f"{len(findings)} findings")


class Running:
    """A job while it runs: what was asked, and a way to tell how far it is."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.arguments: Mapping[str, Any] = job.arguments
        self.user: User | None = job.by

    def tell(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Tell how far the work is; raise Cancelled where somebody has asked for it."""
        now = timezone.now()
        Job.objects.filter(pk=self.job.pk).update(stage=stage, done=done, total=total, heartbeat=now)
        if Job.objects.filter(pk=self.job.pk, cancel_asked=True).exists():
            raise Cancelled

    def tell_inside(self, stage: str, done: int, total: int) -> None:
        """Tell within a transaction how far the work is; raise Cancelled, which undoes it, where it is to stop."""
        note_progress(str(self.job.pk), stage, done, total)
        if is_stop_asked(str(self.job.pk)):
            raise Cancelled

    def conclude(self, result: Any) -> None:
        """End the job well, in the transaction that keeps what it made: neither is there without the other.

        Raises Cancelled, so that nothing is kept, where the job is no longer this worker's.
        """
        mine = Job.objects.filter(pk=self.job.pk, state="running", attempts=self.job.attempts)
        if not mine.update(state="done", result=result, stage="", finished=timezone.now()):
            raise Cancelled


def start_job(user: User | None, kind: str, arguments: Mapping[str, Any], about: object = "") -> Job:
    """Put a job in the queue; it begins after the transaction that starts it.

    ``about`` names what it works on: while a job of the kind about it is alive, nothing is started and that one is
    returned, so that two clicks do the work once.
    """
    if kind not in KINDS:
        raise KeyError(kind)
    try:
        with transaction.atomic():
            job = Job.objects.create(kind=kind, about=str(about), arguments=dict(arguments), by=user)
    except IntegrityError:
        alive = Job.objects.filter(kind=kind, about=str(about), state__in=("waiting", "running")).first()
        return alive or start_job(user, kind, arguments, about)  # else it was over in between
    transaction.on_commit(lambda: work.enqueue(str(job.pk)))
    return job


def cancel_job(job: Job) -> None:
    """Ask a job to stop; one that has not begun stops at once."""
    now = timezone.now()
    if not job.is_over:
        ask_to_stop(str(job.pk))  # a file first: the database may wait for the very work that is to stop
    if not Job.objects.filter(pk=job.pk, state="waiting").update(state="cancelled", finished=now):
        Job.objects.filter(pk=job.pk, state="running").update(cancel_asked=True)
    else:
        clear_notes(str(job.pk))


def take_up_lost_jobs() -> int:
    """Queue again what a worker that died has left, and return how many; after some attempts a job has failed.

    A job also waits forever where the server died after its change and before it was queued: it is queued again too,
    which does no harm where it was queued, as a job begins once.
    """
    now = timezone.now()
    silent = now - SILENCE
    lost = Job.objects.filter(state="running", heartbeat__lt=silent)
    lost.filter(attempts__gte=MOST_ATTEMPTS).update(state="failed", finished=now)
    never = Job.objects.filter(Q(heartbeat=None, created__lt=silent) | Q(heartbeat__lt=silent), state="waiting")
    count = 0
    for job in [*lost.filter(attempts__lt=MOST_ATTEMPTS), *never]:
        same = Job.objects.filter(pk=job.pk, state=job.state, heartbeat=job.heartbeat)
        if same.update(state="waiting", heartbeat=now):
            work.enqueue(str(job.pk))
            count += 1
    return count


@task()
def work(job_id: str) -> None:
    """Do the job with this id, once: whoever comes second finds it taken."""
    close_old_connections()
    now = timezone.now()
    waiting = Job.objects.filter(pk=uuid.UUID(job_id), state="waiting")
    if waiting.update(state="running", started=now, heartbeat=now, attempts=F("attempts") + 1):
        do_job(Job.objects.select_related("by").get(pk=job_id))


def do_job(job: Job) -> None:
    """Run what the job's kind names and write down how it ended."""
    state, result, findings = "failed", None, []
    over = Event()
    Thread(target=_beat, args=(job.pk, over), daemon=True).start()
    try:
        module, _, name = KINDS[job.kind].partition(":")
        function: Callable[[Running], Any] = getattr(import_module(module), name)
        result, state = function(Running(job)), "done"
    except Cancelled:
        state = "cancelled"
    except Refused as refusal:
        state, findings, result = "refused", refusal.findings, refusal.result
    finally:
        over.set()
        clear_notes(str(job.pk))
        Job.objects.filter(pk=job.pk, state="running", attempts=job.attempts).update(
            state=state, result=result, findings=findings, finished=timezone.now(), stage=""
        )


def _beat(job: uuid.UUID, over: Event) -> None:
    """Tell every some seconds that a job's worker lives, also while it says nothing of its own."""
    try:
        while not over.wait(BEAT_SECONDS):
            with suppress(OperationalError):  # others, or this very work, hold the database; the next beat tells
                Job.objects.filter(pk=job, state="running").update(heartbeat=timezone.now())
    finally:
        connections.close_all()
