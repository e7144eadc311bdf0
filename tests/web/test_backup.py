"""A backup holds everything; a restored site is the site that was saved. Damaged files change nothing."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def quotum(*words, **environment):
    command = [sys.executable, "-m", "quotum.cli", *map(str, words)]
    environment = {**os.environ, "DATABASE_URL": "", **environment}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


@pytest.fixture(scope="module")
def first(demo_folder, tmp_path_factory):
    path = tmp_path_factory.mktemp("backups") / "first.zip"
    saved = quotum("backup", path, "--data", demo_folder)
    assert saved.returncode == 0, saved.stderr
    return path


def test_there_and_back(first, tmp_path):
    second = tmp_path / "second.zip"
    restored = quotum("restore", first, "--data", tmp_path / "new")
    assert restored.returncode == 0, restored.stderr
    assert quotum("backup", second, "--data", tmp_path / "new").returncode == 0
    with zipfile.ZipFile(first) as before, zipfile.ZipFile(second) as after:
        assert before.namelist() == after.namelist()
        rows = [name for name in before.namelist() if name != "manifest.json"]
        assert {name: before.getinfo(name).CRC for name in rows} == {name: after.getinfo(name).CRC for name in rows}
        assert any(name.startswith("files/plans/") for name in rows)
    again = quotum("restore", first, "--data", tmp_path / "new")
    assert (again.returncode, "not empty" in again.stderr) == (2, True)


@pytest.mark.parametrize("damage", ["a byte", "a name", "no zip"])
def test_a_damaged_file_changes_nothing(first, tmp_path, damage):
    bad = tmp_path / "bad.zip"
    with zipfile.ZipFile(first) as source, zipfile.ZipFile(bad, "w") as target:
        for name in source.namelist():
            data = source.read(name)
            data = data.replace(b"director", b"detector") if damage == "a byte" and name.startswith("rows/") else data
            target.writestr("../" + name if damage == "a name" and name.startswith("rows/") else name, data)
    if damage == "no zip":
        bad.write_bytes(b"PK" + b"0" * 100)
    refused = quotum("restore", bad, "--data", tmp_path / "new")
    assert refused.returncode == 2
    assert "Traceback" not in refused.stderr
    assert not list(Path(tmp_path / "new" / "files").rglob("*"))
    if damage == "no zip":  # one is enough: nothing stands in the way of a good one
        assert quotum("restore", first, "--data", tmp_path / "new").returncode == 0
