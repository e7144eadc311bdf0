"""Same input, same bytes: again in this process, in others, with other hash seeds and numbers of threads."""

import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest

from quotum.adapters.files.plan_folder import write_plan
from small_company import USUAL, plan, tea_house

TESTS = Path(__file__).parents[1]
WRITE = """
import sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from quotum.adapters.files.plan_folder import write_plan
from small_company import USUAL, plan, tea_house
made = plan(tea_house(), *USUAL, commit=123_456.78, stretch=140_000, country="CN")
assert not write_plan(made, Path(sys.argv[2]), inputs={}, run={})
"""


def digests(folder):
    """Return the digest of every file that depends on the plan alone."""
    files = [file for file in sorted(folder.iterdir()) if file.name != "run.json"]
    return {file.name: sha256(file.read_bytes()).hexdigest() for file in files}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plans") / "first"
    made = plan(tea_house(), *USUAL, commit=123_456.78, stretch=140_000, country="CN")
    assert not write_plan(made, folder, inputs={}, run={"seconds": 1.0})
    return digests(folder)


def test_planned_twice_the_files_are_the_same(written, tmp_path):
    made = plan(tea_house(), *USUAL, commit=123_456.78, stretch=140_000, country="CN")
    assert not write_plan(made, tmp_path / "again", inputs={}, run={"seconds": 2.0})
    assert digests(tmp_path / "again") == written
    assert {"plan.json", "quotas.parquet", "customer_shares.parquet", "splits.parquet"} <= set(written)


@pytest.mark.slow
@pytest.mark.parametrize(("hash_seed", "threads"), [("0", "1"), ("12345", "2")])
def test_another_process_with_other_seeds_and_threads_writes_the_same_files(written, tmp_path, hash_seed, threads):
    surroundings = {**os.environ, "PYTHONHASHSEED": hash_seed, "NUMBA_NUM_THREADS": threads,
                    "POLARS_MAX_THREADS": threads}  # fmt: skip
    command = [sys.executable, "-c", WRITE, str(TESTS), str(tmp_path / "plan")]
    subprocess.run(command, check=True, env=surroundings, timeout=120)
    assert digests(tmp_path / "plan") == written
