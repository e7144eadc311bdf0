"""The page on which a plan is proposed, challenged and approved, as those see it who take part."""

from datetime import date

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from planned_world import build_plan

from quotum.web.queries.approvals import number_of
from quotum.web.queries.permissions import reach_of
from quotum.web.queries.plans import table_of_plan
from quotum.web.queries.workspace import find_draft
from quotum.web.records.models import Challenge, Job, Person, PlanVersion, User
from quotum.web.services.approvals import decide, propose_plan
from quotum.web.services.challenges import answer, ask_to_take_in, challenge
from quotum.web.services.draft_desk import EditRefused, Typing
from quotum.web.services.jobs import do_job
from quotum.web.services.plans import put_in_force
from quotum.web.services.versions import ask_for_version
from quotum.web.services.workspace import apply_edits, hold_number, view_of


@pytest.fixture(scope="module")
def planned(django_db_setup, django_db_blocker):
    """The plan, made once for all tests of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_plan().pk
        transaction.set_rollback(True)


@pytest.fixture
def plan(planned, db):
    return PlanVersion.objects.get(pk=planned)


def user(name):
    return User.objects.get(username=name)


def page(plan, name):
    client = Client()
    client.force_login(user(name))
    answer = client.get(reverse("approval", args=[plan.pk]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", ["director", "manager", "rep"])
def test_numbers_that_nobody_challenged_stand_beside_those_somebody_did(plan, name):
    assert "The plan has not been proposed." in page(plan, name)
    propose_plan(user("director"), plan)
    challenge(user("manager"), plan, Person.objects.get(pk="ann"), "revenue", 100_00, "The branch moves.")
    shown = page(plan, name)
    assert "100.00" in shown
    assert (">Cho<" in shown) is (name == "director")


WHOLE = "2027-01-01/2028-01-01"


def type_number(plan, name, person, text):
    unit = Person.objects.get(pk=person).unit_id
    base = find_draft(plan).sequence
    typed = [Typing(f"unit={unit};person={person}", WHOLE, text)]
    apply_edits(user(name), plan, view_of(plan), base, typed, "siblings")


def run(job):
    Job.objects.filter(pk=job.pk).update(state="running")
    job.refresh_from_db()
    do_job(job)
    job.refresh_from_db()
    assert job.state == "done", job.findings
    return PlanVersion.objects.get(pk=job.result["plan"])


def test_what_was_edited_is_proposed_without_finishing_it_first(plan):
    type_number(plan, "director", "ann", "33,000")
    assert "Accepted edits" in page(plan, "director")
    job = propose_plan(user("director"), plan, limit_percent=2.0, reason="agreed")
    assert propose_plan(user("director"), plan, limit_percent=2.0) == job  # clicked twice
    made = run(job)
    plan.refresh_from_db()
    assert (plan.state, made.state, made.challenge_percent, made.parent) == ("superseded", "proposed", 2.0, plan)
    assert (plan.title, made.title) == ("Small 2027 v1", "Small 2027 v2")
    assert number_of(made, "ann", "revenue") == 33_000_00
    assert made.approvals.count() == 3
    assert "33,000.00" in page(made, "rep")


def test_a_session_finished_twice_is_one_version(plan):
    type_number(plan, "director", "ann", "33,000")
    job = ask_for_version(user("director"), plan, "done")
    assert ask_for_version(user("manager"), plan) == job
    made = run(job)
    assert run(ask_for_version(user("director"), plan)) == made
    assert PlanVersion.objects.count() == 2


def test_what_was_granted_is_in_the_plan_that_comes_in_force(plan):
    director, manager = user("director"), user("manager")
    propose_plan(director, plan)
    was = {person: number_of(plan, person, "revenue") for person in ("ann", "ben", "cho", "dev")}
    asked = challenge(user("rep"), plan, Person.objects.get(pk="ann"), "revenue", was["ann"] - 500_00, "One closed.")
    later = challenge(manager, plan, Person.objects.get(pk="ben"), "revenue", was["ben"] - 100, "Nearly.")
    decide(director, plan.approvals.get(unit="south"), approved=True)
    answer(manager, asked, granted=True, text="So it did.")
    assert "1 granted number is not in the plan yet" in page(plan, "manager")
    job = ask_to_take_in(director, plan)
    made = run(job)
    states = dict(made.approvals.values_list("unit", "state"))
    assert states == {"company": "waiting", "north": "waiting", "south": "approved"}  # the south has its numbers still
    assert Challenge.objects.get(pk=later.pk).plan == made
    answer(director, Challenge.objects.get(pk=later.pk), granted=False, text="Enough.")
    for who, unit in ((manager, "north"), (director, "company")):
        decide(who, made.approvals.get(unit=unit), approved=True)
    made.refresh_from_db()
    put_in_force(director, made)
    now = {person: number_of(made, person, "revenue") for person in was}
    assert now == {**was, "ann": was["ann"] - 500_00, "ben": was["ben"] + 500_00}
    shown = table_of_plan(made, reach_of(user("rep"), "see_numbers"))
    assert shown.total.total == now["ann"]
    assert made.title in page(plan, "director")  # the one before says what stands in its place


def test_the_plan_page_says_what_can_be_done_next(plan):
    client = Client()
    client.force_login(user("director"))
    shown = client.get(reverse("plan", args=[plan.pk])).content.decode()
    assert "Put in force without approvals" in shown
    refused = client.post(reverse("plan_force", args=[plan.pk]), follow=True).content.decode()
    assert "Its units have not approved it" in refused
    plan.refresh_from_db()
    assert plan.state == "draft"
    client.post(reverse("plan_force_directly", args=[plan.pk]), {"reason": "the first"})
    plan.refresh_from_db()
    assert plan.state == "in_force"


def test_a_held_number_is_not_granted_as_it_could_not_be_taken_in(plan):
    director, manager = user("director"), user("manager")
    row = "unit=north;person=ann"
    with pytest.raises(EditRefused) as refused:
        hold_number(director, plan, row, WHOLE, expires=date(2020, 1, 1), reason="signed")
    assert refused.value.notes[0].code == "end_over"
    hold_number(director, plan, row, WHOLE, reason="signed")
    director.first_name = "Dora"
    director.save()
    seen = Client()
    seen.force_login(director)
    held = seen.get(reverse("workspace", args=[plan.pk])).content.decode()
    assert "Dora: signed" in held
    made = run(propose_plan(director, plan, limit_percent=50.0))
    asked = challenge(user("rep"), made, Person.objects.get(pk="ann"), "revenue", 1_00, "One closed.")
    near = number_of(made, "ann", "revenue") - 100
    answer(manager, asked, granted=False, text="No.")
    by_rule = challenge(user("rep"), made, Person.objects.get(pk="ann"), "revenue", near, "Nearly.")
    assert by_rule.state == "open"
    client = Client()
    client.force_login(manager)
    address = reverse("challenge_answer", args=[made.pk, by_rule.pk])
    told = client.post(address, {"decision": "grant", "answer": "Yes."}, follow=True).content.decode()
    assert "The plan has no room for this number" in told
    assert "held" in told
    assert Challenge.objects.get(pk=by_rule.pk).state == "open"
    assert "has not been proposed" not in page(made, "rep")
