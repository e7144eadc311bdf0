"""`quotum import` writes a mapping that can be planned, and says what it is not sure of."""

import json
import os
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from import_worlds import PLAN
from quotum.adapters.files.company_folder import open_company
from quotum.adapters.files.importing.drafting import draft_import
from quotum.cli import main

SOURCE = Path(os.environ.get("QUOTUM_DATA", Path(__file__).parents[3] / "shared" / "data")) / "adventureworks"
CHINESE = """日期;客户;业务员;大区;产品;数量;金额
2026年1月5日;甲公司;张三;华东;茶;10;1.234,50
2026年2月5日;乙公司;李四;华北;茶;5;600,00
2026年12月25日;甲公司;王五;华东;咖啡;1;80,5
"""


def run(*words: object) -> object:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_one_sheet_of_sales_is_a_company(tmp_path):
    (tmp_path / "销售.csv").write_bytes(CHINESE.encode("gb18030"))
    done = run("import", tmp_path / "销售.csv", "--into", tmp_path / "company")
    assert done.exit_code == 0, done.output
    assert 'sales ← 销售.csv' in done.output
    opened = open_company(tmp_path / "company", data=tmp_path)
    assert [issue for issue in opened.issues if issue.severity == "error"] == []
    assert opened.company["sales"]["amount_e4"].sum() == 19_150_000
    units = opened.company["units"].select("unit", "parent").rows()
    assert units == [("Company", None), ("华东", "Company"), ("华北", "Company")]
    owners = dict(opened.company["customers"].select("customer", "person").rows())
    assert owners == {"甲公司": "王五", "乙公司": "李四"}
    assert str(opened.settings.since) == "2027-01-01"
    assert opened.settings.targets[0].commit_minor == 191_500
    planned = run("plan", tmp_path / "company", "--data", tmp_path, "--out", tmp_path / "plan")
    assert planned.exit_code == 0, planned.output


def test_files_of_an_erp_find_each_other_by_titles_and_keys(tmp_path):
    titles = "Order Date,Order No,Cust,SKU,Net Amount\n"
    files = {
        "Sales Orders 2025.csv": f"{titles}2025-05-01,1,K1,P1,10.50\n2025-06-01,2,K2,P2,20\n",
        "Sales Orders 2026.csv": f"{titles}2026-05-01,3,K1,P1,10.50\n2026-06-30,4,K2,P2,30\n",
        "clients.csv": "Client ID,Client Name,Responsible,Town\nK1,One,E1,Rome\nK2,Two,E2,Oslo\n",
        "staff.csv": "Employee No,First Name,Last Name,Branch\nE1,Ann,Lee,North\nE2,Bo,Ray,South\n",
        "branches.csv": "Branch,Country\nNorth,Norway\nSouth,Italy\nEast,Italy\n",
        "items.csv": "Item No,Description,List Price,Group\nP1,Tea,2.50,x\nP2,Pot,30,y\n",
        "quotas.csv": "Employee No,Year,Jan,Feb,Mar\nE1,2026,1,-,3\nE2,2026,4,5,6\n",
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    draft = draft_import([tmp_path], tmp_path / "company")
    assert draft.issues == []
    found = {table.table: table for table in draft.guess.tables}
    assert found["sales"].sources == ["Sales Orders 2025.csv", "Sales Orders 2026.csv"]
    assert found["sales"].columns["customer"].toml == '"Cust"'
    assert found["sales"].columns["customer"].why == "values are keys of customers"
    assert found["people"].columns["name"].toml == '"{First Name} {Last Name}"'
    assert found["proposals"].options == ['wide = { columns = "{month}", year = "Year" }']
    assert draft.guess.unplaced() == {"items.csv": ["Group"]}
    opened = open_company(tmp_path / "company", data=tmp_path)
    assert [issue for issue in opened.issues if issue.severity == "error"] == []
    assert {name: frame.height for name, frame in opened.company.tables.items() if frame.height} == {
        "units": 6, "people": 2, "customers": 2, "products": 2, "sales": 4, "proposals": 5}  # fmt: skip


def test_sheets_of_a_workbook_are_files_of_their_own(tmp_path):
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "erp.xlsx") as book:
        for name, rows in {
            "Orders": [["Date", "Customer", "Rep", "Amount"], ["2026-05-01", "K1", "ann", 10.5]],
            "Team": [["Rep", "Full name", "Region"], ["ann", "Ann Lee", "North"]],
        }.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, row)
    done = run("import", tmp_path / "erp.xlsx", "--into", tmp_path / "company", "--json")
    tables = {table["table"]: table["files"] for table in json.loads(done.output)["tables"]}
    assert tables["sales"] == ["erp.xlsx [Orders]"]
    assert tables["people"] == ["erp.xlsx [Team]"]
    opened = open_company(tmp_path / "company", data=tmp_path)
    assert [issue for issue in opened.issues if issue.severity == "error"] == []


