"""Odd addresses and questions, tried on every page: refused or answered, never a failure of ours."""

from itertools import product

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse
from matrix import MATRIX
from web_world import account, build_world

from quotum.web.bridge.score_sheets import Sheet
from quotum.web.records.models import Post

pytestmark = pytest.mark.django_db
DAYS = ("9999-12-31", "0001-01-01", "1999-12-31", "2100-01-01", "2026-02-30", "x")
ROOMS = ("day", "week", "week-board", "month-board")
ODD = ("0", "99999999999999999999999", "x'\"<&%..二", "9999-12-31", "0001-01-01", "NaN")
QUERIES = ("page", "q", "day", "since", "until", "person", "unit", "customer", "item", "measure", "grain", "sort",
           "key", "a", "b", "kind", "row", "period", "by", "from", "to", "as", "back", "number")  # fmt: skip


@pytest.fixture(autouse=True)
def world(db, monkeypatch):
    build_world()
    monkeypatch.setattr("quotum.web.queries.plans.cut_plan", lambda *_: ([], []))
    monkeypatch.setattr("quotum.web.queries.scores.open_sheet", lambda *_: Sheet([], [], [], []))
    monkeypatch.setattr("quotum.web.queries.scores.count_rows", lambda *_: {})


@pytest.fixture
def client():
    client = Client(raise_request_exception=False)
    user = account("sales_director")
    user.person_id = "ben"
    user.save()
    Post.objects.create(user=user, role="administrator", since="2026-01-01")  # every room is open
    client.force_login(user)
    return client


def test_a_day_on_which_nobody_works_is_not_there(client):
    for room, day in product(ROOMS, DAYS):
        address = reverse(room, args=["2026-11-16", "ann"]).replace("2026-11-16", day)
        assert client.get(address).status_code == 404, address


def test_the_first_and_the_last_day_are_shown(client):
    for room, day in product(ROOMS, ("2000-01-01", "2099-12-31")):
        assert client.get(reverse(room, args=[day, "ann"])).status_code == 200, (room, day)


def pages():
    """Return every page that is asked with GET: its name and the arguments of the matrix."""
    return [(name, row) for name, row in MATRIX.items() if row.method == "get" and not name.startswith("api:")]


@pytest.mark.parametrize("name", [name for name, _ in pages()])
def test_odd_questions_are_answered(client, name):
    row = MATRIX[name]
    objects = row.objects()
    known = {**row.arguments(), **(next(iter(objects.values())) if objects else {})}
    path = {key: value for key, value in known.items() if not key.startswith("?")}
    more = {key[1:]: value for key, value in known.items() if key.startswith("?")}
    asked = [(path, {**more, **dict.fromkeys(QUERIES, odd)}) for odd in ODD]
    asked += [({**path, part: odd}, more) for part in path for odd in ODD]
    failed = []
    for parts, query in asked:
        try:
            address = reverse(name, kwargs=parts)
        except NoReverseMatch:
            continue
        answer: HttpResponse = client.get(address, query)
        if answer.status_code >= 500:
            failed.append((address, query, answer.status_code))
    assert failed == []
