"""Driver trees that come with quotum: ready for plan.toml, each with a first line that says what it is for."""

from __future__ import annotations

from importlib.resources import files

_FOLDER = "driver_trees"


def list_templates() -> dict[str, str]:
    """Return every template's name and what it is for, by name."""
    found = files("quotum.adapters.files").joinpath(_FOLDER).iterdir()
    names = sorted(entry.name.removesuffix(".toml") for entry in found if entry.name.endswith(".toml"))
    return {name: read_template(name).splitlines()[0].lstrip("# ") for name in names}


def read_template(name: str) -> str:
    """Return a template's text."""
    return files("quotum.adapters.files").joinpath(_FOLDER, f"{name}.toml").read_text(encoding="utf-8")
