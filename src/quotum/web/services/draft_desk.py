"""What one change of a draft works on: numbers as they stand, what was typed as changes, whose numbers they touch."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from quotum.web.bridge.drafts import (
    Change,
    DraftRefused,
    Pairs,
    Plan,
    list_holds,
    make_changes,
    measure_slice,
    moves_outside,
    read_under,
    write_change,
    write_under,
)
from quotum.web.bridge.grids import read_grid
from quotum.web.queries.clock import today
from quotum.web.queries.permissions import reach_of, require
from quotum.web.queries.workspace import (
    Column,
    Draft,
    Row,
    Steps,
    View,
    changes_in_force,
    differences,
    editable_rows,
    find_draft,
    grid_of,
    list_columns,
    roots_of,
    rows_below,
    steps_of,
)
from quotum.web.records.models import Edit, PlanVersion, User
from quotum.web.services.typed_amounts import read_typed

MOST_EDITS = 2_000
_ATTEMPTS = 5
Span = tuple[date | None, date | None]
ABSORBERS = ("parent", "siblings", "time")


@dataclass(frozen=True, slots=True)
class Typing:
    """One cell as somebody typed it; ``row`` and ``period`` are keys of the grid."""

    row: str
    period: str
    text: str


@dataclass(frozen=True, slots=True)
class CellNote:
    """What is to be told of a cell. ``code`` says what, the page has the words; ``values`` fill them in."""

    code: str
    row: str = ""
    period: str = ""
    severity: str = "wrong"
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What edits come to: the draft's number after them, amounts that differ by row and column, notes, what next.

    ``gains`` are the rows that win or lose in the whole plan, the largest first: (label, before, after).
    """

    sequence: int
    changed: dict[str, dict[int, int]]
    notes: list[CellNote] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    gains: list[tuple[str, int, int]] = field(default_factory=list)
    total: tuple[int, int] = (0, 0)
    steps: Steps = field(default_factory=lambda: Steps(None, None))


class EditRefused(Exception):  # noqa: N818 - it is an answer, not a failure
    """Edits that cannot be made as they are."""

    def __init__(self, notes: Sequence[CellNote] = (), findings: Sequence[Mapping[str, Any]] = ()) -> None:
        self.notes, self.findings = list(notes), list(findings)
        super().__init__("refused")


class MovedOn(Exception):  # noqa: N818 - it is an answer, not a failure
    """The draft is not what it was: its number now, what changed since, and the cells two people want different."""

    def __init__(self, sequence: int, changed: dict[str, dict[int, int]], notes: Sequence[CellNote]) -> None:
        self.sequence, self.changed, self.notes = sequence, changed, list(notes)
        super().__init__("moved on")


