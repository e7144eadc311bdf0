"""A plan is proposed from the top, decided from below, challenged by those who carry it."""

import pytest
from django.core.exceptions import PermissionDenied
from web_world import account, build_world

from quotum.web.records.models import Challenge, Change, Person, PlanVersion
from quotum.web.services.approvals import NotNow, decide, propose_plan
from quotum.web.services.challenges import answer, challenge
from quotum.web.services.plans import put_in_force

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(db, monkeypatch):
    build_world()
    monkeypatch.setattr("quotum.web.services.challenges.number_of", lambda *_: 100_000)
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
    with pytest.raises(PermissionDenied):
        put_in_force(account("sales_director"), plan)


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
