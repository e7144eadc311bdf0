"""What a rep does with the own day: begun, logged once however often it is tapped, moved, swapped, dropped, added."""

from datetime import date, timedelta

import pytest
from day_world import MONDAY, add, build_days, open_item
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from web_world import account

from quotum.web.queries.days import day_of, week_of
from quotum.web.records.models import AgendaItem, Change, LogEntry, OpenItem, Person, Remark
from quotum.web.services import day as work
from quotum.web.services import open_items as opened

pytestmark = pytest.mark.django_db
VISIT = work.Contact(kind="visit", result="interest")


@pytest.fixture(autouse=True)
def visits(db, settings):
    settings.TODAY = MONDAY.isoformat()
    return build_days()


@pytest.fixture
def rep(visits):
    return account("rep")


def test_a_visit_is_begun_and_logged_and_its_next_step_stays_open(rep, visits):
    work.start_item(rep, visits[0].pk)
    contact = work.Contact("visit", "offer", next_step="Send the offer", next_date=MONDAY + timedelta(3), promised=True,
                           demand="40 pcs", price="2,380", competitor="Lumora")  # fmt: skip
    entry = work.log_contact(rep, "k1", contact, item=visits[0].pk)
    assert (entry.customer_id, entry.demand, entry.by) == ("c-ann", "40 pcs", rep)
    opened_by = OpenItem.objects.get(log=entry)
    assert (opened_by.text, opened_by.due, opened_by.promised) == ("Send the offer", MONDAY + timedelta(3), True)
    assert AgendaItem.objects.get(pk=visits[0].pk).state == "done"
    assert set(Change.objects.filter(unit="north").values_list("table", flat=True)) >= {"agenda", "log", "open_items"}


def test_taps_and_tabs_log_a_visit_once(rep, visits):
    first = work.log_contact(rep, "one tab", VISIT, item=visits[0].pk)
    assert work.log_contact(rep, "one tab", VISIT, item=visits[0].pk) == first
    assert work.log_contact(rep, "another tab", VISIT, item=visits[0].pk) == first
    beside = work.log_contact(rep, "call", work.Contact("call", "none"), customer="c-ann")
    assert work.log_contact(rep, "call", work.Contact("call", "none"), customer="c-ann") == beside
    assert LogEntry.objects.count() == 2
    jobs = {work.add_item(rep, "a", MONDAY, "job", detail="Fair") for _ in range(2)}
    assert len(jobs) == 1
    assert opened.add_open_item(rep, "o", "Call", MONDAY) == opened.add_open_item(rep, "o", "Call", MONDAY)


def test_a_postponed_visit_stands_on_its_new_day_and_tells_where_it_went(rep, visits):
    to = MONDAY + timedelta(1)
    for _ in range(2):
        work.postpone_item(rep, visits[0].pk, to, "Stocktaking")
    moved = AgendaItem.objects.get(person="ann", date=to)
    assert (moved.customer_id, moved.why, moved.plan) == ("c-ann", "postponed", None)
    old = AgendaItem.objects.get(pk=visits[0].pk)
    assert (old.state, old.moved_to, old.state_reason) == ("postponed", to, "Stocktaking")
    with pytest.raises(ValidationError):
        work.postpone_item(rep, visits[1].pk, MONDAY - timedelta(1))


def test_neighbours_change_places_within_their_hours(rep, visits):
    visits[1].end_minute += 20
    visits[1].save()
    work.swap_item(rep, visits[1].pk, earlier=True)
    shown = [item for item in day_of(Person.objects.get(pk="ann"), MONDAY).items if item.kind == "visit"]
    assert [item.pk for item in shown] == [visits[1].pk, visits[0].pk, visits[2].pk]
    assert [(item.start_minute, item.end_minute) for item in shown[:2]] == [(540, 590), (620, 650)]
    work.swap_item(rep, visits[1].pk, earlier=True)  # the first stays the first
    assert AgendaItem.objects.get(pk=visits[1].pk).start_minute == 540


