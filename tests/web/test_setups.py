"""Targets and steps on pages: weighed while typed, kept in the text of the setup, plans made from it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.db import transaction
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from planned_world import SETUP, build_company

from quotum.web.bridge.setups import StepEntry, TargetEntry, read_entry, write_steps, write_targets
from quotum.web.records.models import Change, Job, Setup, User
from quotum.web.services.typed_amounts import read_typed

TYPED = {"name": "Small 2027", "since": "2027-01-01", "until": "2028-01-01"}


@pytest.fixture(scope="module")
def company(django_db_setup, django_db_blocker):
    """The company, there once for all tests of this file."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_company().pk
        transaction.set_rollback(True)


@pytest.fixture
def setup(company, db):
    return Setup.objects.get(pk=company)


def signed_in(username):
    client = Client()
    client.force_login(User.objects.get(username=username))
    return client


def test_typed_targets_are_weighed_and_not_kept(setup):
    address = reverse("setup_try", args=[setup.pk])
    answer = signed_in("director").post(address, {**TYPED, "revenue-commit": "10,000", "revenue-stretch": "5m"})
    words = answer.content.decode()
    assert "10,000.00" in words
    assert "5,000,000.00" in words
    assert "99%" in words
    assert Setup.objects.get(pk=setup.pk).text == SETUP


@pytest.mark.parametrize(("field", "text"), [("revenue-commit", "much"), ("until", "soon"), ("revenue-stretch", "1")])
def test_what_cannot_be_is_told_while_typing(setup, field, text):
    typed = {**TYPED, "revenue-commit": "10,000", "revenue-stretch": "20,000", field: text}
    answer = signed_in("director").post(reverse("setup_try", args=[setup.pk]), typed)
    assert answer.status_code == 200
    assert "error" in answer.content.decode()


def test_kept_targets_leave_the_rest_of_the_text(setup):
    typed = {**TYPED, "revenue-commit": "130,000.50", "revenue-stretch": "160,000", "floor-1": "0.6", "cap-1": ""}
    signed_in("director").post(reverse("setup_target", args=[setup.pk]), {**typed, "reason": "board"})
    setup.refresh_from_db()
    entry = read_entry(setup.text)
    assert entry.targets == [TargetEntry("revenue", "130000.5", "160000")]
    assert [step.floor for step in entry.steps] == ["", "0.6", "", ""]
    assert 'country = "DE"' in setup.text
    change = Change.objects.first()
    assert (change.table, change.reason, change.before["text"]) == ("setups", "board", SETUP)


def test_only_who_may_set_targets_enters(setup):
    assert signed_in("manager").get(reverse("setup_target", args=[setup.pk])).status_code == 403
    assert signed_in("rep").get(reverse("setups")).status_code == 403


def test_what_is_kept_is_not_weighed_beside_what_was_refused(setup):
    client, address = signed_in("director"), reverse("setup_target", args=[setup.pk])
    assert "Likely" in client.get(address).content.decode()
    typed = {"name": "Small", "since": "2027-01-01", "until": "2028-01-01", "revenue-commit": "many"}
    refused = client.post(address, typed)
    assert refused.status_code == 422
    assert "Likely" not in refused.content.decode()
    assert "cannot be read here" in refused.content.decode()


def test_steps_are_previewed_and_put_in_another_order(setup):
    client, address = signed_in("director"), reverse("setup_steps", args=[setup.pk])
    assert client.get(address).status_code == 200
    typed = {"across-0": "unit", "order-0": "1", "basis-0-equal": "1", "across-1": "person", "order-1": "2",
             "basis-1-history": "0.7", "basis-1-headcount": "0.3", "across-2": "calendar", "order-2": "3",
             "across-3": "customer", "drop-3": "on"}  # fmt: skip
    shown = client.post(address, {**typed, "preview": "1"}).content.decode()
    assert shown.count("60,000.00") == 2  # both units alike
    setup.refresh_from_db()
    assert setup.text == SETUP
    client.post(address, typed)
    setup.refresh_from_db()
    steps = read_entry(setup.text).steps
    assert [step.across for step in steps] == ["unit", "person", ""]
    assert steps[1].basis == {"history": 0.7, "headcount": 0.3}


def test_a_plan_is_asked_for_and_stopped(setup):
    client = signed_in("director")
    client.post(reverse("setup_plan", args=[setup.pk]), {"reason": "a first one"})
    job = Job.objects.get()
    assert (job.kind, job.state, job.arguments["reason"]) == ("plan", "waiting", "a first one")
    assert signed_in("manager").post(reverse("job_cancel", args=[job.pk])).status_code == 404
    client.post(reverse("job_cancel", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_comments_and_unknown_settings_of_a_text_stay():
    text = SETUP.replace("[plan]", "# the board's\n[plan]").replace('across = "person"', 'across = "person"\nlot = 10')
    entry = read_entry(text)
    steps = [step if step.across != "person" else StepEntry(step.place, "person", floor="0.8") for step in entry.steps]
    written = write_steps(write_targets(text, "", None, None, entry.targets), steps)
    assert "# the board's" in written
    assert "lot = 10" in written
    assert read_entry(written).steps[1].floor == "0.8"
    assert read_entry("= no toml") is None


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("1,200", "en", ("set", 120_000)), ("1.200,5", "es", ("set", 120_050)),
        ("12万", "zh-hans", ("set", 12_000_000)),
        ("+300", "en", ("add", 30_000)), ("−1k", "en", ("add", -100_000)), ("0", "en", ("set", 0)),
        ("1,20", "en", None), ("0.001", "en", None), ("x", "en", None), ("", "en", None), ("1e9", "en", None),
        ("-150%", "en", None), ("99999999999999999999", "en", None),
    ],
)  # fmt: skip
def test_amounts_are_read_as_they_are_written(text, language, wanted):
    typed = read_typed(text, 2, language)
    assert (typed and (typed.operation, typed.amount_minor)) == wanted


