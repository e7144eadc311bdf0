"""Writes of the interface for programs: the work of the day, drafts, approvals, files; each may be sent twice."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from planned_world import build_plan

from quotum.web.queries.permissions import may
from quotum.web.records.models import Edit, Job, LogEntry, OpenItem, PlanVersion, Post, Unit, Upload, User
from quotum.web.records.roles import CAPABILITIES
from quotum.web.services.jobs import do_job
from quotum.web.services.tokens import make_token

ANN, WHOLE = "unit=north;person=ann", "2027-01-01/2028-01-01"


@pytest.fixture(scope="module")
def planned(django_db_setup, django_db_blocker):
    """The plan, made once for all tests of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_plan().pk
        transaction.set_rollback(True)


@pytest.fixture
def plan(planned, db):
    return PlanVersion.objects.get(pk=planned)


class Program:
    """A program with somebody's key."""

    def __init__(self, username, *scopes):
        user = User.objects.get(username=username)
        scopes = scopes or [scope for scope in CAPABILITIES if may(user, scope)]
        self.client = Client(headers={"Authorization": f"Bearer {make_token(user, 'test', scopes)}"})

    def get(self, path):
        return self.client.get(f"/api{path}").json()

    def post(self, path, key="", **body):
        headers = {"Idempotency-Key": key} if key else {}
        return self.client.post(f"/api{path}", json.dumps(body), content_type="application/json", headers=headers)


def test_a_contact_is_logged_once(plan):
    rep = Program("rep")
    told = {"kind": "visit", "result": "interest", "customer": "c-ann-0", "next_step": "Send an offer",
            "next_date": "2027-01-04", "at": "2026-11-16T10:00:00+00:00"}  # fmt: skip
    first, again = (rep.post("/log", "k1", **told) for _ in range(2))
    assert (first.status_code, first.json()) == (201, again.json())
    assert (first.json()["customer"], first.json()["person"]) == ("c-ann-0", "ann")
    assert (LogEntry.objects.count(), OpenItem.objects.get().text) == (1, "Send an offer")
    assert rep.post("/log", **{**told, "customer": "c-cho-0"}).status_code == 404
    assert rep.post("/log", **{**told, "next_date": None}).status_code == 422
    assert rep.post("/log", **{**told, "at": "1900-01-01T00:00:00+00:00"}).status_code == 422
    assert Program("director", "see_numbers").post("/log", **told).status_code == 403


def test_a_draft_is_previewed_then_edited_and_what_moved_on_is_told(plan):
    director, path = Program("director"), f"/plans/{plan.pk}/edits"
    edits = [{"row": ANN, "period": WHOLE, "text": "33,000"}]
    shown = director.post(path, edits=edits, preview=True, absorb="siblings").json()
    assert (shown["base"], Edit.objects.count()) == (0, 0)
    assert {gain["member"] for gain in shown["gains"]} == {"Ann", "Ben"}
    assert shown["total_before"] == shown["total_after"]
    for _ in range(2):
        assert director.post(path, "k2", edits=edits, absorb="siblings").json()["base"] > 0
    assert {edit.change["amount"] for edit in Edit.objects.filter(change__operation="set")} == {"33000.00"}
    moved = Program("manager").post(path, base=0, edits=[{**edits[0], "text": "34,000"}], absorb="siblings")
    assert (moved.status_code, moved.json()["error"]["code"]) == (409, "moved_on")
    assert moved.json()["error"]["findings"][0]["base"] > 0
    wrong = director.post(path, edits=[{**edits[0], "text": "abc"}])
    assert (wrong.status_code, wrong.json()["error"]["findings"][0]["rule"]) == (422, "not_an_amount")
    assert Program("rep").post(path, edits=edits).status_code == 403


