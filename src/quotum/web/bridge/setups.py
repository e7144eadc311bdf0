"""What a plan.toml says, changed part by part: the rest of the text, its comments too, stays as it was written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Table

from quotum.adapters.files.plan_steps import BASES, SEASONS, name_steps
from quotum.engine.tables.schema import DIMENSIONS
from quotum.web.bridge.setup_dates import focus_of, move_period

ACROSS = tuple(DIMENSIONS)


@dataclass(frozen=True, slots=True)
class TargetEntry:
    """A target as it is written: amounts in major units as text, empty where there is none."""

    measure: str
    commit: str = ""
    stretch: str = ""
    follows: str = ""


@dataclass(frozen=True, slots=True)
class StepEntry:
    """A step as it is written: ``across`` a dimension, or along the calendar. ``place``: where it stood, -1: new."""

    place: int = -1
    across: str = ""
    of: str = ""
    basis: Mapping[str, float] = field(default_factory=dict)
    floor: str = ""
    cap: str = ""
    stretch_cap: str = ""
    season: str = "history"
    name: str = ""

    @property
    def is_along(self) -> bool:
        """Whether it splits over time."""
        return not self.across


@dataclass(frozen=True, slots=True)
class SetupEntry:
    """The parts of a setup that pages change."""

    name: str
    since: date | None
    until: date | None
    currency: str
    targets: list[TargetEntry]
    steps: list[StepEntry]
    as_of: date | None = None
    focus: list[tuple[str, str]] = field(default_factory=list)


def read_entry(text: str) -> SetupEntry | None:
    """Return what a plan.toml says of period, targets and steps; None where it is no TOML."""
    try:
        document = tomlkit.parse(text).unwrap()
    except TOMLKitError:
        return None
    plan = document.get("plan", {})
    targets = [
        TargetEntry(str(t.get("measure", "")), _text(t.get("commit")), _text(t.get("stretch")),
                    str(t.get("follows", "")))
        for t in document.get("target", [])
    ]  # fmt: skip
    written = document.get("step", [])
    steps = [
        StepEntry(
            place, str(s.get("across", "")), str(s.get("of", "")), _mix(s.get("basis")), _text(s.get("floor")),
            _text(s.get("cap")), _text(s.get("stretch_cap")), str(s.get("season", "history")), name,
        )
        for place, (s, name) in enumerate(zip(written, name_steps(written), strict=True))
    ]  # fmt: skip
    since, until, as_of = plan.get("since"), plan.get("until"), plan.get("as_of")
    return SetupEntry(
        str(plan.get("name", "")), since if isinstance(since, date) else None,
        until if isinstance(until, date) else None, str(plan.get("currency", "")), targets, steps,
        as_of if isinstance(as_of, date) else None, focus_of(plan, document.get("focus")),
    )  # fmt: skip


def new_text(name: str, since: date, until: date, currency: str, measure: str) -> str:
    """Return a plan.toml of a first target with steps that fit most: units, people, days, then customers.

    The amount is one and is to be typed; floors and caps keep people near what their customers brought.
    """
    steps: list[dict[str, Any]] = [
        {"across": "unit", "basis": "history"}, {"across": "person", "basis": "history", "floor": 0.7, "cap": 1.6},
        {"along": "calendar", "season": "history"}, {"across": "customer", "of": "person", "basis": "history"},
    ]  # fmt: skip
    plan = {"name": name, "since": since, "until": until, "currency": currency}
    return tomlkit.dumps({"plan": plan, "target": [{"measure": measure, "commit": 1}], "step": steps})


def write_targets(
    text: str, name: str, since: date | None, until: date | None, targets: Sequence[TargetEntry],
    as_of: date | None = None, focus: Sequence[str] | None = None,
) -> str:  # fmt: skip
    """Return the text with another period and other targets; what was said for the old period moves along."""
    document = tomlkit.parse(text)
    plan: Any = document.setdefault("plan", tomlkit.table())
    if name:
        plan["name"] = name
    if since is not None and until is not None:
        move_period(document, since, until, as_of, focus)
    entries = _tables(document, "target")
    known = {str(table.get("measure", "")): table for table in entries}
    made = tomlkit.aot()
    for target in targets:
        table = known.get(target.measure, tomlkit.table())
        table["measure"] = target.measure
        for key, amount in (("commit", target.commit), ("stretch", target.stretch)):
            if amount:
                table[key] = _number(amount)
            else:
                table.pop(key, None)
        made.append(table)
    _replace(document, "target", made)
    return _close_gaps(tomlkit.dumps(document))


def write_steps(text: str, steps: Sequence[StepEntry]) -> str:
    """Return the text with other steps, in this order; what pages do not show of a step stays."""
    document = tomlkit.parse(text)
    entries = _tables(document, "step")
    made = tomlkit.aot()
    for step in steps:
        table = entries[step.place] if 0 <= step.place < len(entries) else tomlkit.table()
        if step.is_along:
            table["along"] = "calendar"
            table["season"] = step.season
        else:
            table["across"] = step.across
            if step.basis:
                table["basis"] = _write_mix(step.basis)
            for key, amount in (("floor", step.floor), ("cap", step.cap), ("stretch_cap", step.stretch_cap)):
                if amount:
                    table[key] = _number(amount)
                else:
                    table.pop(key, None)
        if step.of:
            table["of"] = step.of
        else:
            table.pop("of", None)
        made.append(table)
    _replace(document, "step", made)
    return _close_gaps(tomlkit.dumps(document))


def _close_gaps(text: str) -> str:
    """Return a text without the empty lines that taking tables out and putting them in leaves behind."""
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


def _tables(document: Any, name: str) -> list[Table]:
    found = document.get(name)
    return list(found) if isinstance(found, AoT) else []


def _replace(document: Any, name: str, tables: AoT) -> None:
    """Put tables in the place of those of the same name, at the end where there were none."""
    document.pop(name, None)
    document.add(tomlkit.nl())
    document.add(name, tables)


def _text(value: object) -> str:
    try:
        return "" if value is None else f"{Decimal(str(value)):f}"
    except InvalidOperation:
        return ""


def _number(text: str) -> Any:
    value = Decimal(text)
    return tomlkit.value(f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}")


def _mix(basis: object) -> dict[str, float]:
    if isinstance(basis, str):
        return {basis: 1.0}
    return {str(k): float(v) for k, v in basis.items()} if isinstance(basis, Mapping) else {"history": 1.0}


def _write_mix(basis: Mapping[str, float]) -> Any:
    if len(basis) == 1:
        return next(iter(basis))
    mix = tomlkit.inline_table()
    for name, weight in basis.items():
        mix[name] = weight
    return mix


__all__ = [
    "ACROSS", "BASES", "SEASONS", "SetupEntry", "StepEntry", "TargetEntry", "new_text", "read_entry", "write_steps",
    "write_targets",
]  # fmt: skip
