"""LibreOffice, where it is installed, computes the sheets of `show` to their cached values, and edits come back."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

import small_company as sc
from quotum.adapters.files.plan_folder import write_plan
from quotum.cli import main

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed"),
]
SLICES = {
    "months": ("--by", "unit,person", "--grain", "month"),
    "stretch": ("--by", "channel,customer", "--level", "stretch"),
    "part": ("--by", "person", "--grain", "quarter", "--under", "unit=South"),
}


def run(*words: object) -> Result:
    return CliRunner(env={"COLUMNS": "140"}).invoke(main, [str(word) for word in words])


def save_again(files: list[Path], folder: Path) -> None:
    """Let LibreOffice open workbooks and save them into ``folder``."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    words = ("--headless", "--convert-to", "xlsx", "--outdir", str(folder), *map(str, files))
    subprocess.run(["soffice", profile, *words], check=True, capture_output=True, timeout=180)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plans") / "plan"
    made = sc.plan(sc.tea_house(), *sc.USUAL, commit=12_000.37, stretch=15_000)
    assert write_plan(made, folder, inputs={}, run={}) == []
    return folder


def cells(path: Path, *, values: bool) -> dict[tuple[str, str], object]:
    book = openpyxl.load_workbook(path, data_only=values)
    return {(sheet.title, cell.coordinate): cell.value for sheet in book for row in sheet for cell in row}


def test_libreoffice_computes_the_values_that_stand_in_our_workbooks(plan: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    ours = {name: tmp_path / f"{name}.xlsx" for name in SLICES}
    for name, path in ours.items():
        assert run("show", plan, *SLICES[name], "--xlsx", path).exit_code == 0
    for name, path in ours.items():
        openpyxl.load_workbook(path).save(bare / f"{name}.xlsx")  # keeps formulas, drops their values
    save_again([bare / f"{name}.xlsx" for name in ours], tmp_path / "computed")
    for name, path in ours.items():
        formulas, cached = cells(path, values=False), cells(path, values=True)
        computed = cells(tmp_path / "computed" / f"{name}.xlsx", values=True)
        written = [at for at, text in formulas.items() if isinstance(text, str) and text.startswith("=")]
        assert written, name
        assert all(cells(bare / f"{name}.xlsx", values=True)[at] is None for at in written[:1])
        for at in written:
            assert computed[at] == pytest.approx(cached[at], rel=1e-12, abs=1e-9), (name, at, formulas[at])


def test_what_was_edited_in_libreoffice_comes_back_to_the_cent(plan: Path, tmp_path: Path) -> None:
    """A number is overtyped, another becomes a formula, lines are sorted the other way round and one is left out."""
    mine = tmp_path / "mine.xlsx"
    assert run("show", plan, *SLICES["part"], "--xlsx", mine).exit_code == 0
    book = openpyxl.load_workbook(mine)
    sheet = book["Targets"]
    at = next(cell.column for cell in sheet[1] if cell.value == "amount")
    last = max(row for row in range(2, sheet.max_row + 1) if sheet.cell(row, 2).value)
    lines = [[sheet.cell(row, column).value for column in range(1, sheet.max_column + 1)] for row in range(2, last + 1)]
    lines[0][at - 1] = 123.45
    before = lines[1][at - 1]
    for row, line in enumerate([lines[1], lines[0], *reversed(lines[3:])], start=2):
        for column, value in enumerate(line, start=1):
            sheet.cell(row, column).value = None if isinstance(value, str) and value.startswith("=") else value
    sheet.cell(2, at).value = f"={before}*2"
    sheet.delete_rows(last)
    book.save(mine)
    save_again([mine], tmp_path / "saved")
    changes = tmp_path / "saved" / "mine.xlsx"
    result = run("revise", plan, "--changes", changes, "--dry-run", "--grain", "quarter", "--json")
    assert result.exit_code == 0, result.output
    rows = [(row["person"], row["since"], row["after"]) for row in json.loads(result.stdout)["rows"]]
    asked = [(lines[k][0], str(lines[k][1].date()), cents) for k, cents in ((0, 12_345), (1, round(before * 200)))]
    assert sorted(rows) == sorted(asked)
