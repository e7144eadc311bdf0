"""Bringing the company in: looked into, asked about, taken as a whole or not at all, the same again changes nothing."""

import csv
import io
import zipfile
from datetime import date
from unittest import mock

import openpyxl
import polars as pl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from quotum.web.bridge.company import read_facts
from quotum.web.bridge.merging import merge
from quotum.web.bridge.notes import ask_to_stop
from quotum.web.bridge.stored import stored
from quotum.web.records.models import Change, Customer, FactTable, Job, Ownership, Person, Post, Unit, Upload, User
from quotum.web.services import importing
from quotum.web.services.company_tables import set_paths
from quotum.web.services.jobs import do_job

UNITS = "unit,parent,name\nCo,,Company\nNorth,Co,North\nSouth,Co,South\n"
PEOPLE = "person,name,unit\nana,Ana,North\nluis,Luis,South\n"
CUSTOMERS = "customer,name,person,city\nc1,Sun,ana,Jinan\nc2,Moon,luis,\n"
SALES = "date,order,customer,amount\n2026-01-05,1,c1,12.50\n2026-01-05,1,c1,12.50\n2026-02-01,2,c2,3\n"
COMPANY = {"units.csv": UNITS, "people.csv": PEOPLE, "customers.csv": CUSTOMERS, "sales.csv": SALES}
VENTAS = (
    "Fecha;Nº pedido;Cliente;Vendedor;Zona;Importe\n05/01/2026;1001;Sol;Ana;Norte;1.234,50\n"
    "31/05/2026;1002;Luna;Luis;Sur;600,00\n"
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(monkeypatch, settings, tmp_path):
    """Files in a folder of the test, jobs done when they are started."""
    settings.STORAGES = {**settings.STORAGES, "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}}

    def start(user, kind, arguments):
        return Job.objects.create(kind=kind, arguments=dict(arguments), by=user)

    monkeypatch.setattr(importing, "start_job", start)


def account(name, role, unit=None):
    user = User.objects.create(username=name)
    Post.objects.create(user=user, role=role, unit_id=unit, since=date(2026, 1, 1))
    return user


@pytest.fixture
def boss():
    return account("boss", "clerk")


def bring(user, files):
    """Return an upload that was looked into."""
    given = [(name, io.BytesIO(text if isinstance(text, bytes) else text.encode()), len(text))
             for name, text in files.items()]  # fmt: skip
    return worked(importing.bring_files(user, given))


def worked(upload):
    """Return an upload whose job was done."""
    upload.refresh_from_db()
    Job.objects.filter(pk=upload.job_id).update(state="running")
    do_job(Job.objects.get(pk=upload.job_id))
    upload.refresh_from_db()
    return upload


def take(user, upload):
    importing.ask_to_take(user, upload, "first")
    return worked(upload)


def counts(upload, table):
    return {name: upload.summary["tables"][table][name] for name in ("new", "changed", "same", "gone")}


def test_a_company_comes_in_as_a_whole_and_again_changes_nothing(boss):
    upload = bring(boss, COMPANY)
    assert (upload.state, upload.summary["form"], upload.summary["stops"]) == ("looked", "company", False)
    assert not Unit.objects.exists()
    assert take(boss, upload).state == "taken"
    assert Unit.objects.get(pk="North").path == "Co\nNorth\n"
    assert "c1 sun jinan" in Customer.objects.get(pk="c1").search_text
    assert read_facts()["sales"]["amount_e4"].sum() == 280_000
    again = bring(boss, COMPANY)
    assert {counts(again, table)["same"] for table in ("units", "people", "customers")} == {3, 2}
    assert counts(again, "sales") == {"new": 0, "changed": 0, "same": 3, "gone": 0}
    address = FactTable.objects.get(pk="sales").address
    take(boss, again)
    assert FactTable.objects.get(pk="sales").address == address


def test_what_a_file_does_not_have_stays_as_it_is(boss):
    take(boss, bring(boss, COMPANY))
    Customer.objects.filter(pk="c1").update(phone="5550100", class_name="A")
    upload = bring(boss, {"customers.csv": "customer,city\nc1,Qingdao\n"})
    assert counts(upload, "customers") == {"new": 0, "changed": 1, "same": 0, "gone": 0}
    assert upload.summary["tables"]["customers"]["differences"] == [
        {"key": "c1", "column": "city", "before": "Jinan", "after": "Qingdao"}
    ]
    take(boss, upload)
    customer = Customer.objects.get(pk="c1")
    assert (customer.name, customer.city, customer.phone, customer.class_name) == ("Sun", "Qingdao", "5550100", "A")
    line = Change.objects.get(table="customers", key="c1")
    assert (line.before, line.after, line.unit) == ({"city": "Jinan"}, {"city": "Qingdao"}, "North")


def test_an_order_that_comes_again_replaces_its_lines(boss):
    take(boss, bring(boss, COMPANY))
    upload = bring(boss, {"sales.csv": "date,order,customer,amount\n2026-01-05,1,c1,20\n2026-03-01,3,c1,1\n"})
    assert counts(upload, "sales") == {"new": 1, "changed": 1, "same": 0, "gone": 1}
    take(boss, upload)
    assert sorted(read_facts()["sales"]["amount_e4"]) == [10_000, 30_000, 200_000]


def test_days_can_be_replaced_as_a_whole(boss):
    take(boss, bring(boss, COMPANY))
    upload = bring(boss, {"sales.csv": "date,order,customer,amount\n2026-01-01,9,c1,1\n2026-01-31,9,c2,1\n"})
    importing.look_again(boss, upload, upload.mapping, {"sales": "days"})
    assert counts(worked(upload), "sales") == {"new": 2, "changed": 0, "same": 0, "gone": 2}
    take(boss, upload)
    assert sorted(read_facts()["sales"]["order"]) == ["2", "9", "9"]


def test_one_wrong_cell_and_nothing_is_taken(boss):
    upload = bring(boss, {**COMPANY, "customers.csv": CUSTOMERS + "c3,Star,nobody,\n"})
    finding = next(each for each in upload.findings if each["severity"] == "error")
    assert (finding["file"], finding["line"], finding["column"], finding["value"]) == (
        "customers.csv", 4, "person", "nobody")  # fmt: skip
    with pytest.raises(ValidationError):
        importing.ask_to_take(boss, upload)
    assert not Unit.objects.exists()


def test_keys_are_looked_for_in_the_database_too(boss):
    take(boss, bring(boss, COMPANY))
    upload = bring(boss, {"sales.csv": "date,order,customer,amount\n2026-03-01,3,c1,1\n2026-03-01,4,c9,1\n"})
    assert [(each["value"], each["line"]) for each in upload.findings if each["severity"] == "error"] == [("c9", 3)]


def test_a_foreign_file_is_guessed_and_asked_about(boss):
    upload = bring(boss, {"ventas.csv": VENTAS})
    assert upload.summary["form"] == "foreign"
    assert 'amount = "Importe"' in upload.mapping
    assert counts(take(boss, upload), "sales")["new"] == 2
    assert set(Person.objects.values_list("pk", flat=True)) == {"Ana", "Luis"}
    Customer.objects.filter(pk="Sol").update(name="Café Sol")
    later = bring(boss, {"ventas.csv": VENTAS + "01/06/2026;1003;Mar;Ana;Norte;5,00\n"})
    assert later.summary["modes"]["customers"] == "add"  # only derived from the orders: what is there stays
    take(boss, later)
    assert Customer.objects.get(pk="Sol").name == "Café Sol"
    assert Customer.objects.filter(pk="Mar").exists()


def test_a_list_of_people_under_another_name_makes_no_second_top(boss):
    take(boss, bring(boss, COMPANY))
    found = bring(boss, {"staff list.csv": "salesperson,region\nAna,North\nLuis,South\n"})
    assert found.summary["modes"] == {"units": "skip", "people": "update"}
    assert not [each for each in found.findings if "top" in each["remedy"]]


def test_a_choice_on_the_page_changes_the_mapping(boss, client):
    client.force_login(boss)
    upload = bring(boss, {"ventas.csv": VENTAS})
    address = reverse("upload-look", args=[upload.pk])
    assert client.get(reverse("upload", args=[upload.pk])).status_code == 200
    client.post(address, {"column|sales.0|amount": "Nº pedido", "column|sales.0|order": "", "mode-sales": "all"})
    upload = worked(upload)
    assert 'amount = "Nº pedido"' in upload.mapping
    assert "order =" not in upload.mapping.partition("[import.sales.columns]")[2].partition("[import")[0]
    assert "# 90" in upload.mapping  # comments stay
    assert upload.summary["modes"]["sales"] == "all"
    client.post(address, {"mapping": "[import.sales\n"})
    assert worked(upload).summary["stops"]
    assert any(each["rule"] == "toml_syntax" for each in upload.findings)
    assert client.post(address, {"column|sales.0|amount": "Importe"}).status_code == 302


def workbook(tables):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, text in tables.items():
        sheet = book.create_sheet(name.removesuffix(".csv"))
        for line in text.splitlines():
            sheet.append(line.split(","))
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def test_a_workbook_comes_back_with_marked_cells(boss, client):
    client.force_login(boss)
    upload = bring(boss, {"firm.xlsx": workbook({**COMPANY, "customers.csv": CUSTOMERS + "c3,Star,nobody,\n"})})
    assert upload.summary["marked"] == ["firm.xlsx"]
    answer = client.get(reverse("upload-marked", args=[upload.pk, "firm.xlsx"]))
    cell = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))["customers"]["C4"]
    assert cell.value == "nobody"
    assert "nobody" in cell.comment.text
    assert client.get(reverse("upload-marked", args=[upload.pk, "..%2f..%2fsecret-key"])).status_code == 404


