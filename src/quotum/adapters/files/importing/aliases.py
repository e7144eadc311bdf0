"""What files call quotum's tables and columns, by the list in ``aliases.toml``."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from quotum.adapters.files.importing.mapping import Value
from quotum.engine.tables.schema import TABLES, Table


def fold(title: str) -> str:
    """Return a title without what does not matter: capitals, blanks, marks, full-width forms."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", title).casefold() if letter.isalnum())


@cache
def _read_list() -> dict[str, dict[str, list[str]]]:
    text = files("quotum.adapters.files.importing").joinpath("aliases.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def column_aliases(table: str) -> dict[str, str]:
    """Return folded title -> column, for one table; a column's own name wins over aliases."""
    shared, own = _read_list()["shared"], _read_list().get(table, {})
    names = [column.name for column in TABLES[table].columns]
    found = {}
    for name in names:
        for alias in (*shared.get(name, ()), *own.get(name, ())):
            found[fold(alias)] = name
    return found | {fold(name): name for name in names}


@cache
def table_aliases() -> dict[str, str]:
    """Return folded name of a file or sheet -> table."""
    given = _read_list()["tables"]
    found = {fold(alias): table for table, aliases in given.items() for alias in aliases}
    return found | {fold(table): table for table in TABLES}


def match_titles(table: Table, titles: Iterable[str]) -> dict[str, Value]:
    """Return the columns that titles stand for; of several titles of a column its own name wins, then the first.

    A table whose key has no title is told by its names: the people of a list of names are their names.
    """
    aliases = column_aliases(table.name)
    found: dict[str, Value] = {}
    for title in titles:
        name = aliases.get(fold(title))
        if name and (name not in found or fold(title) == fold(name)):
            found[name] = Value((title.strip(),))
    if table.key and table.key[0] not in found and "name" in found:
        found[table.key[0]] = found["name"]
    order = [column.name for column in table.columns]
    return {name: found[name] for name in order if name in found}
