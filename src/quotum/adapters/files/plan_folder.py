"""A plan on disk: a folder that is written once, under another name, and then renamed.

``plan.json`` and the Parquet tables depend on nothing but the plan; what differs from run to run is in ``run.json``.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from quotum import __version__
from quotum.engine.basics.issues import Issue
from quotum.engine.tables.plan_settings import LAYERS
from quotum.engine.tables.plan_tables import GIVEN_SCHEMAS, PLAN_SCHEMAS, REVISION_SCHEMAS, Plan, StoredTables
from quotum.engine.tables.settings_json import settings_from_json, settings_to_json

FORMAT = 1
_ROWS_PER_GROUP = 1 << 18
_CUT_SCHEMA: dict[str, type[pl.DataType]] = {"row": pl.Int32, "commit": pl.Int64, "extra": pl.Int64}


def write_plan(
    plan: Plan,
    folder: Path,
    *,
    inputs: Mapping[str, str],
    run: Mapping[str, Any],
    parent: str = "",
    finish: Callable[[Path], None] | None = None,
) -> list[Issue]:
    """Write the plan to ``folder``, which must not exist, and return what forbade it (nothing is left behind then).

    ``inputs`` are digests by file name, ``parent`` is that of the plan a revision started from; ``run`` holds what
    belongs to this run (timings), versions are added. ``finish`` may put further files, such as a workbook, into the
    unfinished folder it is given.
    """
    if folder.exists() or folder.is_symlink():
        return [Issue(rule="plan_exists", table="plan", file=str(folder))]
    unfinished = folder.with_name(f".{folder.name}.{os.getpid()}.unfinished")
    try:
        unfinished.mkdir()
        _write_tables(plan, unfinished)
        _write_json(unfinished / "plan.json", _describe(plan, inputs, parent))
        _write_json(unfinished / "run.json", {**run, "versions": list_versions()})
        if finish is not None:
            finish(unfinished)
        unfinished.rename(folder)
    except (OSError, ValueError) as error:  # a step whose name is no file name counts too
        return [Issue(rule="plan_not_written", table="plan", file=str(folder), value=str(error))]
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return []


def read_plan(folder: Path) -> tuple[Plan | None, list[Issue]]:
    """Return the plan in ``folder``; its tables are read when they are first used.

    A folder that is missing, no plan, damaged or of a newer format becomes an issue.
    """
    described, issues = _read_description(folder)
    if described is None:
        return None, issues
    try:
        settings = settings_from_json(described["settings"])
        files = {name: _table_path(folder, name) for name in described["tables"]}
        cuts = {step: _table_path(folder, f"{step}_shares") for step in described["cuts"]}
    except (KeyError, TypeError, ValueError) as error:
        return None, [_damaged(folder / "plan.json", str(error))]
    wanted = [(files.get(name, folder / name), schema) for name, schema in PLAN_SCHEMAS.items()]
    given = {**REVISION_SCHEMAS, **GIVEN_SCHEMAS}
    wanted += [(files[name], schema) for name, schema in given.items() if name in files]
    wanted += [(path, _CUT_SCHEMA) for path in cuts.values()]
    issues = [issue for path, schema in wanted if (issue := _check_table(path, schema))]
    return (None, issues) if issues else (Plan(settings, FolderTables(files), FolderTables(cuts)), [])


class FolderTables(StoredTables):
    """The tables of a folder, each read once, when it is first asked for."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = dict(files)
        self._read: dict[str, pl.DataFrame] = {}

    def __getitem__(self, name: str) -> pl.DataFrame:
        """Return the whole table."""
        if name not in self._read:
            self._read[name] = pl.read_parquet(self._files[name], glob=False)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def scan(self, name: str) -> pl.LazyFrame:
        """Return the table as a query that has not read anything yet."""
        return self._read[name].lazy() if name in self._read else pl.scan_parquet(self._files[name], glob=False)


def _write_tables(plan: Plan, folder: Path) -> None:
    cuts = {f"{step}_shares": table for step, table in plan.cuts.items()}
    for name, table in {**plan.tables, **cuts}.items():
        # Row groups follow the chunks of a frame otherwise, and those follow the number of threads.
        table.rechunk().write_parquet(
            _table_path(folder, name), compression="zstd", compression_level=3, row_group_size=_ROWS_PER_GROUP
        )


def _describe(plan: Plan, inputs: Mapping[str, str], parent: str) -> dict[str, Any]:
    quotas = plan["quotas"].group_by("measure").agg(pl.col(*LAYERS).sum()).sort("measure")
    return {
        "format": FORMAT,
        "name": plan.settings.name,
        "totals": {measure: dict(zip(LAYERS, amounts, strict=True)) for measure, *amounts in quotas.rows()},
        "settings": settings_to_json(plan.settings),
        "tables": sorted(plan.tables),
        "cuts": list(plan.cuts),
        "inputs": dict(sorted(inputs.items())),
    } | ({"parent": parent} if parent else {})


def _table_path(folder: Path, name: str) -> Path:
    """Return where a table lies; a name that would lead out of the folder is refused."""
    path = folder / f"{name}.parquet"
    if path.parent != folder or "\\" in name:
        raise ValueError(f"no name of a table: {name}")
    return path


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")


def list_versions() -> dict[str, str]:
    """Return the versions of what a folder was written with."""
    return {
        "quotum": __version__,
        "python": platform.python_version(),
        "polars": pl.__version__,
        "numpy": np.__version__,
    }


def _read_description(folder: Path) -> tuple[dict[str, Any] | None, list[Issue]]:
    path = folder / "plan.json"
    if not folder.is_dir():
        return None, [Issue(rule="plan_missing", table="plan", file=str(folder))]
    if not path.is_file():
        return None, [Issue(rule="not_a_plan", table="plan", file=str(folder))]
    try:
        described = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        return None, [_damaged(path, str(error))]
    found = described.get("format") if isinstance(described, dict) else None
    if not isinstance(found, int) or isinstance(found, bool) or found < 1:
        return None, [Issue(rule="not_a_plan", table="plan", file=str(folder))]
    if found > FORMAT:
        details = (("format", str(found)), ("known", str(FORMAT)))
        return None, [Issue(rule="plan_newer", table="plan", file=str(folder), value=str(found), details=details)]
    return described, []


def _check_table(path: Path, wanted: Mapping[str, type[pl.DataType]]) -> Issue | None:
    """Tell what is wrong with a table, from its header alone."""
    try:
        found = pl.read_parquet_schema(path)
    except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        return _damaged(path, error.__class__.__name__ if not isinstance(error, OSError) else error.strerror or "")
    wrong = [name for name, dtype in wanted.items() if found.get(name) != dtype]
    return _damaged(path, ", ".join(wrong)) if wrong else None


def _damaged(path: Path, what: str) -> Issue:
    return Issue(rule="plan_damaged", table="plan", file=str(path), value=what)