def test_a_plan_goes_all_the_way_into_force(plan):
    director, manager, rep = Program("director"), Program("manager"), Program("rep")
    assert director.post(f"/plans/{plan.pk}/force").json()["error"]["code"] == "not_approved"
    proposed = director.post(f"/plans/{plan.pk}/propose", "k3")
    assert (proposed.status_code, proposed.json()["state"]) == (200, "proposed")
    number = rep.get(f"/plans/{plan.pk}/numbers?by=person")[0]["amount"]
    asked = rep.post(f"/plans/{plan.pk}/challenges", "k4", person="ann", measure="revenue", asked_minor=number - 10_000,
                     reason="One closed.").json()  # fmt: skip
    assert (asked["state"], asked["was_minor"]) == ("open", number)
    waiting = {one["unit"]: one["id"] for one in manager.get(f"/plans/{plan.pk}/approvals")}
    assert set(waiting) == {"north"}
    refused = manager.post(f"/approvals/{waiting['north']}", approved=True)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "challenges_open")
    answered = manager.post(f"/challenges/{asked['id']}/answer", granted=True, answer="Yes.")
    assert answered.json()["state"] == "granted"
    assert [one["state"] for one in rep.get(f"/plans/{plan.pk}/challenges")] == ["granted"]
    job = director.post(f"/plans/{plan.pk}/take-in", "k5").json()
    Job.objects.filter(pk=job["id"]).update(state="running")
    do_job(Job.objects.get(pk=job["id"]))
    made = director.get(f"/jobs/{job['id']}")["result"]["proposed"]
    for one in reversed(director.get(f"/plans/{made}/approvals")):
        assert director.post(f"/approvals/{one['id']}", approved=True).status_code == 200
    assert director.post(f"/plans/{made}/force", "k6", reason="agreed").json()["state"] == "in_force"
    assert rep.get(f"/plans/{made}/numbers?by=person")[0]["amount"] == number - 10_000


def test_versions_are_listed_on_after_the_last(plan):
    older = PlanVersion.objects.create(name="Old", setup=plan.setup, settings_text="", address="plans/none",
                                       digest="0" * 64, since=plan.since, until=plan.until)  # fmt: skip
    director = Program("director")
    first = director.get("/plans?limit=1")
    rest = director.get(f"/plans?limit=10&after={first[-1]['id']}")
    assert [one["id"] for one in first + rest] == [str(older.pk), str(plan.pk)]
    assert director.get(f"/plans?after={rest[-1]['id']}") == []
    assert director.client.get("/api/plans?after=nothing").status_code == 422


def test_files_are_sent_looked_into_and_taken_in(plan, settings):
    settings.TODAY = "2027-02-01"
    PlanVersion.objects.filter(pk=plan.pk).update(state="in_force")
    clerk = User.objects.create(username="clerk")
    Post.objects.create(user=clerk, role="clerk", unit=Unit.objects.get(unit="company"), since="2020-01-01")
    program = Program("clerk")

    def send(key):
        file = SimpleUploadedFile("units.csv", b"unit,parent,name\nwest,company,West\n")
        headers = {"Idempotency-Key": key}
        return program.client.post("/api/uploads", {"files": [file]}, headers=headers)

    first, again = send("k7"), send("k7")
    assert (first.status_code, first.json()) == (202, again.json())
    assert Upload.objects.count() == 1
    upload = Upload.objects.get()
    for _step in ("look", "take"):
        Job.objects.filter(pk=upload.job.pk).update(state="running")
        do_job(Job.objects.get(pk=upload.job.pk))
        if _step == "look":
            assert program.get(f"/uploads/{upload.pk}")["state"] == "looked"
            assert program.post(f"/uploads/{upload.pk}/take", reason="new").status_code == 202
            upload.refresh_from_db()
    assert program.get(f"/uploads/{upload.pk}")["state"] == "taken"
    assert Unit.objects.filter(unit="west").exists()
    assert Job.objects.get(kind="review").about == f"{plan.pk} {upload.pk}"  # figures follow by themselves
    assert program.post(f"/uploads/{upload.pk}/take").status_code == 422
    assert program.client.post("/api/uploads").status_code == 422