def test_a_csv_file_comes_back_with_a_column_of_findings(boss, client):
    client.force_login(boss)
    upload = bring(boss, {**COMPANY, "customers.csv": CUSTOMERS + 'c3,"Star; and ""Sons""",nobody,\n'})
    assert upload.summary["marked"] == ["customers.csv"]
    answer = client.get(reverse("upload-marked", args=[upload.pk, "customers.csv"]))
    lines = b"".join(answer.streaming_content).decode().splitlines()
    before = (CUSTOMERS + 'c3,"Star; and ""Sons""",nobody,\n').splitlines()
    assert [line[: len(own)] for line, own in zip(lines, before, strict=True)] == before
    assert lines[0].endswith('"findings"')
    assert [row[-1] != "" for row in csv.reader(lines[1:])] == [False] * (len(lines) - 2) + [True]
    assert "nobody" in lines[-1].rpartition(",nobody,")[2]


def test_writing_tells_how_far_it_is_and_stops_as_a_whole(boss):
    upload = bring(boss, COMPANY)
    importing.ask_to_take(boss, upload)
    upload.refresh_from_db()
    told = []

    def stop_late(key, stage, done, total):
        told.append((stage, done, total))
        if done and done >= total - 1:
            ask_to_stop(key)

    Job.objects.filter(pk=upload.job_id).update(state="running")
    with mock.patch("quotum.web.services.jobs.note_progress", stop_late):
        do_job(Job.objects.get(pk=upload.job_id))
    assert Job.objects.get(pk=upload.job_id).state == "cancelled"
    assert len(told) > 2
    assert all(stage == "writing" for stage, _done, _total in told)
    assert not Unit.objects.exists()
    assert list(stored("facts").rglob("*.parquet")) == []
    upload.refresh_from_db()
    assert upload.state == "looked"  # it can be taken in again


