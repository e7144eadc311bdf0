"""Every address, every role: who may enter, and whose things. An address without a row here fails the test.

A row says which capability opens the page; ``HOLDERS`` says, written out here on purpose and not read from the code,
which roles hold a capability and how far. Addresses with an object are tried with one of one's own, one of the subtree
and a foreign one.
"""

from __future__ import annotations

from itertools import product

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from matrix import MATRIX
from web_world import account, build_world

from quotum.web.bridge.score_sheets import Sheet, SheetLine
from quotum.web.queries.permissions import may
from quotum.web.records.roles import MAY, ROLES
from quotum.web.services.tokens import make_token

pytestmark = pytest.mark.django_db

LEADERS = {"general_manager", "sales_director"}
WATCHERS = {"auditor"}
MANAGERS = {"area_manager", "store_manager", "department_manager", "deputy"}
SELLERS = {"rep"}  # promoter and dealer have no person in these tests: nothing is their own
HOLDERS = {
    "": set(ROLES),
    "see_numbers": LEADERS | WATCHERS | MANAGERS | SELLERS
    | {"administrator", "marketing", "finance", "hr"},
    "numbers of others": LEADERS | WATCHERS | MANAGERS | {"administrator", "marketing", "finance", "hr"},
    "see_customers": LEADERS | WATCHERS | MANAGERS | SELLERS
    | {"administrator", "marketing", "customer_service", "technical", "clerk", "finance"},
    "see_people": LEADERS | WATCHERS | MANAGERS | SELLERS
    | {"administrator", "marketing", "trainer", "clerk", "finance", "hr"},
    "see_days": LEADERS | WATCHERS | MANAGERS | SELLERS,
    "see_scores": LEADERS | WATCHERS | MANAGERS | SELLERS | {"administrator", "trainer", "finance", "hr"},
    "appraise": LEADERS | {"administrator", "hr"},
    "see_changes": LEADERS | WATCHERS | MANAGERS | {"administrator"},
    "set_target": LEADERS | {"deputy"},
    "force_plan": LEADERS | {"administrator"},
    "edit_plan": LEADERS | MANAGERS,
    "approve": LEADERS | MANAGERS,
    "propose": LEADERS | MANAGERS | SELLERS,
    "edit_company": LEADERS | {"administrator", "deputy", "clerk"},
    "import_data": LEADERS | {"administrator", "deputy", "clerk"},
    "log_work": {"rep"},  # only who is a person has work of their own
    "manage_accounts": {"administrator"},
}  # fmt: skip
EVERYWHERE = LEADERS | WATCHERS | {"administrator", "marketing", "finance", "hr", "deputy", "clerk"}
"""Roles of the whole company: their posts in these tests stand at the top."""
NORTH = {"area_manager", "store_manager", "department_manager", "customer_service", "technical", "trainer"}
OWN = {"rep"}  # the only seller with a person in these tests


def own_addresses(patterns=None, space=""):
    """Yield the names of the addresses that are ours: those of libraries (accounts, languages) have their own tests."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            name = pattern.urlconf_module if isinstance(pattern.urlconf_module, str) else getattr(
                pattern.urlconf_module, "__name__", "")
            if not name.startswith(("allauth", "django.")):
                yield from own_addresses(pattern.url_patterns, f"{pattern.namespace}:" if pattern.namespace else "")
        elif isinstance(pattern, URLPattern) and pattern.name:
            yield space + pattern.name


def test_every_address_has_a_row():
    assert set(own_addresses()) == set(MATRIX)


@pytest.fixture(autouse=True)
def world(db, monkeypatch):
    build_world()
    monkeypatch.setattr("quotum.web.queries.plans.cut_plan", lambda *_: ([], []))
    line = SheetLine(0, "visits", 10.0, 1.0, 1.0, 1000, "free", "", "", "", [])
    monkeypatch.setattr("quotum.web.queries.scores.open_sheet", lambda *_: Sheet([line], [], [], []))
    monkeypatch.setattr("quotum.web.queries.scores.count_rows", lambda *_: {})


def ask(client, name, row, arguments):
    """Ask an address; arguments that begin with a question mark go behind it."""
    query = {key[1:]: value for key, value in arguments.items() if key.startswith("?")}
    path = {key: value for key, value in arguments.items() if not key.startswith("?")}
    as_json = {"content_type": "application/json"} if name.startswith("api:") and row.method == "post" else {}
    address = reverse(name, kwargs=path, query=query or None)
    return getattr(client, row.method)(address, row.data, **as_json)


def enter(name, role):
    """Return a client that has come in: with a password for pages, with a key of all one may for programs."""
    user = account(role)
    if name.startswith("api:"):
        scopes = [scope for scope in MAY[role] if may(user, scope)]
        return Client(headers={"Authorization": f"Bearer {make_token(user, 'matrix', scopes)}"})
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize(("name", "role"), list(product(MATRIX, ROLES)))
def test_a_role_enters_where_it_may(name, role):
    row = MATRIX[name]
    client = enter(name, role)
    arguments, objects = row.arguments(), row.objects()
    for whose, keys in (objects or {"": {}}).items():
        status = ask(client, name, row, {**arguments, **keys}).status_code
        if role not in HOLDERS[row.opens]:
            assert status == 403, (whose, status)
        elif row.any_role:
            assert status in row.any_role, (whose, status)
        elif not whose or role in EVERYWHERE or (role in NORTH and whose != "foreign") or (
            role in OWN and whose == "own"
        ):
            assert status in row.welcome, (whose, status)
        else:
            assert status == 404, (whose, status)


@pytest.mark.parametrize("name", list(MATRIX))
def test_nobody_enters_without_signing_in(name):
    row = MATRIX[name]
    arguments, objects = row.arguments(), row.objects()
    keys = next(iter(objects.values())) if objects else {}
    answer = ask(Client(), name, row, {**arguments, **keys})
    assert answer.status_code in ((401,) if name.startswith("api:") and row.signed_out == (302,) else row.signed_out)
    if answer.status_code == 302:
        assert answer.headers["Location"].startswith("/account/login/")
