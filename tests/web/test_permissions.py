"""How far each role reaches, told role by role as a firm would tell it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from web_world import account, build_world

from quotum.web.queries.clock import today
from quotum.web.queries.permissions import (
    customers_within,
    may,
    people_within,
    reach_of,
    require,
    require_everywhere,
    units_within,
)
from quotum.web.records.models import Ownership, Post
from quotum.web.records.roles import CAPABILITIES, MAY, ROLES

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(db):
    build_world()


def people_of(role, capability):
    return sorted(people_within(reach_of(account(role), capability)).values_list("pk", flat=True))


@pytest.mark.parametrize(("role", "people"), [
    ("general_manager", ["ann", "ben", "cho"]), ("sales_director", ["ann", "ben", "cho"]),
    ("area_manager", ["ann", "ben"]), ("rep", ["ann"]), ("finance", ["ann", "ben", "cho"]),
    ("auditor", ["ann", "ben", "cho"]), ("customer_service", []), ("technical", []),
])  # fmt: skip
def test_whose_numbers_a_role_sees(role, people):
    assert people_of(role, "see_numbers") == people


def test_a_manager_sees_the_units_of_the_own_subtree_only():
    assert [unit.pk for unit in units_within(reach_of(account("area_manager"), "see_numbers"))] == ["north"]


def test_customers_follow_their_owner_of_today():
    Ownership.objects.create(customer_id="c-cho", person_id="ann", since=today() - timedelta(days=9))
    Ownership.objects.create(customer_id="c-ben", person_id="ann", since=today() + timedelta(days=9))
    seen = customers_within(reach_of(account("rep"), "see_customers")).values_list("pk", flat=True)
    assert sorted(seen) == ["c-ann", "c-cho"]


def test_a_post_counts_from_its_first_day_until_its_end():
    user = account("area_manager")
    user.posts.update(until=today())
    assert not may(account("area_manager"), "approve")
    user.posts.update(until=today() + timedelta(days=1))
    assert may(account("area_manager"), "approve")
    user.posts.update(since=today() + timedelta(days=1), until=None)
    assert not may(account("area_manager"), "approve")


def test_two_posts_reach_further_together():
    Post.objects.create(user=account("area_manager"), role="area_manager", unit_id="south", since=date(2026, 1, 1))
    assert people_of("area_manager", "see_numbers") == ["ann", "ben", "cho"]


def test_who_is_switched_off_may_nothing():
    user = account("general_manager")
    user.is_active = False
    assert not any(may(user, capability) for capability in CAPABILITIES)


def test_requiring_what_is_missing_is_refused():
    with pytest.raises(PermissionDenied):
        require(account("rep"), "set_target")
    with pytest.raises(PermissionDenied):
        require_everywhere(account("area_manager"), "see_numbers")


def test_every_role_and_capability_is_known():
    assert set(MAY) == set(ROLES)
    assert {name for given in MAY.values() for name in given} == set(CAPABILITIES)
    assert "set_target" not in MAY["administrator"]  # who runs the system does not set numbers


def test_asking_again_costs_no_query(django_assert_num_queries):
    user = account("area_manager")
    with django_assert_num_queries(1):
        assert may(user, "approve")
        assert reach_of(user, "see_numbers").paths == ("company\nnorth\n",)