@pytest.mark.parametrize(("text", "factor"), [("+5%", 1.05), ("-5%", 0.95), ("105%", 1.05), ("×1.1", 1.1)])
def test_factors_are_read(text, factor):
    typed = read_typed(text, 2)
    assert (typed.operation, float(typed.factor)) == ("scale", pytest.approx(factor))


FOCUSED = SETUP + """
[focus]
"2027-Q1" = "win back"
"2027-Q3" = "new customers"

[[fact]]
measure = "revenue"
at_least = 1_000
since = 2027-03-31
until = 2027-07-01
"""


def test_another_period_takes_its_dates_and_focus_along(setup):
    setup.text = FOCUSED
    setup.save()
    page = reverse("setup_target", args=[setup.pk])
    typed = {"name": "Small 2028", "revenue-commit": "120,000", "revenue-stretch": "150,000", "as_of": "2026-12-31"}
    shown = signed_in("director").get(page).content.decode()
    assert "2027-Q1" in shown
    assert "win back" in shown
    answer = signed_in("director").post(page, {**typed, "since": "2028-01-01", "until": "2029-01-01"})
    assert answer.status_code == 302
    text = Setup.objects.get(pk=setup.pk).text
    for part in ('2028-Q1 = "win back"', '2028-Q3 = "new customers"', "since = 2028-03-31", "until = 2028-07-01"):
        assert part in text
    assert "as_of" not in text
    assert "2027" not in text.replace("Small 2027", "")


def test_focus_and_history_have_fields(setup):
    typed = {**TYPED, "revenue-commit": "120,000", "revenue-stretch": "150,000", "as_of": "2026-06-30"}
    typed |= {"focus-0": "win back", "focus-1": "", "focus-2": "", "focus-3": "collect"}
    signed_in("director").post(reverse("setup_target", args=[setup.pk]), typed)
    entry = read_entry(Setup.objects.get(pk=setup.pk).text)
    assert [text for _, text in entry.focus] == ["win back", "", "", "collect"]
    assert entry.as_of.isoformat() == "2026-06-30"


def test_a_shorter_period_loses_the_focus_of_quarters_that_are_gone():
    half = write_targets(FOCUSED, "", date(2027, 1, 1), date(2027, 7, 1), [TargetEntry("revenue", "1", "2")])
    assert read_entry(half).focus == [("2027-Q1", "win back"), ("2027-Q2", "")]
    assert "Q3" not in half


def test_a_weight_that_is_no_number_is_told_and_a_comma_is_read(setup):
    client, address = signed_in("director"), reverse("setup_steps", args=[setup.pk])
    typed = {"across-0": "unit", "basis-0-equal": "1", "across-1": "person", "basis-1-history": "0,7",
             "across-2": "calendar", "across-3": "customer", "drop-3": "on"}  # fmt: skip
    for text in ("lots", "inf", "-1"):
        refused = client.post(address, {**typed, "basis-1-headcount": text}).content.decode()
        assert f"“{text}” cannot be read here." in refused
    setup.refresh_from_db()
    assert setup.text == SETUP
    client.post(address, {**typed, "basis-1-headcount": "0.3"})
    setup.refresh_from_db()
    assert read_entry(setup.text).steps[1].basis == {"history": 0.7, "headcount": 0.3}


def test_findings_name_the_line_they_are_about():
    finding = {"severity": "note", "rule": "gone", "message": "It has no effect.", "file": "events.csv", "line": 3}
    assert "events.csv:3" in render_to_string("partials/findings.html", {"findings": [finding]})


def test_what_somebody_else_has_kept_meanwhile_is_not_overwritten(setup):
    client = signed_in("director")
    typed = {**TYPED, "revenue-commit": "1", "revenue-stretch": "2", "across-0": "unit", "basis-0-equal": "1",
             "across-1": "person", "basis-1-history": "1", "across-2": "calendar", "across-3": "customer",
             "drop-3": "on"}  # fmt: skip
    for name in ("setup_target", "setup_steps"):
        address = reverse(name, args=[setup.pk])
        seen = re.search(r'name="seen" value="([^"]+)"', client.get(address).content.decode())[1]
        Setup.objects.get(pk=setup.pk).save()  # somebody else keeps it
        told = client.post(address, {**typed, "seen": seen})
        assert "Somebody else has changed this setup meanwhile" in told.content.decode()
        assert "“”" not in told.content.decode()
        setup.refresh_from_db()
        assert setup.text == SETUP
