"""Changing a draft's numbers: typed at any level, previewed, accepted as one batch, taken back, held, commented.

Every edit is a line with a number of its own. Whoever sends edits says up to which number the draft was seen; what
others have set since is never overwritten unseen, nor is it moved.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from quotum.web.bridge.drafts import Change, DraftRefused, Plan, read_under, write_change
from quotum.web.queries.clock import today
from quotum.web.queries.permissions import require
from quotum.web.queries.workspace import Draft, View, find_draft, grid_of, last_sequence, steps_of
from quotum.web.records.models import Comment, Edit, PlanVersion, User
from quotum.web.services.draft_desk import CellNote, Desk, EditRefused, MovedOn, Outcome, Typing
from quotum.web.services.recording import record_change

_ATTEMPTS = 5
Proposal = tuple[list[dict[str, str]], Plan, list[dict[str, Any]], list[CellNote]]

def preview_edits(
    user: User, version: PlanVersion, view: View, base: int, typings: Sequence[Typing], absorb: str
) -> Outcome:
    """Return what edits would change; raise MovedOn where others have changed the draft since ``base``."""
    desk = Desk.of(user, version, view)
    if base != desk.draft.sequence:
        raise MovedOn(desk.draft.sequence, desk.since(base), [])
    changes, notes = desk.read(typings, absorb, "")
    after, findings = desk.make(changes)
    desk.check_stands(changes, after)
    return desk.tell(after, findings, [*notes, *desk.warn_of_others(typings)], desk.draft.sequence)


def apply_edits(
    user: User, version: PlanVersion, view: View, base: int, typings: Sequence[Typing], absorb: str, reason: str = "",
    key: str = "",
) -> Outcome:  # fmt: skip
    """Make edits part of the draft as one batch; raise MovedOn where others' since ``base`` stand against them.

    What others changed elsewhere stays, and these edits come after it. Sent again with the same ``key`` they change
    nothing twice.
    """

    def propose(desk: Desk) -> Proposal:
        changes, notes = desk.read(typings, absorb, reason)
        desk.check_since(base, typings)
        after, findings = desk.make(changes)
        desk.check_stands(changes, after)
        desk.check_kept(base, after)
        return changes, after, findings, notes

    return _write(user, version, view, base, propose, reason, key)


def preview_changes(user: User, version: PlanVersion, changes: Sequence[Change]) -> Outcome:
    """Return what changes would come to that did not come from the grid, such as those of an edited workbook."""
    desk = Desk.of(user, version, view_of(version))
    after, findings = desk.make(desk.write(changes, ""))
    return desk.tell(after, findings, [], desk.draft.sequence)


def change_draft(
    user: User, version: PlanVersion, base: int, changes: Sequence[Mapping[str, str]], reason: str = "", key: str = ""
) -> Outcome:  # fmt: skip
    """Make changes, as ``write_change`` wrote them, as one batch; raise MovedOn where their numbers moved since."""

    def propose(desk: Desk) -> Proposal:
        desk.check_moved(base, changes)
        written = [{**change, "owner": user.username, **({"reason": reason} if reason else {})} for change in changes]
        after, findings = desk.make(written)
        desk.check_kept(base, after)
        return written, after, findings, []

    return _write(user, version, view_of(version), base, propose, reason, key)


def hold_number(
    user: User, version: PlanVersion, row: str, period: str, *, release: bool = False, expires: date | None = None,
    reason: str = "", view: View | None = None,
) -> Outcome:  # fmt: skip
    """Hold a number so that no change moves it, or let go of it; a hold has an owner, a reason, perhaps an end."""
    view = view or view_of(version)

    def propose(desk: Desk) -> Proposal:
        pairs, column = desk.find_cell(row, period)
        held = Change("release" if release else "hold", pairs, view.measure, since=column.since, until=column.until,
                      owner=user.username, reason=reason, expires=expires)  # fmt: skip
        if not release and not reason:
            raise EditRefused([CellNote("reason_missing", row, period)])
        if not release and expires is not None and expires <= today():
            raise EditRefused([CellNote("end_over", row, period)])
        columns = [write_change(held, desk.decimals)]
        after, findings = desk.make(columns)
        return columns, after, findings, []

    return _write(user, version, view, None, propose, reason)


def undo_batch(user: User, version: PlanVersion, view: View, base: int, key: str = "") -> Outcome:
    """Take the user's last batch back; the batches after it stay and are worked out anew."""
    return _mark_batch(user, version, view, base, "undo", key)


def redo_batch(user: User, version: PlanVersion, view: View, base: int, key: str = "") -> Outcome:
    """Make the batch again that the user took back last."""
    return _mark_batch(user, version, view, base, "redo", key)


def add_comment(user: User, version: PlanVersion, row: str, period: str, text: str) -> Comment:
    """Say something about a number that the user may see."""
    reach = require(user, "see_numbers")
    draft = find_draft(version)
    keys = {found.key for found in grid_of(draft, view_of(version), reach)}
    if not text.strip() or (row not in keys and row.rpartition(";")[0] not in keys):
        raise EditRefused([CellNote("not_found" if text.strip() else "text_missing", row, period)])
    since, until = _read_span(period)
    with transaction.atomic():
        comment = Comment.objects.create(plan=version, under=row, since=since, until=until, text=text.strip(), by=user)
        record_change(user, "commented", "plans", version.pk, after={"under": row, "text": comment.text},
                      unit=_unit_of(row))  # fmt: skip
    return comment


