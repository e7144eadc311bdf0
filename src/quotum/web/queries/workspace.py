"""A draft as the workspace shows it: its numbers as far as somebody may see them, who changed what, holds, comments."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from quotum.web.bridge.drafts import Batch, Pairs, Plan, list_holds, open_draft, read_under, write_under
from quotum.web.bridge.grids import GRAINS, Column, Row, View, cut_choices, list_columns, read_below, read_grid
from quotum.web.queries.permissions import Reach, keys_within, reach_of, units_within
from quotum.web.records.models import Comment, Edit, PlanVersion, User

_MOST_GRIDS = 16
_grids: OrderedDict[Hashable, list[Row]] = OrderedDict()
_lock = Lock()
MARKERS = ("undo", "redo")
"""Operations of edits that change no number: they take a batch out of the draft, or in again."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The state of a draft after some edit; ``sequence`` is that edit's number, 0 before any."""

    version: PlanVersion
    edits: tuple[Edit, ...]
    sequence: int

    @property
    def plan(self) -> Plan:
        """The numbers."""
        return open_draft(self.version.address, list_batches(self.edits))

    def at(self, sequence: int) -> Draft:
        """Return the draft as it was after an earlier edit."""
        return Draft(self.version, tuple(e for e in self.edits if e.sequence <= sequence), sequence)


@dataclass(frozen=True, slots=True)
class Steps:
    """What somebody could take back or make again: batches, None: nothing."""

    undo: str | None
    redo: str | None


def find_draft(version: PlanVersion) -> Draft:
    """Return a version with everything that was edited since."""
    edits = tuple(version.edits.select_related("by").order_by("sequence"))
    return Draft(version, edits, edits[-1].sequence if edits else 0)


def last_sequence(version: PlanVersion) -> int:
    """Return the number of the last edit of a version, 0 before any."""
    return version.edits.order_by("-sequence").values_list("sequence", flat=True).first() or 0


def list_batches(edits: Sequence[Edit]) -> list[Batch]:
    """Return what is in force of some edits, in the order made."""
    changes: dict[str, list[Mapping[str, Any]]] = {}
    out: set[str] = set()
    for edit in edits:
        operation = edit.change["operation"]
        if operation == "undo":
            out.add(edit.change["batch"])
        elif operation == "redo":
            out.discard(edit.change["batch"])
        else:
            changes.setdefault(str(edit.batch), []).append(edit.change)
    return [Batch(key, tuple(made)) for key, made in changes.items() if key not in out]


def steps_of(edits: Sequence[Edit], user: User) -> Steps:
    """Return what the user could take back: only own batches, the newest first; a new one ends what could be redone."""
    undo: list[str] = []
    redo: list[str] = []
    for edit in edits:
        if edit.by_id != user.pk:
            continue
        operation, batch = edit.change["operation"], edit.change.get("batch", "")
        if operation == "undo":
            undo.remove(batch)
            redo.append(batch)
        elif operation == "redo":
            redo.remove(batch)
            undo.append(batch)
        elif str(edit.batch) not in undo:
            undo.append(str(edit.batch))
            redo = []
    return Steps(undo[-1] if undo else None, redo[-1] if redo else None)


def changes_in_force(edits: Sequence[Edit]) -> list[Edit]:
    """Return the edits that count, in the order made."""
    alive = {batch.key for batch in list_batches(edits)}
    return [edit for edit in edits if str(edit.batch) in alive and edit.change["operation"] not in MARKERS]


def roots_of(reach: Reach) -> list[Pairs] | None:
    """Return the parts of a plan within reach; None: all of it."""
    under = keys_within(reach)
    return None if under is None else [(pair,) for pair in under]


def grid_of(draft: Draft, view: View, reach: Reach) -> list[Row]:
    """Return the rows that somebody may see; those of the states looked at last are kept in the process."""
    roots = roots_of(reach)
    state = (draft.version.address, tuple(batch.key for batch in list_batches(draft.edits)))
    at = (state, view, None if roots is None else tuple(roots))
    with _lock:
        if at in _grids:
            _grids.move_to_end(at)
            return _grids[at]
    rows = read_grid(draft.plan, view, roots)
    with _lock:
        _grids[at] = rows
        while len(_grids) > _MOST_GRIDS:
            _grids.popitem(last=False)
    return rows


def rows_below(draft: Draft, view: View, reach: Reach, parent: str, by: str) -> list[Row] | None:
    """Return the members of a further cut below a row; None where there is no such row within reach."""
    row = next((row for row in grid_of(draft, view, reach) if row.key == parent), None)
    if row is None or by not in cut_choices(draft.plan):
        return None
    return read_below(draft.plan, view, row.pairs, by)


def find_row(draft: Draft, view: View, reach: Reach, key: str) -> Row | None:
    """Return the row with this key, also one of a further cut; None where there is none within reach."""
    rows = grid_of(draft, view, reach)
    row = next((row for row in rows if row.key == key), None)
    if row is not None or not key:
        return row
    try:
        pairs = read_under(key)
    except ValueError:
        return None
    above = write_under(pairs[:-1])
    below = rows_below(draft, view, reach, above, pairs[-1][0]) if pairs[:-1] else None
    return next((row for row in below or () if row.key == key), None)


def editable_rows(user: User, version: PlanVersion, rows: Sequence[Row]) -> set[str]:
    """Return the keys of the rows whose numbers the user may change: those of a draft within reach."""
    reach = reach_of(user, "edit_plan")
    if not reach or version.state != "draft":
        return set()
    if reach.everywhere:
        return {row.key for row in rows}
    units = set(units_within(reach).values_list("unit", flat=True))
    return {row.key for row in rows if row.pairs and row.pairs[0][0] == "unit" and row.pairs[0][1] in units}


def differences(before: Sequence[Row], after: Sequence[Row]) -> dict[str, dict[int, int]]:
    """Return what differs between two grids of the same view: amounts of ``after`` by row and column."""
    known = {row.key: row.amounts for row in before}
    changed = {}
    for row in after:
        old = known.get(row.key)
        cells = {at: now for at, now in enumerate(row.amounts) if old is None or old[at] != now}
        if cells:
            changed[row.key] = cells
    return changed


def comments_of(version: PlanVersion, reach: Reach, rows: Sequence[Row]) -> list[Comment]:
    """Return what was said about numbers that somebody may see."""
    comments = version.comments.select_related("by").order_by("-at", "-id")
    if reach.everywhere:
        return list(comments[:200])
    keys = {row.key for row in rows} | {write_under(row.pairs[-1:]) for row in rows}
    return [c for c in comments[:1000] if c.under in keys or c.under.rpartition(";")[0] in keys][:200]


def holds_of(draft: Draft, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the holds on numbers that somebody may see; owners by name where they have an account."""
    keys = {row.key for row in rows} | {write_under(row.pairs[-1:]) for row in rows}
    holds = [hold for hold in list_holds(draft.plan) if hold["under"] in keys]
    names = {user.username: str(user) for user in User.objects.filter(username__in={hold["owner"] for hold in holds})}
    return [{**hold, "owner": names.get(hold["owner"], hold["owner"])} for hold in holds]


__all__ = [
    "GRAINS", "Column", "Draft", "Row", "Steps", "View", "changes_in_force", "comments_of", "cut_choices",
    "differences", "editable_rows", "find_draft", "find_row", "grid_of", "holds_of", "last_sequence", "list_batches",
    "list_columns", "roots_of", "rows_below", "steps_of",
    "write_under",
]  # fmt: skip
