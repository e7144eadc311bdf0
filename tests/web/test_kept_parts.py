"""Parts of pages that are kept: a change shows at once, nobody gets another's token, no key of a form comes twice."""

import re

import pytest
from day_world import MONDAY, build_days
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from web_world import account

from quotum.web.records.models import AgendaItem, Customer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def visits(db, settings):
    settings.TODAY = MONDAY.isoformat()
    return build_days()


@pytest.fixture
def rep():
    client = Client()
    client.force_login(account("rep"))
    return client


def home(client):
    return client.get("/").content.decode()


def test_a_change_shows_at_once(rep, visits):
    first = home(rep)
    AgendaItem.objects.filter(pk=visits[1].pk).update(state="dropped", state_reason="Closed for a wedding")
    assert "Closed for a wedding" not in first
    assert "Closed for a wedding" in home(rep)
    Customer.objects.filter(pk="c-ann").update(name="Renamed & Sons")
    assert "Renamed &amp; Sons" in home(rep)


def test_another_language_is_another_text(rep):
    home(rep)
    user = account("rep")
    user.language = "es"
    user.save()
    page = home(rep)
    assert "Sign out" not in page
    assert "Not today" not in page


def test_tokens_and_keys_are_fresh(rep):
    def found(page):
        tokens = set(re.findall(r'name="csrfmiddlewaretoken" value="(.*?)"', page))
        return tokens, re.findall(r'name="key" value="(.*?)"', page)

    (tokens, keys), (other_tokens, other_keys) = found(home(rep)), found(home(rep))
    assert len(tokens) == len(other_tokens) == 1
    assert tokens != other_tokens
    assert len({*keys, *other_keys}) == len(keys) + len(other_keys) > 2


def test_a_token_of_a_kept_part_opens(visits):
    client = Client(enforce_csrf_checks=True)
    client.force_login(account("rep"))
    for _ in range(2):
        token = re.search(r'name="csrfmiddlewaretoken" value="(.*?)"', home(client)).group(1)
    sent = client.post(f"/agenda/{visits[0].pk}/start/", {"csrfmiddlewaretoken": token})
    assert sent.status_code == 303


def test_a_first_page_that_is_not_kept_takes_twelve_queries(rep):
    home(rep)
    with CaptureQueriesContext(connection) as queries:
        home(rep)
    assert len(queries) == 12
