"""A draft while it is edited: the plan it began with and the changes made since, worked out once a process."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from threading import Lock
from typing import Any

from quotum.engine.basics.issues import stops
from quotum.engine.revisions import Change, revise_plan
from quotum.engine.revisions.changes import find_slice, write_under
from quotum.engine.revisions.selecting import pick_rows, read_under
from quotum.engine.slices import Request, cut_slice
from quotum.engine.tables.plan_settings import LAYERS, PlanSettings
from quotum.engine.tables.plan_tables import Memory, Plan, revision_table
from quotum.web.bridge.findings import list_findings
from quotum.web.bridge.plans import open_plan

Pairs = tuple[tuple[str, str], ...]
Columns = Mapping[str, Any]
"""One change as the database keeps it: the columns of a changes file, amounts as decimals in major units."""

_MOST_KEPT = 24
_kept: OrderedDict[tuple[str, tuple[str, ...]], Plan] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Batch:
    """Changes made together; ``key`` names them and never names others."""

    key: str
    changes: tuple[Columns, ...]


class DraftRefused(Exception):  # noqa: N818 - it is an answer, not a failure
    """Changes that cannot be made, with the findings that say why."""

    def __init__(self, findings: list[dict[str, Any]]) -> None:
        self.findings = findings
        super().__init__("; ".join(str(finding["message"]) for finding in findings) or "The changes cannot be made.")


def open_draft(address: str, batches: Sequence[Batch]) -> Plan:
    """Return the plan at an address with all batches made in order; raise DraftRefused where one cannot be.

    States on the way are kept, so that one batch more costs one batch, and one taken back at the end nothing.
    """
    keys = tuple(batch.key for batch in batches)
    plan, done = _find_kept(address, keys)
    for number in range(done, len(batches)):
        plan, _ = make_changes(plan, batches[number].changes)
        _keep((address, keys[: number + 1]), plan)
    return plan


def _find_kept(address: str, keys: tuple[str, ...]) -> tuple[Plan, int]:
    """Return the longest state known on the way, and the number of batches in it."""
    with _lock:
        for number in range(len(keys), -1, -1):
            at = (address, keys[:number])
            if at in _kept:
                _kept.move_to_end(at)
                return _kept[at], number
    plan = open_plan(address)
    # In memory: changes read everything. What they look up is the same for all states of a draft.
    plan = replace(plan, tables=dict(plan.tables), cuts=dict(plan.cuts), memory=Memory())
    _keep((address, ()), plan)
    return plan, 0


def _keep(at: tuple[str, tuple[str, ...]], plan: Plan) -> None:
    with _lock:
        _kept[at] = plan
        while len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)


def make_changes(plan: Plan, changes: Sequence[Columns], on: date | None = None) -> tuple[Plan, list[dict[str, Any]]]:
    """Return the plan with the changes and what is to be told of them; raise DraftRefused where they cannot be made.

    ``on``: the day on which holds must not have expired; None: none has.
    """
    made, issues = revise_plan(plan, [read_change(columns, plan.settings) for columns in changes], on=on)
    if made is None or stops(issues):
        raise DraftRefused(list_findings(issues))
    return made, list_findings(issues)


def read_change(columns: Columns, settings: PlanSettings) -> Change:
    """Return a change as the engine takes it."""
    measure = columns.get("measure") or settings.targets[0].measure
    decimals = settings.measures[measure].decimals
    amount, factor = columns.get("amount"), columns.get("factor")
    return Change(
        operation=columns["operation"], under=read_under(columns.get("under") or ""), measure=measure,
        layer=columns.get("layer") or "", since=_day(columns.get("since")), until=_day(columns.get("until")),
        amount_minor=None if amount is None else int(Decimal(amount).scaleb(decimals)),
        factor=None if factor is None else Fraction(factor), basis=columns.get("basis") or "",
        over=columns.get("over") or "members", absorb=columns.get("absorb") or "parent",
        owner=columns.get("owner") or "", reason=columns.get("reason") or "", expires=_day(columns.get("expires")),
    )  # fmt: skip


def write_change(change: Change, decimals: int) -> dict[str, str]:
    """Return a change as the database keeps it; what is empty is left out."""
    columns = {
        "operation": change.operation, "under": write_under(change.under), "measure": change.measure,
        "layer": change.layer, "since": change.since, "until": change.until,
        "amount": None if change.amount_minor is None else f"{Decimal(change.amount_minor).scaleb(-decimals):f}",
        "factor": change.factor, "basis": change.basis, "over": "" if change.over == "members" else change.over,
        "absorb": change.absorb, "owner": change.owner, "reason": change.reason, "expires": change.expires,
    }  # fmt: skip
    return {name: str(value) for name, value in columns.items() if value not in (None, "")}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def measure_slice(
    plan: Plan, under: Pairs, measure: str, level: str, span: tuple[date | None, date | None]
) -> int | None:
    """Return the number of a slice; None where the plan has none."""
    frame, issues = cut_slice(plan, Request((), None, measure, level, under, *span))
    return None if stops(issues) or not frame.height else int(frame["amount"].sum())


def moves_outside(before: Plan, after: Plan, measure: str, roots: Sequence[Pairs]) -> bool:
    """Tell whether changes moved a row that lies below none of ``roots``, or what one of them has in all."""
    inside = before["quotas"]["measure"].to_numpy() != measure
    for layer in LAYERS:
        old, new = before["quotas"][layer].to_numpy(), after["quotas"][layer].to_numpy()
        for root in roots:
            part, _ = find_slice(before, Change("set", root, measure))
            if part is None:
                continue
            at = pick_rows(before, part).at
            inside[at] = True
            if int(old[at].sum()) != int(new[at].sum()):
                return True
    return any(
        bool((before["quotas"][layer].to_numpy() != after["quotas"][layer].to_numpy())[~inside].any())
        for layer in LAYERS
    )


def list_holds(plan: Plan) -> list[dict[str, Any]]:
    """Return the holds of a plan: measure, layer, under, since, until, owner, reason, expires."""
    return revision_table(plan, "holds").to_dicts()


__all__ = [
    "Batch", "Change", "DraftRefused", "Pairs", "Plan", "list_holds", "make_changes", "measure_slice", "moves_outside",
    "open_draft", "read_change", "read_under", "write_change", "write_under",
]  # fmt: skip
