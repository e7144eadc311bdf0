"""The vocabulary page is true: every row of it is run, and nothing is run that is not a row of it."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

import small_company as sc
from quotum.adapters.files.changes_file import CHANGES, read_changes
from quotum.adapters.files.plan_folder import write_plan
from quotum.cli import main
from quotum.engine.basics.issues import Issue
from quotum.engine.revisions import revise_plan
from quotum.engine.tables.plan_settings import AcrossStep, Measure, Target
from quotum.engine.tables.plan_tables import Plan

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "vocabulary.md").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Row:
    """A row of the page: the changes in short form, and what stands in the column of results."""

    name: str
    changes: tuple[str, ...]
    result: str


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|\n").split(" | ")]


START = {
    cells(line)[0].strip("` |"): tuple(map(int, cells(line)[1:4]))
    for line in re.findall(r"^\| `\w+` \| [0-9]+ \|.*$", PAGE, re.M)
}
ROWS = [
    Row(found[0].strip("` |"), tuple(re.findall(r"`(.+?)`", found[3])), found[4].strip(" |"))
    for found in map(cells, re.findall(r"^\| `(?:tm1|essbase|planning|anaplan)-.*$", PAGE, re.M))
]
BY_CHANGES = [row for row in ROWS if row.result != "see the test"]


def world(*steps: object, commit: int = 0, **more: object) -> Plan:
    """Return a plan of the page's people: Argentina sold 60 pieces in the first quarter of last year, Chile 40."""
    company = sc.firm(
        dict.fromkeys(START, "South"), {"a": "argentina", "c": "chile"},
        [sc.sale("a", 1, "2026-02-10", quantity=60), sc.sale("c", 1, "2026-02-10", quantity=40)],
    )  # fmt: skip
    usual = (sc.UNIT, replace(sc.PERSON, basis=(("equal", 1.0),)), sc.FLAT)
    measures = {"units": Measure("units", history="quantity"), **more}
    wanted = sc.settings(*(steps or usual), targets=(Target("units", commit, commit),))
    return sc.plan(company, replace(wanted, measures=measures))


def expand(line: str) -> dict[str, str]:
    """Return a line of changes from its short form."""
    operation, under, *rest = line.split(" ")
    given = dict(part.split("=", 1) for part in rest)
    if month := given.pop("month", ""):
        given |= {"since": f"2027-{int(month):02}-01", "until": f"2027-{int(month) + 1:02}-01"}
    return {"operation": operation, "under": under, "since": "2027-01-01", "until": "2027-04-01", **given}


def revised(plan: Plan, lines: list[dict[str, str]], folder: Path) -> tuple[Plan | None, list[Issue]]:
    """Return the plan after the lines, read from a file as `quotum revise` reads them."""
    names = [column.name for column in CHANGES.columns]
    text = "\n".join(",".join(line.get(name, "") for name in names) for line in lines)
    (folder / "changes.csv").write_text(f"{','.join(names)}\n{text}\n", encoding="utf-8")
    changes, issues = read_changes(folder / "changes.csv", plan.settings)
    if issues:
        return None, issues
    made, found = revise_plan(plan, changes)
    return made, found


@cache
def start() -> Plan:
    """Return the page's small world."""
    numbers = [
        f"set person={who} month={month} amount={amount}"
        for who, three in START.items()
        for month, amount in enumerate(three, 1)
        if amount
    ]
    with tempfile.TemporaryDirectory() as folder:
        plan, issues = revised(world(), [expand(line) for line in numbers], Path(folder))
    assert plan is not None, issues
    return plan


@pytest.mark.parametrize("row", BY_CHANGES, ids=lambda row: row.name)
def test_the_changes_of_a_row_give_its_result(row: Row, tmp_path: Path) -> None:
    plan, issues = revised(start(), [expand(line) for line in row.changes], tmp_path)
    if row.result.startswith("refused: "):
        assert (plan, issues[0].rule) == (None, row.result.removeprefix("refused: ").strip("`"))
        return
    assert plan is not None, issues
    told = {words[0]: words[1:] for words in map(str.split, row.result.strip("`").split(", "))}
    for who, three in START.items():
        wanted = told.get(who, [*map(str, three)])
        grain = "quarter" if wanted[0] == "quarters" else "month"
        found = sc.slice_of(plan, grain=grain, under=(("person", who),))["amount"].to_list()
        numbers = [int(word) for word in wanted if word != "quarters"]
        assert found == numbers + [0] * (len(found) - len(numbers)), who


def people(*steps: object, commit: int) -> dict[str, int]:
    return sc.numbers(world(*steps, commit=commit))


