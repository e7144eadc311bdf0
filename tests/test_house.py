"""The house rules, checked on the source itself: who imports whom, what the engine may not touch, what must be said."""

import ast
import importlib
import pkgutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import quotum
import quotum.cli

SOURCE = Path(quotum.__file__).parent
FILES = {f"quotum.{'.'.join(path.relative_to(SOURCE).with_suffix('').parts)}".removesuffix(".__init__"): path
         for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts}  # fmt: skip

OUTER = ("quotum.cli", "quotum.adapters", "quotum.sample", "quotum.engine")
"""The rings from the rim inwards; the sample stands beside the adapters, the web in test_import_contract.py."""
STAGES = "targets decomposition customers action_plan tracking appraisal documents revisions slices"
INNER = ("planning appraising", "asking", STAGES, "drivers forecasting", "curves", "tables", "basics", "kernels")
"""The engine from its story inwards; rooms of one line do not import one another."""
ALLOWED_OUTSIDE = {"__future__", "abc", "bisect", "collections", "dataclasses", "datetime", "difflib", "fractions",
                   "functools", "itertools", "json", "math", "operator", "re", "types", "typing", "numpy", "polars",
                   "numba"}  # fmt: skip
KERNELS_ALLOWED = {"numpy", "numba", "llvmlite", "quotum", *sys.stdlib_module_names}


def imports_of(path: Path, module: str) -> set[str]:
    """Return the modules a file imports anywhere, also within functions; relative ones spelled out."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports relatively"
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)} & {*FILES, node.module}
    return found


IMPORTS = {module: imports_of(path, module) for module, path in FILES.items()}
ENGINE = [module for module in FILES if module.startswith("quotum.engine")]


def ring(module: str) -> int | None:
    return next((i for i, name in enumerate(OUTER) if module == name or module.startswith(name + ".")), None)


def room(module: str) -> int | None:
    """Return the place of an engine module on the way inwards."""
    parts = module.split(".")
    return next((i for i, rooms in enumerate(INNER) if len(parts) > 2 and parts[2] in rooms.split()), None)


def test_imports_run_from_the_rim_to_the_engine():
    wrong = [
        f"{module} imports {other}"
        for module, others in IMPORTS.items()
        for other in others
        if ring(module) is not None and ring(other) is not None and ring(other) < ring(module)
    ]
    assert not wrong


def test_inside_the_engine_imports_run_inwards_and_stages_do_not_meet():
    wrong = []
    for module in ENGINE:
        for other in IMPORTS[module]:
            if room(module) is None or room(other) is None:
                continue
            beside = room(module) == room(other) and module.split(".")[2] != other.split(".")[2]
            if room(other) < room(module) or beside:
                wrong.append(f"{module} imports {other}")
    assert not wrong


def test_every_engine_module_has_a_room():
    assert [module for module in ENGINE if room(module) is None and module != "quotum.engine"] == []


def test_the_engine_knows_no_files_clock_chance_or_language():
    wrong = [
        f"{module} imports {other}"
        for module in ENGINE
        for other in IMPORTS[module]
        if other.split(".")[0] not in {*ALLOWED_OUTSIDE, "quotum"} and "kernels" not in module
    ]
    assert not wrong
    forbidden = {"open", "print", "input", "exec", "eval"}
    for module in ENGINE:
        if module == "quotum.engine.kernels.__main__":
            continue  # compiles at set-up, and says so
        for node in ast.walk(ast.parse(FILES[module].read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in forbidden, f"{module}:{node.lineno} calls {called}"
                assert called.split(".")[-1] not in ("now", "today", "utcnow"), f"{module}:{node.lineno} asks the clock"
                assert not called.startswith(("np.random", "random.")), f"{module}:{node.lineno} throws dice"
                assert not called.startswith(("pl.read_", "pl.scan_")), f"{module}:{node.lineno} reads a file"


def test_compiled_code_lives_in_the_kernels_which_know_nothing_else():
    users = {module for module, others in IMPORTS.items() if "numba" in {other.split(".")[0] for other in others}}
    assert users
    assert all(module.startswith("quotum.engine.kernels") for module in users), users
    for module in ENGINE:
        if module.startswith("quotum.engine.kernels"):
            assert {other.split(".")[0] for other in IMPORTS[module]} <= KERNELS_ALLOWED, module
            assert all(o.startswith("quotum.engine.kernels") for o in IMPORTS[module] if o.startswith("quotum."))


def test_there_are_no_drawers():
    drawers = {"utils", "util", "common", "helpers", "helper", "misc", "base", "core"}
    assert [module for module in FILES if drawers & set(module.split("."))] == []


def test_files_stay_readable():
    lengths = {module: len(path.read_text(encoding="utf-8").splitlines()) for module, path in FILES.items()}
    assert {module: n for module, n in lengths.items() if n > 500} == {}


@pytest.mark.parametrize("module", [m for m in FILES if not m.endswith("__main__")])
def test_modules_and_public_names_say_what_they_answer(module):
    tree = ast.parse(FILES[module].read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{module} has no docstring"
    public = [node for node in tree.body
              if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")]  # fmt: skip
    assert [node.name for node in public if not ast.get_docstring(node)] == []


def test_help_names_every_command():
    from quotum.cli import main

    shown = CliRunner().invoke(main, ["--help"]).output
    names = [name for _, name, _ in pkgutil.iter_modules(quotum.cli.__path__) if not name.startswith("_")]
    modules = [importlib.import_module(f"quotum.cli.{name}") for name in names]
    commands = {module.command.name for module in modules if hasattr(module, "command")}
    assert commands == set(main.list_commands(None))
    for name in commands:
        assert f"\n  {name} " in shown
        told = CliRunner().invoke(main, [name, "--help"])
        assert told.exit_code == 0
        assert told.output.startswith("Usage:")


def test_help_loads_nothing_heavy():
    ask = "import sys; from quotum.cli import main; main(['--help'], standalone_mode=False); print(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", ask], check=True, capture_output=True, text=True, timeout=60)
    heavy = {"polars", "numpy", "numba", "xlsxwriter", "fastexcel", "holidays"}
    assert heavy & set(told.stdout.splitlines()[-1].split()) == set()
