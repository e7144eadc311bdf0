"""A review on disk: a folder that is written once, under another name, and then renamed, as a plan is."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from quotum.adapters.files.plan_folder import FolderTables, list_versions
from quotum.engine.basics.issues import Issue
from quotum.engine.tables.review_tables import REVIEW_SCHEMAS, Review
from quotum.engine.tables.settings_json import settings_from_json, settings_to_json

FORMAT = 1
_LATER = {"figures", "names"}
"""Tables that reviews of earlier releases have not: they are empty then."""


def write_review(
    review: Review,
    folder: Path,
    *,
    plan: str,
    inputs: Mapping[str, str],
    run: Mapping[str, Any],
    finish: Callable[[Path], None] | None = None,
) -> list[Issue]:
    """Write the review to ``folder``, which must not exist, and return what forbade it (nothing is left behind then).

    ``plan`` is the digest of the plan it was held against, ``inputs`` those of the files it was made from. ``run``
    holds what belongs to this run; all other files depend on nothing but the review.
    """
    if folder.exists() or folder.is_symlink():
        return [Issue(rule="plan_exists", table="review", file=str(folder))]
    unfinished = folder.with_name(f".{folder.name}.{os.getpid()}.unfinished")
    described = {
        "format": FORMAT,
        "name": review.settings.name,
        "as_of": review.as_of.isoformat(),
        "plan": plan,
        "settings": settings_to_json(review.settings),
        "tables": sorted(review.tables),
        "inputs": dict(sorted(inputs.items())),
    }
    try:
        unfinished.mkdir()
        for name, table in review.tables.items():
            table.rechunk().write_parquet(unfinished / f"{name}.parquet", compression="zstd", compression_level=3)
        for name, content in (("review", described), ("run", {**run, "versions": list_versions()})):
            text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
            (unfinished / f"{name}.json").write_text(text, encoding="utf-8", newline="\n")
        if finish is not None:
            finish(unfinished)
        unfinished.rename(folder)
    except (OSError, ValueError) as error:
        why = (isinstance(error, OSError) and error.strerror) or str(error)
        return [Issue(rule="review_not_written", table="review", file=str(folder), value=why)]
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return []


def read_review(folder: Path) -> tuple[Review | None, list[Issue]]:
    """Return the review in ``folder``; its tables are read when they are first used. No review becomes an issue."""
    try:
        described = json.loads((folder / "review.json").read_text(encoding="utf-8"))
        settings = settings_from_json(described["settings"])
        known = {*REVIEW_SCHEMAS, "issues"}
        files = {name: folder / f"{name}.parquet" for name in described["tables"] if name in known}
        if missing := set(REVIEW_SCHEMAS) - set(files) - _LATER:
            raise ValueError("no " + ", ".join(sorted(missing)))
        for name, path in files.items():
            found = pl.read_parquet_schema(path)
            if any(found.get(column) != dtype for column, dtype in REVIEW_SCHEMAS.get(name, {}).items()):
                raise ValueError(f"{name}.parquet")
    except (FileNotFoundError, NotADirectoryError) as error:
        why = "there is no review.json in it" if folder.is_dir() else str(error.strerror)
        return None, [Issue(rule="not_a_review", table="review", file=str(folder), value=why)]
    except (OSError, ValueError, KeyError, TypeError, pl.exceptions.PolarsError) as error:
        return None, [Issue(rule="not_a_review", table="review", file=str(folder), value=str(error)[:120])]
    return Review(settings, FolderTables(files)), []


def check_plan(folder: Path, plan_digest: str) -> list[Issue]:
    """Tell a review that was held against another plan."""
    described = json.loads((folder / "review.json").read_text(encoding="utf-8"))
    if described.get("plan") == plan_digest:
        return []
    return [Issue(rule="review_other_plan", table="review", file=str(folder))]
