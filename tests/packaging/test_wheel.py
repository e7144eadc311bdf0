"""A wheel built from the sources alone holds the pages' scripts, and installs where there is no Node."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import build_assets  # noqa: E402

PARTS = ("src", "scripts", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE")
PARTS += ("package.json", "package-lock.json", ".npmrc")


def pip(*words: object, **environment: str) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})
    assert done.returncode == 0, done.stderr[-3000:]


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """The sources as a fresh clone has them: nothing built."""
    if not build_assets.is_built():
        pytest.skip("the scripts of the pages could not be built at set-up (no Node or no network)")
    place = tmp_path_factory.mktemp("sources")
    for part in PARTS:
        if (ROOT / part).is_dir():
            leave = shutil.ignore_patterns("built*", "__pycache__", "*.nbi", "*.nbc", "*.mo")
            shutil.copytree(ROOT / part, place / part, ignore=leave)
        else:
            shutil.copy(ROOT / part, place / part)
    return place


@pytest.mark.slow
def test_the_wheel_holds_the_scripts_and_needs_no_node(sources, tmp_path):
    pip("wheel", "--no-deps", "-w", tmp_path, sources, QUOTUM_SKIP_ASSETS="")
    (wheel,) = tmp_path.glob("quotum-*.whl")
    pip("install", "--no-deps", "--no-compile", "--target", tmp_path / "site", wheel, PATH="")
    built = tmp_path / "site/quotum/web/static/built"
    names = {path.name for path in built.iterdir()}
    assert {*build_assets.PAGES, build_assets.NOTICES, "map.css"} <= names
    assert not (tmp_path / "site/quotum/web/assets").exists()
    catalogues = {path.parts[-3] for path in (tmp_path / "site/quotum/web/locale").rglob("django.mo")}
    assert catalogues == {path.parts[-3] for path in (ROOT / "src/quotum/web/locale").rglob("django.po")}
