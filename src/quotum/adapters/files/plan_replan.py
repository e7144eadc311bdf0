"""Reads `[replan]` of plan.toml: what is kept when the rest of a year is planned anew, and how far months may move."""

from __future__ import annotations

from quotum.adapters.files.toml_sections import Section, TomlNotes
from quotum.engine.tables.replan_settings import POLICIES, SPREADS, SURPLUSES, ReplanSettings

REPLAN_SECTIONS = ("replan",)
_MOST = 100.0  # of a factor on a month


def read_replan(values: object, notes: TomlNotes) -> ReplanSettings:
    """Return what stands under ``[replan]``; what is left out is usual."""
    section, usual = Section(notes, "replan", values), ReplanSettings()
    floor = section.number("floor", usual.floor, high=1.0)
    units = Section(notes, "replan.units", section.take("units") or {})
    found = ReplanSettings(
        policy=section.text("policy", usual.policy, choices=POLICIES),
        spread=section.text("spread", usual.spread, choices=SPREADS),
        surplus=section.text("surplus", usual.surplus, choices=SURPLUSES),
        floor=usual.floor if floor is None else floor,
        cap=section.number("cap", low=1.0, high=_MOST),
        units={unit: units.text(unit, usual.policy, choices=POLICIES) for unit in units.values},
    )
    section.refuse_rest()
    return found