def test_what_is_dropped_says_why(rep, visits):
    with pytest.raises(ValidationError):
        work.drop_item(rep, visits[0].pk, " ")
    work.drop_item(rep, visits[0].pk, "Closed")
    week = week_of(Person.objects.get(pk="ann"), MONDAY)
    assert (week.figures["planned"], week.figures["dropped"], week.reasons) == (3, 1, [("Closed", 1)])


def test_open_items_are_carried_over_until_done_and_promises_move_with_a_reason(rep):
    ann, item = Person.objects.get(pk="ann"), open_item("ann", "Samples", MONDAY - timedelta(9), promised=True)
    for day in (MONDAY, MONDAY + timedelta(30)):
        assert day_of(ann, day).open_items == [item]
    with pytest.raises(ValidationError):
        opened.move_open_item(rep, item.pk, MONDAY)
    assert opened.move_open_item(rep, item.pk, MONDAY, "They asked").due == MONDAY
    opened.finish_open_item(rep, item.pk)
    assert day_of(ann, MONDAY).open_items == []


@pytest.mark.parametrize("role", ["area_manager", "sales_director", "auditor", "administrator"])
def test_nobody_logs_for_others(visits, role):
    with pytest.raises(PermissionDenied):
        work.log_contact(account(role), "k", VISIT, item=visits[0].pk)
    assert not LogEntry.objects.exists()


def test_a_rep_neither_touches_nor_sees_what_is_not_the_own(rep):
    of_ben = add("ben", "visit", 1, 540, 570, "c-ben")
    with pytest.raises(AgendaItem.DoesNotExist):
        work.start_item(rep, of_ben.pk)
    with pytest.raises(Exception, match="Customer matching query"):
        work.log_contact(rep, "k", VISIT, customer="c-ben")
    with pytest.raises(OpenItem.DoesNotExist):
        opened.finish_open_item(rep, open_item("ben", "Call", date(2026, 11, 20)).pk)


def test_managers_remark_on_those_below_and_watchers_do_not():
    opened.add_remark(account("area_manager"), "k", "ann", MONDAY, "week", "Good")
    assert Remark.objects.get().by.username == "area_manager"
    with pytest.raises(PermissionDenied):
        opened.add_remark(account("auditor"), "k", "ann", MONDAY, "week", "Hm")
    with pytest.raises(Person.DoesNotExist):
        opened.add_remark(account("area_manager"), "k2", "cho", MONDAY, "week", "Not mine")


def test_an_entry_stands_where_its_time_is(rep):
    early = work.add_item(rep, "e", MONDAY, "call", customer="c-ann", start_minute=545)
    order = [item.pk for item in day_of(Person.objects.get(pk="ann"), MONDAY).items]
    starts = list(AgendaItem.objects.filter(person="ann", date=MONDAY).order_by("position")
                  .values_list("kind", "start_minute"))  # fmt: skip
    assert starts == [("start", 480), ("visit", 540), ("call", 545), ("visit", 600), ("visit", 660), ("end", 720)]
    assert order.index(early.pk) == early.position - 1 == 2


def test_an_entry_without_a_key_is_added_in_one_transaction_with_its_line(rep):
    with CaptureQueriesContext(connection) as queries:
        work.add_item(rep, "", MONDAY, "job", detail="Stock")
    asked = " ".join(query["sql"] for query in queries)
    assert asked.index("SAVEPOINT") < asked.index('INSERT INTO "records_agendaitem"')
    assert Change.objects.get().table == "agenda"


def test_a_log_says_whom_it_was_with_or_what_it_was(rep):
    with pytest.raises(ValidationError):
        work.log_contact(rep, "", work.Contact("call", "order"))
    assert not LogEntry.objects.exists()
    work.log_contact(rep, "", work.Contact("job", "none", note="Fair"))


@pytest.mark.parametrize("day", [date.max, date.min])
def test_nobody_works_at_the_end_of_the_calendar(rep, visits, day):
    for attempt in (
        lambda: work.postpone_item(rep, visits[0].pk, day),
        lambda: work.add_item(rep, "", day, "job", detail="Fair"),
        lambda: work.log_contact(rep, "", work.Contact("visit", "offer", next_date=day), item=visits[0].pk),
        lambda: opened.add_open_item(rep, "", "Call", day),
    ):
        with pytest.raises(ValidationError):
            attempt()
