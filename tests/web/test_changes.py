"""The record of changes only grows, and shows where somebody has tampered with it."""

import pytest
from django.db import DatabaseError, connection, connections, transaction
from web_world import account, build_world

from quotum.web.queries.changes import changes_within
from quotum.web.queries.permissions import reach_of
from quotum.web.records.models import Change
from quotum.web.services.recording import find_broken_seals, record_change

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def world(db):
    build_world()
    with transaction.atomic():
        record_change(account("area_manager"), "changed", "people", "ann", before={"unit": "south"},
                      after={"unit": "north"}, reason="moved house", unit="north")  # fmt: skip
        record_change(None, "imported", "sales", "sales", after={"rows": 3}, reason="Unicode: 恒光家居")
        record_change(account("sales_director"), "changed", "people", "cho", unit="south")


def test_lines_follow_each_other_and_are_sealed():
    assert [line.sequence for line in Change.objects.all()] == [3, 2, 1]
    assert list(find_broken_seals()) == []


@pytest.mark.parametrize("statement", [
    "UPDATE records_change SET reason = 'nothing happened' WHERE sequence = 1", "DELETE FROM records_change",
])  # fmt: skip
def test_the_database_refuses_to_alter_the_record(statement):
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_line_that_was_altered_behind_the_database_shows():
    drop = "DROP TRIGGER changes_kept_UPDATE" if connection.vendor == "sqlite" else (
        "DROP TRIGGER changes_kept ON records_change"
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(drop)
        cursor.execute("UPDATE records_change SET reason = 'nothing happened' WHERE sequence = 2")
    assert list(find_broken_seals()) == [2]


def test_a_change_outside_of_a_transaction_is_refused():
    wrapper = connections["default"]
    wrapper.in_atomic_block, inside = False, wrapper.in_atomic_block
    try:
        with pytest.raises(RuntimeError, match="transaction"):
            record_change(None, "changed", "people", "ann")
    finally:
        wrapper.in_atomic_block = inside


def test_managers_see_what_concerns_their_units():
    lines = changes_within(reach_of(account("area_manager"), "see_changes"))
    assert [line.key for line in lines] == ["ann"]
    assert changes_within(reach_of(account("auditor"), "see_changes")).count() == 3
    assert changes_within(reach_of(account("auditor"), "see_changes"), "SALES").count() == 1
