"""``quotum explain`` and ``quotum doctor`` as people and programs call them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quotum.cli import main


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("explain")
    runner = CliRunner()
    assert runner.invoke(main, ["sample", str(folder / "company")]).exit_code == 0
    assert runner.invoke(main, ["plan", str(folder / "company"), "--out", str(folder / "plan")]).exit_code == 0
    return folder / "plan"


def explain(plan: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["explain", str(plan), *arguments])


def test_the_lines_of_every_step_add_up_to_its_amount(plan: Path):
    opened = json.loads(explain(plan, "--person", "P03", "--json").stdout)["explanation"]
    for way in opened["ways"]:
        for step in way:
            assert sum(line["amount_minor"] for line in step["lines"]) == step["amount_minor"]
    assert opened["amount_minor"] == sum(way[-1]["amount_minor"] for way in opened["ways"])


def test_a_month_is_the_whole_less_what_is_due_on_other_dates(plan: Path):
    arguments = ["--person", "P03", "--level", "stretch", "--since", "2027-03-01", "--until", "2027-04-01", "--json"]
    opened = json.loads(explain(plan, *arguments).stdout)["explanation"]
    whole = sum(way[-1]["amount_minor"] for way in opened["ways"])
    assert whole + opened["dates"]["amount_minor"] == opened["amount_minor"] > 0


def test_the_ledger_is_readable(plan: Path):
    printed = explain(plan, "--person", "P03").stdout
    assert "the target" in printed
    assert "60% by history" in printed
    assert "P03 吴军" in printed


@pytest.mark.parametrize(
    "arguments", [["--person", "P99"], ["--person", "P03", "--product", "none"], ["--person", "P03", "--level", "x"]]
)
def test_what_is_not_there_is_an_error_with_a_remedy(plan: Path, arguments: list[str]):
    result = explain(plan, *arguments)
    assert result.exit_code == 2
    assert "→" in result.stderr


def test_a_question_without_a_name_is_refused(plan: Path):
    assert explain(plan).exit_code == 2


def test_a_folder_that_is_no_plan_is_told(tmp_path: Path):
    assert explain(tmp_path, "--person", "P03").exit_code == 2


def test_doctor_finds_what_the_tests_run_on():
    result = CliRunner().invoke(main, ["doctor", "--json"])
    assert result.exit_code == 0
    assert all(check["ok"] for check in json.loads(result.stdout))