def view_of(version: PlanVersion, measure: str = "", level: str = "", grain: str = "") -> View:
    """Return a view of a version; what is unknown is the usual."""
    measures = [total["measure"] for total in version.totals]
    return View(
        measure if measure in measures else measures[0],
        level if level in ("commit", "stretch") else "commit",
        grain if grain in ("quarter", "month", "tenday", "week", "day") else "month",
    )


def _write(
    user: User, version: PlanVersion, view: View, base: int | None, propose: Callable[[Desk], Proposal], reason: str,
    key: str = "",
) -> Outcome:  # fmt: skip
    """Work out a proposal and write it as a batch, again where somebody else wrote in between."""
    batch = _name_batch(user, key)
    for _ in range(_ATTEMPTS):
        desk = Desk.of(user, version, view)
        if done := desk.already(batch, base):
            return done
        _require_draft(desk)
        changes, after, findings, notes = propose(desk)
        try:
            with transaction.atomic():
                edits = _append(user, desk.draft, changes, batch, reason)
        except IntegrityError:
            continue  # another edit has taken the number: look at the draft as it is now
        base_rows = None if base in (None, desk.draft.sequence) else desk.rows_of(desk.draft.at(base or 0).plan)
        outcome = desk.tell(after, findings, notes, edits[-1].sequence, base_rows)
        return replace(outcome, steps=steps_of([*desk.draft.edits, *edits], user))
    raise EditRefused([CellNote("busy")])


def _append(
    user: User, draft: Draft, changes: Sequence[Mapping[str, str]], batch: uuid.UUID, reason: str
) -> list[Edit]:  # fmt: skip
    """Write edits behind those that the draft has; raise IntegrityError where it has more by now."""
    version = PlanVersion.objects.select_for_update().get(pk=draft.version.pk)
    if version.state != "draft":
        raise EditRefused([CellNote("not_a_draft")])
    last = last_sequence(version)
    if last != draft.sequence:
        raise IntegrityError("the draft has moved on")
    edits = Edit.objects.bulk_create(
        Edit(plan=version, sequence=last + number, batch=batch, change=dict(change), by=user)
        for number, change in enumerate(changes, 1)
    )
    units = {_unit_of(change.get("under", "")) for change in changes}
    record_change(user, "edited", "plans", version.pk, after={"sequence": last + len(edits), "changes": list(changes)},
                  reason=reason, unit=units.pop() if len(units) == 1 else "")  # fmt: skip
    return edits


def _mark_batch(user: User, version: PlanVersion, view: View, base: int, operation: str, key: str) -> Outcome:
    """Take a batch out of the draft or in again, with an edit that says so."""
    own = _name_batch(user, key)
    for _ in range(_ATTEMPTS):
        desk = Desk.of(user, version, view)
        if done := desk.already(own, base):
            return done
        _require_draft(desk)
        steps = steps_of(desk.draft.edits, user)
        batch = steps.undo if operation == "undo" else steps.redo
        if batch is None:
            raise EditRefused([CellNote("nothing_to_" + operation)])
        marker = Edit(plan=version, sequence=desk.draft.sequence + 1, batch=own, by=user, undone=True,
                      change={"operation": operation, "batch": batch})  # fmt: skip
        then = Draft(version, (*desk.draft.edits, marker), marker.sequence)
        try:
            after = then.plan
        except DraftRefused as refusal:
            raise EditRefused(findings=refusal.findings) from refusal
        try:
            with transaction.atomic():
                if PlanVersion.objects.select_for_update().get(pk=version.pk).state != "draft":
                    raise EditRefused([CellNote("not_a_draft")])
                if last_sequence(version) != desk.draft.sequence:
                    continue
                marker.save(force_insert=True)
                Edit.objects.filter(plan=version, batch=batch).update(undone=operation == "undo")
                words = "took back" if operation == "undo" else "made again"
                record_change(user, words, "plans", version.pk, after={"sequence": marker.sequence, "batch": batch})
        except IntegrityError:
            continue
        base_rows = None if base == desk.draft.sequence else desk.rows_of(desk.draft.at(base).plan)
        outcome = desk.tell(after, [], [], marker.sequence, base_rows)
        return replace(outcome, steps=steps_of(then.edits, user))
    raise EditRefused([CellNote("busy")])


def _name_batch(user: User, key: str) -> uuid.UUID:
    """Return the name of a batch: the same for the same key of the same user."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{user.pk}\n{key}") if key else uuid.uuid4()


def _require_draft(desk: Desk) -> None:
    if desk.draft.version.state != "draft":
        raise EditRefused([CellNote("not_a_draft")])
    if not desk.editable:
        raise PermissionDenied("edit_plan")


def _unit_of(under: str) -> str:
    return next((key for dimension, key in read_under(under) if dimension == "unit"), "")


def _read_span(period: str) -> tuple[date | None, date | None]:
    since, _, until = period.partition("/")
    try:
        return date.fromisoformat(since), date.fromisoformat(until)
    except ValueError:
        return None, None


__all__ = [
    "CellNote", "EditRefused", "MovedOn", "Outcome", "Typing", "add_comment", "apply_edits", "change_draft",
    "hold_number", "preview_changes",
    "preview_edits", "redo_batch", "undo_batch", "view_of",
]  # fmt: skip
