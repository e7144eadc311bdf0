"""Norms and cadences on a page: changed line by line, comments kept, refused where planning would refuse them."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from web_world import account, build_world

from quotum.web.records.models import Change, Setup
from quotum.web.services.norms import change_norms

pytestmark = pytest.mark.django_db
TEXT = """[plan]
name = "Year"
since = 2027-01-01
until = 2028-01-01
as_of = 2026-12-31
currency = "CNY"

[cadence]
VIP = 20   # the best see us monthly
first = 40

[norms.rep]
calls = "30 a day"
"""


@pytest.fixture
def setup():
    build_world()
    return Setup.objects.create(name="Year", text=TEXT)


def test_a_line_changes_and_comments_stay(setup):
    user = account("sales_director")
    changes = {("cadence", "VIP"): "10", ("cadence", "first"): "", ("norms.rep", "visits"): "20 a week",
               ("cadence.calls", "VIP"): "5", ("visits", "minutes"): ""}  # fmt: skip
    text = change_norms(user, setup, changes, "closer").text
    assert "VIP = 10   # the best see us monthly" in text
    assert "first" not in text
    assert 'visits = "20 a week"' in text
    line = Change.objects.get(table="norms")
    assert line.before == {"cadence.calls|VIP": None, "cadence|VIP": "20", "cadence|first": "40",
                           "norms.rep|visits": None}  # fmt: skip
    assert (line.after["cadence|VIP"], line.reason) == ("10", "closer")


@pytest.mark.parametrize(("section", "name", "value"), [
    ("cadence", "VIP", "often"), ("norms.rep", "calls", "some"), ("visits", "minutes", "5000"), ("plan", "until", "1"),
    ("cadence.prospects", "huge", "3"),
])  # fmt: skip
def test_what_planning_would_refuse_is_not_kept(setup, section, name, value):
    with pytest.raises(ValidationError):
        change_norms(account("sales_director"), setup, {(section, name): value})
    assert Setup.objects.get(pk=setup.pk).text == TEXT


def test_norms_are_the_whole_companys(setup):
    clerk = account("clerk")
    clerk.posts.update(unit_id="north")
    with pytest.raises(PermissionDenied):
        change_norms(clerk, setup, {("cadence", "VIP"): "10"})


def test_the_page_saves_one_more_and_notices_others(setup, client):
    client.force_login(account("sales_director"))
    address = reverse("norms") + f"?setup={setup.pk}"
    page = client.get(address)
    assert b"norm|cadence|VIP" in page.content
    seen = setup.changed.isoformat()
    more = {"new-section": "norms", "new-name": "clerk.calls", "new-value": "10 a day", "seen": seen}
    assert client.post(address, more).status_code == 302
    assert "[norms.clerk]" in Setup.objects.get(pk=setup.pk).text
    assert client.post(address, {**more, "norm|cadence|VIP": "7"}).status_code == 400
