"""The record of changes for readers: words in their language, filters, files, and whether the seals hold."""

import csv
import io
import json
from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.urls import reverse
from web_world import account, build_world

from quotum.web.queries.clock import today
from quotum.web.records.models import Change, PlanVersion
from quotum.web.services.recording import find_broken_seals, record_change

pytestmark = pytest.mark.django_db


@pytest.fixture
def auditor(db, client):
    build_world()
    plan = PlanVersion.objects.get()
    with transaction.atomic():
        record_change(account("area_manager"), "changed", "people", "ann", before={"unit": "south", "hired": None},
                      after={"unit": "north", "hired": "2026-03-01"}, reason="=1+1", unit="north")  # fmt: skip
        record_change(account("sales_director"), "planned", "plans", plan.pk, after={"state": "draft"})
        record_change(account("administrator"), "gave a post", "accounts", "rep", after={"role": "clerk"})
    client.force_login(account("auditor"))
    return client


def lines(answer):
    return [change.action for change, _ in answer.context["lines"]]


def test_people_read_words_not_codes(auditor):
    page = auditor.get(reverse("changes"), headers={"Accept-Language": "es"}).content.decode()
    for said in ("Unidad: south", "dio un puesto", "Plan", "01/03/2026"):
        assert said in page
    for code in ("{'", "&#x27;", "None", str(PlanVersion.objects.get().pk)):
        assert code not in page


@pytest.mark.parametrize(("asked", "found"), [
    ({"who": "director"}, ["planned"]), ({"q": "people"}, ["changed"]), ({"who": "nobody"}, []),
    ({"since": today() + timedelta(2)}, []), ({"to": date(2020, 1, 1)}, []), ({"since": "soon"}, 3),
    ({"since": today() - timedelta(2), "to": today() + timedelta(2)}, 3),
])  # fmt: skip
def test_filters(auditor, asked, found):
    told = lines(auditor.get(reverse("changes"), asked))
    assert (len(told) if isinstance(found, int) else told) == found


def test_seals_are_checked_where_it_is_asked(auditor, client):
    assert "The seals hold: all 3 lines" in auditor.get(reverse("changes"), {"seals": 1}).content.decode()
    drop = "DROP TRIGGER changes_kept_UPDATE" if connection.vendor == "sqlite" else (
        "DROP TRIGGER changes_kept ON records_change"
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(drop)
        cursor.execute("UPDATE records_change SET reason = 'nothing' WHERE sequence = 2")
    assert "altered at line 2" in auditor.get(reverse("changes"), {"seals": 1}).content.decode()
    client.force_login(account("area_manager"))
    assert "sealed" not in client.get(reverse("changes"), {"seals": 1}).context


def test_files_hold_what_was_asked_for(auditor, client):
    answer = auditor.get(reverse("changes-export", args=["csv"]), {"q": "people"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["user"], row["key"], row["reason"]) for row in rows] == [("area_manager", "ann", "'=1+1")]
    told = json.loads(b"".join(auditor.get(reverse("changes-export", args=["json"])).streaming_content))
    assert [line["sequence"] for line in told] == [1, 2, 3]
    assert told[0]["digest"] == Change.objects.get(sequence=1).digest
    assert list(find_broken_seals()) == []
    client.force_login(account("area_manager"))
    seen = json.loads(b"".join(client.get(reverse("changes-export", args=["json"])).streaming_content))
    assert [line["key"] for line in seen] == ["ann"]
    none = client.get(reverse("changes-export", args=["json"]), {"q": "no such"})
    assert json.loads(b"".join(none.streaming_content)) == []


def test_the_page_asks_as_often_for_many_lines(auditor, django_assert_max_num_queries):
    with transaction.atomic():
        for _ in range(45):
            record_change(account("sales_director"), "planned", "plans", PlanVersion.objects.get().pk)
    with django_assert_max_num_queries(10):
        assert auditor.get(reverse("changes")).status_code == 200
