"""Plans and customers: computed classes for steps, a sheet in the workbook, the command, and its settings."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner

from company_files import PLAN, find, write_company
from quotum.adapters.files.company_folder import open_company
from quotum.adapters.files.plan_workbook import write_plan_workbook
from quotum.cli import main
from quotum.engine.customers import describe_customers, list_quota_targets
from quotum.engine.planning import keep_customers
from quotum.engine.tables.customer_settings import Classing, CustomerSettings
from quotum.engine.tables.plan_settings import AcrossStep
from quotum.engine.tables.settings_json import settings_from_json, settings_to_json
from small_company import FLAT, PERSON, UNIT, each_month, firm, numbers, plan, sale, settings

TODAY = date(2026, 12, 31)
SOLD = [*each_month("big", 100), *each_month("mid", 40), sale("small", 30)]
OWNERS = {"big": "ann", "mid": "bo", "small": "bo", "none": "ann"}
PEOPLE = {"ann": "North", "bo": "South"}


def test_a_step_across_class_uses_computed_classes_where_the_table_has_none() -> None:
    by_class = AcrossStep("class", "class")
    made = plan(firm(PEOPLE, OWNERS, SOLD), by_class, FLAT, commit=1710)
    assert numbers(made, "class") == {"VIP": 1200_00, "first": 480_00, "other": 30_00}


def test_given_classes_win_and_plans_without_such_a_step_stay_as_they_are() -> None:
    given = firm(PEOPLE, OWNERS, SOLD, customers=[{"customer": "big", "class": "gold"}])
    assert "VIP" not in numbers(plan(given, AcrossStep("class", "class"), FLAT), "class")
    made = plan(firm(PEOPLE, OWNERS, SOLD), UNIT, PERSON, FLAT)
    assert made["members"]["class"].null_count() == made["members"].height


def test_the_numbers_of_a_plan_are_what_its_customers_are_held_against() -> None:
    company = firm(PEOPLE, OWNERS, SOLD)
    made = plan(company, UNIT, PERSON, FLAT, commit=2000)
    targets = list_quota_targets(made["quotas"], company, "revenue")
    told = describe_customers(company, made.settings, TODAY, targets=targets).outlook
    of_ann = told.filter(dimension="person", key="ann").row(0, named=True)
    assert of_ann["target_minor"] == numbers(made, "person")["ann"]
    assert told.filter(dimension="unit", key="Firm").row(0, named=True)["target_minor"] == 2000_00
    people, units = (told.filter(dimension=name) for name in ("person", "unit"))
    assert people["existing_minor"].sum() == told["existing_minor"][0]
    assert units.filter(key="Firm")["existing_minor"].item() == told["existing_minor"][0]


def test_customers_that_change_hands_count_for_each_holder_by_its_time() -> None:
    company = firm(PEOPLE, {"big": "ann"}, each_month("big", 100),
                   ownership=[{"customer": "big", "person": "ann", "since": "2020-01-01", "until": "2027-07-02"},
                              {"customer": "big", "person": "bo", "since": "2027-07-02"}])  # fmt: skip
    told = describe_customers(company, settings(), TODAY).outlook
    of_ann, of_bo = (told.filter(dimension="person", key=key)["existing_minor"].item() for key in ("ann", "bo"))
    assert of_ann + of_bo == told["existing_minor"][0]
    assert of_ann == pytest.approx(of_bo, rel=0.1)


def test_the_workbook_shows_the_composition_with_charts(tmp_path: Path) -> None:
    company = firm(PEOPLE, OWNERS, SOLD)
    made = plan(company, UNIT, PERSON, FLAT)
    kept = keep_customers(made, describe_customers(company, made.settings, TODAY))
    write_plan_workbook(kept, tmp_path / "plan.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx", data_only=True)["Customer groups"]
    cells = [row for row in sheet.iter_rows(values_only=True) if row[0] == "VIP"]
    assert cells[0][1:4] == (1, 1200.0, pytest.approx(1200 / 1710))
    assert len(sheet._charts) == 3
    write_plan_workbook(made, tmp_path / "plain.xlsx")
    assert "Customer groups" not in openpyxl.load_workbook(tmp_path / "plain.xlsx").sheetnames


def test_settings_are_read_and_kept_with_the_plan(tmp_path: Path) -> None:
    text = """
