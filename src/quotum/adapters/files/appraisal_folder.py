"""An appraisal on disk: a folder of its own, written once under another name and then renamed."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from quotum import __version__
from quotum.engine.appraisal import APPRAISAL_SCHEMAS, Appraisal
from quotum.engine.appraisal.schemes import Scheme
from quotum.engine.appraisal.sources import SOURCE_TABLES
from quotum.engine.basics.issues import Issue
from quotum.engine.planning import list_issues

APPRAISAL_FILE = "appraisal.json"
FORMAT = 1


def write_appraisal(
    appraisal: Appraisal, folder: Path, *, name: str, period: str, parent: str, schemes: Sequence[Scheme],
    inputs: Mapping[str, str], run: Mapping[str, Any], issues: Sequence[Issue],
    finish: Callable[[Path], None],
) -> list[Issue]:  # fmt: skip
    """Write an appraisal to ``folder``, which must not exist; return what forbade it (nothing is left behind then).

    ``parent`` is the digest of the plan it holds figures against; ``finish`` adds files.
    """
    if folder.exists() or folder.is_symlink():
        return [Issue(rule="appraisal_exists", table="schemes", file=str(folder))]
    unfinished = folder.with_name(f".{folder.name}.{os.getpid()}.unfinished")
    tables = {**appraisal.tables, "issues": list_issues(list(issues))}
    try:
        unfinished.mkdir()
        for table, frame in tables.items():
            frame.rechunk().write_parquet(unfinished / f"{table}.parquet", compression="zstd", compression_level=3)
        _write_json(unfinished / APPRAISAL_FILE, {
            "format": FORMAT, "name": name, "period": period, "since": appraisal.since.isoformat(),
            "until": appraisal.until.isoformat(), "plan": parent, "tables": sorted(tables),
            "schemes": [{"scheme": s.name, "since": s.since.isoformat(), "file": s.file} for s in schemes],
            "inputs": dict(sorted(inputs.items())),
        })  # fmt: skip
        _write_json(unfinished / "run.json", {**run, "versions": {"quotum": __version__, "polars": pl.__version__}})
        finish(unfinished)
        unfinished.rename(folder)
    except OSError as error:
        return [Issue(rule="appraisal_not_written", table="schemes", file=str(folder), value=str(error))]
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return []


def read_appraisal(folder: Path) -> tuple[dict[str, pl.DataFrame], list[Issue]]:
    """Return the tables of an appraisal's folder; a folder that is none, damaged or newer becomes an issue."""
    path = folder / APPRAISAL_FILE
    try:
        described = json.loads(path.read_text(encoding="utf-8"))
        if described["format"] > FORMAT:
            details = (("format", str(described["format"])), ("known", str(FORMAT)))
            return {}, [Issue(rule="plan_newer", table="schemes", file=str(folder), details=details)]
        tables = {name: pl.read_parquet(folder / f"{name}.parquet", glob=False) for name in described["tables"]}
        wanted = {**APPRAISAL_SCHEMAS, **SOURCE_TABLES}
        wrong = [name for name, schema in wanted.items() if dict(tables[name].schema) != dict(schema)]
        if wrong:
            raise ValueError(", ".join(wrong))
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError) as error:
        return {}, [Issue(rule="plan_damaged", table="schemes", file=str(path), value=str(error)[:80])]
    return tables, []


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")
