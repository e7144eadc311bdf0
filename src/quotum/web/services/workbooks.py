"""Edited workbooks: looked into, shown as differences, accepted as one batch of edits."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quotum.web.bridge.drafts import DraftRefused
from quotum.web.bridge.workbooks import read_part, write_part
from quotum.web.queries.permissions import require
from quotum.web.queries.workspace import View, find_draft, roots_of
from quotum.web.records.models import PlanVersion, User
from quotum.web.services.draft_desk import CellNote, Desk, EditRefused, Outcome
from quotum.web.services.workspace import preview_changes, view_of

MOST_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Brought:
    """What an edited workbook asks for: changes to be accepted as they are, upon the draft after edit ``base``."""

    base: int
    changes: list[dict[str, str]]
    outcome: Outcome
    findings: list[dict[str, Any]]


def make_workbook(user: User, version: PlanVersion, view: View) -> bytes:
    """Return the user's part of a version as a workbook; refuse where there is none."""
    reach = require(user, "see_numbers")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "part.xlsx"
        try:
            write_part(find_draft(version).plan, view, roots_of(reach), path)
        except ValueError as error:
            raise EditRefused([CellNote("not_found")]) from error
        return path.read_bytes()


def look_into_workbook(user: User, version: PlanVersion, chunks: Iterable[bytes]) -> Brought:
    """Return what an edited workbook would change; refuse what cannot be read or is not the user's to change."""
    require(user, "edit_plan")
    draft = find_draft(version)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "edited.xlsx"
        size = 0
        with path.open("wb") as stream:
            for chunk in chunks:
                size += len(chunk)
                if size > MOST_BYTES:
                    raise EditRefused([CellNote("too_large")])
                stream.write(chunk)
        try:
            changes, findings = read_part(draft.plan, path)
        except DraftRefused as refusal:
            raise EditRefused(findings=refusal.findings) from refusal
    if not changes:
        return Brought(draft.sequence, [], Outcome(draft.sequence, {}), findings)
    outcome = preview_changes(user, version, changes)
    written = Desk.of(user, version, view_of(version)).write(changes, "")
    return Brought(draft.sequence, written, outcome, findings)
