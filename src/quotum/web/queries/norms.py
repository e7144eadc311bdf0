"""Norms and cadences of the setups."""

from __future__ import annotations

from quotum.web.bridge.norms import LIMITS, QUADRANTS, SECTIONS, Norm, list_norms
from quotum.web.records.models import Change, Setup


def norms_of(setup: Setup, text: str = "") -> dict[str, list[Norm]]:
    """Return the lines by section; ``text`` is looked for in their names."""
    found: dict[str, list[Norm]] = {}
    for norm in list_norms(setup.text):
        if text.casefold() in f"{norm.section} {norm.name}".casefold():
            found.setdefault(norm.section, []).append(norm)
    return found


def history_of_norms(setup: Setup) -> list[Change]:
    """Return the last changes of a setup's norms."""
    return list(Change.objects.filter(table="norms", key=setup.name[:200]).select_related("user")[:20])


__all__ = ["LIMITS", "QUADRANTS", "SECTIONS", "history_of_norms", "norms_of"]
