"""Reads the steps of plan.toml: which split comes when, over what, by which basis, within which bounds."""

from __future__ import annotations

from typing import Any

from quotum.adapters.files.toml_sections import Section, TomlNotes
from quotum.engine.basics.nearest import nearest
from quotum.engine.tables.plan_settings import (
    MAX_AMOUNT_MINOR,
    AcrossStep,
    AlongStep,
    Bases,
    Measure,
    Step,
    Target,
)
from quotum.engine.tables.schema import DIMENSIONS

BASES = (
    "history",
    "forecast",
    "potential",
    "ability",
    "headcount",
    "equal",
    "working_days",
    "manual",
    "market_capacity",
    "market_share",
)
LATER_BASES = ("rank", "industry")
RECONCILED = ("person", "customer")
SEASONS = ("history", "forecast", "flat", "table")


def name_steps(entries: list[Any]) -> list[str]:
    """Return the name of every step: its own, or that of its dimension, made single with _2, _3 …"""
    names: list[str] = []
    for entry in entries:
        values = entry if isinstance(entry, dict) else {}
        plain = str(values.get("name") or values.get("across") or values.get("along") or "step")
        name, number = plain, 2
        while name in names and not values.get("name"):
            name, number = f"{plain}_{number}", number + 1
        names.append(name)
    return names


def read_steps(
    entries: object, targets: tuple[Target, ...], measures: dict[str, Measure], notes: TomlNotes
) -> tuple[Step, ...]:
    """Return the steps in order. ``of`` is resolved to the name of a step across, or empty for the whole target.

    No steps at all are fine: the engine then takes the usual ones.
    """
    if not isinstance(entries, list):
        notes.add("setting_type", "step", value=entries, expected="sections")
        return ()
    names = name_steps(entries)
    parents: dict[str, str] = {}  # what `of = "<name>"` means: a step across itself, of a step along what it spreads
    before = ""
    steps: list[Step] = []
    for place, (values, name) in enumerate(zip(entries, names, strict=True)):
        section = Section(notes, f"step[{place}]", values, f"step.{name}")
        section.text("name")
        of = _read_of(section, parents, before)
        step: Step
        if section.has("across") == section.has("along"):
            section.refuse("step_kind", "across")
            continue
        if section.has("along"):
            step = _read_along(section, name, of)
        else:
            step = _read_across(section, name, of, targets, measures)
        section.refuse_rest()
        if name in parents:
            section.refuse("step_name_twice", "name", name)
        if isinstance(step, AlongStep) and any(isinstance(known, AlongStep) for known in steps):
            section.refuse("two_along", "along", name)
        before = step.of if isinstance(step, AlongStep) else name
        parents[name] = before
        steps.append(step)
    return tuple(steps)


def _read_of(section: Section, parents: dict[str, str], before: str) -> str:
    """Return the step that is split: the one named by ``of``, or the one before."""
    of = section.text("of", before)
    if not section.has("of"):
        return before
    if of and of not in parents:
        section.refuse("step_of_unknown", "of", of, known=", ".join(parents), nearest=nearest(of, parents))
    return parents.get(of, before if of else "")


def _read_along(section: Section, name: str, of: str) -> AlongStep:
    section.text("along", choices=("calendar",))
    season = section.text("season", "history", choices=SEASONS)
    rates = section.numbers("rates", (), (12, 12))
    if season == "table" and (not rates or not any(rates)):
        section.refuse("rates_missing", "rates")
    weekdays = section.numbers("weekdays", (1, 1, 1, 1, 1, 0, 0), (7, 7))
    if not any(weekdays):
        section.refuse("weights_all_zero", "weekdays")
    holiday, shrink = section.number("holiday", 0.0), section.number("shrink", 30.0)
    return AlongStep(name, of, "calendar", season, rates, weekdays, holiday or 0.0, 30.0 if shrink is None else shrink)


def _read_across(
    section: Section, name: str, of: str, targets: tuple[Target, ...], measures: dict[str, Measure]
) -> AcrossStep:
    floor, cap, stretch_cap = section.number("floor"), section.number("cap"), section.number("stretch_cap")
    if floor is not None and cap is not None and floor > cap:
        section.refuse("floor_above_cap", "floor", floor, cap=cap)
    if cap is not None and stretch_cap is not None and cap > stretch_cap:
        section.refuse("floor_above_cap", "stretch_cap", stretch_cap, cap=cap)
    basis = _read_basis(section)
    fallback = section.text("fallback", "equal", choices=BASES)
    weights = section.weights("weights")
    if not any(weights.values()) and any(used == "manual" for used in (fallback, *(base for base, _ in basis))):
        section.refuse("manual_without_weights", "weights")
    only, reconcile = section.texts("measures"), section.text("reconcile", choices=("proposals",))
    if reconcile and section.values.get("across") not in RECONCILED:
        section.refuse("reconcile_not_for", "reconcile", str(section.values.get("across")), known=", ".join(RECONCILED))
    for measure in only:
        if measure not in measures:
            section.refuse(
                "unknown_measure", "measures", measure, nearest=nearest(measure, measures), known=", ".join(measures)
            )
    return AcrossStep(
        name=name, across=section.text("across", choices=tuple(DIMENSIONS)), of=of, basis=basis, fallback=fallback,
        floor=floor, cap=cap, stretch_cap=stretch_cap, lot_minor=_read_lots(section, targets, measures),
        members=section.texts("members"), weights=weights, measures=only,
        reconcile=reconcile, hedge=section.number("hedge", 1.0, low=1.0, high=10.0) or 1.0,
    )  # fmt: skip


def _read_basis(section: Section) -> Bases:
    """Return the weighted mix of bases; one basis alone weighs 1."""
    given = section.take("basis")
    if given is None:
        return (("history", 1.0),)
    mix = {given: 1.0} if isinstance(given, str) else section.weights("basis")
    for base in mix:
        if base in LATER_BASES:
            section.refuse("basis_not_yet", "basis", base)
        elif base not in BASES:
            section.refuse("unknown_basis", "basis", base, nearest=nearest(base, BASES), known=", ".join(BASES))
    if not any(mix.values()):
        section.refuse("weights_all_zero", "basis")
    return tuple(mix.items())


def _read_lots(section: Section, targets: tuple[Target, ...], measures: dict[str, Measure]) -> dict[str, int]:
    """Return the lot of each measure in smallest units; one number holds for every target."""
    given = section.take("lot")
    if given is None:
        return {}
    lots = given if isinstance(given, dict) else {target.measure: given for target in targets}
    found: dict[str, int] = {}
    for name, value in lots.items():
        key = "lot" if lots is not given else f"lot.{name}"
        if name not in measures:
            section.refuse("unknown_measure", key, name, nearest=nearest(name, measures), known=", ".join(measures))
        elif amount := section.minor(key, measures[name].decimals, MAX_AMOUNT_MINOR, value=value):
            found[name] = amount
    return found
