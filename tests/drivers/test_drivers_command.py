"""``quotum drivers``: the tree, what is short, one driver solved, templates; and what a plan keeps of its drivers."""

import json
import xml.etree.ElementTree as ET

import openpyxl
import pytest
from click.testing import CliRunner

from company_files import PLAN, SOUND, write_company
from quotum.adapters.files.driver_templates import list_templates
from quotum.adapters.files.plan_folder import read_plan
from quotum.adapters.files.plan_toml import read_settings
from quotum.cli import main
from quotum.engine.tables.settings_json import settings_from_json, settings_to_json

DRIVERS = """
[drivers]
revenue = "visits * rate * average_order"
visits = "person_days * each"
each = { value = 2, high = 6 }
rate = { value = 0.1, error = 0.01, high = 1 }
average_order = 5
heads = { people = 2, since = 2027-03-01, until = 2027-09-01, ramp = [0.5] }
[capacity]
visits = "visits_there"
[norms.rep]
visits = "10 a week"
"""
PEOPLE = (
    "person,name,unit,role,hired,left,visits_per_day\n"
    "ann,Ann,north,rep,2020-01-01,,1\nbob,Bob,south,rep,2021-02-03,,1\n"
)


@pytest.fixture
def company(tmp_path):
    folder = tmp_path / "firm"
    folder.mkdir()
    return write_company(folder, {"plan.toml": PLAN + DRIVERS, "people.csv": PEOPLE})


def run(*words: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["drivers", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_the_tree_is_shown_with_its_values(company):
    code, shown = run(company)
    assert code == 0
    lines = [line.split() for line in shown.splitlines()]
    assert ["visits", "1,044", "=", "person_days", "*", "each"] in lines
    assert "visits is short. Each of these alone would do:" in shown or "revenue is short" in shown


def test_one_driver_is_solved(company):
    code, shown = run(company, "--solve", "each")
    assert code == 0
    assert "each must be 3.831 for revenue 1,000; now it is 2 (revenue 522)." in shown
    code, shown = run(company, "--solve", "average_order", "--set", "each=4", "--set", "revenue=2088")
    assert "average_order must be 10 for revenue 2,088" in shown


def test_heads_begin_on_another_date(company):
    found = [
        next(line for line in run(company, *words)[1].splitlines() if line.startswith("heads")).split()[1]
        for words in ((), ("--set", "heads.since=2027-04-01"))
    ]
    assert float(found[0]) > float(found[1]) > 0


def test_what_cannot_be_met_ends_with_1(company):
    code, shown = run(company, "--solve", "each", "--set", "revenue=9000")
    assert code == 1
    assert "No each makes revenue 9,000" in shown
    assert "it may be 0 to 6" in shown


@pytest.mark.parametrize(
    "wrong",
    [
        ("--solve", "eech"),
        ("--set", "eech=3"),
        ("--set", "each=many"),
        ("--set", "each"),
        ("--set", "each=nan"),
        ("--set", "each=1e400"),
        ("--set", "heads.since=soon"),
        ("--set", "heads.since=9999-12-31"),
        ("--set", "heads.since=0001-01-01"),
        ("--set", "hads.since=2027-01-01"),
        ("--set", "=3"),
    ],
)
def test_wrong_names_and_values_end_with_2(company, wrong):
    code, shown = run(company, *wrong)
    assert code == 2
    assert "e" in shown


def test_programs_get_everything(company):
    code, shown = run(company, "--json")
    told = json.loads(shown)
    assert code == 0
    assert told["goals"] == {"revenue": 1000.0}
    assert {line["kind"] for line in told["capacity"]} == {"goal", "step", "driver", "supply"}
    assert told["norms"][0]["activity"] == "visits"
    assert {line["driver"] for line in told["ranges"]} == {"revenue", "rate"}
    assert len([line for line in told["values"] if line["driver"] == "revenue"]) == 13
    _, solved = run(company, "--solve", "each", "--json")
    assert json.loads(solved)["solutions"][0]["value"] == pytest.approx(1000 / 261)


def test_people_and_units_have_their_own(company):
    code, shown = run(company, "--by", "person")
    assert code == 0
    assert [line.split()[0] for line in shown.splitlines() if line.startswith(("ann", "bob"))] == ["ann", "bob"]


def test_the_drawing_is_sound_xml(company, tmp_path):
    run(company, "--svg", tmp_path / "tree.svg")
    texts = [node.text for node in ET.parse(tmp_path / "tree.svg").iter() if node.tag.endswith("text")]
    assert {"revenue", "522", "visits", "average_order"} <= set(texts)


def test_templates_are_listed_and_printed():
    code, shown = run("--templates")
    assert code == 0
    assert [line.split()[0] for line in shown.splitlines()] == list(list_templates())
    assert "[drivers]" in run("--template", "hotel")[1]
    assert run("--template", "hotle")[0] == 2


def test_no_drivers_and_wrong_ones_are_told(tmp_path):
    code, shown = run(write_company(tmp_path, {"plan.toml": PLAN}))
    assert (code, "no [drivers]" in shown) == (2, True)
    write_company(tmp_path, {"plan.toml": PLAN + "[drivers]\na = { people = 2, since = 9999-12-31 }\n"})
    assert "drivers.a.since is 9999-12-31; it may be from 1900-01-01 to 2200-01-01." in run(tmp_path)[1]
    write_company(tmp_path, {"plan.toml": PLAN + "[drivers]\na = ' '\n"})
    assert "drivers.a says none" in run(tmp_path)[1]
    write_company(tmp_path, {"plan.toml": PLAN + "[drivers]\na = 'b *'\n"})
    code, shown = run(tmp_path)
    assert code == 2
    assert "plan.toml:17 drivers.a  The formula ends at letter 4; wanted: number." in shown


def test_settings_come_back_from_json(company):
    settings, issues = read_settings(company / "plan.toml")
    assert [issue.rule for issue in issues] == []
    assert settings.drivers.find("heads").ramp == (0.5,)
    assert settings_from_json(json.loads(json.dumps(settings_to_json(settings)))) == settings
    older = settings_to_json(settings)
    del older["drivers"]
    assert settings_from_json(older).drivers.drivers == ()


def test_a_plan_keeps_its_drivers_and_shows_them_in_the_workbook(company, tmp_path):
    made = CliRunner().invoke(main, ["plan", str(company), "--out", str(tmp_path / "plan")])
    assert made.exit_code == 0, made.output
    assert "visits" in made.output
    plan, _ = read_plan(tmp_path / "plan")
    assert plan["drivers"].filter(driver="revenue", period="")["value"].to_list() == pytest.approx([522])
    assert plan["driver_capacity"].filter(level="commit", node="revenue")["enough"].to_list() == [False]
    sheet = openpyxl.load_workbook(tmp_path / "plan" / "plan.xlsx")["Drivers"]
    titles = [cell.value for cell in sheet[4]]
    assert titles[:6] == ["Driver", "In the plan", "Needed for commit", "Needed for stretch", "How", "2027-01"]
    rows = {row[0].value: [cell.value for cell in row] for row in sheet.iter_rows(min_row=5)}
    assert rows["revenue"][1:3] == pytest.approx([522, 1000])
    assert rows["each"][2] == pytest.approx(1000 / 261)
    assert SOUND["plan.toml"] == PLAN
