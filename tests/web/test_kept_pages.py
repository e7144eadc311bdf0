"""Pages that are kept: never another one's, never old, with a token that opens; found again by three queries."""

import re
from datetime import timedelta

import pytest
from day_world import MONDAY, add, build_days
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from web_world import account

from quotum.web.bridge.standing import Standing, Standings, _folder
from quotum.web.pages.kept_pages import FRESH_KEY, TOKEN, KeptPages
from quotum.web.queries.permissions import reach_of
from quotum.web.queries.stamps import _LAST
from quotum.web.records.models import PlanVersion, Post, User
from quotum.web.services.day import start_item
from quotum.web.services.handing_over import hand_customers
from quotum.web.services.open_items import add_remark
from quotum.web.services.plans import force_plan
from quotum.web.services.posts import change_account, end_post, give_post
from quotum.web.services.recording import record_change

pytestmark = pytest.mark.django_db
KEPT = 3
"""Queries of a page that is kept: the session, its user, the stamp."""


@pytest.fixture(autouse=True)
def visits(db, settings):
    settings.TODAY = MONDAY.isoformat()
    visits = build_days()
    User.objects.filter(username="promoter").update(person_id="ben")
    add("ben", "visit", 1, 540, 570, "c-ben")
    with transaction.atomic():
        record_change(None, "imported", "units", "units")
    return visits


@pytest.fixture
def rep():
    return signed_in("rep")


def signed_in(role, **how):
    client = Client(**how)
    client.force_login(account(role))
    return client


def look(client, path="/"):
    """Return the page and how many queries it took."""
    with CaptureQueriesContext(connection) as queries:
        page = client.get(path)
    return page.content.decode(), len(queries)


def is_kept(client):
    return look(client)[1] == KEPT


def tokens_and_keys(page):
    tokens = re.findall(r'name="csrfmiddlewaretoken" value="(.*?)"', page)
    return set(tokens), re.findall(r'name="key" value="(.*?)"', page)


def test_a_page_is_kept_for_its_user_alone_and_holds_fresh_tokens_and_keys(rep):
    other = signed_in("promoter")
    pages = [look(rep), look(other), look(rep), look(other), look(rep)]
    assert [queries == KEPT for _, queries in pages] == [False, False, True, True, True]
    assert ["Customer of Ann" in page for page, _ in pages] == [True, False, True, False, True]
    assert ["Customer of Ben" in page for page, _ in pages] == [False, True, False, True, False]
    found = [tokens_and_keys(page) for page, _ in pages]
    assert len(set().union(*(tokens for tokens, _ in found))) == len(pages)
    assert len({key for _, keys in found for key in keys}) == sum(len(keys) for _, keys in found)
    assert not any(place in page for page, _ in pages for place in (TOKEN, FRESH_KEY))
    assert "account/login" in Client().get("/").headers["Location"]
    assert is_kept(signed_in("rep"))  # another session of the same user


def test_a_token_of_a_kept_page_opens_in_its_own_session_only(visits):
    client, stranger = (signed_in(role, enforce_csrf_checks=True) for role in ("rep", "promoter"))
    for _ in range(2):
        (token,) = tokens_and_keys(look(client)[0])[0]
    look(stranger)
    sent = {"csrfmiddlewaretoken": token}
    assert stranger.post("/language/", {**sent, "language": "es"}).status_code == 403
    assert client.post(f"/agenda/{visits[0].pk}/start/", sent).status_code == 303


def test_own_work_shows_at_once_and_others_work_costs_nothing(rep, visits):
    look(rep)
    rep.post("/log/", {"item": visits[0].pk, "kind": "visit", "result": "order", "key": "k"})
    page = look(rep)[0]
    assert "1 of 3 done" in page
    assert page.count("Logged.") == 1
    assert "Logged." not in look(rep)[0]
    assert is_kept(rep)
    start_item(account("promoter"), account("promoter").person.agenda.get().pk)
    assert is_kept(rep)
    add_remark(account("area_manager"), "k", "ann", MONDAY, "day", "Well done")
    assert "Well done" in look(rep)[0]


def test_what_the_company_decides_shows_at_once(rep, monkeypatch):
    def told():
        of_ann = {"ann": Standing(1000_00, 500_00, 100_00)}
        return Standings("revenue", "EUR", 2, 5, of_ann) if PlanVersion.objects.filter(state="in_force") else None

    monkeypatch.setattr("quotum.web.pages.day.find_standings", told)
    assert "900.00" not in look(rep)[0]
    force_plan(None, PlanVersion.objects.get(), "The first one")
    assert "900.00" in look(rep)[0]
    hand_customers(account("clerk"), ["c-ann"], "ben", MONDAY)
    assert not is_kept(rep)
    change_account(account("administrator"), account("rep"), "Ann of the North", "ann")
    assert "Ann of the North" in look(rep)[0]
    assert is_kept(rep)
    (_folder() / "other.json").touch()  # the worker has worked standings out
    assert not is_kept(rep)
    assert is_kept(rep)


def test_a_post_that_ends_or_a_second_one_shows_at_once(rep):
    look(rep)
    post = give_post(account("administrator"), account("rep"), "area_manager", "north")
    assert "No plan is in force" in look(rep)[0]
    end_post(account("administrator"), post, MONDAY)
    assert "Customer of Ann" in look(rep)[0]
    end_post(account("administrator"), Post.objects.get(user__username="rep"), MONDAY)
    assert "Customer of Ann" not in look(rep)[0]
    assert rep.get("/today/").status_code == 403
    assert not reach_of(account("rep"), "log_work")


def test_the_next_day_and_another_language_are_other_pages(rep, settings):
    look(rep)
    rep.post("/language/", {"language": "es"})
    assert "Sign out" not in look(rep)[0]
    rep.post("/language/", {"language": "en"})
    assert is_kept(rep)
    settings.TODAY = (MONDAY + timedelta(days=1)).isoformat()
    assert "Nothing is planned" in look(rep)[0]


def test_what_is_kept_is_bounded_in_bytes():
    kept = KeptPages(most_bytes=100)
    kept.keep("first", 1, b"x" * 60)
    kept.keep("first", 2, b"y" * 40)
    kept.keep("second", 1, b"z" * 40)
    assert kept.find("first", 1) is None
    assert kept.find("first", 2) == b"y" * 40
    kept.keep("third", 1, b"z" * 40)
    assert (kept.find("second", 1), kept.bytes) == (None, 80)
    kept.keep("large", 1, b"z" * 101)
    assert kept.bytes == 0


def test_the_stamp_is_two_looks_into_indexes():
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a small table as a whole")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {_LAST}", [1])
        plan = " ".join(line[3] for line in cursor.fetchall())
    assert "USING INDEX changes_of_company" in plan
    assert "(user_id=?)" in plan
    assert "TEMP B-TREE" not in plan
