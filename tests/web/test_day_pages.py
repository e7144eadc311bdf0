"""The pages of the day: three taps to a log, what a manager sees, customers, calendars; queries do not grow."""

from datetime import timedelta

import pytest
from day_world import MONDAY, add, build_days, log, open_item
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from icalendar import Calendar
from web_world import account

from quotum.web.bridge.standing import Standing, Standings
from quotum.web.queries.customers import search_customers
from quotum.web.queries.permissions import Reach
from quotum.web.queries.standing import needed_of
from quotum.web.records.models import AgendaItem, Change, Contact, Customer, LogEntry, OpenItem, Person, Remark
from quotum.web.services.company_tables import set_search_texts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def visits(db, settings):
    settings.TODAY = MONDAY.isoformat()
    return build_days()


def as_role(role):
    client = Client()
    client.force_login(account(role))
    return client


def test_the_first_page_of_a_rep_is_today(visits):
    rep = as_role("rep")
    page = rep.get(reverse("home")).content.decode()
    assert "Customer of Ann" in page
    assert reverse("item-start", args=[visits[0].pk]) in page
    assert b"No plan is in force" in as_role("sales_director").get(reverse("home")).content


def test_a_visit_is_logged_in_three_taps(visits):
    rep, log_page = as_role("rep"), reverse("log")
    form = rep.get(log_page, {"item": visits[0].pk, "back": reverse("today")}).content.decode()
    key = form.partition('name="key" value="')[2].partition('"')[0]
    sent = {"item": visits[0].pk, "kind": "visit", "result": "order", "key": key, "back": reverse("today")}
    for _ in range(2):
        answer = rep.post(log_page, sent)
        assert (answer.status_code, answer.headers["Location"]) == (303, reverse("today"))
    assert LogEntry.objects.get().result == "order"
    assert rep.post(log_page, {**sent, "key": "x", "item": visits[1].pk, "next_step": "Call"}).status_code == 400
    assert rep.post(log_page, {**sent, "back": "//elsewhere.invalid/"}).headers["Location"] == reverse("today")


def test_a_manager_reads_the_days_below_and_has_no_buttons(visits):
    manager = as_role("area_manager")
    page = manager.get(reverse("day", args=[MONDAY.isoformat(), "ann"])).content.decode()
    assert "Customer of Ann" in page
    assert "/agenda/" not in page
    assert manager.get(reverse("day", args=[MONDAY.isoformat(), "cho"])).status_code == 404
    assert manager.post(reverse("item-start", args=[visits[0].pk])).status_code == 403
    manager.post(reverse("remark", args=[MONDAY.isoformat(), "ann"]), {"text": "Good", "grain": "week", "key": "k"})
    assert "Good" in as_role("rep").get(reverse("week", args=[MONDAY.isoformat(), "ann"])).content.decode()
    assert Remark.objects.count() == 1


def test_the_team_shows_what_was_done_and_promised(visits, monkeypatch):
    told = Standings("revenue", "EUR", 2, 5, {"ben": Standing(1000_00, 500_00, 100_00), "ann": Standing(900_00, 0, 0)})
    monkeypatch.setattr("quotum.web.queries.teams.find_standings", lambda: told)
    last = MONDAY - timedelta(7)
    add("ben", "visit", 1, 540, 600, "c-ben", last, state="done")
    add("ben", "call", 2, 600, 610, "c-ben", last)
    open_item("ben", "Send samples", MONDAY - timedelta(2), promised=True)
    open_item("cho", "Not in the north", MONDAY, promised=True)
    page = as_role("area_manager").get(reverse("monday")).content.decode()
    assert page.index("Ben") < page.index("Ann")
    assert ">400<" in page
    assert "Send samples" in page
    assert "Not in the north" not in page


def test_what_is_still_needed_is_spread_over_the_working_days_left():
    standings = Standings("revenue", "EUR", 2, 3, {"ann": Standing(month=1000, month_due=500, month_actual=900),
                                                   "ben": Standing(month=1000, month_actual=2000)})  # fmt: skip
    ann, ben = needed_of("ann", standings), needed_of("ben", standings)
    assert (ann.needed, ann.each_day, ann.percent, ann.is_behind) == (100, 34, 90, False)
    assert (ben.needed, ben.each_day) == (0, 0)
    assert needed_of("cho", standings) is None


