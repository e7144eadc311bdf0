"""The commands of visits, from a company folder to papers and a plan made anew."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quotum.cli import main

PLAN = """
[plan]
name = "Town"
since = 2027-01-01
until = 2028-01-01
currency = "EUR"
[[target]]
measure = "revenue"
commit = 1000
[[step]]
across = "person"
basis = "equal"
[[step]]
along = "calendar"
season = "flat"
[cadence]
A = 5
B = 10
C = 20
[cadence.calls]
B = 10
"""


@pytest.fixture
def company(tmp_path: Path) -> Path:
    folder = tmp_path / "company"
    folder.mkdir()
    rows = [f"K{at:02d},Shop {at},{'ana' if at < 7 else 'ben'},{'AB'[at % 2]},{55.9 + at / 100},{-3.2 + at / 90}"
            for at in range(14)]  # fmt: skip
    rows.append("K99,Shop 99,ana,C,55.9,-3.2")
    (folder / "units.csv").write_text("unit\nnorth\n")
    (folder / "people.csv").write_text("person,unit,lat,lon\nana,north,55.95,-3.2\nben,north,56.0,-3.1\n")
    (folder / "customers.csv").write_text("customer,name,person,class,lat,lon\n" + "\n".join(rows) + "\n")
    (folder / "plan.toml").write_text(PLAN)
    return folder


def run(*words: object, code: int = 0) -> Result:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == code, result.output
    return result


def test_plan_show_papers_and_anew(company: Path, tmp_path: Path):
    out, new = tmp_path / "january", tmp_path / "january-2"
    assert "ana" in run("plan-visits", company, "--out", out, "--until", "2027-02-01").output
    assert {"visits.json", "visits.parquet", "agenda.parquet", "visits.xlsx"} <= {path.name for path in out.iterdir()}
    assert "Nothing is missed." in run("show", out, "--visits", "--missed").output
    days = run("show", out, "--visits", "--under", "person=ana", "--until", "2027-01-09").output
    assert "class A" in days
    assert "2027-01-11" not in days
    told = json.loads(run("show", out, "--visits", "--json").stdout)
    assert told["answer"]["can_do"]
    assert told["answer"]["needed"] == told["answer"]["planned"] > 0
    assert {row["person"] for row in told["people"]} == {"ana", "ben"}
    some = run("plan-visits", company, "--out", tmp_path / "ben", "--person", "ben", "--until", "2027-01-16")
    assert "No customer is of a class" not in some.output
    run("visit-papers", out, "--out", tmp_path / "papers", "--person", "ben")
    assert (tmp_path / "papers" / "ben" / "visits.ics").is_file()
    again = run("replan-visits", out, company, "--out", new, "--today", "2027-01-11", "--drop", "K02",
                "--absent", "ana=2027-01-14/2027-01-15")  # fmt: skip
    assert "from 2027-01-12 on: " in again.output
    assert " stay" in again.output
    assert "the customer is not to be seen any more" in again.output
    assert "was" in run("show", new, "--visits").output


def test_the_first_line_says_whether_the_team_can_do_it(company: Path, tmp_path: Path):
    short = ("--set", "visits.visits_per_day=1", "--until", "2027-02-01")
    first = run("plan-visits", company, "--out", tmp_path / "short", *short).output.splitlines()[0]
    assert first.startswith("The team cannot do it all: ")
    assert first.endswith("as many visits a day as allowed.")
    told = json.loads(run("plan-visits", company, "--out", tmp_path / "json", *short, "--json").stdout)["answer"]
    assert not told["can_do"]
    assert set(told["missed_by_reason"]) == {"visits_cap"}
    assert sum(told["missed_by_person"].values()) == told["missed"] == told["needed"] - told["planned"]
    with (company / "plan.toml").open("a") as stream:
        stream.write("[visits]\nuntil = 2027-02-01\n")
    printed = run("plan", company, "--out", tmp_path / "plan").output
    assert printed.index("Visits: The team can do it: all ") < printed.index("calls (workbook")


def test_the_same_command_writes_the_same_bytes(company: Path, tmp_path: Path):
    for name in ("one", "two"):
        run("plan-visits", company, "--out", tmp_path / name, "--until", "2027-02-01")
    for path in (tmp_path / "one").iterdir():
        if path.name != "run.json":
            assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes(), path.name


def test_a_plan_with_visits_holds_them(company: Path, tmp_path: Path):
    with (company / "plan.toml").open("a") as stream:
        stream.write("[visits]\nuntil = 2027-02-01\n")
    plan = tmp_path / "plan"
    assert "calls (workbook" in run("plan", company, "--out", plan).output
    assert (plan / "agenda.parquet").is_file()
    assert "ana" in run("show", plan, "--visits").output
    run("replan-visits", plan, company, "--out", tmp_path / "anew", "--today", "2027-01-11")
    backwards = ("replan-visits", plan, company, "--out", tmp_path / "ill", "--today", "2027-01-11", "--absent")
    assert "is no absence" in run(*backwards, "ana=2027-01-14/2027-01-12", code=2).output
    assert not (tmp_path / "ill").exists()
    assert "touches no day" in run(*backwards, "ana=2027-03-01/2027-03-02").output
    run("plan-visits", company, "--out", tmp_path / "late", "--since", "2027-12-01", "--until", "2028-02-01",
        "--plan", plan, code=2)  # fmt: skip


@pytest.mark.parametrize(
    ("words", "rule"),
    [
        (["--person", "zoe"], "Nobody is called zoe"),
        (["--since", "2027-03-01", "--until", "2027-02-01"], "2027-02-01"),
        (["--set", "visits.day=['18:00','08:00']"], "ends before it begins"),
        (["--set", "visits.lunch='noon'"], "noon"),
        (["--set", "travel.url='http://127.0.0.1:9'", "--set", "travel.timeout_seconds=0.2"], "gave no travel times"),
        (["--set", "travel.file='none.csv'"], "cannot be read"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(company: Path, tmp_path: Path, words: list[str], rule: str):
    result = run("plan-visits", company, "--out", tmp_path / "out", *words, code=2)
    assert rule in result.output
    assert not (tmp_path / "out").exists()


def test_a_company_without_cadence_is_told(company: Path, tmp_path: Path):
    text = PLAN[: PLAN.index("[cadence]")]
    (company / "plan.toml").write_text(text)
    assert "how often" in run("plan-visits", company, "--out", tmp_path / "out", code=2).output


def test_showing_visits_loads_no_compiled_code():
    ask = "import sys, quotum.cli.show_visits_run, quotum.cli.visit_papers_run; print('numba' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", ask], check=True, capture_output=True, text=True, timeout=60)
    assert told.stdout.strip() == "False"


def test_other_folders_are_told(company: Path, tmp_path: Path):
    run("plan", company, "--out", tmp_path / "plan")
    assert "has no visits" in run("show", tmp_path / "plan", "--visits", code=2).output
    out = tmp_path / "january"
    run("plan-visits", company, "--out", out, "--until", "2027-01-16")
    run("plan-visits", company, "--out", out, "--until", "2027-01-16", code=2)
    assert "no day is left" in run("replan-visits", out, company, "--out", tmp_path / "x", "--today", "2027-01-15",
                                   code=2).output  # fmt: skip
    (out / "agenda.parquet").write_bytes(b"")
    run("show", out, "--visits", code=2)