@dataclass
class Desk:
    """What one request works on: the draft as it stands, as far as the user sees it."""

    user: User
    draft: Draft
    view: View
    rows: list[Row]
    columns: list[Column]
    editable: set[str]
    _last: tuple[Plan, list[Row]] | None = None

    @classmethod
    def of(cls, user: User, version: PlanVersion, view: View) -> Desk:
        """Open a version for somebody who may edit plans; refuse others."""
        require(user, "edit_plan")
        draft = find_draft(version)
        rows = grid_of(draft, view, require(user, "see_numbers"))
        return cls(user, draft, view, rows, list_columns(draft.plan.settings, view.grain),
                   editable_rows(user, version, rows))  # fmt: skip

    @property
    def decimals(self) -> int:
        """The decimals of the measure in view."""
        return self.draft.plan.settings.measures[self.view.measure].decimals

    def find_cell(self, key: str, period: str) -> tuple[Pairs, Column]:
        """Return what a cell is called in changes; refuse one that is not there or not the user's to change."""
        column = next((column for column in self.columns if column.key == period), None)
        above = key if key in self.editable else key.rpartition(";")[0]
        row = next((row for row in self.rows if row.key == above), None)
        if column is None or row is None:
            raise EditRefused([CellNote("not_found", key, period)])
        if above not in self.editable:
            raise EditRefused([CellNote("out_of_reach", key, period)])
        if above == key:
            return row.pairs, column
        pairs = read_under(key)
        below = rows_below(self.draft, self.view, require(self.user, "see_numbers"), above, pairs[-1][0])
        found = next((row for row in below or () if row.key == key), None)
        if found is None:
            raise EditRefused([CellNote("not_found", key, period)])
        if found.marks.get(self.columns.index(column)) == "fixed":
            raise EditRefused([CellNote("whole_only", key, period)])
        return found.pairs, column

    def read(self, typings: Sequence[Typing], absorb: str, reason: str) -> tuple[list[dict[str, str]], list[CellNote]]:
        """Return what was typed as changes, coarse before fine; what was set is held while the rest is made."""
        if len(typings) > MOST_EDITS:
            raise EditRefused([CellNote("too_many", values={"most": MOST_EDITS})])
        settings, wrong = self.draft.plan.settings, []
        language = self.user.language or "en"
        depths = self._depths()
        made: list[tuple[int, int, Change]] = []
        for typing in typings:
            typed = read_typed(typing.text, self.decimals, language)
            if typed is None:
                wrong.append(CellNote("not_an_amount", typing.row, typing.period, values={"text": typing.text}))
                continue
            try:
                pairs, column = self.find_cell(typing.row, typing.period)
            except EditRefused as refusal:
                wrong += refusal.notes
                continue
            whole = (column.since, column.until) == (settings.since, settings.until)
            change = Change(
                typed.operation, pairs, self.view.measure, since=None if whole else column.since,
                until=None if whole else column.until, absorb=absorb if absorb in ABSORBERS else "parent",
                amount_minor=None if typed.operation == "scale" else typed.amount_minor,
                factor=typed.factor if typed.operation == "scale" else None, owner=self.user.username, reason=reason,
            )  # fmt: skip
            if self.view.level == "stretch":
                change = self._of_extra(change)
            depth = depths.get(write_under(pairs), len(pairs))
            made.append((depth, -(column.until - column.since).days, change))
        if wrong:
            raise EditRefused(wrong)
        ordered = [change for _, _, change in sorted(made, key=lambda one: one[:2])]
        known = {str(hold["under"]) for hold in list_holds(self.draft.plan)}
        above, around = self._find_above(ordered)
        ordered = [replace(change, absorb=a or change.absorb) for change, a in zip(ordered, above, strict=True)]
        if any(change.absorb != "parent" for change in ordered):
            ordered = _keep_what_was_set(ordered, known | around)
        return [write_change(change, self.decimals) for change in ordered], []

    def _find_above(self, changes: Sequence[Change]) -> tuple[list[str], set[str]]:
        """Return, for each number that lies in another one typed with it, what takes its difference: else empty.

        The other one stands as well, so the rest of it has to give way: other dates where it is longer, else siblings.
        With it come the members of these others, whose hold would freeze what lies below.
        """
        parents = {row.key: row.parent for row in self.rows}
        spans: dict[str, list[Span]] = {}
        for change in changes:
            spans.setdefault(write_under(change.under), []).append((change.since, change.until))
        found, around = [], set()
        for change in changes:
            at: str | None = write_under(change.under)
            own, absorber = (change.since, change.until), ""
            while at is not None:
                for span in spans.get(at, ()):
                    if span != own and _holds(span, own):
                        absorber = "time"
                        around.add(at)
                    elif span == own and at != write_under(change.under):
                        absorber = absorber or "siblings"
                        around.add(at)
                at = parents[at] if at in parents else at.rpartition(";")[0] or None
            found.append(absorber)
        return found, around

    def check_stands(self, changes: Sequence[Mapping[str, str]], after: Plan) -> None:
        """Refuse changes of which one undoes what another has set: they do not go together."""
        if not any(change["operation"] == "hold" for change in changes):
            return
        apart = []
        flows = self.draft.plan.settings.measures[self.view.measure].kind == "flow" and self.view.level == "commit"
        shown = {row.key: row.amounts for row in self.rows_of(after)} if flows else {}
        places = {(column.since, column.until): at for at, column in enumerate(self.columns)}
        whole = self.columns[0].since, self.columns[0].until
        for change in changes:
            if change["operation"] == "set":
                measure, under = change.get("measure") or self.view.measure, change.get("under", "")
                span = (_day(change.get("since")), _day(change.get("until")))
                at = places.get((span[0] or whole[0], span[1] or whole[1]))
                if measure == self.view.measure and under in shown and at is not None:
                    now: int | None = shown[under][at]
                else:
                    now = measure_slice(after, read_under(under), measure, "commit", span)
                if now != int(Decimal(change["amount"]).scaleb(self.decimals)):
                    period = f"{span[0] or self.columns[0].since}/{span[1] or self.columns[0].until}"
                    apart.append(CellNote("not_together", under, period))
        if apart:
            raise EditRefused(apart)

    def write(self, changes: Sequence[Change], reason: str) -> list[dict[str, str]]:
        """Return changes as the database keeps them, as this user's."""
        settings = self.draft.plan.settings
        return [
            write_change(replace(change, owner=self.user.username, reason=reason),
                         settings.measures[change.measure or settings.targets[0].measure].decimals)
            for change in changes
        ]  # fmt: skip

    def check_moved(self, base: int, changes: Sequence[Mapping[str, str]]) -> None:
        """Raise MovedOn where a number that changes speak of is not what it was at ``base``."""
        if base == self.draft.sequence:
            return
        old, moved = self.draft.at(base).plan, []
        for change in changes:
            level = "stretch" if change.get("layer") == "extra" else "commit"
            measure, under = change.get("measure") or self.view.measure, read_under(change.get("under", ""))
            span = (_day(change.get("since")), _day(change.get("until")))
            then = measure_slice(old, under, measure, level, span)
            now = measure_slice(self.draft.plan, under, measure, level, span)
            if then != now:
                values = {"theirs": now, "yours": change.get("amount", ""), "who": ""}
                moved.append(CellNote("moved", change.get("under", ""), severity="warning", values=values))
        if moved:
            raise MovedOn(self.draft.sequence, self.since(base), moved)

    def _depths(self) -> dict[str, int]:
        """Return how deep each row lies; coarser ones are changed first."""
        levels: dict[str, int] = {}
        for row in self.rows:
            levels[row.key] = 0 if row.parent is None else levels[row.parent] + 1
        return {row.key: len(row.pairs) + 10 * levels[row.key] for row in self.rows}

    def _of_extra(self, change: Change) -> Change:
        """Return a change of the stretch as one of what it asks beyond the commitment, by so much more or less."""
        now = self._read_stretch(change)
        wanted = {"set": change.amount_minor or 0, "add": now + (change.amount_minor or 0)}.get(
            change.operation, int(now * (change.factor or 1))
        )  # fmt: skip
        return replace(change, operation="add", layer="extra", amount_minor=wanted - now, factor=None)

    def _read_stretch(self, change: Change) -> int:
        """Return what a slice has with the stretch: the number in view, else measured."""
        row = next((row for row in self.rows if row.pairs == change.under), None)
        span = (change.since or self.columns[0].since, change.until or self.columns[0].until)
        at = next((at for at, column in enumerate(self.columns) if (column.since, column.until) == span), None)
        if row is not None and at is not None:
            return row.amounts[at]
        return measure_slice(self.draft.plan, change.under, change.measure, "stretch", span) or 0

    def make(self, changes: Sequence[Mapping[str, str]]) -> tuple[Plan, list[dict[str, Any]]]:
        """Return the draft with changes made; refuse what moves numbers out of the user's reach."""
        before = self.draft.plan
        try:
            after, findings = make_changes(before, changes, today())
        except DraftRefused as refusal:
            raise EditRefused(findings=refusal.findings) from refusal
        roots = roots_of(reach_of(self.user, "edit_plan"))
        measures = {columns.get("measure") or self.view.measure for columns in changes}
        if roots is not None and any(moves_outside(before, after, measure, roots) for measure in measures):
            raise EditRefused([CellNote("moves_outside")])
        return after, findings

    def rows_of(self, plan: Plan) -> list[Row]:
        """Return the grid of another state of the draft; the last one is remembered."""
        if self._last is None or self._last[0] is not plan:
            self._last = plan, read_grid(plan, self.view, roots_of(require(self.user, "see_numbers")))
        return self._last[1]

    def since(self, base: int) -> dict[str, dict[int, int]]:
        """Return what changed since an earlier state."""
        return differences(self.rows_of(self.draft.at(base).plan), self.rows)

    def already(self, batch: uuid.UUID, base: int | None) -> Outcome | None:
        """Return what a batch came to that is in the draft already; None for a new one."""
        if all(edit.batch != batch for edit in self.draft.edits):
            return None
        changed = {} if base is None else self.since(base)
        return Outcome(self.draft.sequence, changed, steps=steps_of(self.draft.edits, self.user))

    def check_since(self, base: int, typings: Sequence[Typing]) -> None:
        """Raise MovedOn where a cell about to be changed is not what others have left it at since ``base``.

        What the user changed oneself, such as on another page, is no conflict; nor is what says the same.
        """
        if all(edit.by_id == self.user.pk for edit in self.draft.edits if edit.sequence > base):
            return
        changed = self.since(base)
        places = {column.key: at for at, column in enumerate(self.columns)}
        both = [
            CellNote("both_changed", t.row, t.period, "warning",
                     {"theirs": changed[t.row][places[t.period]], "yours": t.text, "who": self._who(t, base)})
            for t in typings
            if places.get(t.period) in changed.get(t.row, {}) and not self._is_own(t, base)
        ]  # fmt: skip
        if both:
            raise MovedOn(self.draft.sequence, changed, both)

    def check_kept(self, base: int, after: Plan) -> None:
        """Raise MovedOn where a number that somebody else has set since ``base`` would be moved."""
        lost = []
        for edit in changes_in_force([e for e in self.draft.edits if e.sequence > base]):
            change = edit.change
            if edit.by_id == self.user.pk or change["operation"] not in ("set", "add", "scale"):
                continue
            level = "stretch" if change.get("layer") == "extra" else "commit"
            measure = change.get("measure") or self.view.measure
            under, span = read_under(change.get("under", "")), (_day(change.get("since")), _day(change.get("until")))
            now = measure_slice(self.draft.plan, under, measure, level, span)
            then = measure_slice(after, under, measure, level, span)
            if now == then:
                continue
            period = f"{span[0] or self.columns[0].since}/{span[1] or self.columns[0].until}"
            if any(row.key == change.get("under", "") for row in self.rows):
                values = {"theirs": now, "yours": then, "who": str(edit.by)}
                lost.append(CellNote("would_move", change.get("under", ""), period, "warning", values))
            else:  # a number that the user does not see
                lost.append(CellNote("would_move_others", severity="warning", values={"who": str(edit.by)}))
        if lost:
            raise MovedOn(self.draft.sequence, self.since(base), lost)

    def _is_own(self, typing: Typing, base: int) -> bool:
        """Tell whether the user is the last to have set a cell since ``base``."""
        whole = self.columns[0].key
        last = [
            edit.by_id for edit in changes_in_force(self.draft.edits)
            if edit.sequence > base and edit.change.get("under", "") == typing.row
            and (f"{edit.change['since']}/{edit.change['until']}" if edit.change.get("since") else whole)
            == typing.period
        ]  # fmt: skip
        return bool(last) and last[-1] == self.user.pk

    def _who(self, typing: Typing, base: int) -> str:
        theirs = [edit for edit in self.draft.edits if edit.sequence > base and edit.by_id != self.user.pk]
        exact = [edit for edit in theirs if edit.change.get("under", "") == typing.row]
        return str((exact or theirs)[-1].by)

    def warn_of_others(self, typings: Sequence[Typing]) -> list[CellNote]:
        """Tell cells that somebody else has set in this draft."""
        whole = self.columns[0].key
        last: dict[tuple[str, str], Edit] = {}
        for edit in changes_in_force(self.draft.edits):
            change = edit.change
            if change["operation"] in ("set", "add", "scale"):
                period = f"{change['since']}/{change['until']}" if change.get("since") else whole
                last[change.get("under", ""), period] = edit
        return [
            CellNote("set_by", t.row, t.period, "warning", {"who": str(found.by), "at": found.at})
            for t in typings
            if (found := last.get((t.row, t.period))) is not None and found.by_id != self.user.pk
        ]

    def tell(
        self, after: Plan, findings: list[dict[str, Any]], notes: list[CellNote], sequence: int,
        base_rows: Sequence[Row] | None = None,
    ) -> Outcome:  # fmt: skip
        """Return what a new state of the draft is beside the old one."""
        rows = self.rows_of(after)
        old = {row.key: row for row in self.rows}
        inner = {row.parent for row in rows}
        gains = [(row.label, old[row.key].amounts[0], row.amounts[0]) for row in rows
                 if row.key in old and row.key not in inner and row.amounts[0] != old[row.key].amounts[0]]  # fmt: skip
        tops = [row for row in rows if row.parent is None and row.key in old]
        total = sum(old[row.key].amounts[0] for row in tops), sum(row.amounts[0] for row in tops)
        gains.sort(key=lambda gain: (-abs(gain[2] - gain[1]), gain[0]))
        changed = differences(self.rows if base_rows is None else base_rows, rows)
        return Outcome(sequence, changed, notes, findings, gains, total)


def _keep_what_was_set(changes: Sequence[Change], known: set[str]) -> list[Change]:
    """Return changes with holds between them, so that a later one does not move what an earlier one has set.

    Members in ``known`` need none: somebody holds them anyway, or what lies in them was typed too.
    """
    made: list[Change] = []
    for change in changes:
        made.append(change)
        if write_under(change.under) not in known:
            made.append(Change("hold", change.under, change.measure, since=change.since, until=change.until))
    return [*made, *(replace(hold, operation="release") for hold in made if hold.operation == "hold")]


def _holds(longer: Span, span: Span) -> bool:
    """Tell whether dates lie in others; None is the plan's own first or last day."""
    return (longer[0] or date.min) <= (span[0] or date.min) and (span[1] or date.max) <= (longer[1] or date.max)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