[classes]
by = "amount"
names = ["A", "B"]
limits = [1000]
margin = 0.2
[classes.kind]
by = "channel"
[states]
lost = 6
[new_customers]
amount = 100_000
ramp = [0.5]
[prospects]
third = "small_later"
"""
    opened = open_company(write_company(tmp_path, {"plan.toml": PLAN + text}))
    assert opened.settings is not None, opened.issues
    customers = opened.settings.customers
    assert customers.classings == (
        Classing("class", "amount", ("A", "B"), (1000.0,), 0.2),
        Classing("kind", "channel", (), (), 0.0),
    )
    assert (customers.states.lost, customers.new.amount, customers.prospects.third) == (6, 100_000, "small_later")
    assert settings_from_json(json.loads(json.dumps(settings_to_json(opened.settings)))) == opened.settings
    plain = settings_to_json(opened.settings)
    del plain["customers"]  # a plan written before
    assert settings_from_json(plain).customers == CustomerSettings()


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('[classes]\nnames = ["A", "B"]\nlimits = [0.5, 0.8]', "classes_do_not_fit"),
        ('[classes]\nnames = ["A", "A"]\nlimits = [0.5]', "classes_do_not_fit"),
        ('[classes]\nby = "rank"\nlimits = [50, 10, 5]', "limits_not_in_order"),
        ('[classes]\nby = "amount"\nlimits = [10, 50, 500]', "limits_not_in_order"),
        ('[classes]\nby = "amount"', "setting_missing"),
        ('[classes]\nby = "size"', "setting_choice"),
        ("[classes]\nlimit = [0.5]", "setting_unknown"),
        ("[classes.kind]\nlimit = [0.5]", "setting_unknown"),
        ("[classes.state]\nby = 'channel'", "class_name_taken"),
        ("[states]\nlost = 1", "lost_before_dormant"),
        ("[states]\nlost_days = 10", "lost_before_dormant"),
        ("[prospects]\nthird = 'large_soon'", "setting_choice"),
        ("classes = 3", "setting_type"),
    ],
)
def test_settings_that_do_not_fit_are_told(tmp_path: Path, text: str, rule: str) -> None:
    plain = text + PLAN if text.startswith("classes") else PLAN + text
    assert rule in {issue.rule for issue in find(tmp_path, {"plan.toml": plain})}


def test_the_command_prints_tables_json_and_a_line_for_each_customer(tmp_path: Path) -> None:
    folder = str(write_company(tmp_path))
    shown = CliRunner().invoke(main, ["customers", folder, "--by", "person", "--csv", str(tmp_path / "c.csv")])
    assert shown.exit_code == 0, shown.output
    assert "ann Ann" in shown.output
    assert len((tmp_path / "c.csv").read_text(encoding="utf-8-sig").splitlines()) == 3
    told = json.loads(CliRunner().invoke(main, ["customers", folder, "--json", "--as-of", "2026-12-10"]).stdout)
    assert told["as_of"] == "2026-12-10"
    assert sum(part["amount"] for part in told["composition"] if part["dimension"] == "class") == 1050
    wrong = CliRunner().invoke(main, ["customers", folder, "--by", "clas"])
    assert wrong.exit_code == 2
    assert "Did you mean class?" in wrong.output


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_that_no_calendar_reaches_is_refused(day: str) -> None:
    folder = Path(__file__).parents[2] / "examples" / "tiny"
    told = CliRunner().invoke(main, ["customers", str(folder), "--as-of", day])
    assert told.exit_code == 2
    assert "1900" in told.output


def test_a_day_after_the_plan_and_other_measures_are_fine() -> None:
    company = firm(PEOPLE, OWNERS, SOLD)
    late = describe_customers(company, settings(), date(2028, 6, 1)).outlook.row(0, named=True)
    assert (late["existing_minor"], late["customers_needed"]) == (0, None)
    units = replace(settings(), targets=(replace(settings().targets[0], measure="units"),))
    pieces = describe_customers(firm(PEOPLE, OWNERS, [sale("big", 10, quantity=7)]), units, TODAY)
    assert pieces.composition.filter(dimension="class")["amount"].to_list() == [7]
    assert pieces.measures.filter(measure="potential_share")["of"].to_list() == [0]
