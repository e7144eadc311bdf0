"""Settings from the command line that win over plan.toml: ``target.revenue.commit=6000000``."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from quotum.adapters.files.plan_steps import name_steps
from quotum.adapters.files.toml_sections import TomlNotes
from quotum.engine.basics.nearest import nearest


def apply_overrides(document: dict[str, Any], overrides: Sequence[str], notes: TomlNotes) -> None:
    """Write the overrides into a parsed plan.toml; one that names no known target or step is a finding."""
    for override in overrides:
        path, equals, text = override.partition("=")
        keys = [key.strip() for key in path.split(".")]
        if not equals or len(keys) < 2 or not all(keys):
            notes.add("override_syntax", value=override)
            continue
        if keys[0] in ("target", "step"):
            _override_entry(document, keys, _parse_value(text), notes, override)
        else:
            _override_key(document, keys, _parse_value(text), notes, override)


def _override_entry(document: dict[str, Any], keys: list[str], value: object, notes: TomlNotes, override: str) -> None:
    """Change a key of the target of a measure, or of the step of a name."""
    kind, name, *rest = keys
    entries = document.get(kind, [])
    entries = entries if isinstance(entries, list) else []
    names = (
        name_steps(entries)
        if kind == "step"
        else [e.get("measure", "") if isinstance(e, dict) else "" for e in entries]
    )
    if name not in names or not rest:
        known = [str(known) for known in names if known]
        notes.add("override_unknown", value=override, known=", ".join(known), nearest=nearest(name, known))
        return
    place = names.index(name)
    _set(entries[place], rest, value)
    notes.overridden.add(f"{kind}[{place}].{'.'.join(rest)}")


def _override_key(document: dict[str, Any], keys: list[str], value: object, notes: TomlNotes, override: str) -> None:
    if _set(document, keys, value):
        notes.overridden.add(".".join(keys))
    else:
        notes.add("override_syntax", value=override)


def _set(section: dict[str, Any], keys: list[str], value: object) -> bool:
    """Set a value below a section; False where a section of the path is something else."""
    for key in keys[:-1]:
        below = section.setdefault(key, {})
        if not isinstance(below, dict):
            if not isinstance(below, str):
                return False
            below = section[key] = {}
        section = below
    section[keys[-1]] = value
    return True


def _parse_value(text: str) -> object:
    """Return the value as TOML reads it, or the text itself."""
    try:
        parsed = tomllib.loads(f"value = {text}", parse_float=Decimal)
    except (ValueError, RecursionError, ArithmeticError):
        return text.strip()
    return parsed["value"] if len(parsed) == 1 else text.strip()
