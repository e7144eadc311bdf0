"""Drafts in the workspace: typed at any level, shared by several, taken back, held; nobody changes others' numbers."""

from __future__ import annotations

import json
import uuid

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from planned_world import build_plan

from quotum.web.records.models import Change, Edit, Job, PlanVersion, User
from quotum.web.services.jobs import do_job

WHOLE, MARCH, APRIL = "2027-01-01/2028-01-01", "2027-03-01/2027-04-01", "2027-04-01/2027-05-01"
ANN, BEN, CHO = "unit=north;person=ann", "unit=north;person=ben", "unit=south;person=cho"


@pytest.fixture(scope="module")
def planned(django_db_setup, django_db_blocker):
    """The plan, made once for all tests of this file, gone with its transaction; those of tests lie inside."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build_plan().pk
        transaction.set_rollback(True)


@pytest.fixture
def plan(planned, db):
    return PlanVersion.objects.get(pk=planned)


class Desk:
    """Somebody at the workspace."""

    def __init__(self, plan, username):
        self.plan, self.client = plan, Client()
        self.client.force_login(User.objects.get(username=username))

    def get(self, name, **query):
        return self.client.get(reverse(name, args=[self.plan.pk]), query)

    def cells(self):
        state = self.get("workspace_cells").json()
        at = {period["key"]: number for number, period in enumerate(state["periods"])}
        return state, {row["key"]: {key: row["amounts"][k] for key, k in at.items()} for row in state["rows"]}

    def post(self, name, base, *edits, key="", **more):
        typed = [dict(zip(("row", "period", "text"), edit, strict=True)) for edit in edits]
        body = {"base": base, "edits": typed, **more}
        return self.client.post(reverse(f"workspace_{name}", args=[self.plan.pk]), json.dumps(body),
                                "application/json", headers={"Idempotency-Key": key or str(uuid.uuid4())})  # fmt: skip


@pytest.fixture
def director(plan):
    return Desk(plan, "director")


@pytest.fixture
def manager(plan):
    return Desk(plan, "manager")


def test_every_level_adds_up(director):
    _, cells = director.cells()
    assert cells["unit=company"][WHOLE] == 120_000_00
    assert cells["unit=company"] == {
        period: cells["unit=north"][period] + cells["unit=south"][period] for period in cells["unit=company"]
    }


def test_what_is_typed_is_what_stands_there(director):
    state, before = director.cells()
    answer = director.post("apply", 0, (ANN, MARCH, "1,234.50"), ("unit=south", APRIL, "+10%")).json()
    _, after = director.cells()
    assert after[ANN][MARCH] == 1_234_50
    assert after["unit=south"][APRIL] == (before["unit=south"][APRIL] * 11 + 5) // 10
    assert after[BEN] == before[BEN]
    places = {period["key"]: str(at) for at, period in enumerate(state["periods"])}
    assert answer["changed"][ANN][places[MARCH]] == 1_234_50
    assert answer["version"] == 2
    assert Edit.objects.count() == 2
    assert Change.objects.first().after["sequence"] == 2


def test_parents_and_children_typed_together_both_stand(director):
    director.post("apply", 0, ("unit=north", WHOLE, "60,000"), (ANN, WHOLE, "20,000"), (BEN, MARCH, "2,000"))
    _, after = director.cells()
    assert (after["unit=north"][WHOLE], after[ANN][WHOLE], after[BEN][MARCH]) == (60_000_00, 20_000_00, 2_000_00)
    assert after[BEN][WHOLE] == 40_000_00


def test_a_preview_changes_nothing(director):
    answer = director.post("preview", 0, (ANN, WHOLE, "99,000")).json()
    assert answer["summary"].startswith("Total +")
    assert Edit.objects.count() == 0


def test_what_two_people_type_elsewhere_both_stands(plan, director, manager):
    assert director.post("apply", 0, (CHO, MARCH, "500")).status_code == 200
    assert manager.post("apply", 0, (ANN, MARCH, "+100"), options={"absorb": "siblings"}).status_code == 200
    _, after = director.cells()
    assert after[CHO][MARCH] == 500_00


def test_the_same_cell_twice_is_told_with_both_numbers(director, manager):
    director.post("apply", 0, (ANN, MARCH, "500"))
    answer = manager.post("apply", 0, (ANN, MARCH, "700"), options={"absorb": "siblings"})
    assert answer.status_code == 409
    told = answer.json()
    assert told["version"] == 1
    assert "500.00" in told["error"]["issues"][0]["text"]
    assert "700" in told["error"]["issues"][0]["text"]
    assert director.cells()[1][ANN][MARCH] == 500_00


def test_what_one_changed_oneself_on_another_page_is_no_conflict(director, manager):
    director.post("apply", 0, (ANN, MARCH, "500"))
    assert director.post("apply", 0, (ANN, MARCH, "700")).status_code == 200
    sequence = manager.cells()[0]["version"]
    manager.post("apply", sequence, (BEN, APRIL, "+10"), options={"absorb": "siblings"})
    assert director.post("apply", sequence, (ANN, MARCH, "800")).status_code == 200
    assert director.cells()[1][ANN][MARCH] == 800_00


def test_a_number_somebody_has_set_is_not_moved_unseen(director, manager):
    director.post("apply", 0, (BEN, MARCH, "500"))
    answer = manager.post("apply", 0, (ANN, MARCH, "+100"), options={"absorb": "siblings"})
    assert answer.status_code == 409
    assert director.cells()[1][BEN][MARCH] == 500_00


def test_sent_twice_is_made_once(director):
    for _ in range(2):
        answer = director.post("apply", 0, (ANN, MARCH, "+100"), key="the same")
        assert answer.status_code == 200
    assert Edit.objects.count() == 1


def test_taken_back_and_made_again(director, manager):
    _, before = director.cells()
    director.post("apply", 0, (ANN, MARCH, "900"))
    director.post("apply", 1, (CHO, MARCH, "900"))
    assert director.post("undo", 2).json()["version"] == 3
    _, then = director.cells()
    assert (then[CHO][MARCH], then[ANN][MARCH]) == (before[CHO][MARCH], 900_00)
    assert director.post("undo", 3).status_code == 200
    assert director.cells()[1] == before
    assert director.post("undo", 4).status_code == 422
    director.post("redo", 4)
    assert director.cells()[1][ANN][MARCH] == 900_00
    assert manager.post("undo", 5).status_code == 422  # only one's own


def test_a_manager_sees_and_changes_the_own_part_alone(manager):
    state, cells = manager.cells()
    assert set(cells) == {"unit=north", ANN, BEN}
    assert not state["readonly"]
    assert manager.post("preview", 0, (CHO, MARCH, "1")).status_code == 422
    refused = manager.post("preview", 0, (ANN, MARCH, "+100"), options={"absorb": "parent"})
    assert refused.status_code == 422
    assert "outside" in refused.json()["error"]["message"]
    assert manager.post("apply", 0, (ANN, MARCH, "+100"), options={"absorb": "siblings"}).status_code == 200
    assert manager.cells()[1]["unit=north"] == cells["unit=north"]


def test_a_rep_looks_at_the_own_number_and_changes_none(plan):
    rep = Desk(plan, "rep")
    state, cells = rep.cells()
    assert state["readonly"]
    assert set(cells) == {ANN}
    assert cells[ANN][WHOLE] > 0
    assert rep.post("apply", 0, (ANN, MARCH, "1")).status_code == 403


def test_a_held_number_does_not_move(director):
    _, before = director.cells()
    send = reverse("workspace_hold", args=[director.plan.pk])
    director.client.post(send, {"row": ANN, "period": WHOLE, "do": "hold", "reason": "agreed"})
    state, _ = director.cells()
    row = next(row for row in state["rows"] if row["key"] == ANN)
    assert set(row["marks"].values()) == {"hold"}
    assert director.post("apply", 1, (ANN, MARCH, "1")).status_code == 422
    director.post("apply", 1, ("unit=north", MARCH, "+10%"))
    assert director.cells()[1][ANN] == before[ANN]
    director.client.post(send, {"row": ANN, "period": WHOLE, "do": "release"})
    assert director.post("preview", 3, (ANN, MARCH, "1")).status_code == 200


def test_comments_are_read_by_those_who_see_the_number(director, manager):
    send = reverse("workspace_comment", args=[director.plan.pk])
    director.client.post(send, {"row": CHO, "period": MARCH, "text": "Too high"})
    director.client.post(send, {"row": ANN, "period": MARCH, "text": "Well done"})
    assert "Too high" in director.get("workspace").content.decode()
    page = manager.get("workspace").content.decode()
    assert "Well done" in page
    assert "Too high" not in page


def test_customers_below_a_person_are_changed_in_the_whole_plan_only(director):
    rows = director.get("workspace_rows", parent=ANN, cut="customer").json()["rows"]
    assert sum(row["amounts"][0] for row in rows) == director.cells()[1][ANN][WHOLE]
    key = rows[0]["key"]
    assert director.post("preview", 0, (key, MARCH, "1")).status_code == 422
    director.post("apply", 0, (key, WHOLE, "1,000"))
    again = director.get("workspace_rows", parent=ANN, cut="customer").json()["rows"]
    assert next(row for row in again if row["key"] == key)["amounts"][0] == 1_000_00


def test_reasons_of_a_part_do_not_tell_the_whole(director, manager):
    everything = director.get("explain", row=ANN, period=MARCH).content.decode()
    assert "120,000.00" in everything
    own = manager.get("explain", row=ANN, period=MARCH).content.decode()
    assert "120,000.00" not in own
    assert "Ann" in own
    assert manager.get("explain", row=CHO, period=MARCH).status_code == 404


def test_an_edited_workbook_comes_back_as_one_batch(director, tmp_path):
    import openpyxl

    path = tmp_path / "part.xlsx"
    path.write_bytes(director.get("workbook").content)
    book = openpyxl.load_workbook(path)
    sheet = book["Targets"]
    header = [cell.value for cell in sheet[1]]
    amount, person = header.index("amount") + 1, header.index("person") + 1
    line = next(row for row in range(2, sheet.max_row) if sheet.cell(row, person).value == "ann")
    sheet.cell(line, amount).value = 777.77
    book.save(path)
    address = reverse("workbook_upload", args=[director.plan.pk])
    with path.open("rb") as file:
        shown = director.client.post(address, {"file": file})
    assert Edit.objects.count() == 0
    director.client.post(address, {"accept": shown.context["sealed"], "key": "once", "reason": "as agreed"})
    january = "2027-01-01/2027-02-01"
    assert director.cells()[1][ANN][january] == 777_77
    forged = director.client.post(address, {"accept": shown.context["sealed"] + "x"})
    assert forged.status_code == 400


def test_a_finished_session_is_a_version_of_its_own(director):
    director.post("apply", 0, (ANN, WHOLE, "33,000"))
    asked = {"plan": str(director.plan.pk), "reason": "done"}
    user = User.objects.get(username="director")
    job = Job.objects.create(kind="version", state="running", arguments=asked, by=user)
    do_job(job)
    job.refresh_from_db()
    made = PlanVersion.objects.get(pk=job.result["plan"])
    assert made.parent == director.plan
    compared = director.client.get(reverse("compare"), {"before": director.plan.parent_id or made.pk, "after": made.pk})
    assert compared.status_code == 200
    assert compared.context["found"].change == compared.context["found"].after - compared.context["found"].before
    again = Desk(made, "director")
    assert again.cells()[1] == director.cells()[1]
    assert again.cells()[0]["version"] == 0


def test_only_drafts_are_changed(director):
    PlanVersion.objects.filter(pk=director.plan.pk).update(state="in_force")
    assert director.post("apply", 0, (ANN, MARCH, "1")).status_code == 422
    assert director.cells()[0]["readonly"]


def test_without_a_script_the_same_is_typed_into_a_table(director):
    address = reverse("workspace_form", args=[director.plan.pk])
    page = director.get("workspace", at="unit=north").content.decode()
    assert f'name="cell {ANN} | {WHOLE}"' in page
    shown = director.client.post(address, {f"cell {ANN} | {WHOLE}": "40,000", "base": "0", "do": "preview"})
    assert "Who wins and who loses" in shown.content.decode()
    director.client.post(address, {f"cell {ANN} | {WHOLE}": "40,000", "base": "0", "do": "apply", "key": "k"})
    assert director.cells()[1][ANN][WHOLE] == 40_000_00


@pytest.mark.parametrize("body", [b"", b"[]", b'{"base": "x"}', b"{\"base\": 0, \"edits\": [{}]}"])
def test_what_cannot_be_read_is_refused(director, body):
    address = reverse("workspace_preview", args=[director.plan.pk])
    assert director.client.post(address, body, "application/json").status_code == 400
