"""What feasibility looks like: on the screen, as JSON, in the workbook; and the commands that print it."""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from quotum.adapters.calendars import list_days
from quotum.adapters.files.plan_workbook import write_plan_workbook
from quotum.adapters.printing.feasibility_tables import draw_block, draw_market, feasibility_for_json, format_chance
from quotum.cli import main
from quotum.engine.planning import assess_targets, calendar_span, keep_feasibility
from small_company import USUAL, plan, settings, tea_house

ROOT = Path(__file__).parents[2]
TINY = ROOT / "examples" / "tiny"
SOURCE = Path(os.environ.get("QUOTUM_DATA", ROOT.parent / "shared" / "data")) / "adventureworks"


@pytest.fixture(scope="module")
def wanted():
    return settings(*USUAL, commit=11_000, stretch=12_000)


@pytest.fixture(scope="module")
def found(wanted):
    days, _ = list_days("", *calendar_span(wanted))
    return assess_targets(tea_house(), wanted, days)


def run(*words):
    return CliRunner().invoke(main, [str(word) for word in words])


def test_the_block_holds_targets_last_year_and_the_five_rules(found, wanted):
    lines = draw_block(found, wanted).splitlines()
    assert lines[0].startswith("Can we? Test: 2027-01-01 to 2027-12-31")
    assert lines[3].split()[:3] == ["revenue", "commit", "11,000.00"]
    assert lines[4].split()[:3] == ["revenue", "stretch", "12,000.00"]
    assert lines[-1].startswith("Five rules: quantified yes")


def test_a_stretch_like_the_commit_takes_no_line(found, wanted):
    alone = replace(found, nodes=found.nodes.with_columns(target_minor=100, growth=0.0, chance=0.5, share=0.1))
    assert "stretch" not in draw_block(alone, wanted)


def test_chances_are_told_in_whole_percent():
    assert [format_chance(chance) for chance in (None, 0.0, 0.004, 0.128, 0.996, 1.0)] == [
        "", "< 1%", "< 1%", "13%", "> 99%", "> 99%"]  # fmt: skip


def test_the_market_is_told_whole_first(found):
    lines = draw_market(found, {("area", "Sea"): "The sea"}).splitlines()
    assert lines[0] == "The market of 2026, revenue a year"
    assert lines[3].startswith("all")
    assert any(line.startswith("The sea tea") for line in lines)


def test_json_has_every_part(found):
    told = feasibility_for_json(found)
    assert set(told) >= {"rules", "nodes", "market", "customers", "capacity", "findings"}
    assert told["nodes"][0]["target_minor"] == 1_100_000
    json.dumps(told)


def test_check_feasible_writes_nothing_and_tells_all():
    before = sorted(TINY.iterdir())
    told = run("check", TINY, "--feasible")
    assert told.exit_code == 0
    assert "Can we? Brook Tea 2027" in told.output
    assert "Ann Doyle" in told.output
    assert sorted(TINY.iterdir()) == before


def test_check_feasible_as_json_and_with_bad_input(tmp_path):
    told = json.loads(run("check", TINY, "--feasible", "--json").output)
    assert told["feasibility"]["rules"]["quantified"]
    bad = run("check", tmp_path, "--feasible", "--json")
    assert bad.exit_code == 2
    assert json.loads(bad.output)["feasibility"] is None


def test_plan_begins_with_the_answer_and_keeps_it(tmp_path):
    told = run("plan", TINY, "--out", tmp_path / "tea")
    assert told.output.startswith("Can we? Brook Tea 2027")
    assert told.output.index("Can we?") < told.output.index("every sum exact")
    assert (tmp_path / "tea" / "feasibility.parquet").is_file()
    shown = json.loads(run("plan", TINY, "--out", tmp_path / "two", "--json").output)
    assert shown["feasibility"]["nodes"]
    names = ("feasibility", "market_shares", "five_rules")
    assert all((tmp_path / "tea" / f"{n}.parquet").read_bytes() == (tmp_path / "two" / f"{n}.parquet").read_bytes()
               for n in names)  # fmt: skip


def test_the_workbook_has_the_sheet_with_a_chart(tmp_path, found, wanted):
    kept = keep_feasibility(plan(tea_house(), wanted), found)
    write_plan_workbook(kept, tmp_path / "plan.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx", data_only=True)["Feasibility"]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    company = next(row for row in cells if row[0] == "Company")
    assert company[3] == 11_000
    assert sum(row[0] == "Person" for row in cells) > 3
    assert len(sheet._charts) == 1
    write_plan_workbook(plan(tea_house(), wanted), tmp_path / "plain.xlsx")
    assert "Feasibility" not in openpyxl.load_workbook(tmp_path / "plain.xlsx").sheetnames


@pytest.mark.parametrize("head", [[], ["date,customer,amount"], ["date,customer,amount", "2027-01-01,A1,5"]])
def test_a_company_that_sold_nothing_yet_has_a_plan(tmp_path, head):
    folder = tmp_path / "new"
    shutil.copytree(TINY, folder)
    (folder / "sales.csv").unlink()
    if head:
        (folder / "sales.csv").write_text("\n".join(head) + "\n", encoding="utf-8")
    told = run("plan", folder, "--out", tmp_path / "plan")
    assert told.exit_code == 0, told.output
    rows = openpyxl.load_workbook(tmp_path / "plan" / "plan.xlsx")["Feasibility"].iter_rows(values_only=True)
    assert next(row for row in rows if row[0] == "Company")[3] == 132_000


@pytest.mark.skipif(
    not (SOURCE / "sales_lines.csv").is_file(),
    reason="needs the AdventureWorks files in ../shared/data/adventureworks or QUOTUM_DATA",
)
def test_adventureworks_asks_for_half_as_much_again_and_says_so():
    example = ROOT / "examples" / "adventureworks"
    told = json.loads(run("check", example, "--data", SOURCE, "--feasible", "--json").output)
    commit = told["feasibility"]["nodes"][0]
    assert commit["target_minor"] == 4_324_000_000
    assert commit["last_year_minor"] == 2_792_167_052
    assert round(commit["growth"], 3) == 0.549
    assert 0 <= commit["chance"] <= 1
    [missing] = [f for f in told["feasibility"]["findings"] if f["rule"] == "rule_not_grounded"]
    assert missing["value"] == "competition"
