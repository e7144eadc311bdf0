"""What was decided for a later day: it takes effect on that day, for both sides."""

from datetime import date, timedelta

import pytest
from web_world import account, build_world

from quotum.web.queries.permissions import customers_within, reach_of
from quotum.web.records.models import Change, Customer, Ownership, Person, User
from quotum.web.services.handing_over import hand_customers, take_owners_of_today

pytestmark = pytest.mark.django_db
DECIDED, DAY = date(2026, 11, 16), date(2026, 12, 1)


@pytest.fixture
def clerk(db, settings):
    build_world()
    User.objects.filter(username="promoter").update(person="ben")
    settings.TODAY = DECIDED.isoformat()
    return account("clerk")


def seen(role):
    return set(customers_within(reach_of(account(role), "see_customers")).values_list("pk", flat=True))


def test_a_customer_changes_hands_on_its_day(clerk, settings):
    hand_customers(clerk, ["c-ann"], "ben", DAY, "leave")
    assert (seen("rep"), seen("promoter")) == ({"c-ann"}, {"c-ben"})
    settings.TODAY = (DAY + timedelta(14)).isoformat()
    assert (seen("rep"), seen("promoter")) == (set(), {"c-ann", "c-ben"})
    assert take_owners_of_today() == DAY + timedelta(14)
    assert Customer.objects.get(pk="c-ann").person_id == "ben"
    assert Change.objects.first().after == {"customers": 1, "first": ["c-ann"]}


def test_a_day_is_taken_once(clerk, django_assert_num_queries):
    Ownership.objects.create(customer_id="c-ann", person_id="ben", since=DECIDED)
    with django_assert_num_queries(0):
        assert take_owners_of_today(DECIDED) == DECIDED
    take_owners_of_today(DECIDED - timedelta(1))
    lines = Change.objects.count()
    take_owners_of_today()
    assert Change.objects.count() == lines
    assert Person.objects.get(pk="ben").customers.count() == 2
