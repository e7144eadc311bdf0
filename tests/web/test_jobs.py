"""Work in the background is done once, told as it goes, stopped when asked, taken up again after a crash."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import OperationalError, transaction
from django.utils import timezone
from web_world import account, build_world

from quotum.web.records.models import Job, Setup
from quotum.web.services import jobs
from quotum.web.services.jobs import Cancelled, Refused, Running, cancel_job, do_job, start_job, take_up_lost_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(db, monkeypatch):
    build_world()
    monkeypatch.setitem(jobs.KINDS, "probe", "test_jobs:probe")


def probe(running):
    """The work of the tests: its argument says how it ends."""
    running.tell("counting", 1, 2)
    what = running.arguments.get("what")
    if what == "refuse":
        raise Refused([{"rule": "no"}])
    if what == "fail":
        raise RuntimeError("broken")
    if what == "keep":
        with transaction.atomic():
            Setup.objects.create(name="kept", text="")
            running.conclude({"kept": True})
    return {"kept": True}


def begin(what="", **values):
    job = Job.objects.create(kind="probe", arguments={"what": what}, by=account("hr"))
    Job.objects.filter(pk=job.pk).update(state="running", heartbeat=timezone.now(), attempts=1, **values)
    return Job.objects.get(pk=job.pk)


@pytest.mark.parametrize(("what", "state"), [("", "done"), ("keep", "done"), ("refuse", "refused")])
def test_how_a_job_ends(what, state):
    job = begin(what)
    do_job(job)
    job.refresh_from_db()
    assert (job.state, job.done, job.total, job.stage) == (state, 1, 2, "")


def test_a_failure_is_kept_and_told_on():
    job = begin("fail")
    with pytest.raises(RuntimeError):
        do_job(job)
    job.refresh_from_db()
    assert job.state == "failed"


def test_a_job_that_is_asked_to_stop_stops_at_its_next_word():
    job = begin()
    cancel_job(job)
    do_job(job)
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_what_a_lost_worker_makes_too_late_is_not_kept():
    job = begin("keep")
    Job.objects.filter(pk=job.pk).update(attempts=2)  # another worker has taken it up
    do_job(job)
    assert not Setup.objects.filter(name="kept").exists()
    with pytest.raises(Cancelled), transaction.atomic():
        Running(job).conclude({})


def test_lost_jobs_are_queued_again_until_it_is_enough(monkeypatch):
    queued = []
    monkeypatch.setattr(type(jobs.work), "enqueue", lambda self, job: queued.append(job))
    long_ago = timezone.now() - timedelta(minutes=5)
    lost, alive, tired, never = begin(), begin(), begin(), begin()
    Job.objects.filter(pk__in=[lost.pk, tired.pk]).update(heartbeat=long_ago)
    Job.objects.filter(pk=tired.pk).update(attempts=jobs.MOST_ATTEMPTS)
    Job.objects.filter(pk=never.pk).update(state="waiting", heartbeat=None, created=long_ago)
    assert take_up_lost_jobs() == 2
    assert sorted(queued) == sorted([str(lost.pk), str(never.pk)])
    assert take_up_lost_jobs() == 0
    states = {job: Job.objects.get(pk=job.pk).state for job in (lost, alive, tired)}
    assert list(states.values()) == ["waiting", "running", "failed"]


def test_a_beat_that_finds_the_database_held_is_not_the_last(monkeypatch):
    job, beats, nobody_asks = begin(), [], iter([False, False, True])

    def beat(**values):
        beats.append(values)
        if len(beats) == 1:
            raise OperationalError("database is locked")

    monkeypatch.setattr(jobs.Job, "objects", SimpleNamespace(filter=lambda **_which: SimpleNamespace(update=beat)))
    monkeypatch.setattr(jobs, "connections", SimpleNamespace(close_all=lambda: None))
    jobs._beat(job.pk, SimpleNamespace(wait=lambda _seconds: next(nobody_asks)))
    assert [list(each) for each in beats] == [["heartbeat"], ["heartbeat"]]


def test_of_a_kind_one_job_about_a_thing_is_alive():
    first = start_job(account("hr"), "probe", {}, "this")
    assert start_job(account("rep"), "probe", {}, "this") == first
    others = {start_job(account("hr"), "probe", {}, about).pk for about in ("that", "", "")}
    assert len(others | {first.pk}) == 4
    Job.objects.filter(pk=first.pk).update(state="done")
    assert start_job(account("hr"), "probe", {}, "this") != first


def test_a_job_begins_after_its_transaction(monkeypatch, django_capture_on_commit_callbacks):
    queued = []
    monkeypatch.setattr(type(jobs.work), "enqueue", lambda self, job: queued.append(job))
    with django_capture_on_commit_callbacks(execute=True):
        job = start_job(account("hr"), "probe", {})
        assert queued == []
    assert queued == [str(job.pk)]
