"""What was decided for a later day: it takes effect on that day, for both sides."""

from datetime import date, timedelta

import pytest
from web_world import account, build_world

from quotum.web.queries.permissions import customers_within, reach_of
from quotum.web.records.models import Change, Customer, Ownership, Person, User
from quotum.web.services.handing_over import hand_customers, move_people, take_what_is_due

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
    assert take_what_is_due() == DAY + timedelta(14)
    assert Customer.objects.get(pk="c-ann").person_id == "ben"
    assert Change.objects.first().after == {"customers": 1, "first": ["c-ann"]}


def test_a_day_is_taken_once(clerk, django_assert_num_queries):
    Ownership.objects.create(customer_id="c-ann", person_id="ben", since=DECIDED)
    with django_assert_num_queries(0):
        assert take_what_is_due(DECIDED) == DECIDED
    take_what_is_due(DECIDED - timedelta(1))
    lines = Change.objects.count()
    take_what_is_due()
    assert Change.objects.count() == lines
    assert Person.objects.get(pk="ben").customers.count() == 2


def test_a_person_moves_on_the_day(clerk, settings):
    move_people(clerk, ["ben"], "south", DAY, "south grows")
    assert Person.objects.get(pk="ben").unit_id == "north"
    take_what_is_due()
    assert Person.objects.get(pk="ben").unit_id == "north"
    settings.TODAY = DAY.isoformat()
    take_what_is_due(DECIDED)
    assert Person.objects.get(pk="ben").unit_id == "south"
    line = Change.objects.filter(table="people", key="ben").first()
    assert (line.before, line.after) == ({"unit": "north"}, {"unit": "south", "since": DAY.isoformat()})


def test_another_decision_replaces_the_one_before(clerk, settings):
    move_people(clerk, ["ben"], "south", DAY)
    move_people(clerk, ["ben"], "company", DECIDED)
    settings.TODAY = DAY.isoformat()
    take_what_is_due()
    assert Person.objects.get(pk="ben").unit_id == "company"
