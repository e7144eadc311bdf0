"""Revising a plan on one page: every change in its turn, then the cuts follow.

A change is resolved to the number its slice shall have. An older change of the same slice is taken out first where
nothing was built upon it, so that there and back leaves no trace; what still differs becomes the deltas of the change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

import polars as pl

from quotum.engine.basics.issues import Issue, stops
from quotum.engine.revisions.bounds import tell_passed
from quotum.engine.revisions.changes import AMOUNTS, HOLDS, SHAPES, Change, Slice, check_change, find_slice
from quotum.engine.revisions.draft import Draft, stands_alone, touches_hold
from quotum.engine.revisions.following import follow_rows
from quotum.engine.revisions.limits import tell_broken
from quotum.engine.revisions.member_changes import measure_members, share_members
from quotum.engine.revisions.row_changes import Seen, measure_rows, name_rows, share_rows
from quotum.engine.revisions.selecting import find_places, read_holds
from quotum.engine.tables.plan_ratios import check_ratios
from quotum.engine.tables.plan_settings import MAX_AMOUNT_MINOR
from quotum.engine.tables.plan_tables import REVISION_SCHEMAS, Memory, Plan


def revise_plan(
    plan: Plan, changes: Sequence[Change], *, on: date | None = None, in_force: date | None = None
) -> tuple[Plan | None, list[Issue]]:
    """Return the plan with all changes made in order, or None and everything that forbids it.

    Rows, cuts and targets of the new plan hold the new sums; its tables ``changes``, ``deltas``, ``member_deltas`` and
    ``holds`` tell how they came about, everything else is as before. ``on`` is the day that holds must not have
    expired by (None: none has), ``in_force`` the day from which the changes count (None: from the beginning). Wrong
    input is an error; what cannot be met, because of holds or because there is not enough to take, is a conflict with
    the figures. Amounts are whole smallest units, in every sum and on every day. The new plan has the memory of
    the one it was made from, which saves the next revision what this one has looked up.
    """
    if plan["splits"].is_empty() and plan.cuts:
        return None, [Issue(rule="plan_without_reasons", table="plan")]
    if "prices" not in plan.tables and any(target.follows for target in plan.settings.targets):
        return None, [Issue(rule="plan_damaged", table="plan", file="prices")]
    draft = Draft.of(replace(plan, memory=plan.memory or Memory()))
    parts: list[tuple[Change, Slice]] = []
    issues: list[Issue] = []
    for change in changes:
        found = check_change(change)
        part, more = find_slice(draft.plan, change)
        if part is not None and not found:
            found = _check_part(change, part)
        issues += [*found, *more]
        if part is not None:
            parts.append((change, part))
    if stops(issues):
        return None, issues
    for change, part in parts:
        draft, found = _make(draft, change, part, on, in_force)
        issues += found
    if stops(issues):
        return None, issues
    if draft["changes"]["in_force"].null_count() == draft["changes"].height:  # what counted for a while stays known
        draft = draft.restore_rows()
    draft, below, unknown = follow_rows(draft)
    rows = name_rows(draft, below or unknown)
    if below:
        issues.append(Issue(rule="member_below_zero", severity="conflict", table="changes", value=rows))
    elif unknown:
        issues.append(Issue(rule="plan_damaged", table="plan", file="splits", value=rows))
    if stops(issues):
        return None, issues
    after = replace(draft.plan, memory=plan.memory)
    return after, issues + tell_broken(plan, after) + _recheck_ratios(plan, after)


def _recheck_ratios(before: Plan, after: Plan) -> list[Issue]:
    """Return implied prices and margins that the changes have put in another light."""
    if "prices" not in before.tables:
        return []
    known = check_ratios(before)
    return [issue for issue in check_ratios(after) if issue not in known]


def _check_part(change: Change, part: Slice) -> list[Issue]:
    """Return what a change asks of its slice that nobody can do."""
    if part.place.step is None:
        return []
    if change.operation in HOLDS:
        return [change.issue("hold_on_cut")]
    if change.operation in SHAPES:
        return [change.issue("shape_of_rows_only")]
    if change.absorb == "time" or change.since is not None or change.until is not None:
        return [change.issue("cut_in_time")]
    return []


def _make(
    draft: Draft, change: Change, part: Slice, on: date | None, in_force: date | None
) -> tuple[Draft, list[Issue]]:
    """Return the draft after a change, or as it was and why the change cannot be made."""
    if change.operation in HOLDS:
        return _hold(draft, change, part)
    if not len(find_places(draft.plan, part)):
        return draft, [change.issue("slice_empty")]
    held = read_holds(draft.plan, on)
    measure_slice, share = (measure_rows, share_rows) if part.place.step is None else (measure_members, share_members)
    seen: Seen = {}
    before = measure_slice(draft, part, seen)
    wanted = _resolve(change, before)
    if wanted < 0:
        figures = {"amount": part.write(before), "wanted": part.write(wanted)}
        return draft, [change.issue("below_zero", conflict=True, **figures)]
    if wanted >= MAX_AMOUNT_MINOR:
        return draft, [change.issue("total_out_of_range", conflict=True)]
    if change.operation in AMOUNTS and wanted == before:
        return draft, [Issue(rule="change_without_effect", severity="note", table="changes", file=change.file,
                             line=change.line, value=part.text)]  # fmt: skip
    older = _find_older(draft, change, part, in_force)
    bases = [draft]
    if older is not None and stands_alone(draft, older) and not touches_hold(draft, older, held):
        without = draft.take_out(older)
        if not any(without.below_zero(layer, rows_) for layer, rows_ in _rows_of(draft, older)):
            bases.insert(0, without)
    issues: list[Issue] = []
    for base in bases:
        made, issues = share(base, change, part, wanted, held, seen if base is draft else {})
        if made is None:
            continue
        if any(not 0 <= t.commit_minor <= t.stretch_minor < MAX_AMOUNT_MINOR for t in made.plan.settings.targets):
            issues = [change.issue("total_out_of_range", conflict=True)]
            continue
        if made.plan is not base.plan:
            made = made.add_change(
                {"operation": change.operation, "measure": part.measure.name, "layer": part.layer, "under": part.text,
                 "since": part.since, "until": part.until, "amount": wanted, "before": before, "after": wanted,
                 "absorb": change.absorb, "shape": _shape(change), "owner": change.owner or None,
                 "reason": change.reason or None, "in_force": in_force}
            )  # fmt: skip
        return made, issues + tell_passed(draft, made, change, part)
    return draft, issues


def _resolve(change: Change, before: int) -> int:
    """Return the number that the slice shall have; a factor is rounded half up."""
    if change.operation == "scale":
        return _half_up(before * (Fraction(1) if change.factor is None else change.factor))
    if change.operation == "add":
        return before + (change.amount_minor or 0)
    return before if change.amount_minor is None else change.amount_minor


def _half_up(amount: Fraction) -> int:
    return int((amount + Fraction(1, 2)) // 1)


def _shape(change: Change) -> str | None:
    """Return which shape a change gives: amounts give none."""
    return f"{change.operation} {change.over}" if change.operation in SHAPES else None


def _find_older(draft: Draft, change: Change, part: Slice, in_force: date | None) -> int | None:
    """Return the last change of the same slice that a new one stands in for: amounts for amounts, shapes for shapes."""
    changes = draft["changes"]
    if not (changes["under"] == part.text).any():
        return None
    same = changes.filter(
        pl.col("measure") == part.measure.name, pl.col("layer") == part.layer, pl.col("under") == part.text,
        pl.col("since") == part.since, pl.col("until") == part.until, pl.col("absorb") == change.absorb,
        pl.col("shape").eq_missing(pl.lit(_shape(change), pl.String)),
        pl.col("in_force").eq_missing(pl.lit(in_force, pl.Date)),
    )  # fmt: skip
    return int(same["change"][-1]) if same.height else None


def _rows_of(draft: Draft, change: int) -> list[tuple[str, pl.Series]]:
    """Return the rows that a change has deltas for, by layer."""
    lines = draft["deltas"].filter(pl.col("change") == change)
    return [(str(layer), rows["row"]) for (layer,), rows in lines.group_by("layer", maintain_order=True)]


def _hold(draft: Draft, change: Change, part: Slice) -> tuple[Draft, list[Issue]]:
    """Return the draft with a hold more, or without one."""
    schema = REVISION_SCHEMAS["holds"]
    line = {"measure": part.measure.name, "layer": change.layer or None, "under": part.text, "since": part.since,
            "until": part.until, "owner": change.owner or None, "reason": change.reason or None,
            "expires": change.expires}  # fmt: skip
    keys = ("measure", "layer", "under", "since", "until")
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.lit(line[name], schema[name])) for name in keys)
    holds = draft["holds"]
    if change.operation == "release":
        if holds.filter(same).is_empty():
            return draft, [change.issue("hold_missing")]
        return draft.with_tables(holds=holds.filter(~same)), []
    if (holds["under"] == part.text).any():
        holds = holds.filter(~same)
    return draft.with_tables(holds=pl.concat([holds, pl.DataFrame([line], schema=schema)], rechunk=True)), []
