"""A visit plan on disk: a folder of its own, written once; plans made with [visits] hold the same tables."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from quotum import __version__
from quotum.engine.action_plan.visit_plan import VisitPlan
from quotum.engine.basics.issues import Issue
from quotum.engine.tables.plan_tables import Plan
from quotum.engine.tables.settings_json import from_json, to_json
from quotum.engine.tables.visit_settings import VisitSettings
from quotum.engine.tables.visit_tables import MOVE_SCHEMA, VISIT_SCHEMAS

VISITS_FILE = "visits.json"
FORMAT = 1


def write_visits(
    plan: VisitPlan, folder: Path, *, name: str, inputs: Mapping[str, str], run: Mapping[str, Any], parent: str = "",
    finish: Callable[[Path], None] | None = None,
) -> list[Issue]:  # fmt: skip
    """Write a visit plan to ``folder``, which must not exist; return what forbade it (nothing is left behind then).

    ``inputs`` are digests by file name, ``parent`` that of the plan it was made from; ``finish`` may add files.
    """
    if folder.exists() or folder.is_symlink():
        return [Issue(rule="plan_exists", table="plan", file=str(folder))]
    unfinished = folder.with_name(f".{folder.name}.{os.getpid()}.unfinished")
    try:
        unfinished.mkdir()
        for table, frame in plan.tables.items():
            frame.rechunk().write_parquet(unfinished / f"{table}.parquet", compression="zstd", compression_level=3)
        described = {
            "format": FORMAT, "name": name, "since": plan.since.isoformat(), "until": plan.until.isoformat(),
            "settings": to_json(plan.settings), "tables": sorted(plan.tables), "inputs": dict(sorted(inputs.items())),
        } | ({"parent": parent} if parent else {})  # fmt: skip
        described |= {} if plan.free_from is None else {"free_from": plan.free_from.isoformat()}
        _write_json(unfinished / VISITS_FILE, described)
        _write_json(unfinished / "run.json", {**run, "versions": {"quotum": __version__, "polars": pl.__version__}})
        if finish is not None:
            finish(unfinished)
        unfinished.rename(folder)
    except OSError as error:
        return [Issue(rule="plan_not_written", table="plan", file=str(folder), value=str(error))]
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return []


def read_visits(folder: Path) -> tuple[VisitPlan | None, str, list[Issue]]:
    """Return the visit plan of a folder of visits or of a plan that was made with them, its name, and findings."""
    path = folder / VISITS_FILE
    if not path.is_file():
        return _read_from_plan(folder)
    try:
        described = json.loads(path.read_text(encoding="utf-8"))
        if described["format"] > FORMAT:
            details = (("format", str(described["format"])), ("known", str(FORMAT)))
            return None, "", [Issue(rule="plan_newer", table="plan", file=str(folder), details=details)]
        tables = {table: pl.read_parquet(folder / f"{table}.parquet", glob=False) for table in described["tables"]}
        wanted = {**VISIT_SCHEMAS, **({"moves": MOVE_SCHEMA} if "moves" in tables else {})}
        wrong = [name for name, schema in wanted.items() if dict(tables[name].schema) != schema]
        if wrong:
            raise ValueError(", ".join(wrong))
        plan = VisitPlan(
            from_json(VisitSettings, described["settings"]), date.fromisoformat(described["since"]),
            date.fromisoformat(described["until"]), tables,
            free_from=date.fromisoformat(described["free_from"]) if "free_from" in described else None,
        )  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError) as error:
        return None, "", [Issue(rule="plan_damaged", table="plan", file=str(path), value=str(error)[:80])]
    return plan, str(described.get("name", "")), []


def _read_from_plan(folder: Path) -> tuple[VisitPlan | None, str, list[Issue]]:
    from quotum.adapters.files.plan_folder import read_plan

    plan, issues = read_plan(folder)
    if plan is None:
        return None, "", issues
    if not set(VISIT_SCHEMAS) <= set(plan.tables):
        return None, "", [Issue(rule="plan_without_visits", table="plan", file=str(folder))]
    return visits_of(plan), plan.settings.name, []


def visits_of(plan: Plan) -> VisitPlan:
    """Return the visits of a plan that was made with them."""
    settings = plan.settings.visits
    span = settings.since or plan.settings.since, settings.until or plan.settings.until
    return VisitPlan(settings, *span, {name: plan[name] for name in VISIT_SCHEMAS})


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")
