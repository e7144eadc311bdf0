"""Pages of errors and of the door: styled, on a phone too, in the reader's language, with a way on."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from web_world import account, build_world

from quotum.web.pages.errors import own_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def rep(db):
    build_world()
    client = Client(enforce_csrf_checks=True, headers={"Accept-Language": "es"})
    client.force_login(account("rep"))
    return client


@pytest.mark.parametrize(("ask", "status"), [
    (lambda client: client.get("/nowhere/"), 404),
    (lambda client: client.get("/accounts/"), 403),
    (lambda client: client.get("/customers/?q=%00"), 400),
    (lambda client: client.post("/today/"), 403),
    (lambda client: client.get("/", headers={"Host": "192.168.1.5:8000"}), 400),
])  # fmt: skip
def test_a_refusal_is_a_page(rep, ask, status):
    answer = ask(rep)
    page = answer.content.decode()
    assert answer.status_code == status
    for part in ('lang="es"', 'name="viewport"', "quotum.css", 'href="/"', "Inicio"):
        assert part in page
    assert "Content-Security-Policy" in answer.headers


def test_a_failure_is_a_page_too():
    page = own_up(RequestFactory().get("/")).content.decode()
    assert "viewport" in page
    assert 'href="/"' in page


def test_programs_get_their_own_shape(client):
    assert client.get("/api/nowhere/").json()["error"]["code"] == "not_found"


def test_the_door_leads_nowhere_that_is_closed(client):
    page = client.get(reverse("account_login")).content.decode()
    for closed in ("/account/signup/", "/account/password/reset/"):
        assert closed not in page
        assert client.post(closed, {"email": "a@example.org"}).status_code == 200
        assert "administrator" in client.get(closed).content.decode()
    assert client.post("/account/email/", {"action_add": "", "email": "a@example.org"}).status_code == 200


def test_the_language_is_chosen_before_signing_in(client):
    login = f"{reverse('account_login')}?next=/plans/"
    assert f'name="next" value="{login}"' in client.get(login).content.decode()
    answer = client.post(reverse("set_language"), {"language": "es", "next": login})
    assert answer.headers["Location"] == login
    assert 'lang="es"' in client.get(login).content.decode()


@pytest.mark.parametrize(("to", "arrives"), [
    ("/customers/?q=a", "/customers/?q=a"), ("//evil.example/", "/"), ("", "/"),
])  # fmt: skip
def test_another_language_keeps_the_page(client, to, arrives):
    build_world()
    client.force_login(account("rep"))
    assert client.post(reverse("language"), {"language": "es", "next": to}).headers["Location"] == arrives


def test_who_has_no_person_is_told_why(client):
    build_world()
    client.force_login(account("promoter"))
    assert "names no person" in client.get(reverse("today")).content.decode()
