"""The mapping of an upload as choices on a page, and back: the text keeps what the page does not show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

from quotum.engine.tables.schema import TABLES

AS_WRITTEN = "‹as written›"
ASKED_BELOW = 60
"""A guess less sure than this, of 100, is shown at once."""


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """Where a column comes from: ``chosen`` is a title of the files, empty for nothing, or AS_WRITTEN."""

    name: str
    needed: bool
    chosen: str
    written: str  # what the mapping says where it is more than a title
    sure: int | None
    why: str


@dataclass(frozen=True, slots=True)
class EntryChoices:
    """One source of one table: ``place`` names it in the form."""

    place: str
    table: str
    sources: str
    titles: list[str]
    columns: list[ColumnChoice]
    tree: str = ""  # a tree that columns tell has no columns of its own

    @property
    def is_open(self) -> bool:
        """Whether something of it is to be asked: a needed column that is missing, a guess that is not sure."""
        return any((c.needed and not c.chosen) or (c.sure is not None and c.sure < ASKED_BELOW) for c in self.columns)


@dataclass(frozen=True, slots=True)
class FormChoice:
    """How a file writes numbers and dates, where that is not sure."""

    file: str
    decimal: str
    dates: str


def list_choices(mapping: str, guess: Mapping[str, Any]) -> list[EntryChoices]:
    """Return every column of every table that the mapping fills; nothing where the text cannot be parsed."""
    found = []
    for place, table, entry in _entries(_parse(mapping)):
        sources = [entry.get("from", "")] if isinstance(entry.get("from"), str) else list(entry.get("from", []))
        titles = [title for source in sources for title in guess.get("titles", {}).get(source, [])]
        given = entry.get("columns", {})
        sure: dict[str, Any] = next((each["columns"] for each in guess.get("tables", [])
                     if each["table"] == table and each["files"] == sources), {})  # fmt: skip
        tree = entry["tree"].as_string() if "tree" in entry else ""
        columns = [] if tree else [
            _choice(column.name, needed=column.required, value=given.get(column.name), titles=titles,
                    guessed=sure.get(column.name, {}))
            for column in TABLES[table].columns
        ]  # fmt: skip
        found.append(EntryChoices(place, table, ", ".join(sources), list(dict.fromkeys(titles)), columns, tree))
    return found


def list_forms(mapping: str, guess: Mapping[str, Any]) -> list[FormChoice]:
    """Return how files write numbers and dates, of those files where it was not sure."""
    files = _parse(mapping).get("import", {}).get("files", {})
    return [FormChoice(each["file"], str(files.get(each["file"], {}).get("decimal", "")),
                       str(files.get(each["file"], {}).get("dates", "")))
            for each in guess.get("unsure", [])]  # fmt: skip


def change_choices(mapping: str, columns: Mapping[tuple[str, str], str], forms: Mapping[tuple[str, str], str]) -> str:
    """Return the mapping with other choices: (place, column) -> title; (file, decimal or dates) -> how it writes.

    A text that cannot be parsed is returned as it is.
    """
    try:
        document = tomlkit.parse(mapping)
    except TOMLKitError:
        return mapping  # the look tells what is wrong with it
    entries = {place: entry for place, _, entry in _entries(document)}
    for (place, column), title in columns.items():
        if place not in entries or title == AS_WRITTEN:
            continue
        entry = entries[place]
        if "columns" not in entry:
            entry["columns"] = tomlkit.table()
        if not title:
            entry["columns"].pop(column, None)
        elif entry["columns"].get(column) != title:
            entry["columns"][column] = title
    for (file, key), value in forms.items():
        files = document.setdefault("import", tomlkit.table()).setdefault("files", tomlkit.table())
        each = files.setdefault(file, tomlkit.table())
        if value:
            each[key] = value
        else:
            each.pop(key, None)
    return tomlkit.dumps(document)


def _parse(mapping: str) -> Mapping[str, Any]:
    try:
        return tomlkit.parse(mapping)
    except TOMLKitError:
        return {}


def _entries(document: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    """Return the entries of the mapping: (place, table, entry)."""
    found = []
    for table, given in document.get("import", {}).items():
        if table in TABLES:
            several = given if isinstance(given, list) else [given]
            found += [(f"{table}.{at}", table, entry) for at, entry in enumerate(several) if isinstance(entry, dict)]
    return found


def _choice(name: str, *, needed: bool, value: Any, titles: list[str], guessed: Mapping[str, Any]) -> ColumnChoice:
    """Return one column's choice."""
    plain = isinstance(value, str) and value in titles
    chosen = str(value) if plain else "" if value is None else AS_WRITTEN
    written = "" if value is None or plain else value.as_string()
    same = guessed.get("from", "").strip('"') == str(value) or (value is not None and not plain)
    return ColumnChoice(name, needed, chosen, written, guessed.get("sure") if same else None,
                        guessed.get("why", "") if same else "")  # fmt: skip
