"""The first hour: a sample company, its plan, its numbers and their reasons, and what happens when it goes wrong."""

import csv
import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from quotum.cli import main


def run(*words):
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result


def rows_of(*words):
    result = run("show", *words, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["rows"]


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    folder = tmp_path_factory.mktemp("story") / "company"
    assert run("sample", folder, "--size", "small", "--seed", 5).exit_code == 0
    return folder


@pytest.fixture(scope="module")
def planned(company):
    out = company.parent / "plan"
    assert run("plan", company, "--out", out).exit_code == 0
    return out


@pytest.fixture
def copied(company, tmp_path):
    return Path(shutil.copytree(company, tmp_path / "company"))


def test_the_sample_passes_its_own_check(company):
    assert run("check", company).exit_code == 0


def test_a_plan_is_a_folder_with_everything_in_it(planned):
    names = {file.name for file in planned.iterdir()}
    assert {"plan.json", "run.json", "plan.xlsx", "quotas.parquet", "customer_shares.parquet", "product_shares.parquet",
            "splits.parquet", "anchors.parquet", "members.parquet", "days.parquet", "seasons.parquet", "curves.parquet",
            "issues.parquet"} <= names  # fmt: skip
    assert [file.name for file in planned.parent.iterdir() if file.name.startswith(".")] == []


def test_show_json_keeps_its_promise(planned):
    rows = rows_of(planned, "--by", "unit,person", "--grain", "month", "--level", "stretch")
    assert set(rows[0]) >= {"unit", "person", "since", "until", "measure", "level", "amount", "decimals", "last_year"}
    assert {type(row["amount"]) for row in rows} == {int}
    assert {row["level"] for row in rows} == {"stretch"}
    assert all(len(row["since"]) == len(row["until"]) == 10 for row in rows)
    assert {row["last_year"] is None or type(row["last_year"]) is int for row in rows} == {True}


def test_months_of_customers_add_up_to_what_the_plan_promised(company, planned):
    told = json.loads((planned / "plan.json").read_text(encoding="utf-8"))["totals"]
    measure = rows_of(planned)[0]["measure"]
    months = rows_of(planned, "--by", "customer", "--grain", "month")
    assert sum(row["amount"] for row in months) == told[measure]["commit"]
    stretch = rows_of(planned, "--by", "product", "--grain", "week", "--level", "stretch")
    assert sum(row["amount"] for row in stretch) == told[measure]["commit"] + told[measure]["extra"]


def test_show_csv_opens_in_excel_and_says_the_same(planned, tmp_path):
    assert run("show", planned, "--by", "person", "--csv", tmp_path / "people.csv").exit_code == 0
    text = (tmp_path / "people.csv").read_bytes()
    assert text.startswith(b"\xef\xbb\xbf")
    lines = list(csv.DictReader(text.decode("utf-8-sig").splitlines()))
    shown = rows_of(planned, "--by", "person")
    assert [round(float(line["amount"]) * 100) for line in lines] == [row["amount"] for row in shown]


def test_explain_tells_the_number_that_show_shows(planned):
    person = rows_of(planned, "--by", "person")[0]["person"]
    result = run("explain", planned, "--person", person, "--json")
    assert result.exit_code == 0
    [shown] = rows_of(planned, "--by", "person", "--under", f"person={person}")
    assert str(shown["amount"]) in result.stdout


def test_a_setting_can_be_changed_for_one_run(company, tmp_path):
    result = run("plan", company, "--out", tmp_path / "plan", "--set", "target.revenue.commit=1000000",
                 "--set", "target.revenue.stretch=1000000", "--json")  # fmt: skip
    told = json.loads(result.stdout)
    if result.exit_code == 1:  # locks of the sample may not fit such a target
        assert told["plan"] is None
        assert not (tmp_path / "plan").exists()
    else:
        assert [t["commit"] for t in told["totals"] if t["measure"] == "revenue"] == [100_000_000]


def test_a_plan_is_never_overwritten(company, planned):
    before = sorted((file.name, file.stat().st_mtime_ns) for file in planned.iterdir())
    result = run("plan", company, "--out", planned, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["issues"][0]["rule"] == "plan_exists"
    assert sorted((file.name, file.stat().st_mtime_ns) for file in planned.iterdir()) == before


def test_wrong_input_is_exit_code_2_with_the_place_and_nothing_left_behind(copied, tmp_path):
    with (copied / "people.csv").open("a", encoding="utf-8") as people:
        people.write("\nP999,Nobody,NOWHERE\n")
    result = run("plan", copied, "--out", tmp_path / "plan", "--json")
    assert result.exit_code == 2
    issues = json.loads(result.stdout)["issues"]
    assert any(issue["file"].endswith("people.csv") and issue["line"] for issue in issues)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["company"]
    assert "Traceback" not in result.output


def test_what_cannot_be_met_is_exit_code_1_and_nothing_left_behind(copied, tmp_path):
    with (copied / "people.csv").open(encoding="utf-8-sig") as stream:
        person = next(csv.DictReader(stream))["person"]
    with (copied / "locks.csv").open(encoding="utf-8-sig") as stream:
        header = stream.readline().strip().split(",")
    row = {"measure": "revenue", "layer": "commit", "dimension": "person", "key": person, "kind": "floor",
           "amount": "900000000000"}  # fmt: skip
    (copied / "locks.csv").write_text(
        ",".join(header) + "\n" + ",".join(row.get(name, "") for name in header) + "\n", encoding="utf-8"
    )
    result = run("plan", copied, "--out", tmp_path / "plan", "--json")
    assert result.exit_code == 1, result.output
    [conflict] = [issue for issue in json.loads(result.stdout)["issues"] if issue["severity"] == "conflict"]
    assert conflict["rule"] == "floors_exceed_total"
    assert person in str(conflict["details"])
    assert sorted(file.name for file in tmp_path.iterdir()) == ["company"]


@pytest.mark.parametrize("words", [("show", "nowhere"), ("explain", "nowhere", "--person", "P"), ("check", "nowhere"),
                                   ("plan", "nowhere", "--out", "plan")])  # fmt: skip
def test_a_folder_that_is_not_there_is_exit_code_2(words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(*words)
    assert result.exit_code == 2
    assert "nowhere" in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("question", [("--by", "colour"), ("--grain", "fortnight"), ("--measure", "joy"),
                                      ("--level", "dream"), ("--under", "person=nobody"),
                                      ("--since", "2027-05-01", "--until", "2027-05-01")])  # fmt: skip
def test_a_question_that_makes_no_sense_is_exit_code_2(planned, question):
    result = run("show", planned, *question, "--json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["rows"] == []
