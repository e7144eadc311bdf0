"""A real run over many people is stopped half way, by Ctrl-C or by the axe; the next goes on and writes the same."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PEOPLE = 42
PLAN = """
[plan]
name = "Many"
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
A = 3
B = 5
"""
pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="signals and terminals of POSIX")]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many") / "company"
    folder.mkdir()
    people = [f"p{at:02d},north,{50 + at / 10},8.0" for at in range(PEOPLE)]
    customers = [f"c{at:03d},p{at // 3:02d},{'AB'[at % 2]},{50 + at // 3 / 10 + at % 3 / 50},{8 + at % 3 / 40}"
                 for at in range(3 * PEOPLE)]  # fmt: skip
    (folder / "units.csv").write_text("unit\nnorth\n")
    (folder / "people.csv").write_text("person,unit,lat,lon\n" + "\n".join(people) + "\n")
    (folder / "customers.csv").write_text("customer,person,class,lat,lon\n" + "\n".join(customers) + "\n")
    (folder / "plan.toml").write_text(PLAN)
    return folder


def begin(company: Path, out: Path, jobs: int, stderr: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
    """Start planning as a process of its own, with a group of its own as in a terminal."""
    words = ["plan-visits", company, "--out", out, "--until", "2027-01-13", "--jobs", str(jobs)]
    return subprocess.Popen([sys.executable, "-m", "quotum.cli", *map(str, words)], stdout=subprocess.PIPE,
                            stderr=stderr, start_new_session=True)  # fmt: skip


def finish(run: subprocess.Popen[bytes]) -> tuple[int, str]:
    """Wait for a run and return its exit code and all it said."""
    out, error = run.communicate(timeout=400)
    return run.returncode, (out + (error or b"")).decode()


def finish_on_a_terminal(company: Path, out: Path) -> tuple[int, str]:
    """Run to the end with standard error on a terminal, where progress is told."""
    reads, writes = os.openpty()
    with begin(company, out, 1, stderr=writes) as run:
        os.close(writes)
        said = b""
        with contextlib.suppress(OSError):  # the other end is closed
            while part := os.read(reads, 4096):
                said += part
        os.close(reads)
        assert run.stdout is not None
        said += run.stdout.read()
    return run.returncode, said.decode()


def wait_for_a_batch(out: Path) -> None:
    deadline = time.monotonic() + 300
    while not list(out.with_name(f".{out.name}.kept").glob("*.json")):
        assert time.monotonic() < deadline, "nothing was kept in five minutes"
        time.sleep(0.01)


@pytest.fixture(scope="module")
def whole(company: Path) -> Path:
    out = company.parent / "whole"
    code, said = finish(begin(company, out, 1))
    assert code == 0, said
    return out


@pytest.mark.parametrize(("kind", "jobs"), [(signal.SIGINT, 2), (signal.SIGKILL, 1)])
def test_the_second_run_takes_up_what_is_finished(company: Path, whole: Path, tmp_path: Path, kind: int, jobs: int):
    out = tmp_path / "out"
    first = begin(company, out, jobs)
    wait_for_a_batch(out)
    os.killpg(first.pid, kind)
    code, said = finish(first)
    assert code != 0
    assert not out.exists()
    assert "Traceback" not in said
    if kind == signal.SIGINT:
        assert "the same command goes on there" in said
    kept = {path: path.stat().st_mtime_ns for path in out.with_name(".out.kept").glob("*.json")}
    assert kept  # the other processes may end their own batches while the signal reaches them
    code, said = finish_on_a_terminal(company, out)
    assert code == 0, said
    assert f"of {PEOPLE} people planned" in said
    assert f"Taking up what an earlier run left: {len(kept)} batches" in said
    assert not out.with_name(".out.kept").exists()
    for path in whole.iterdir():
        if path.name != "run.json":
            assert path.read_bytes() == (out / path.name).read_bytes(), path.name