def packed(files, **more):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", **more) as out:
        for name, text in files.items():
            out.writestr(name, text)
    return content.getvalue()


def test_a_zip_is_unpacked_flat_and_nowhere_else(boss, tmp_path):
    files = {f"firm/{name}": text for name, text in COMPANY.items()}
    upload = bring(boss, {"firm.zip": packed({**files, "../../../evil.csv": "a,b\n", "__MACOSX/._units.csv": "x"})})
    folder = tmp_path / "files" / upload.folder / "files"
    assert {path.name for path in folder.iterdir()} == {*COMPANY, "evil.csv"}
    assert [path for path in tmp_path.rglob("evil.csv") if path.parent != folder] == []


@pytest.mark.parametrize("files", [
    {"bomb.zip": packed({f"{n}.csv": "x" for n in range(201)})},
    {"empty.zip": packed({"readme.md": "x"})},
    {"broken.zip": b"PK\x03\x04 no zip"},
    {"a.exe": b"MZ"},
    {"one.zip": packed({"a/sales.csv": "x", "b/sales.csv": "x"})},
    {},
])  # fmt: skip
def test_hostile_files_are_refused_and_leave_nothing(boss, files, tmp_path):
    with pytest.raises(ValidationError):
        bring(boss, files)
    assert not Upload.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_file_without_an_ending_is_told_by_its_name(boss):
    with pytest.raises(ValidationError, match="kind sales are not read"):
        bring(boss, {"sales": b"a,b"})


def test_a_zip_that_says_less_than_it_holds_is_stopped(boss, monkeypatch):
    monkeypatch.setattr("quotum.adapters.files.packed_folder.MOST_BYTES", 1_000_000)
    with pytest.raises(ValidationError, match="more than is taken"):
        bring(boss, {"bomb.zip": packed({"sales.csv": "0" * 2_000_000}, compression=zipfile.ZIP_DEFLATED)})


