"""Reads [drivers], [capacity] and [norms] of plan.toml; a wrong formula is told with its line."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

from quotum.adapters.files.toml_sections import Section, TomlNotes
from quotum.engine.drivers.trees import ESTIMATES, build_tree
from quotum.engine.tables.driver_settings import PERS, Driver, DriverSettings, Norm, Per

DRIVER_SECTIONS = ("drivers", "capacity", "norms")
_KINDS = ("formula", "value", "estimate", "people")
_NORM = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s+(?:a|per)\s+(day|week|month)\s*")
LARGEST = 1e15


def read_drivers(document: Mapping[str, Any], notes: TomlNotes) -> DriverSettings:
    """Return what a parsed plan.toml says about drivers; nothing where something is wrong with it."""
    given = Section(notes, "drivers", document.get("drivers", {}))
    drivers = tuple(_read_driver(given, name) for name in given.values)
    capacity = Section(notes, "capacity", document.get("capacity", {}))
    supplies = tuple((name, capacity.text(name)) for name in capacity.values)
    settings = DriverSettings(drivers, supplies, _read_norms(document.get("norms", {}), notes))
    tree, issues = build_tree(settings)
    for issue in issues:
        notes.add(issue.rule, issue.column, value=issue.value, severity=issue.severity, **dict(issue.details))
    return DriverSettings(norms=settings.norms) if tree is None else settings


def _read_driver(given: Section, name: str) -> Driver:
    """Return one driver: a text is a formula, a number a known value, a section says more."""
    value = given.values[name]
    if isinstance(value, str):
        if not value.strip():
            given.refuse("driver_kind", name, "none")
        return Driver(name, formula=value)
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return Driver(name, value=given.number(name, low=-LARGEST, high=LARGEST))
    section = Section(given.notes, f"drivers.{name}", value)
    kinds = [kind for kind in _KINDS if section.has(kind)]
    if isinstance(value, dict) and len(kinds) != 1:
        given.refuse("driver_kind", name, ", ".join(kinds) or "none")
    driver = _read_details(section, name)
    section.refuse_rest()
    if driver.high is not None and driver.low > driver.high:
        section.refuse("driver_bounds", "low", driver.low, high=driver.high)
    return driver


def _read_details(section: Section, name: str) -> Driver:
    low = section.number("low", low=-LARGEST, high=LARGEST)
    value = section.number("value", low=-LARGEST, high=LARGEST)
    return Driver(
        name, section.text("formula"), value, cast(Per, section.text("per", choices=PERS[1:])),
        section.text("each", choices=("person",)), section.text("estimate", choices=tuple(ESTIMATES)),
        section.text("role"), section.number("people", high=1e6), section.day("since"), section.day("until"),
        section.text("unit"), section.numbers("ramp", (), (0, 36), high=1) if section.has("ramp") else None,
        section.number("before", 0.0, high=LARGEST) or 0.0, section.number("error", 0.0, high=LARGEST) or 0.0,
        min(0.0, value or 0.0) if low is None else low, section.number("high", low=-LARGEST, high=LARGEST),
        _read_flag(section, "whole"), section.text("measured_in"),
    )  # fmt: skip


def _read_flag(section: Section, key: str) -> bool:
    value = section.take(key)
    if value is not None and not isinstance(value, bool):
        section.refuse("setting_type", key, value, expected="true_or_false")
    return value is True


def _read_norms(roles: object, notes: TomlNotes) -> tuple[Norm, ...]:
    """Return ``[norms.ROLE] calls = "30 a day"`` as norms, in the order of the file."""
    norms = []
    for role, values in Section(notes, "norms", roles).values.items():
        section = Section(notes, f"norms.{role}", values)
        for activity in section.values:
            found = _NORM.fullmatch(section.text(activity))
            if found:
                norms.append(Norm(role, activity, float(found[1]), found[2]))  # type: ignore[arg-type]
            elif isinstance(section.values[activity], str):
                section.refuse("norm_syntax", activity, section.values[activity])
    return tuple(norms)


def change_drivers(
    settings: DriverSettings, changes: Mapping[str, float], starts: Mapping[str, date] | None = None
) -> DriverSettings:
    """Return the settings with other known values, and heads that begin on other dates.

    Formulas, and names that are not there, stay as they are.
    """
    return replace(settings, drivers=tuple(_change(driver, changes, starts or {}) for driver in settings.drivers))


def _change(driver: Driver, changes: Mapping[str, float], starts: Mapping[str, date]) -> Driver:
    if driver.name in starts:
        driver = replace(driver, since=starts[driver.name])
    if driver.formula or driver.name not in changes:
        return driver
    if driver.people is not None:
        return replace(driver, people=changes[driver.name])
    return replace(driver, value=changes[driver.name], estimate="", error=0.0)
