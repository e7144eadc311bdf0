"""The way in: a link stands for a password and no more; what people change of it is on record."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from web_world import account, build_world

from quotum.web.records.models import Change
from quotum.web.services.accounts import make_welcome_link
from quotum.web.services.sign_in_records import end_second_factor

pytestmark = pytest.mark.django_db
PASSWORD = "eleven letters"


@pytest.fixture
def rep(db):
    build_world()
    return account("rep")


def choose(client, user):
    link = reverse("welcome", args=[make_welcome_link(account("administrator"), user)])
    return client.post(link, {"password": PASSWORD, "again": PASSWORD})


def test_a_link_signs_in_who_has_no_second_factor(rep, client):
    assert choose(client, rep).headers["Location"] == "/"
    assert client.get(reverse("own-account")).status_code == 200


def test_a_link_does_not_pass_by_a_second_factor(rep, client):
    TOTP.activate(rep, generate_totp_secret())
    assert choose(client, rep).headers["Location"] == reverse("account_login")
    assert client.get(reverse("own-account")).status_code == 302
    answer = client.post(reverse("account_login"), {"login": "rep", "password": PASSWORD})
    assert answer.headers["Location"].startswith("/account/2fa/")


def test_an_administrator_ends_a_lost_second_factor(rep, client):
    TOTP.activate(rep, generate_totp_secret())
    theirs = Client()
    theirs.force_login(rep)
    client.force_login(account("administrator"))
    page = reverse("account", args=[rep.pk])
    assert 'value="factor"' in client.get(page).content.decode()
    client.post(reverse("account-change", args=[rep.pk]), {"do": "factor", "reason": "lost phone"})
    assert not Authenticator.objects.filter(user=rep).exists()
    assert 'value="factor"' not in client.get(page).content.decode()
    assert theirs.get(reverse("own-account")).status_code == 302
    line = Change.objects.get(action="ended the second factor")
    assert (line.user.username, line.key, line.reason) == ("administrator", "rep", "lost phone")
    with pytest.raises(PermissionDenied):
        end_second_factor(account("sales_director"), rep)


def test_a_new_password_is_on_record(rep, client):
    choose(client, rep)
    typed = {"oldpassword": PASSWORD, "password1": "twelve letters", "password2": "twelve letters"}
    assert client.post(reverse("account_change_password"), typed).status_code == 302
    line = Change.objects.get(action="changed the password")
    assert (line.key, line.after) == ("rep", None)


def test_a_second_factor_is_on_record(rep, client):
    from allauth.mfa.signals import authenticator_added

    factor = TOTP.activate(rep, generate_totp_secret()).instance
    authenticator_added.send(sender=Authenticator, request=None, user=rep, authenticator=factor)
    assert Change.objects.get(action="added a second factor").after == {"kind": "totp"}
