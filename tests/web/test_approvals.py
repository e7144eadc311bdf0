"""A plan is proposed from the top, decided from below, challenged by those who carry it."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from web_world import account, build_world

from quotum.web.queries.plans import find_plan_in_force
from quotum.web.records.models import Challenge, Change, Job, Person, PlanVersion
from quotum.web.services.approvals import NotNow, decide, propose_plan
from quotum.web.services.challenges import answer, challenge
from quotum.web.services.plans import force_plan, put_in_force
from quotum.web.services.reviews import ask_for_review, review_of_the_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(db, monkeypatch):
    build_world()
    monkeypatch.setattr("quotum.web.services.challenges.number_of", lambda *_: 100_000)
    monkeypatch.setattr("quotum.web.services.challenges.find_no_room", lambda *_: [])
    plan = PlanVersion.objects.get()
    plan.totals = [{"measure": "revenue", "commit": 1, "stretch": 1, "decimals": 2, "currency": "EUR"}]
    plan.save()
    return plan


def propose(plan, percent=0.0):
    propose_plan(account("sales_director"), plan, limit_percent=percent)
    return {one.unit_id: one for one in plan.approvals.all()}


def test_every_unit_with_people_below_it_decides_those_below_first(plan):
    units = propose(plan)
    assert sorted(units) == ["company", "north", "south"]
    director = account("sales_director")
    with pytest.raises(NotNow, match="below_first"):
        decide(director, units["company"], approved=True)
    decide(account("area_manager"), units["north"], approved=True)
    decide(director, units["south"], approved=True)
    decide(director, units["company"], approved=True)
    plan.refresh_from_db()
    assert plan.state == "approved"
    put_in_force(director, plan)
    assert Change.objects.filter(table="approvals", action="approved").count() == 3


def test_a_manager_decides_about_the_own_units_only(plan):
    units = propose(plan)
    with pytest.raises(PermissionDenied):
        decide(account("area_manager"), units["south"], approved=True)
    with pytest.raises(PermissionDenied):
        decide(account("finance"), units["north"], approved=True)


def test_what_is_returned_is_a_draft_again_and_says_why(plan):
    units = propose(plan)
    with pytest.raises(NotNow, match="note_needed"):
        decide(account("area_manager"), units["north"], approved=False)
    decide(account("area_manager"), units["north"], approved=False, note="The new branch opens in May.")
    plan.refresh_from_db()
    assert plan.state == "draft"
    assert propose(plan)["north"].state == "waiting"


def test_a_proposed_plan_is_not_put_in_force(plan):
    propose(plan)
    plan.refresh_from_db()
    with pytest.raises(NotNow, match="not_approved"):
        put_in_force(account("sales_director"), plan)
    with pytest.raises(NotNow, match="not_approved"):
        force_plan(account("sales_director"), plan, "in a hurry")


@pytest.mark.parametrize(("asked", "state"), [(98_000, "granted"), (102_000, "granted"), (97_999, "open")])
def test_a_rule_answers_inside_its_limit(plan, asked, state):
    propose(plan, percent=2.0)
    made = challenge(account("rep"), plan, Person.objects.get(pk="ann"), "revenue", asked, "Two customers closed.")
    assert (made.state, made.by_rule) == (state, state == "granted")


def test_the_manager_answers_beyond_it(plan):
    propose(plan)
    ann = Person.objects.get(pk="ann")
    made = challenge(account("rep"), plan, ann, "revenue", 80_000, "Two customers closed.")
    with pytest.raises(NotNow, match="open_already"):
        challenge(account("rep"), plan, ann, "revenue", 70_000, "Three.")
    with pytest.raises(PermissionDenied):
        answer(account("rep"), made, granted=True, text="Yes")
    answer(account("area_manager"), made, granted=False, text="Both are in the numbers already.")
    assert Challenge.objects.get().state == "declined"
    with pytest.raises(NotNow, match="decided"):
        answer(account("area_manager"), made, granted=True, text="After all")


def test_nobody_challenges_for_others_or_answers_the_own(plan):
    propose(plan)
    with pytest.raises(PermissionDenied):
        challenge(account("rep"), plan, Person.objects.get(pk="ben"), "revenue", 1, "why")
    made = challenge(account("area_manager"), plan, Person.objects.get(pk="ben"), "revenue", 1, "why")
    with pytest.raises(PermissionDenied):
        answer(account("area_manager"), made, granted=True, text="Yes")


def approve_all(plan):
    for unit in ("north", "south", "company"):
        decide(account("sales_director"), plan.approvals.get(unit=unit), approved=True)
    plan.refresh_from_db()


def test_what_is_challenged_is_answered_before_a_unit_decides(plan):
    units = propose(plan)
    made = challenge(account("rep"), plan, Person.objects.get(pk="ann"), "revenue", 80_000, "Two customers closed.")
    decide(account("sales_director"), units["south"], approved=True)
    with pytest.raises(NotNow, match="challenges_open"):
        decide(account("area_manager"), units["north"], approved=True)
    answer(account("area_manager"), made, granted=True, text="So they did.")
    with pytest.raises(NotNow, match="take_in_first"):
        decide(account("area_manager"), units["north"], approved=True)
    decide(account("area_manager"), units["north"], approved=False, note="Not like this.")


def test_a_draft_is_not_put_in_force_but_as_the_first_plan_with_a_reason(plan):
    with pytest.raises(NotNow, match="not_approved"):
        put_in_force(account("sales_director"), plan)
    with pytest.raises(PermissionDenied):
        force_plan(account("deputy"), plan, "The year has begun.")
    with pytest.raises(NotNow, match="reason_needed"):
        force_plan(account("sales_director"), plan, " ")
    force_plan(account("sales_director"), plan, "The year has begun.")
    assert Change.objects.get(action="put in force without approvals").reason == "The year has begun."
    second = another(plan)
    with pytest.raises(NotNow, match="not_approved"):
        force_plan(account("sales_director"), second, "Again")


def another(plan, **values):
    return PlanVersion.objects.create(
        **{"name": "Next", "setup": plan.setup, "settings_text": "", "address": "plans/none", "digest": "1" * 64,
           "since": plan.since, "until": plan.until, **values}
    )  # fmt: skip


def test_only_plans_of_the_same_days_are_superseded_and_an_earlier_one_comes_back(plan, monkeypatch):
    monkeypatch.setattr("quotum.web.queries.plans.today", lambda: date(2026, 12, 20))
    director = account("sales_director")
    force_plan(director, plan, "the first")
    revised, year = another(plan), another(plan, since=plan.until, until=date(2028, 1, 1))
    for version in (year, revised):
        propose(version)
        approve_all(version)
        put_in_force(director, version)
    states = [PlanVersion.objects.get(pk=one.pk).state for one in (plan, revised, year)]
    assert states == ["superseded", "in_force", "in_force"]
    assert find_plan_in_force() == revised
    assert find_plan_in_force(date(2027, 1, 1)) == year
    assert find_plan_in_force(date(2030, 1, 1)) == year
    force_plan(director, plan, "The revision was wrong.")
    assert find_plan_in_force() == plan


def test_figures_are_worked_out_once_a_plan_is_in_force_and_once_a_day(plan, monkeypatch):
    for place in ("queries.plans", "services.reviews"):
        monkeypatch.setattr(f"quotum.web.{place}.today", lambda: date(2026, 5, 4))
    assert review_of_the_day() is None
    force_plan(account("sales_director"), plan, "the first")
    job = Job.objects.get(kind="review")
    assert (job.by.username, job.arguments) == ("sales_director", {"plan": str(plan.pk), "as_of": "2026-05-04"})
    assert review_of_the_day() is None
    assert ask_for_review(account("area_manager")) == job
    with pytest.raises(PermissionDenied):
        ask_for_review(account("rep"))
    Job.objects.update(state="done")
    monkeypatch.setattr("quotum.web.services.reviews.today", lambda: date(2026, 5, 5))
    assert review_of_the_day().arguments["as_of"] == "2026-05-05"


def test_home_says_that_figures_are_being_worked_out(plan, client, monkeypatch):
    monkeypatch.setattr("quotum.web.queries.plans.cut_plan", lambda *_: ([], []))
    force_plan(account("sales_director"), plan, "the first")
    client.force_login(account("finance"))
    for address in ("/", "/standing/"):
        assert "The figures are being worked out" in client.get(address).content.decode()
