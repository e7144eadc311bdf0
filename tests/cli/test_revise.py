"""``quotum revise`` and ``quotum compare``: looked at first, written whole or not at all, and told plainly."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from click.testing import CliRunner, Result

import small_company as sc
from quotum.adapters.files.plan_folder import read_plan, write_plan
from quotum.cli import main

HEAD = "operation,under,since,until,amount,factor,absorb,owner,reason\n"
ADD = HEAD + "add,person=cy,,,500,,siblings,Mary,agreed\n"


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plans")
    made = sc.plan(sc.tea_house(), *sc.USUAL, commit=12_000, stretch=15_000)
    assert write_plan(made, folder / "plan", inputs={}, run={}) == []
    return folder


def run(*words: object) -> Result:
    return CliRunner(env={"COLUMNS": "140"}).invoke(main, [str(word) for word in words])


def revise(plans: Path, tmp_path: Path, text: str, *more: object, name: str = "changes.csv") -> Result:
    (tmp_path / name).write_text(text, encoding="utf-8")
    return run("revise", plans / "plan", "--changes", tmp_path / name, *more)


def test_a_dry_run_shows_who_wins_and_writes_nothing(plans: Path, tmp_path: Path) -> None:
    result = revise(plans, tmp_path, ADD, "--dry-run", "--out", tmp_path / "new")
    assert result.exit_code == 0
    assert "cy" in result.stdout
    assert "+500.00" in result.stdout
    assert not (tmp_path / "new").exists()


def test_the_new_plan_names_its_parent_and_the_old_one_stays(plans: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in (plans / "plan").iterdir()}
    assert revise(plans, tmp_path, ADD, "--out", tmp_path / "new").exit_code == 0
    described = json.loads((tmp_path / "new" / "plan.json").read_text(encoding="utf-8"))
    assert len(described["parent"]) == 64
    assert list(described["inputs"]) == ["changes.csv"]
    assert (tmp_path / "new" / "plan.xlsx").exists()
    assert {path.name: path.read_bytes() for path in (plans / "plan").iterdir()} == before


def test_there_and_back_restores_the_bytes(plans: Path, tmp_path: Path) -> None:
    march = "scale,unit=South,2027-03-01,2027-04-01,,3,time,,\n"
    assert revise(plans, tmp_path, ADD + march, "--out", tmp_path / "new").exit_code == 0
    back = ADD.replace("500", "-500") + march.replace(",3,", ",1/3,")
    (tmp_path / "back.csv").write_text(back, encoding="utf-8")
    assert run("revise", tmp_path / "new", "--changes", tmp_path / "back.csv", "--out", tmp_path / "old").exit_code == 0
    for name in ("quotas", "anchors", "customer_shares", "product_shares"):
        file = f"{name}.parquet"
        assert (tmp_path / "old" / file).read_bytes() == (plans / "plan" / file).read_bytes()
        if name == "quotas":
            assert (tmp_path / "new" / file).read_bytes() != (plans / "plan" / file).read_bytes()


def test_every_finding_is_told_at_once_and_nothing_is_written(plans: Path, tmp_path: Path) -> None:
    text = HEAD + "sett,person=cy,,,1,,,,\nset,cy,,,1,,,,\nset,person=cyy,,,1.234,,,,\nscale,,,,,-2,,,\n"
    result = revise(plans, tmp_path, text, "--out", tmp_path / "new")
    assert result.exit_code == 2
    assert all(f"changes.csv:{line}" in result.output for line in (3, 4, 5))
    assert not list(tmp_path.glob("*new*"))


def test_what_cannot_be_met_is_1(plans: Path, tmp_path: Path) -> None:
    result = revise(plans, tmp_path, ADD.replace("500", "5000000"), "--out", tmp_path / "new", "--json")
    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert told["plan"] is None
    assert [issue["rule"] for issue in told["issues"]] == ["siblings_cannot"]
    assert not (tmp_path / "new").exists()


def test_toml_says_the_same(plans: Path, tmp_path: Path) -> None:
    text = '[[change]]\noperation = "add"\nunder = "person=cy"\namount = 500\nabsorb = "siblings"\n'
    by_toml = revise(plans, tmp_path, text, "--dry-run", name="changes.toml")
    assert by_toml.stdout == revise(plans, tmp_path, ADD, "--dry-run").stdout
    wrong = revise(plans, tmp_path, text.replace("amount", "amonut"), "--dry-run", name="changes.toml")
    assert wrong.exit_code == 2
    assert "amount" in wrong.output


@pytest.mark.parametrize("damage", ["missing", "foreign", "schema"])
def test_a_damaged_or_foreign_plan_is_plainly_refused(plans: Path, tmp_path: Path, damage: str) -> None:
    revise(plans, tmp_path, ADD, "--out", tmp_path / "new")
    if damage == "missing":
        (tmp_path / "new" / "deltas.parquet").unlink()
    elif damage == "foreign":
        (tmp_path / "new" / "plan.json").write_text("{}", encoding="utf-8")
    else:
        pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "new" / "changes.parquet")
    for words in (("revise", tmp_path / "new", "--changes", tmp_path / "changes.csv", "--dry-run"),
                  ("compare", plans / "plan", tmp_path / "new")):  # fmt: skip
        result = run(*words)
        assert result.exit_code == 2
        assert result.exception is None or isinstance(result.exception, SystemExit)


def test_compare_shows_only_what_differs(plans: Path, tmp_path: Path) -> None:
    revise(plans, tmp_path, ADD, "--out", tmp_path / "new")
    rows = json.loads(run("compare", plans / "plan", tmp_path / "new", "--json").stdout)["rows"]
    assert {row["person"] for row in rows} == {"cy", "eve", "lou", "vacant:South"}
    assert sum(row["difference"] for row in rows) == 0
    every = json.loads(run("compare", plans / "plan", tmp_path / "new", "--json", "--all").stdout)["rows"]
    assert len(every) == 7
    text = run("compare", plans / "plan", tmp_path / "new", "--csv", "-").stdout_bytes.decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text)))
    assert {line["person"]: line["difference"] for line in lines}["cy"] == "500.00"
    assert run("compare", plans / "plan", tmp_path / "new", "--xlsx", tmp_path / "d.xlsx").exit_code == 0
    sheet = openpyxl.load_workbook(tmp_path / "d.xlsx")["Differences"]
    assert sheet["F1"].value is not None
    assert run("compare", plans / "plan", plans / "plan").stdout.strip() == "Nothing differs."


def test_a_revised_plan_is_revised_again_and_shown(plans: Path, tmp_path: Path) -> None:
    revise(plans, tmp_path, ADD, "--out", tmp_path / "new")
    again = run("revise", tmp_path / "new", "--changes", tmp_path / "changes.csv", "--out", tmp_path / "newer")
    assert again.exit_code == 0
    plan, issues = read_plan(tmp_path / "newer")
    assert plan is not None, issues
    assert plan["changes"]["amount"].to_list() == [sc.numbers(plan)["cy"]]
    assert run("show", tmp_path / "newer", "--grain", "month").exit_code == 0
