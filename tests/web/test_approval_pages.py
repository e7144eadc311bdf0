"""The page on which a plan is proposed, challenged and approved, as those see it who take part."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from planned_world import build_plan

from quotum.web.records.models import Person, PlanVersion, User
from quotum.web.services.approvals import propose_plan
from quotum.web.services.challenges import challenge


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
