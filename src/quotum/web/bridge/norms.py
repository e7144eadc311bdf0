"""Norms and cadences of a plan.toml as lines of a page, and back; the rest of the text stays as it was written."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from quotum.adapters.files.plan_toml import make_settings, read_document
from quotum.adapters.files.visit_toml import QUADRANTS, read_visits
from quotum.web.bridge.findings import list_findings

SECTIONS = ("cadence", "cadence.calls", "cadence.prospects", "cadence.stages", "norms")
LIMITS = ("visits_per_day", "calls_per_day", "minutes", "call_minutes")
"""Keys of `[visits]` that are norms of everybody."""


@dataclass(frozen=True, slots=True)
class Norm:
    """One line: the section it stands in, its name, its value as written."""

    section: str
    name: str
    value: str

    @property
    def place(self) -> str:
        """How a form calls it."""
        return f"{self.section}|{self.name}"


def list_norms(text: str) -> list[Norm]:
    """Return the lines of every section, in the order of the sections; nothing where the text cannot be parsed."""
    try:
        document: Mapping[str, Any] = tomlkit.parse(text).unwrap()
    except TOMLKitError:
        return []
    found = []
    for section in SECTIONS[:-1]:
        found += [Norm(section, name, _written(value)) for name, value in _section(document, section).items()
                  if not isinstance(value, dict)]  # fmt: skip
    for role, values in _section(document, "norms").items():
        if isinstance(values, dict):
            found += [Norm(f"norms.{role}", name, _written(value)) for name, value in values.items()]
    visits = _section(document, "visits")
    return found + [Norm("visits", name, _written(visits[name])) if name in visits else Norm("visits", name, "")
                    for name in LIMITS]  # fmt: skip


def write_norms(text: str, changes: Mapping[tuple[str, str], str]) -> str:
    """Return the text with other values, (section, name) -> value; an empty one takes the line out.

    Raises ValueError where a section is none of those, or the text cannot be parsed.
    """
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as problem:
        raise ValueError(str(problem)) from problem
    for (section, name), value in changes.items():
        if not name or not (section in SECTIONS[:-1] or section.startswith("norms.")
                            or (section == "visits" and name in LIMITS)):  # fmt: skip
            raise ValueError(f"{section}.{name}")
        inner: Any = document
        first, _, rest = section.partition(".")
        for part in (first, rest) if rest else (first,):
            if part not in inner:
                if not value:
                    break
                inner[part] = tomlkit.table()
            inner = inner[part]
        else:
            if not value:
                inner.pop(name, None)
            elif name not in inner or _written(inner[name]) != value:
                inner[name] = _typed(value)
    return tomlkit.dumps(document)


def find_wrong(text: str) -> list[dict[str, Any]]:
    """Return the errors of a plan.toml, those of its cadences and norms among them."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.toml"
        path.write_text(text, encoding="utf-8")
        document, notes = read_document(path)
    settings = make_settings(document, notes)
    if document is not None:
        since, until = (settings.since, settings.until) if settings else (None, None)
        read_visits(document, since, until, notes)
    return [finding for finding in list_findings(notes.issues) if finding["severity"] == "error"]


def _section(document: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    inner: Any = document
    for part in path.split("."):
        inner = inner.get(part, {}) if isinstance(inner, dict) else {}
    return inner if isinstance(inner, dict) else {}


def _written(value: Any) -> str:
    return str(value)


def _typed(value: str) -> int | float | str:
    """Return a value as TOML has it: a number where it reads as one."""
    try:
        return int(value)
    except ValueError:
        try:
            return float(value)
        except ValueError:
            return value


__all__ = ["LIMITS", "QUADRANTS", "SECTIONS", "Norm", "find_wrong", "list_norms", "write_norms"]