def test_a_region_brings_in_its_own_only(boss):
    take(boss, bring(boss, COMPANY))
    clerk = account("clerk", "clerk", "North")
    mine = bring(clerk, {"customers.csv": "customer,name,person\nc3,Star,ana\nc1,Sun,ana\n"})
    assert not mine.summary["stops"]
    for files in (
        {"customers.csv": "customer,name,person\nc3,Star,luis\n"},  # into foreign hands
        {"customers.csv": "customer,person\nc2,ana\n"},  # out of foreign hands
        {"customers.csv": "customer,name\nc3,Star\n"},  # nobody's
        {"units.csv": "unit,parent\nEast,Co\n"},
        {"sales.csv": "date,order,customer,amount\n2026-03-01,3,c2,1\n"},
        {"products.csv": "product,name\np1,Tea\n"},
    ):
        upload = bring(clerk, files)
        assert upload.summary["stops"], files
        assert {each["rule"] for each in upload.findings} & {"beyond_reach", "table_beyond_reach"}


def test_others_files_are_not_found(boss, client):
    upload = bring(boss, COMPANY)
    take(boss, upload)
    client.force_login(account("clerk", "clerk", "North"))
    assert client.get(reverse("upload", args=[upload.pk])).status_code == 404
    client.force_login(account("rep", "rep", "North"))
    assert client.get(reverse("import")).status_code == 403


def looks_while_others(monkeypatch, boss, table, change=lambda: None):
    """Let others change a table whenever files are compared for the first time; return what was looked at."""
    looks = []
    look = importing.look_at

    def slow(*given):
        looks.append(given)
        if len(looks) == 1:
            change()
            with importing.transaction.atomic():
                importing.record_change(boss, "created", table, "Co")
        return look(*given)

    monkeypatch.setattr(importing, "look_at", slow)
    return looks


def test_a_change_of_others_meanwhile_makes_it_begin_again(boss, monkeypatch):
    def change():
        Unit.objects.create(unit="Co", name="Another")
        set_paths()

    upload = bring(boss, COMPANY)
    looks = looks_while_others(monkeypatch, boss, "units", change)
    take(boss, upload)
    assert len(looks) == 2
    assert Unit.objects.get(pk="Co").name == "Company"


def test_the_day_goes_on_while_files_are_taken_in(boss, monkeypatch):
    upload = bring(boss, COMPANY)
    looks = looks_while_others(monkeypatch, boss, "remarks")
    take(boss, upload)
    assert len(looks) == 1
    assert Unit.objects.filter(pk="Co").exists()


def test_a_look_that_was_stopped_changes_nothing(boss):
    upload = bring(boss, COMPANY)
    importing.ask_to_take(boss, upload)
    upload.refresh_from_db()
    Job.objects.filter(pk=upload.job_id).update(state="running", cancel_asked=True)
    worked(upload)
    assert (upload.job.state, upload.state) == ("cancelled", "looked")
    assert not Unit.objects.exists()


def test_owners_of_other_customers_stay(boss):
    take(boss, bring(boss, COMPANY))
    for customer, person in (("c1", "ana"), ("c2", "luis")):
        Ownership.objects.create(customer_id=customer, person_id=person, since=date(2026, 1, 1))
    take(boss, bring(boss, {"ownership.csv": "customer,person,since\nc1,luis,2026-01-01\n"}))
    assert sorted(Ownership.objects.values_list("customer_id", "person_id")) == [("c1", "luis"), ("c2", "luis")]


def test_files_sent_through_the_page(boss, client):
    client.force_login(boss)
    answer = client.post(reverse("import"), {"files": [SimpleUploadedFile("units.csv", UNITS.encode())]})
    upload = Upload.objects.get()
    assert answer.url == reverse("upload", args=[upload.pk])
    assert client.get(answer.url, headers={"HX-Request": "true"}).status_code == 200
    worked(upload)
    assert client.get(answer.url).status_code == 200
    client.post(reverse("upload-drop", args=[upload.pk]))
    assert not Upload.objects.exists()
    assert client.post(reverse("import")).status_code == 400


@pytest.mark.parametrize("mode", ["update", "days", "all"])
def test_a_merge_loses_and_doubles_nothing(mode):
    rows = {"date": [date(2026, 1, 1), date(2026, 1, 1), date(2026, 1, 2)], "order": ["1", "1", None],
            "customer": ["a", "a", "b"], "amount_e4": [1, 1, 2]}  # fmt: skip
    from quotum.engine.tables.schema import TABLES

    schema = TABLES["sales"].schema
    stored = pl.DataFrame({name: rows.get(name, [None] * 3) for name in schema}, schema=schema)
    merged = merge("sales", stored, pl.DataFrame(rows), mode)
    assert merged.is_idle
    assert merged.given.height + merged.kept.height == 3
