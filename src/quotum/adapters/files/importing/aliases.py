"""What files call quotum's tables and columns, by the list in ``aliases.toml``."""

from __future__ import annotations

import re
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


_UNIT = re.compile(r"(.+?)\s*[(\[（【]([^()（）\[\]【】]{1,16})[)\]）】]\s*")
_MONEY = re.compile("usd|eur|gbp|cny|rmb|jpy|hkd|twd|chf|mxn|ars|clp|cop|pen|brl|euros|euro|dollars|人民币|人民幣|元")
_SCALES = {"": "", "k": "thousands", "000": "thousands", "thousand": "thousands", "thousands": "thousands",
           "miles": "thousands", "milesde": "thousands", "千": "千", "万": "万", "萬": "萬", "亿": "亿", "億": "億",
           "mio": "millions", "million": "millions", "millions": "millions", "millones": "millions",
           "millonesde": "millions"}  # fmt: skip


def split_unit(title: str) -> tuple[str, str]:
    """Return a title without the unit of money behind it, and the scale that says: 金额（万元） is 金额 in 万.

    Other words in brackets stay: they may say that it is something else.
    """
    found = _UNIT.fullmatch(title)
    scale = _SCALES.get(_MONEY.sub("", fold(found[2]))) if found else None
    return (title, "") if found is None or scale is None else (found[1], scale)


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
def name_aliases(table: str) -> frozenset[str]:
    """Return the folded titles that can only be names of this table's members: `customer name`, but not `name`."""
    return frozenset(map(fold, _read_list().get(table, {}).get("name", ())))


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
