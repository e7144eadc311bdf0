"""The scripts of the pages: fetched by name and digest, built from sources, under licences that may be passed on."""

import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
import build_assets  # noqa: E402

needs_output = pytest.mark.skipif(
    not build_assets.is_built(), reason="the scripts of the pages are not built (no Node or no network at set-up)"
)
FREE = {"MIT", "ISC", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0"}


def test_the_lock_file_names_no_host_and_knows_every_digest():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    outside = {name: entry for name, entry in packages.items() if name}
    assert all("resolved" not in entry for entry in outside.values())
    assert all(entry["integrity"].startswith("sha512-") for entry in outside.values())


def test_direct_packages_have_one_exact_version():
    told = json.loads((ROOT / "package.json").read_text())
    for version in [*told["dependencies"].values(), *told["devDependencies"].values()]:
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)


@needs_output
def test_every_page_module_is_built():
    for page in build_assets.PAGES:
        assert (build_assets.BUILT / page).stat().st_size > 1000


@needs_output
def test_what_is_built_may_be_passed_on():
    text = (build_assets.BUILT / build_assets.NOTICES).read_text(encoding="utf-8")
    heads = re.findall(r"^={100}\n(\S+) \S+ \((.*)\)\n={100}$", text, flags=re.MULTILINE)
    assert {"leaflet", "vega", "vega-lite", "vega-embed"} <= {name for name, _ in heads}
    assert {licence for _, licence in heads} <= FREE


def test_a_changed_source_is_built_again(tmp_path, monkeypatch):
    sources, built = tmp_path / "assets", tmp_path / "built"
    sources.mkdir()
    built.mkdir()
    (sources / "map.js").write_text("export const a = 1;\n")
    monkeypatch.setattr(build_assets, "SOURCES", sources)
    monkeypatch.setattr(build_assets, "BUILT", built)
    assert not build_assets.is_built()
    (built / build_assets.STAMP).write_text(build_assets.digest_of_sources())
    assert build_assets.is_built()
    (sources / "map.js").write_text("export const a = 2;\n")
    assert not build_assets.is_built()


def test_packages_are_found_inside_others_and_under_a_scope():
    inputs = {
        "src/quotum/web/assets/map.js": {},
        "node_modules/leaflet/dist/leaflet-src.js": {},
        "node_modules/@revolist/revogrid/loader/index.js": {},
        "node_modules/vega-functions/node_modules/d3-array/src/bin.js": {},
    }
    found = [path.relative_to(build_assets.ROOT).as_posix() for path in build_assets.packages_in(inputs)]
    assert found == [
        "node_modules/@revolist/revogrid",
        "node_modules/leaflet",
        "node_modules/vega-functions/node_modules/d3-array",
    ]
