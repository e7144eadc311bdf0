"""A manager's part goes to Excel, is edited, and comes back as differences; what was not edited changes nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result

import small_company as sc
from quotum.adapters.files.plan_folder import read_plan, write_plan
from quotum.cli import main


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plans") / "plan"
    made = sc.plan(sc.tea_house(), *sc.USUAL, commit=12_000.37, stretch=15_000)
    assert write_plan(made, folder, inputs={}, run={}) == []
    return folder


def run(*words: object) -> Result:
    return CliRunner(env={"COLUMNS": "140"}).invoke(main, [str(word) for word in words])


def rows_of(plan: Path, *words: object) -> list[dict]:
    return json.loads(run("show", plan, *words, "--json").stdout)["rows"]


def columns(sheet: object) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[1]}


@pytest.mark.parametrize(
    "words",
    [("--by", "person", "--grain", "month"), ("--by", "unit"), ("--by", "unit@1,person", "--level", "stretch"),
     ("--by", "customer", "--under", "person=cy"), ("--by", "person", "--grain", "quarter", "--under", "unit=North")],
)  # fmt: skip
def test_unchanged_values_change_nothing(plan: Path, tmp_path: Path, words: tuple[str, ...]) -> None:
    assert run("show", plan, *words, "--xlsx", tmp_path / "mine.xlsx").exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "mine.xlsx")
    book.save(tmp_path / "mine.xlsx")  # another program wrote it
    result = run("revise", plan, "--changes", tmp_path / "mine.xlsx", "--dry-run", "--json")
    assert (result.exit_code, json.loads(result.stdout)["rows"]) == (0, [])


def test_edited_months_come_back_to_the_cent(plan: Path, tmp_path: Path) -> None:
    words = ("--by", "person", "--grain", "month", "--under", "unit=North")
    run("show", plan, *words, "--xlsx", tmp_path / "mine.xlsx")
    book = openpyxl.load_workbook(tmp_path / "mine.xlsx")
    sheet = book["Targets"]
    amount = columns(sheet)["amount"]
    for line in (3, 7, 15):
        sheet.cell(line, amount).value = 123.45 + line
    book.save(tmp_path / "mine.xlsx")
    before = rows_of(plan, *words)
    result = run("revise", plan, "--changes", tmp_path / "mine.xlsx", "--out", tmp_path / "new")
    assert result.exit_code == 0, result.output
    after = rows_of(tmp_path / "new", *words)
    for at, (was, now) in enumerate(zip(before, after, strict=True)):
        assert now["amount"] == (12_345 + 100 * (at + 2) if at + 2 in (3, 7, 15) else was["amount"])
    others = ("--by", "person", "--grain", "month", "--under", "unit=South")
    assert rows_of(plan, *others) == rows_of(tmp_path / "new", *others)


def test_a_customer_and_a_stretch_are_edited(plan: Path, tmp_path: Path) -> None:
    for words, file in ((("--by", "customer", "--under", "person=cy"), "a.xlsx"),
                        (("--by", "person", "--level", "stretch"), "b.xlsx")):  # fmt: skip
        run("show", plan, *words, "--xlsx", tmp_path / file)
        book = openpyxl.load_workbook(tmp_path / file)
        sheet = book["Targets"]
        sheet.cell(2, columns(sheet)["amount"]).value += 10
        book.save(tmp_path / file)
        out = tmp_path / file.removesuffix(".xlsx")
        assert run("revise", plan, "--changes", tmp_path / file, "--out", out).exit_code == 0
        was, now = rows_of(plan, *words), rows_of(out, *words)
        assert [b["amount"] - a["amount"] for a, b in zip(was, now, strict=True)] == [1_000] + [0] * (len(was) - 1)
        assert read_plan(out)[0] is not None


def test_nonsense_is_told_with_its_line(plan: Path, tmp_path: Path) -> None:
    run("show", plan, "--by", "person", "--xlsx", tmp_path / "mine.xlsx")
    book = openpyxl.load_workbook(tmp_path / "mine.xlsx")
    sheet = book["Targets"]
    sheet.cell(2, columns(sheet)["amount"]).value = "a lot"
    sheet.cell(3, 1).value = "nobody"
    book.save(tmp_path / "mine.xlsx")
    result = run("revise", plan, "--changes", tmp_path / "mine.xlsx", "--dry-run")
    assert result.exit_code == 2
    assert "mine.xlsx:2" in result.output
    assert "mine.xlsx:3" in result.output
    book.remove(sheet)
    book.create_sheet("Other")
    book.active = 1
    book.save(tmp_path / "mine.xlsx")
    assert run("revise", plan, "--changes", tmp_path / "mine.xlsx", "--dry-run").exit_code == 2


def edit(plan: Path, folder: Path, change: Callable[[Any, int], None]) -> Result:
    """Change the sheet of people by quarter (``change`` gets it and the column of amounts) and revise with it."""
    run("show", plan, "--by", "person", "--grain", "quarter", "--xlsx", folder / "mine.xlsx")
    book = openpyxl.load_workbook(folder / "mine.xlsx")
    change(book["Targets"], columns(book["Targets"])["amount"])
    book.save(folder / "mine.xlsx")
    return run("revise", plan, "--changes", folder / "mine.xlsx", "--dry-run", "--json")


def copy_line(sheet: Any, at: int, amount: float) -> None:
    """Overtype line 2, and put another copy of it at the end."""
    sheet.cell(2, at).value = 5
    sheet.append([cell.value for cell in sheet[2]])
    sheet.cell(sheet.max_row, at).value = amount


def test_a_line_that_stands_twice_counts_once_or_is_told(plan: Path, tmp_path: Path) -> None:
    same = edit(plan, tmp_path, lambda sheet, at: copy_line(sheet, at, 5))
    once = edit(plan, tmp_path, lambda sheet, at: setattr(sheet.cell(2, at), "value", 5))
    assert (same.exit_code, json.loads(same.stdout)["rows"]) == (0, json.loads(once.stdout)["rows"])
    other = edit(plan, tmp_path, lambda sheet, at: copy_line(sheet, at, 6))
    assert [(i["rule"], i["severity"]) for i in json.loads(other.stdout)["issues"]] == [("line_twice", "error")]


def test_moved_columns_keep_their_meaning_and_lost_ones_are_told(plan: Path, tmp_path: Path) -> None:
    moved = edit(plan, tmp_path, lambda sheet, _: sheet.move_range(f"A1:A{sheet.max_row}", 0, 12))
    assert (moved.exit_code, json.loads(moved.stdout)["rows"]) == (0, [])
    lost = edit(plan, tmp_path, lambda sheet, _: sheet.delete_cols(1))
    assert lost.exit_code == 2
    assert "it lacks person" in json.loads(lost.stdout)["issues"][0]["message"]


def test_a_number_beyond_counting_is_a_conflict(plan: Path, tmp_path: Path) -> None:
    huge = edit(plan, tmp_path, lambda sheet, at: setattr(sheet.cell(2, at), "value", 1e18))
    assert (huge.exit_code, json.loads(huge.stdout)["issues"][0]["rule"]) == (1, "total_out_of_range")


def test_a_formula_that_was_never_computed_is_told_once(plan: Path, tmp_path: Path) -> None:
    told = edit(plan, tmp_path, lambda sheet, at: setattr(sheet.cell(2, at), "value", "=1+1"))
    assert (told.exit_code, len(json.loads(told.stdout)["issues"])) == (2, 1)


def test_a_sheet_with_the_hedge_is_refused(tmp_path: Path) -> None:
    steps = (sc.UNIT, replace(sc.PERSON, hedge=1.05), sc.FLAT)
    assert write_plan(sc.plan(sc.tea_house(), *steps), tmp_path / "plan", inputs={}, run={}) == []
    run("show", tmp_path / "plan", "--by", "person", "--level", "hedged", "--xlsx", tmp_path / "mine.xlsx")
    result = run("revise", tmp_path / "plan", "--changes", tmp_path / "mine.xlsx", "--dry-run", "--json")
    assert (result.exit_code, [i["rule"] for i in json.loads(result.stdout)["issues"]]) == (2, ["hedge_not_edited"])


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_saves_it_and_nothing_changes(plan: Path, tmp_path: Path) -> None:
    run("show", plan, "--by", "person", "--grain", "month", "--xlsx", tmp_path / "mine.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    saving = ("--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved"), str(tmp_path / "mine.xlsx"))
    subprocess.run(["soffice", profile, *saving], check=True, capture_output=True, timeout=120)
    result = run("revise", plan, "--changes", tmp_path / "saved" / "mine.xlsx", "--dry-run", "--json")
    assert (result.exit_code, json.loads(result.stdout)["rows"]) == (0, [])