@pytest.mark.parametrize("name", ["day", "week", "week-board", "month-board"])
def test_queries_do_not_grow_with_the_rows(name):
    rep, path = as_role("rep"), reverse(name, args=[MONDAY.isoformat(), "ann"])
    log("ann", MONDAY, customer_id="c-ann")
    open_item("ann", "Call", MONDAY, customer_id="c-ann")

    def count():
        with CaptureQueriesContext(connection) as queries:
            assert rep.get(path).status_code == 200
        return len(queries)

    count()
    few = count()
    for number in range(20):
        item = add("ann", "visit", 10 + number, 800, 810, "c-ann", state="done")
        log("ann", MONDAY, item=item, customer_id="c-ann")
        log("ann", MONDAY, customer_id="c-ann")
        open_item("ann", "More", MONDAY, customer_id="c-ann", begins=MONDAY - timedelta(number))
    assert count() <= few


def test_customers_are_found_by_every_word_within_reach():
    Customer.objects.filter(pk="c-ben").update(name="王五 Lighting", city="济南", phone="0531 555")
    set_search_texts()
    everybody = Reach(everywhere=True)
    for text in ("王五", "light", "济南 王", "0531", "C-BEN"):
        assert [found.pk for found in search_customers(everybody, text)] == ["c-ben"]
    assert search_customers(Reach(person="ann"), "王五") == []
    assert search_customers(everybody, "  ") == []
    assert "Lighting" not in as_role("rep").get(reverse("customers"), {"q": "王五"}).content.decode()
    found = as_role("area_manager").get(reverse("customers"), {"q": "王五"}, headers={"HX-Request": "true"})
    assert "<html" not in found.content.decode()


def test_the_card_is_written_by_its_owner_and_dated_and_kept():
    rep, edit = as_role("rep"), reverse("customer-edit", args=["c-ann"])
    assert rep.post(edit, {"needs": "Lamps", "current_supplier": "Lumora"}).status_code == 302
    rep.post(reverse("customer-add-contact", args=["c-ann"]), {"name": "Lin", "decides": "on", "key": "k"})
    page = rep.get(reverse("customer", args=["c-ann"])).content.decode()
    assert "Lamps" in page
    assert "Lin" in page
    assert "36 %" in page  # four of eleven
    change = Change.objects.filter(table="customer_cards").last()
    assert (change.before, change.after) == ({"needs": "", "current_supplier": ""},
                                            {"needs": "Lamps", "current_supplier": "Lumora"})  # fmt: skip
    assert as_role("finance").post(edit, {"needs": "x"}).status_code == 403
    assert rep.post(reverse("customer-edit", args=["c-ben"]), {"needs": "x"}).status_code == 404
    contact = Contact.objects.get()
    rep.post(reverse("customer-contact", args=[contact.pk]), {"do": "remove"})
    assert not Contact.objects.exists()


def test_a_calendar_is_read_at_its_secret_address_until_that_is_renewed(visits):
    open_item("ann", "Samples", MONDAY)
    rep = as_role("rep")
    page = rep.post(reverse("calendar")).content.decode()
    path = "/calendar/" + page.partition("/calendar/")[2].partition('"')[0]
    answer = Client().get(path)
    assert answer.headers["Content-Type"].startswith("text/calendar")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert {str(event["summary"]) for event in events} == {"Visit: Customer of Ann", "Samples"}
    begin = min(event["dtstart"].dt for event in events if str(event["uid"]).startswith("item"))
    assert begin.isoformat() == "2026-11-16T09:00:00+00:00"
    rep.post(reverse("calendar"))
    assert Client().get(path).status_code == 404
    assert not AgendaItem.objects.filter(state="done").exists()
    assert OpenItem.objects.filter(done=None).exists()
    assert Person.objects.get(pk="ann").feed
