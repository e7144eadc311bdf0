"""Reads [classes], [states], [new_customers] and [prospects] of plan.toml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from quotum.adapters.files.toml_sections import Section, TomlNotes
from quotum.engine.tables.customer_settings import (
    CLASS_BASES,
    CLASS_COLUMNS,
    LATER_QUADRANTS,
    Classing,
    CustomerSettings,
    NewCustomers,
    ProspectRules,
    StateRules,
)
from quotum.engine.tables.schema import DIMENSIONS, TABLES

CUSTOMER_SECTIONS = ("classes", "states", "new_customers", "prospects")
_TAKEN = {*DIMENSIONS, *(column.name for column in TABLES["customers"].columns), "state"} - {"class"}
"""Names that a further classing may not have: something else is told by them."""


def read_customer_settings(document: Mapping[str, Any], notes: TomlNotes) -> CustomerSettings:
    """Return what a parsed plan.toml says of customers; what is wrong goes to ``notes``."""
    sections = {name: Section(notes, name, document.get(name, {})) for name in CUSTOMER_SECTIONS}
    settings = CustomerSettings(
        _read_classings(sections["classes"]),
        _read_states(sections["states"]),
        _read_new(sections["new_customers"]),
        _read_prospects(sections["prospects"]),
    )
    for section in sections.values():
        section.refuse_rest()
    return settings


def _read_classings(section: Section) -> tuple[Classing, ...]:
    """Return the classing of [classes] itself and one for each section below it."""
    usual = CustomerSettings().classings
    if not section.values:
        return usual
    below = {name: values for name, values in section.values.items() if isinstance(values, dict)}
    for name in below:
        section.take(name)
    for name in sorted({"class", *_TAKEN} & set(below)):
        section.refuse("class_name_taken", name, name)
    subs = [Section(section.notes, f"classes.{name}", values) for name, values in below.items()]
    further = [_read_classing(sub, name) for sub, name in zip(subs, below, strict=True)]
    return (_read_classing(section, "class"), *(further or usual[1:]))


def _read_classing(section: Section, name: str) -> Classing:
    """Return one classing; limits must go the way its basis goes and part its names."""
    usual = Classing(name)
    by = section.text("by", usual.by, choices=(*CLASS_BASES, *CLASS_COLUMNS))
    names = section.texts("names")
    limits = section.numbers("limits", usual.limits, (1, 20), high=1.0 if by == "share" else 1e12)
    margin = section.number("margin", usual.margin, high=0.9)
    if name != "class":
        section.refuse_rest()
    if by not in CLASS_BASES:
        return Classing(name, by, (), (), 0.0)
    names = names or (usual.names if len(limits) == len(usual.limits) else _number_names(len(limits) + 1))
    if by != "share" and not section.has("limits"):
        section.refuse("setting_missing", "limits")
    if len(set(names)) != len(names) or len(names) != len(limits) + 1:
        section.refuse("classes_do_not_fit", "names", ", ".join(names), limits=len(limits), wanted=len(limits) + 1)
    if list(limits) != sorted(set(limits), reverse=by == "amount"):
        section.refuse("limits_not_in_order", "limits", list(limits), by=by)
    return Classing(name, by, names, limits, usual.margin if margin is None else margin)


def _number_names(count: int) -> tuple[str, ...]:
    return tuple("ABCDEFGHIJKLMNOPQRSTU"[:count])


def _read_states(section: Section) -> StateRules:
    usual = StateRules()
    rules = StateRules(
        new_months=section.whole("new_months", usual.new_months, 1, 120),
        won_back_months=section.whole("won_back_months", usual.won_back_months, 1, 120),
        dormant=_number(section, "dormant", usual.dormant, 0.1, 100),
        lost=_number(section, "lost", usual.lost, 0.1, 100),
        dormant_days=section.whole("dormant_days", usual.dormant_days, 0, 3_660),
        lost_days=section.whole("lost_days", usual.lost_days, 0, 3_660),
        own_orders=section.whole("own_orders", usual.own_orders, 2, 1_000),
        interval_days=_number(section, "interval_days", usual.interval_days, 1, 3_660),
        loss=_number(section, "loss", usual.loss, 0, 0.95),
    )
    if rules.lost < rules.dormant or rules.lost_days < rules.dormant_days:
        section.refuse("lost_before_dormant", "lost", rules.lost, dormant=f"{rules.dormant:g}",
                       lost_days=rules.lost_days, dormant_days=rules.dormant_days)  # fmt: skip
    return rules


def _read_new(section: Section) -> NewCustomers:
    return NewCustomers(section.number("amount", None, 0.01, 1e12), section.numbers("ramp", (), (0, 36), high=1))


def _read_prospects(section: Section) -> ProspectRules:
    usual = ProspectRules()
    return ProspectRules(
        demand=_number(section, "demand", usual.demand, 0, 1e12),
        days=_number(section, "days", usual.days, 0, 3_660),
        third=section.text("third", usual.third, choices=LATER_QUADRANTS),
        chance=_number(section, "chance", usual.chance, 0, 1),
        days_to_order=_number(section, "days_to_order", usual.days_to_order, 0, 3_660),
    )


def _number(section: Section, key: str, usual: float, low: float, high: float) -> float:
    found = section.number(key, usual, low, high)
    return usual if found is None else found