def test_what_is_not_sure_is_written_down_and_told(tmp_path):
    (tmp_path / "sales.csv").write_text("Date,Customer,Rep,Amount,Odd\n03/04/2026,K,ann,1.234,zz\n")
    done = run("import", tmp_path / "sales.csv", "--into", tmp_path / "c")
    assert "the decimal mark is a guess" in done.output
    assert "the order of day and month is a guess" in done.output
    assert "Not used:" in done.output
    assert "Odd" in done.output
    opened = open_company(tmp_path / "c", data=tmp_path)
    assert [issue for issue in opened.issues if issue.severity == "error"] == []


def test_a_plan_that_is_there_is_kept_and_one_with_import_refused(tmp_path):
    (tmp_path / "sales.csv").write_text("Date,Customer,Rep,Amount\n2026-05-01,K,ann,1\n")
    plan = PLAN.strip() + "\n"
    (tmp_path / "plan.toml").write_text(plan)
    assert run("import", tmp_path / "sales.csv", "--into", tmp_path).exit_code == 0
    written = (tmp_path / "plan.toml").read_text(encoding="utf-8")
    assert written.startswith(plan)
    again = run("import", tmp_path / "sales.csv", "--into", tmp_path)
    assert again.exit_code == 2
    assert "nothing was written" in again.output
    assert (tmp_path / "plan.toml").read_text(encoding="utf-8") == written


@pytest.mark.parametrize(("name", "content"), [
    ("poem.csv", "roses,violets\nred,blue\n"), ("empty.csv", ""), ("broken.xlsx", "no"), ("none.csv", None),
])  # fmt: skip
def test_files_that_nothing_can_be_made_of_write_nothing(tmp_path, name, content):
    if content is not None:
        (tmp_path / name).write_text(content)
    done = run("import", tmp_path / name, "--into", tmp_path / "company")
    assert done.exit_code == 2
    assert not (tmp_path / "company").exists()


@pytest.mark.slow
@pytest.mark.skipif(not (SOURCE / "sales_lines.csv").is_file(), reason="needs the AdventureWorks files")
def test_the_raw_files_of_adventureworks_are_planned_from_the_guess_alone(tmp_path):
    files = sorted(SOURCE.glob("*.csv"))
    done = run("import", *files, "--into", tmp_path / "company", "--data", SOURCE)
    assert done.exit_code == 0, done.output
    opened = open_company(tmp_path / "company", data=SOURCE)
    assert [issue for issue in opened.issues if issue.severity == "error"] == []
    total = json.loads((SOURCE / "expected.json").read_text(), parse_float=str)["facts"]["SalesAmount_total"]
    assert opened.company["sales"]["amount_e4"].sum() == int(Decimal(total) * 10_000)
    assert opened.company["people"].height == 18
    units = dict(opened.company["people"].select("person", "unit").rows())
    assert units["281"] == "United States"
    assert opened.company["customers"].height == 701 + 18_484
    planned = run("plan", tmp_path / "company", "--data", SOURCE, "--out", tmp_path / "plan")
    assert planned.exit_code == 0, planned.output
    assert pl.read_parquet(tmp_path / "plan" / "quotas.parquet").height > 0
