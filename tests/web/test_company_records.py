"""Units, people, customers and the rest, kept by people: each within the own subtree, on record, never half."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from quotum.web.queries.company_rooms import ROOMS
from quotum.web.queries.permissions import customers_within, reach_of
from quotum.web.records.models import Change, Customer, Event, Ownership, Person, Post, Product, Unit, User
from quotum.web.services.company_records import add_record, change_record, change_records, remove_record
from quotum.web.services.company_tables import set_paths
from quotum.web.services.handing_over import hand_customers, move_people

pytestmark = pytest.mark.django_db
FIRST = date(2026, 1, 1)
RECORD = {"name": "Café", "class_name": "A", "channel": "", "area": "", "city": "Jinan", "opens": "", "closes": ""}


def account(name, role, unit=None, person=None):
    user = User.objects.create(username=name, person_id=person)
    Post.objects.create(user=user, role=role, unit_id=unit, since=FIRST)
    return user


@pytest.fixture
def firm():
    """A company of two regions; a clerk for the north, one for all, a rep."""
    Unit.objects.create(unit="Co")
    for unit in ("North", "South"):
        Unit.objects.create(unit=unit, parent_id="Co", name=unit)
    set_paths()
    for person, unit in (("Ana", "North"), ("Ben", "North"), ("Luis", "South")):
        Person.objects.create(person=person, name=person, unit_id=unit)
    for key, person in (("C1", "Ana"), ("C2", "Luis"), ("C3", None)):
        Customer.objects.create(customer=key, name=f"Shop {key}", person_id=person, search_text=f"shop {key}".lower())
    return {
        "clerk": account("clerk", "clerk", "North"), "all": account("all", "clerk", "Co"),
        "rep": account("rep", "rep", "North", "Ana"), "director": account("director", "sales_director"),
        "boss": account("boss", "clerk"),
    }  # fmt: skip


def test_a_change_is_on_record_with_what_was_before(firm):
    change_record(firm["clerk"], ROOMS["customers"], "C1", {"city": "Jinan"}, "moved")
    line = Change.objects.first()
    assert (line.table, line.key, line.unit) == ("customers", "C1", "North")
    assert (line.before, line.after, line.reason) == ({"city": ""}, {"city": "Jinan"}, "moved")
    assert "jinan" in Customer.objects.get(pk="C1").search_text


def test_nothing_different_leaves_no_line(firm):
    change_record(firm["clerk"], ROOMS["customers"], "C1", {"name": "Shop C1"})
    assert not Change.objects.exists()


@pytest.mark.parametrize("key", ["C2", "C3"])
def test_foreign_customers_and_those_of_nobody_are_not_a_regions_to_change(firm, key):
    with pytest.raises(Customer.DoesNotExist):
        change_record(firm["clerk"], ROOMS["customers"], key, {"city": "X"})


def test_who_may_not_edit_the_company_changes_nothing(firm):
    with pytest.raises(PermissionDenied):
        change_record(firm["rep"], ROOMS["customers"], "C1", {"city": "X"})


def test_a_form_that_is_older_than_the_record_is_refused(firm):
    with pytest.raises(ValidationError, match="meanwhile"):
        change_record(firm["boss"], ROOMS["customers"], "C1", {"city": "X"}, seen="0" * 16)


def test_units_do_not_leave_their_subtree_nor_lie_below_themselves(firm):
    add_record(firm["clerk"], ROOMS["units"], "N1", {"name": "N1", "parent": "North"})
    assert Unit.objects.get(pk="N1").path == "Co\nNorth\nN1\n"
    for user, unit, parent in ((firm["clerk"], "N1", "South"), (firm["clerk"], "North", "N1"),
                               (firm["boss"], "North", "N1"), (firm["clerk"], "N1", None)):  # fmt: skip
        with pytest.raises(ValidationError):
            change_record(user, ROOMS["units"], unit, {"parent": parent})
    change_record(firm["boss"], ROOMS["units"], "N1", {"parent": "South"})
    assert Unit.objects.get(pk="N1").path == "Co\nSouth\nN1\n"


def test_products_are_the_whole_companys_to_change(firm):
    product = Product.objects.create(product="P1")
    with pytest.raises(Product.DoesNotExist):
        change_record(firm["clerk"], ROOMS["products"], "P1", {"price_e4": 1})
    with pytest.raises(PermissionDenied):
        add_record(firm["clerk"], ROOMS["products"], "P2", {})
    change_record(firm["boss"], ROOMS["products"], product.pk, {"price_e4": 125_000})


def test_a_region_adds_events_for_itself_only(firm):
    day = {"since": date(2026, 5, 1), "until": date(2026, 5, 4), "effect": 1.2}
    add_record(firm["clerk"], ROOMS["events"], "", {**day, "scope": "unit=North"})
    with pytest.raises(ValidationError):
        add_record(firm["clerk"], ROOMS["events"], "", {**day, "scope": ""})
    with pytest.raises(ValidationError):
        add_record(firm["boss"], ROOMS["events"], "", {**day, "until": day["since"]})


def test_many_are_changed_together_or_not_at_all(firm):
    with pytest.raises(ValidationError):
        change_records(firm["clerk"], ROOMS["customers"], ["C1", "C2"], "class_name", "A")
    assert not Customer.objects.filter(class_name="A").exists()
    assert change_records(firm["boss"], ROOMS["customers"], ["C1", "C2"], "class_name", "A", "new classes") == 2
    assert Change.objects.filter(reason="new classes").count() == 2


def test_what_is_named_elsewhere_is_not_removed(firm):
    with pytest.raises(ValidationError, match="named"):
        remove_record(firm["boss"], ROOMS["people"], "Ana")
    with pytest.raises(ValidationError, match="named"):
        remove_record(firm["boss"], ROOMS["units"], "South")
    remove_record(firm["boss"], ROOMS["customers"], "C3", "gone")
    assert Change.objects.first().before["name"] == "Shop C3"


def test_a_customer_handed_over_keeps_its_owners_by_date(firm):
    hand_customers(firm["clerk"], ["C1"], "Ben", date(2026, 7, 1), "leave")
    lines = Ownership.objects.values_list("person_id", "since", "until")
    assert list(lines) == [("Ana", date(2000, 1, 1), date(2026, 7, 1)), ("Ben", date(2026, 7, 1), None)]
    hand_customers(firm["clerk"], ["C1"], "Ana", date(2026, 6, 1))  # wins over what was planned later
    assert list(lines.all()) == [("Ana", date(2000, 1, 1), date(2026, 6, 1)), ("Ana", date(2026, 6, 1), None)]


def test_customers_do_not_pass_between_foreign_hands(firm):
    with pytest.raises(ValidationError):
        hand_customers(firm["clerk"], ["C1"], "Luis", FIRST)
    with pytest.raises(ValidationError):
        hand_customers(firm["clerk"], ["C2"], "Ana", FIRST)
    Ownership.objects.create(customer_id="C1", person_id="Luis", since=FIRST, share=0.5)
    Ownership.objects.create(customer_id="C1", person_id="Ana", since=FIRST, share=0.5)
    assert customers_within(reach_of(firm["clerk"], "edit_company")).filter(pk="C1").exists()
    with pytest.raises(ValidationError, match="not yours"):
        hand_customers(firm["clerk"], ["C1"], "Ben", date(2026, 7, 1))


def test_a_person_who_moves_takes_the_posts_along_on_the_date(firm, settings):
    settings.TODAY = "2026-07-01"
    with pytest.raises(ValidationError):
        move_people(firm["clerk"], ["Ana"], "South", date(2026, 7, 1))
    move_people(firm["boss"], ["Ana"], "South", date(2026, 7, 1), "south grows")
    posts = Post.objects.filter(user=firm["rep"]).order_by("since").values_list("unit_id", "since", "until")
    assert list(posts) == [("North", FIRST, date(2026, 7, 1)), ("South", date(2026, 7, 1), None)]
    assert Person.objects.get(pk="Ana").unit_id == "South"


@pytest.mark.parametrize("table", ROOMS)
def test_every_table_has_its_pages(firm, client, table):
    client.force_login(firm["boss"])
    Event.objects.create(since=FIRST, until=date(2026, 1, 2), effect=1.0)
    room = ROOMS[table]
    assert client.get(reverse("company-list", args=[table]), {"q": "x", "sort": room.columns[-1]}).status_code == 200
    assert client.get(reverse("company-add", args=[table])).status_code == 200
    for record in room.model.objects.all()[:1]:
        answer = client.get(reverse("company-record", args=[table]), {"key": record.pk})
        assert answer.status_code == 200


def test_a_form_saves_and_tells_what_is_wrong(firm, client):
    client.force_login(firm["clerk"])
    address = reverse("company-record", args=["customers"]) + "?key=C1"
    assert client.post(address, {**RECORD, "reason": "met"}).status_code == 302
    assert Customer.objects.get(pk="C1").city == "Jinan"
    answer = client.post(address, {**RECORD, "lat": "91"})
    assert answer.status_code == 400
    assert answer.context["form"].errors["lat"]
    assert client.post(reverse("company-record", args=["customers"]) + "?key=C2", RECORD).status_code == 404
    assert client.get(reverse("company-list", args=["sales"])).status_code == 404


def test_many_through_the_page(firm, client):
    client.force_login(firm["boss"])
    address = reverse("company-change", args=["customers"])
    first = client.post(address, {"field": "person", "all": "1", "find-q": "shop"})
    assert first.context["count"] == 3
    given = {"field": "person", "keys": first.context["keys"], "value": "Ben", "since": "2026-01-01", "reason": "all"}
    assert client.post(address, given).status_code == 302
    assert set(Customer.objects.values_list("person_id", flat=True)) == {"Ben"}


def test_the_number_of_queries_does_not_grow_with_the_rows(firm, client):
    client.force_login(firm["director"])
    counts = []
    for number in (5, 40):
        for n in range(number):
            Customer.objects.create(customer=f"{number}-{n}", person_id="Ana", search_text="x")
        with CaptureQueriesContext(connection, ) as queries:
            assert client.get(reverse("company-list", args=["customers"])).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15
