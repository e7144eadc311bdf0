"""Accounts: posts with dates, welcome links shown once, closed accounts, never without an administrator."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from web_world import account, build_world

from quotum.web.queries.permissions import may
from quotum.web.records.models import Change, Post, User, WelcomeLink
from quotum.web.services.posts import close_account, end_post, give_post

pytestmark = pytest.mark.django_db
FIRST = {"role": "rep", "unit": "north", "since": "2026-01-01", "person": "ben"}


@pytest.fixture
def admin(client):
    build_world()
    client.force_login(account("administrator"))
    return account("administrator")


def test_a_new_account_gets_a_link_that_is_shown_once(admin, client):
    answer = client.post(reverse("accounts"), {**FIRST, "username": "ben", "name": "Ben"})
    link = answer.context["link"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert link.encode() in answer.content
    assert client.get(link).status_code == 200
    assert link.rstrip("/").rpartition("/")[2] not in str(list(Change.objects.values_list("after", flat=True)))
    given = User.objects.get(username="ben")
    assert (given.person_id, given.posts.get().unit_id, given.has_usable_password()) == ("ben", "north", False)


@pytest.mark.parametrize(("field", "value"), [
    ("username", "rep"), ("username", "a b"), ("person", "ann"), ("role", "king"), ("unit", "west"), ("since", "x"),
])  # fmt: skip
def test_what_is_wrong_is_told(admin, client, field, value):
    answer = client.post(reverse("accounts"), {**FIRST, "username": "new", field: value})
    assert answer.status_code == 400
    assert answer.context["form"].errors[field]
    assert not User.objects.filter(username="new").exists()


def test_posts_begin_and_end_on_dates(admin, client):
    user = account("auditor")
    post = give_post(admin, user, "clerk", "north", date(2026, 1, 1), date(2030, 1, 1), "help out")
    assert may(account("auditor"), "edit_company")
    end_post(admin, post, date(2026, 2, 1))
    assert not may(account("auditor"), "edit_company")
    end_post(admin, post, date(2025, 1, 1))  # before it began: it never was
    assert list(user.posts.values_list("role", flat=True)) == ["auditor"]
    with pytest.raises(ValidationError):
        give_post(admin, user, "rep", since=date(2026, 1, 1), until=date(2026, 1, 1))
    assert Change.objects.filter(table="accounts", key="auditor", reason="help out").count() == 1


def test_the_last_administrator_stays(admin):
    with pytest.raises(ValidationError):
        end_post(admin, Post.objects.get(user=admin), date(2026, 1, 1))
    with pytest.raises(ValidationError):
        close_account(admin, admin)
    assert User.objects.get(pk=admin.pk).is_active
    assert admin.posts.exists()


def test_only_administrators_give_posts(admin):
    director = account("sales_director")
    with pytest.raises(PermissionDenied):
        give_post(director, director, "administrator")


def test_a_closed_account_is_out_at_once(admin, client, django_user_model):
    from django.test import Client

    theirs = Client()
    theirs.force_login(account("rep"))
    address = reverse("account-change", args=[account("rep").pk])
    client.post(address, {"do": "link"})
    client.post(address, {"do": "close", "reason": "left"})
    assert theirs.get(reverse("home")).status_code == 302
    assert not WelcomeLink.objects.filter(user__username="rep").exists()
    client.post(address, {"do": "open"})
    assert account("rep").is_active


def test_an_account_is_changed_through_its_page(admin, client):
    rep = account("rep")
    address = reverse("account-change", args=[rep.pk])
    client.post(address, {"do": "name", "name": "Annie", "person": "ben"}, follow=True)
    assert (account("rep").first_name, account("rep").person_id) == ("Annie", "ben")
    refused = client.post(address, {"do": "name", "name": "Annie", "person": "nobody"}, follow=True).content.decode()
    assert "Saved." not in refused
    assert account("rep").person_id == "ben"
    client.post(reverse("account", args=[rep.pk]), {"role": "clerk", "since": "2026-01-01", "unit": "south"})
    post = rep.posts.get(role="clerk")
    client.post(address, {"do": "end", "post": post.pk, "until": "2026-03-01"})
    post.refresh_from_db()
    assert post.until == date(2026, 3, 1)
    assert client.post(address, {"do": "end", "post": Post.objects.get(user=admin).pk}).status_code == 404
    assert client.get(reverse("account", args=[rep.pk])).status_code == 200


def test_the_own_account_leads_to_password_and_second_factor(admin, client):
    page = client.get(reverse("own-account")).content.decode()
    for name in ("account_change_password", "mfa_index"):
        assert reverse(name) in page
        assert client.get(reverse(name)).status_code in {200, 302}


def test_the_list_asks_as_often_for_many_accounts(admin, client, django_assert_max_num_queries):
    for n in range(40):
        Post.objects.create(user=User.objects.create(username=f"u{n}"), role="rep", since=date(2026, 1, 1))
    with django_assert_max_num_queries(12):
        assert client.get(reverse("accounts"), {"q": "rep"}).status_code == 200


def test_work_of_ones_own_needs_a_person(admin, client):
    answer = client.post(reverse("accounts"), {**FIRST, "username": "new", "person": ""})
    assert answer.status_code == 400
    assert answer.context["form"].errors["person"]
    with pytest.raises(ValidationError):
        give_post(admin, account("finance"), "rep", "north")
