"""Days planned anew keep what people have begun, done, moved, dropped or added; managers plan their own people only."""

from datetime import timedelta

import pytest
from day_world import MONDAY, add, build_days
from django.core.exceptions import PermissionDenied, ValidationError
from web_world import account

from quotum.web.bridge.visits import PlannedDays
from quotum.web.records.models import AgendaItem, Job, PlanVersion
from quotum.web.services import day as work
from quotum.web.services.visits import ask_for_visits, take_days

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def visits(db, settings):
    settings.TODAY = MONDAY.isoformat()
    return build_days()


@pytest.fixture
def plan(visits):
    plan = PlanVersion.objects.get()
    AgendaItem.objects.filter(person="ann").update(plan=plan)
    PlanVersion.objects.update(state="in_force")
    return plan


def planned(*lines):
    names = ("person", "date", "position", "kind", "customer", "start", "end")
    rest = {"travel": 5, "lat": None, "lon": None, "why": "class", "detail": "A"}
    return PlannedDays([{**dict(zip(names, line, strict=True)), **rest} for line in lines])


def test_what_is_begun_done_moved_dropped_or_added_stays(visits, plan):
    rep = account("rep")
    work.start_item(rep, visits[0].pk)
    work.postpone_item(rep, visits[1].pk, MONDAY + timedelta(1))
    work.drop_item(rep, visits[2].pk, "Closed")
    added = work.add_item(rep, "", MONDAY, "job", detail="Fair")
    again = planned(("ann", MONDAY, 1, "visit", "c-ann", 700, 720), ("ann", MONDAY, 2, "call", "c-ann", 480, 490),
                    ("ann", MONDAY + timedelta(1), 1, "visit", "c-ann", 500, 520))  # fmt: skip
    for _ in range(2):
        assert take_days(None, plan, again, MONDAY, MONDAY + timedelta(7)) == 1
    today = list(AgendaItem.objects.filter(person="ann", date=MONDAY))
    assert {item.state for item in today} == {"started", "postponed", "dropped", "planned"}
    assert added in today
    assert [item.kind for item in today].count("visit") == 3
    assert [item.kind for item in today].count("call") == 1
    assert [item.start_minute for item in today] == sorted(item.start_minute for item in today)
    assert AgendaItem.objects.filter(date=MONDAY + timedelta(1)).count() == 1


def test_other_people_and_other_days_are_left_alone(plan):
    of_ben = add("ben", "visit", 1, 540, 600, "c-ben", plan=plan)
    later = add("ann", "visit", 1, 540, 600, "c-ann", MONDAY + timedelta(9), plan=plan)
    take_days(None, plan, planned(), MONDAY, MONDAY + timedelta(7), ["ann"])
    assert set(AgendaItem.objects.all()) == {of_ben, later}


def test_a_manager_plans_the_own_people(plan):
    span = MONDAY, MONDAY + timedelta(7)
    ask_for_visits(account("area_manager"), *span)
    assert Job.objects.get().arguments["people"] == ["ann", "ben"]
    with pytest.raises(PermissionDenied):
        ask_for_visits(account("area_manager"), *span, people=["cho"])
    with pytest.raises(PermissionDenied):
        ask_for_visits(account("rep"), *span)
    with pytest.raises(ValidationError):
        ask_for_visits(account("area_manager"), MONDAY - timedelta(1), MONDAY)
