"""A plan on disk comes back as it was; the same plan gives the same bytes; a bad folder is an issue."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from quotum.adapters.files.plan_folder import read_plan, write_plan
from quotum.engine.tables.plan_settings import AcrossStep, AlongStep, PlanSettings, Target
from quotum.engine.tables.settings_json import settings_from_json, settings_to_json
from small_plans import SETTINGS, bare_plan, quota, small_plan, table


def contents(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted(folder.iterdir()) if p.name != "run.json"}


def written(tmp_path: Path, name: str = "plan") -> Path:
    assert write_plan(small_plan(), tmp_path / name, inputs={"sales.csv": "ab12"}, run={"seconds": 1.5}) == []
    return tmp_path / name


def test_a_plan_comes_back_as_it_was(tmp_path):
    plan = small_plan()
    again, issues = read_plan(written(tmp_path))
    assert issues == []
    assert again.settings == plan.settings
    for name, frame in plan.tables.items():
        assert_frame_equal(again[name], frame)
    assert list(again.cuts) == list(plan.cuts)
    for step, frame in plan.cuts.items():
        assert_frame_equal(again.cuts[step], frame)


def test_the_folder_says_what_it_holds(tmp_path):
    folder = written(tmp_path)
    described = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
    assert described["format"] == 1
    assert described["inputs"] == {"sales.csv": "ab12"}
    assert described["totals"]["revenue"] == {"commit": 100_000, "extra": 30_000}
    assert {"customer_shares.parquet", "product_shares.parquet", "quotas.parquet"} <= {p.name for p in folder.iterdir()}
    run = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    assert run["seconds"] == 1.5
    assert "quotum" in run["versions"]


def test_the_same_plan_gives_the_same_bytes(tmp_path):
    assert contents(written(tmp_path, "a")) == contents(written(tmp_path, "b"))


def test_bytes_do_not_depend_on_threads_or_hash_seeds(tmp_path):
    code = (
        "import sys, pathlib, small_plans, polars as pl\n"
        "from quotum.adapters.files.plan_folder import write_plan\n"
        "plan = small_plans.small_plan()\n"
        "many = pl.concat([plan['quotas']] * 300, rechunk=False)\n"
        "plan = small_plans.replace_tables(plan, quotas=many)\n"
        "assert write_plan(plan, pathlib.Path(sys.argv[1]), inputs={}, run={}) == []\n"
    )
    for threads, seed in (("1", "0"), ("2", "7")):
        paths = os.pathsep.join([str(Path(__file__).parents[1]), *sys.path])
        env = {**os.environ, "POLARS_MAX_THREADS": threads, "PYTHONHASHSEED": seed, "PYTHONPATH": paths}
        subprocess.run([sys.executable, "-c", code, str(tmp_path / threads)], env=env, check=True)
    assert contents(tmp_path / "1") == contents(tmp_path / "2")


def test_an_existing_folder_is_refused_and_left_alone(tmp_path):
    folder = written(tmp_path)
    before = contents(folder)
    assert [i.rule for i in write_plan(small_plan(), folder, inputs={}, run={})] == ["plan_exists"]
    assert contents(folder) == before
    assert [p.name for p in tmp_path.iterdir()] == ["plan"]


def test_a_plan_that_cannot_be_finished_leaves_nothing_behind(tmp_path):
    def no_room(folder: Path) -> None:
        raise OSError(28, "No space left on device")

    issues = write_plan(small_plan(), tmp_path / "plan", inputs={}, run={}, finish=no_room)
    assert [i.rule for i in issues] == ["plan_not_written"]
    assert list(tmp_path.iterdir()) == []


def test_a_parent_that_is_not_there_is_an_issue(tmp_path):
    assert [i.rule for i in write_plan(small_plan(), tmp_path / "no" / "plan", inputs={}, run={})] == [
        "plan_not_written"
    ]


def test_further_files_are_there_when_the_folder_appears(tmp_path):
    write_plan(small_plan(), tmp_path / "plan", inputs={}, run={}, finish=lambda f: (f / "plan.xlsx").touch())
    assert (tmp_path / "plan" / "plan.xlsx").exists()


def rewrite(folder: Path, **changes: object) -> None:
    path = folder / "plan.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), **changes}), encoding="utf-8")


@pytest.mark.parametrize(
    ("break_it", "rule"),
    [
        (lambda f: f.rename(f.with_name("elsewhere")), "plan_missing"),
        (lambda f: (f / "plan.json").unlink(), "not_a_plan"),
        (lambda f: (f / "plan.json").write_text("[1, 2]"), "not_a_plan"),
        (lambda f: (f / "plan.json").write_text("{"), "plan_damaged"),
        (lambda f: (f / "plan.json").write_bytes(b"\xff\xfe\x00"), "plan_damaged"),
        (lambda f: rewrite(f, format=2), "plan_newer"),
        (lambda f: rewrite(f, format="1"), "not_a_plan"),
        (lambda f: rewrite(f, settings={"name": 3}), "plan_damaged"),
        (lambda f: rewrite(f, settings=7), "plan_damaged"),
        (lambda f: rewrite(f, tables=["../quotas"]), "plan_damaged"),
        (lambda f: (f / "quotas.parquet").unlink(), "plan_damaged"),
        (lambda f: (f / "curves.parquet").write_bytes(b""), "plan_damaged"),
        (lambda f: (f / "curves.parquet").write_bytes(b"PAR1" + b"\x07" * 400 + b"PAR1"), "plan_damaged"),
        (lambda f: pl.DataFrame({"row": ["a"]}).write_parquet(f / "customer_shares.parquet"), "plan_damaged"),
    ],
)
def test_a_bad_folder_is_an_issue(tmp_path, break_it, rule):
    folder = written(tmp_path)
    break_it(folder)
    plan, issues = read_plan(folder)
    assert plan is None
    assert {i.rule for i in issues} == {rule}


def test_tables_are_read_when_asked_for(tmp_path):
    folder = written(tmp_path)
    plan, _ = read_plan(folder)
    (folder / "splits.parquet").unlink()
    assert len(plan["quotas"]) == len(small_plan()["quotas"])


def test_settings_come_back_exactly():
    settings = PlanSettings(
        name="上海 2027",
        since=date(2026, 7, 1),
        until=date(2027, 7, 1),
        as_of=date(2026, 6, 30),
        targets=(Target("revenue", 2**53 - 1, 2**53 - 1),),
        steps=(
            AcrossStep("unit", "unit", basis=(("history", 0.6), ("ability", 0.4)), cap=1.1, lot_minor={"units": 12}),
            AlongStep("calendar", of="unit", rates=(0.1 + 0.2, 1, 2.5), weekdays=(1, 1, 1, 1, 1, 0.5, 0)),
        ),
        measures=SETTINGS.measures,
        fiscal_start=7,
    )
    text = json.dumps(settings_to_json(settings))
    again = settings_from_json(json.loads(text))
    assert again == settings
    assert json.dumps(settings_to_json(again)) == text
    assert isinstance(again.steps[1].rates[1], int)


def test_a_plan_without_cuts_and_history_is_a_plan(tmp_path):
    plan = bare_plan([{"curve": 0}], quotas=table("quotas", [quota(0, 5)]))
    assert write_plan(plan, tmp_path / "plan", inputs={}, run={}) == []
    again, issues = read_plan(tmp_path / "plan")
    assert issues == []
    assert dict(again.cuts) == {}