def essbase_round(_: Path) -> None:
    """Tens only; the odd tens go to the largest shares, ties in the order of keys."""
    found = people(AcrossStep("person", "person", basis=(("equal", 1.0),), lot_minor={"units": 10}), commit=1003)
    assert sorted(found.values()) == [160, 160, 170, 170, 170, 173]
    assert sum(found.values()) == 1003


def essbase_zero_basis(_: Path) -> None:
    plan = world(AcrossStep("person", "person", basis=(("potential", 1.0),)), commit=600)
    assert set(sc.numbers(plan).values()) == {100}
    assert ("fallback_used", "equal") in plan["issues"].select("rule", "value").rows()


def essbase_lock_send(folder: Path) -> None:
    """A line of the workbook is overtyped; it comes back as that change and no other."""
    assert write_plan(start(), folder / "plan", inputs={}, run={}) == []
    show = ("show", "plan", "--by", "person", "--grain", "quarter", "--under", "person=cost", "--xlsx", "mine.xlsx")
    assert run(folder, *show).exit_code == 0
    book = openpyxl.load_workbook(folder / "mine.xlsx")
    sheet = book["Targets"]
    place = next(cell.column for cell in sheet[1] if cell.value == "amount")
    assert sheet.cell(2, place).value == 60
    sheet.cell(2, place).value = 120
    book.save(folder / "mine.xlsx")
    told = run(folder, "revise", "plan", "--changes", "mine.xlsx", "--out", "next", "--json").stdout
    assert [(row["person"], row["difference"]) for row in json.loads(told)["rows"]] == [("cost", 60)]


def planning_balance(folder: Path) -> None:
    plan = world(commit=12, units=Measure("units", kind="level", history="customers"))
    assert set(sc.months(plan, person="chile")) == {2}
    _, issues = revised(plan, [expand("set person=chile month=2 amount=5")], folder)
    assert issues[0].rule == "level_in_time"


def planning_copy_version(folder: Path) -> None:
    """The plan before stays as it was, to the byte; what differs is the change."""
    assert write_plan(start(), folder / "plan", inputs={}, run={}) == []
    before = {file.name: file.read_bytes() for file in (folder / "plan").iterdir()}
    (folder / "changes.csv").write_text("operation,under,factor\nscale,person=cost,2\n")
    assert run(folder, "revise", "plan", "--changes", "changes.csv", "--out", "next").exit_code == 0
    assert {file.name: file.read_bytes() for file in (folder / "plan").iterdir()} == before
    rows = json.loads(run(folder, "compare", "plan", "next", "--json").stdout)["rows"]
    assert [(row["person"], row["before"], row["after"]) for row in rows] == [("cost", 60, 120)]


def anaplan_top_down(_: Path) -> None:
    found = people(AcrossStep("person", "person", basis=(("history", 0.5), ("equal", 0.5))), commit=1200)
    assert found == dict.fromkeys(START, 100) | {"argentina": 460, "chile": 340}


def anaplan_switchover(folder: Path) -> None:
    """What is past stays; the rest of the quarter takes the whole growth."""
    [row] = [row for row in ROWS if row.name == "anaplan-switchover"]
    plan, issues = revised(start(), [expand(line) for line in row.changes], folder)
    assert plan is not None, issues
    before, after = (sc.slice_of(p, "person", grain="month") for p in (start(), plan))
    assert after.filter(before["amount"] != after["amount"])["since"].unique().to_list() == [date(2027, 3, 1)]
    assert (sum(sc.months(start())[:3]), sum(sc.months(plan)[:3])) == (1560, 1638)


def run(folder: Path, *words: str) -> Result:
    """Run a command; names of files are in the folder."""
    files = [str(folder / word) if word in ("plan", "next") or "." in word else word for word in words]
    return CliRunner(env={"COLUMNS": "140"}).invoke(main, files)


BY_HAND: dict[str, Callable[[Path], None]] = {
    made.__name__.replace("_", "-"): made
    for made in (essbase_round, essbase_zero_basis, essbase_lock_send, planning_balance, planning_copy_version,
                 anaplan_top_down, anaplan_switchover)
}  # fmt: skip


@pytest.mark.parametrize("name", BY_HAND)
def test_what_no_line_can_show(name: str, tmp_path: Path) -> None:
    BY_HAND[name](tmp_path)


def test_every_row_is_run_and_every_case_is_a_row() -> None:
    names = [row.name for row in ROWS]
    assert len(names) == len(set(names))
    assert {row.name for row in ROWS if row.result == "see the test"} == set(BY_HAND)
    assert all(row.changes for row in BY_CHANGES)
    assert set(re.findall(r"`((?:tm1|essbase|planning|anaplan)-[\w-]+)`", PAGE)) == set(names)
    assert all(name in names for name in ("tm1-p", "essbase-share", "anaplan-breakback"))
