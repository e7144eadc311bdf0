"""``python -m benchmarks.pvrp`` reads every format and writes plans that an independent checker accepts."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("QUOTUM_DATA", ROOT.parent / "shared" / "data")) / "pvrp" / "instances"
CHECKER = DATA.parents[2] / "tools" / "check_visits.py"

TWO_DEPOTS = """8 1 6 2 2
60 5
60 5
60 5
60 5
0 0 0 0 0 0 0
1 50 0 0 0 0 0
2 2 3 4 1 1 2 1 2
3 5 1 4 2 1 2 1 2
4 52 3 4 1 2 1 3
5 51 6 4 1 1 2 1 2
6 4 4 4 1 2 1 3
7 48 2 4 1 1 1 2
"""
ONE_DEPOT = """1 2 4 3
0 4
0 4
0 4
0 0 0 0 0 0 0
1 3 4 0 2 1 3 4 2 1
2 6 8 0 2 2 3 6 5 3
3 -3 4 0 2 3 1 7
4 1 1 0 1 1 1 2
"""
FREE = {"gap_min": 1, "gap_max": 6, "first_max": 6, "closed_days": []}
REP = {"name": "tiny", "unit": "minutes", "days": 6, "minutes_per_day": 100.0, "visits_per_day": 2, "customers": [
    {"id": 7, "x": 3, "y": 4, "service": 10, "frequency": 2, **FREE, "gap_min": 2, "gap_max": 3, "closed_days": [1]},
    {"id": 9, "x": 9, "y": 1, "service": 20, "frequency": 1, **FREE},
]}  # fmt: skip


def run(instance: Path, out: Path, seconds: str = "0.1") -> dict:
    command = [sys.executable, "-m", "benchmarks.pvrp", str(instance), "--seconds", seconds, "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(out.read_text())


def assert_feasible(instance: Path, out: Path) -> None:
    command = [sys.executable, str(CHECKER), str(instance), str(out)]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert json.loads(checked.stdout)["feasible"], checked.stdout


UNUSUAL = "\ufeff\n" + ONE_DEPOT.replace("1 2 4 3", "1\t2 4.0  3 0 0").replace("\n0 4\n", "\r\n\r\n0 4\r\n", 1) + "\n"
"""A mark of the encoding, tabs, more words than need be in the first line, empty lines, other ends of lines."""


@pytest.mark.parametrize(("name", "text"), [
    ("one.txt", ONE_DEPOT), ("two.txt", TWO_DEPOTS), ("rep.json", json.dumps(REP)), ("unusual.txt", UNUSUAL),
    ("nobody.txt", ONE_DEPOT.replace("4 1 1 0 1 1 1 2", "4 1 1 0 1 0 0")),
])  # fmt: skip
def test_every_format_is_read_and_the_plan_holds(tmp_path, name, text):
    instance, out = tmp_path / name, tmp_path / "out.json"
    instance.write_text(text)
    told = run(instance, out)
    routes = told["routes"]
    assert all(route["customers"] for route in routes)
    assert all(("depot" in route) == (name == "two.txt") for route in routes)
    if CHECKER.exists() and name != "unusual.txt":  # the checker knows no mark of the encoding
        assert_feasible(instance, out)


def test_seconds_too_few_to_search_in_still_bring_a_plan(tmp_path):
    (tmp_path / "one.txt").write_text(ONE_DEPOT)
    assert run(tmp_path / "one.txt", tmp_path / "out.json", seconds="0.01")["routes"]


def test_each_depot_serves_its_own_side(tmp_path):
    (tmp_path / "two.txt").write_text(TWO_DEPOTS)
    routes = run(tmp_path / "two.txt", tmp_path / "out.json")["routes"]
    assert {route["depot"] for route in routes} == {0, 1}
    for route in routes:
        assert set(route["customers"]) <= ({2, 3, 6} if route["depot"] == 0 else {4, 5, 7})


def test_other_kinds_of_instances_are_refused(tmp_path):
    from benchmarks._pvrp_files import read_instance

    (tmp_path / "other.txt").write_text(ONE_DEPOT.replace("1 2 4 3", "0 2 4 3", 1))
    with pytest.raises(ValueError, match="type 0"):
        read_instance(tmp_path / "other.txt")


@pytest.mark.slow
@pytest.mark.skipif(not DATA.exists(), reason="the pvrp data lie beside the repository; not there")
@pytest.mark.parametrize("name", ["p02.txt", "pr01.txt", "rep60_1.json"])
def test_public_instances_are_solved_and_pass_the_checker(tmp_path, name):
    run(DATA / name, tmp_path / "out.json", seconds="2")
    assert_feasible(DATA / name, tmp_path / "out.json")


@pytest.mark.parametrize("text", ["", "9 1 1 1", "1 1 9 1\n0 0\n", "1 a b c", "[]"])
def test_what_is_no_instance_is_told_in_a_line(tmp_path, text):
    (tmp_path / "odd.txt").write_text(text)
    command = [sys.executable, "-m", "benchmarks.pvrp", str(tmp_path / "odd.txt"), "--out", str(tmp_path / "out.json")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert not (tmp_path / "out.json").exists()
