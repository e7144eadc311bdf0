"""Imports run one way: cli to adapters to engine, and inside the engine from the story down to the kernels."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "quotum"
BELOW = {"engine.basics", "engine.kernels"}
MAY_IMPORT = {
    "engine.basics": set(),
    "engine.kernels": set(),
    "engine.tables": {"engine.basics"},
    "engine.curves": {"engine.tables", *BELOW},
    "engine.forecasting": {"engine.curves", "engine.tables", *BELOW},
    "engine.drivers": {"engine.curves", "engine.tables", *BELOW},
    "engine.customers": {"engine.tables", *BELOW},
    "engine.decomposition": {"engine.forecasting", "engine.curves", "engine.tables", *BELOW},
    "engine.revisions": {"engine.curves", "engine.tables", *BELOW},
    "engine.slices": {"engine.curves", "engine.tables", "engine.basics"},
    "engine.targets": {"engine.forecasting", "engine.drivers", "engine.tables", *BELOW},
    "engine.action_plan": {"engine.drivers", "engine.forecasting", "engine.curves", "engine.tables", *BELOW},
    "engine.tracking": {"engine.drivers", "engine.forecasting", "engine.curves", "engine.tables", *BELOW},
    "engine.appraisal": {"engine.drivers", "engine.curves", "engine.tables", *BELOW},
    "engine.asking": {"engine.revisions", "engine.slices", "engine.tables", "engine.basics"},
    "engine.appraising": {"engine.asking", "engine.appraisal", "engine.revisions", "engine.slices", "engine.tables",
                          "engine.basics"},
    "engine.planning": {"engine.asking", "engine.revisions",
                        "engine.tracking", "engine.slices", "engine.drivers", "engine.targets", "engine.customers",
                        "engine.decomposition", "engine.forecasting", "engine.tables", "engine.basics"},
    "adapters": {"engine", "adapters"},
    "sample": {"engine"},
    "web.records": set(),
    "web.bridge": {"web.records", "adapters", "engine", "sample"},
    "web.queries": {"web.bridge", "web.records"},
    "web.services": {"web.queries", "web.bridge", "web.records"},
    "web.pages": {"web.services", "web.queries", "web.bridge", "web.records"},
    "web.api": {"web.services", "web.queries", "web.bridge", "web.records"},
    "web.site": {"web.api", "web.pages", "web.services", "web.records"},
    "cli": {"engine", "adapters", "sample", "web.site"},
}
OUTSIDE_OF_THE_ENGINE = {"pathlib", "os", "io", "time", "random", "secrets", "socket", "click", "tomllib", "xlsxwriter",
                         "fastexcel", "holidays", "locale", "gettext"}  # fmt: skip
MODULES = [path.relative_to(SOURCE) for path in sorted(SOURCE.rglob("*.py")) if path.parent != SOURCE]


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
    return found


def _room(module: str) -> str:
    """Return the room of a module below ``quotum``: rooms of engine and web have two names, the others one."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] in {"engine", "web"} else parts[0]


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_a_module_imports_only_what_lies_below_its_room(path: Path) -> None:
    own = _room(".".join(path.with_suffix("").parts).removesuffix(".__init__"))
    if own in {"engine", "engine.__init__", "web", "web.__init__"}:
        return
    for name in _imports(SOURCE / path):
        if not name.startswith("quotum."):
            continue
        room = _room(name.removeprefix("quotum."))
        allowed = MAY_IMPORT[own] | {own}
        assert room in allowed or room.partition(".")[0] in allowed, f"{path} imports {name}"


@pytest.mark.parametrize("path", [path for path in MODULES if path.parts[0] == "engine"], ids=str)
def test_the_engine_touches_nothing_outside(path: Path) -> None:
    if path.parts[1] == "kernels":
        return  # threads are counted there
    assert not {name.partition(".")[0] for name in _imports(SOURCE / path)} & OUTSIDE_OF_THE_ENGINE


def test_of_the_command_line_only_serve_and_backup_load_the_web() -> None:
    commands = (SOURCE / "cli").glob("*.py")
    loading = {path.name for path in commands if any("quotum.web" in name for name in _imports(path))}
    assert loading <= {"serve_run.py", "backup_run.py"}
