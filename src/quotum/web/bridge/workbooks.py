"""One's part of a plan as a workbook to be edited, and what an edited one asks for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quotum.adapters.files.edited_workbook import read_edited
from quotum.adapters.printing.slice_files import MAX_SHEET_ROWS, write_workbook
from quotum.engine.basics.issues import stops
from quotum.engine.revisions.changes import write_under
from quotum.engine.slices import Request, cut_slice
from quotum.engine.tables.plan_tables import Plan
from quotum.web.bridge.drafts import Change, DraftRefused, Pairs
from quotum.web.bridge.findings import list_findings
from quotum.web.bridge.grids import View, tree_dimensions


def write_part(plan: Plan, view: View, roots: Sequence[Pairs] | None, path: Path) -> None:
    """Write the part of a plan below ``roots`` (None: all) as a workbook; raise ValueError where it has no line."""
    under = tuple(pair for root in roots or () for pair in root)
    by = tree_dimensions(plan)
    frame, issues = cut_slice(plan, Request(by, view.grain, view.measure, view.level, under))
    if stops(issues) or not 0 < frame.height <= MAX_SHEET_ROWS:
        raise ValueError("nothing to write")
    kind = plan.settings.measures[view.measure].kind
    write_workbook(frame, path, kind=kind, as_of=plan.settings.as_of, by=by, under=write_under(under))


def read_part(plan: Plan, path: Path) -> tuple[list[Change], list[dict[str, Any]]]:
    """Return the changes an edited workbook asks for, with findings; raise DraftRefused where it cannot be read."""
    changes, issues = read_edited(path, plan)
    if stops(issues):
        raise DraftRefused(list_findings(issues))
    return changes, list_findings(issues)
