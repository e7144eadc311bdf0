"""Reads `[warnings]` of plan.toml: from where on a review tells something to somebody."""

from __future__ import annotations

from quotum.adapters.files.toml_sections import Section, TomlNotes
from quotum.engine.tables.warning_settings import WarningSettings

WARNING_SECTIONS = ("warnings",)


def read_warnings(values: object, notes: TomlNotes) -> WarningSettings:
    """Return what stands under ``[warnings]``; what is left out is usual."""
    section, usual = Section(notes, "warnings", values), WarningSettings()
    found = WarningSettings(
        behind=_number(section, "behind", usual.behind, 10),
        fading=_number(section, "fading", usual.fading, 10),
        silent=_number(section, "silent", usual.silent, 100),
        overdue_days=section.whole("overdue_days", usual.overdue_days, 0, 3_660),
        tender_days=section.whole("tender_days", usual.tender_days, 0, 366),
        margin=section.number("margin", usual.margin, low=-1.0, high=1.0),
        least=_number(section, "least", usual.least, 1e12),
    )
    section.refuse_rest()
    return found


def _number(section: Section, key: str, usual: float, high: float) -> float:
    found = section.number(key, usual, 0.0, high)
    return usual if found is None else found
