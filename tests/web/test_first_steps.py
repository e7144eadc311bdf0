"""From an empty site to a first target, by pages alone."""

import pytest
from django.urls import reverse
from planned_world import SETUP
from web_world import account, build_world

from quotum.web.bridge.setups import read_entry
from quotum.web.records.models import PlanVersion, Post, Setup, Upload, User
from quotum.web.services import importing

pytestmark = pytest.mark.django_db
TYPED = {"name": "Next year", "since": "2027-01-01", "until": "2028-01-01", "currency": "eur", "measure": "revenue",
         "commit": "1,200,000", "stretch": "1.5m"}  # fmt: skip


def test_home_leads_through_the_first_steps(client):
    admin = User.objects.create(username="first")
    Post.objects.create(user=admin, role="administrator", since="2026-01-01")
    client.force_login(admin)
    answer = client.get(reverse("home"))
    assert [step.done for step in answer.context["steps"]] == [False] * 5
    page = answer.content.decode()
    assert f'href="{reverse("import")}"' in page
    assert f'href="{reverse("accounts")}"' in page
    assert "sales director" in page
    build_world()
    steps = {step.name: (step.done, step.address) for step in client.get(reverse("home")).context["steps"]}
    assert steps == {"company": (True, "import"), "posts": (True, "accounts"), "target": (True, ""),
                     "plan": (True, ""), "force": (False, "")}  # fmt: skip


def test_nobody_is_led_who_can_do_nothing(client):
    build_world()
    client.force_login(account("finance"))
    assert client.get(reverse("home")).context["steps"] == []
    PlanVersion.objects.update(state="in_force")


def test_a_first_target_is_made_on_a_page(client):
    build_world()
    client.force_login(account("sales_director"))
    answer = client.post(reverse("setup_new"), TYPED)
    made = Setup.objects.get(name="Next year")
    assert answer.headers["Location"] == reverse("setup_target", args=[made.pk])
    entry = read_entry(made.text)
    assert (entry.currency, entry.targets[0].commit, entry.targets[0].stretch) == ("EUR", "1200000", "1500000")
    assert [step.across for step in entry.steps] == ["unit", "person", "", "customer"]


@pytest.mark.parametrize(("field", "value"), [
    ("name", "main"), ("commit", "much"), ("until", "2026-01-01"), ("since", "9999-12-31"), ("currency", "E1!"),
    ("measure", "joy"), ("stretch", "1"),
])  # fmt: skip
def test_what_cannot_be_a_target_is_told(client, field, value):
    build_world()
    client.force_login(account("sales_director"))
    answer = client.post(reverse("setup_new"), {**TYPED, field: value})
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert Setup.objects.count() == 1


def test_a_later_plan_toml_is_kept_beside_and_told(client, monkeypatch):
    build_world()
    upload = Upload.objects.create(by=account("clerk"), folder="uploads/none", files=["main.zip"], state="taken")
    monkeypatch.setattr(importing, "plan_text", lambda _: SETUP)
    names = [importing._keep_setup(None, upload, "again") for _ in range(2)]
    assert names == ["main 2", "main 2"]
    upload.summary = {"setup": "main 2"}
    upload.save()
    client.force_login(account("clerk"))
    page = client.get(reverse("upload", args=[upload.pk])).content.decode()
    assert "main 2" in page
    assert reverse("home") in page
