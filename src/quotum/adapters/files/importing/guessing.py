"""Guesses which file fills which table and column: by titles, by aliases, by what the values look like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

import polars as pl

from quotum.adapters.files.importing.aliases import column_aliases, fold, name_aliases, split_unit, table_aliases
from quotum.adapters.files.importing.places import split_sheet
from quotum.adapters.files.importing.samples import Sample
from quotum.adapters.files.importing.wide import title_pattern
from quotum.engine.tables.schema import TABLES, Table

# How sure each way of finding is, of 100:
_OWN_NAME, _ALIAS, _COMBINED, _BY_KEYS, _BY_NAMES, _ONLY_ONE = 100, 90, 80, 70, 60, 50
PLAN_YEAR = "‹year of the plan›"
"""Stands for `, year = 2027` in options until it is known when the plan begins."""
_LEAST = 0.9  # part of the values that must be keys of the other table
_WIDE = (
    "M{month}", "{month}", "{year}-{month}", "{year}{month}", "{year}年{month}月", "{month}月", "{month} {year}",
    "{month}-{year}", "{year}-{month}-01", "{year}/{month}", "Q{quarter}", "T{quarter}", "{quarter}季度",
)  # fmt: skip
_FIRST = {"firstname", "givenname", "名", "nombre"}
_LAST = {"lastname", "surname", "familyname", "姓", "apellido", "apellidos"}


@dataclass(frozen=True, slots=True)
class GuessedColumn:
    """Where a column comes from, as TOML, how sure that is (of 100), and why."""

    toml: str
    sure: int
    why: str
    titles: tuple[str, ...] = ()


@dataclass(slots=True)
class GuessedTable:
    """One entry of `[import]` as it was guessed."""

    table: str
    sources: list[str]
    sure: int
    columns: dict[str, GuessedColumn] = field(default_factory=dict)
    options: list[str] = field(default_factory=list)  # lines of TOML such as `tree = […]`
    joins: list[list[str]] = field(default_factory=list)
    used: set[str] = field(default_factory=set)  # titles that options name


@dataclass(slots=True)
class Guess:
    """All that was guessed, and what could not be."""

    tables: list[GuessedTable]
    samples: dict[str, Sample]
    missing: list[tuple[str, str]] = field(default_factory=list)  # (table, column) that nothing was found for

    def unplaced(self) -> dict[str, list[str]]:
        """Return the titles of each file that nothing uses."""
        used: dict[str, set[str]] = {}
        for table in self.tables:
            named = {title for column in table.columns.values() for title in column.titles} | table.used
            for source in self.samples:
                used.setdefault(source, set()).update(named)
        return {source: left for source, sample in self.samples.items()
                if (left := [title for title in sample.titles if title not in used.get(source, ())])}  # fmt: skip


def quoted(text: str) -> str:
    """Return a text of TOML."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda found: f"\\u{ord(found[0]):04x}", escaped) + '"'


def guess_tables(samples: Sequence[Sample]) -> Guess:
    """Return the tables that the files hold, one entry a file, files of the same titles together."""
    found: list[GuessedTable] = []
    for sample in samples:
        best = max((_score(sample, table) for table in TABLES.values()), key=lambda scored: scored[0])
        if best[0] <= 0:
            continue
        name, columns = best[1], best[2]
        same = {column: guessed.toml for column, guessed in columns.items()}
        twin = next((each for each in found if each.table == name
                     and {column: guessed.toml for column, guessed in each.columns.items()} == same), None)  # fmt: skip
        if twin:
            twin.sources.append(sample.source)
        else:
            guessed = GuessedTable(name, [sample.source], min(95, 40 + best[0] * 4), columns)
            found.append(guessed)
            _add_wide(guessed, sample)
    guess = Guess(found, {sample.source: sample for sample in samples})
    _drop_rivals(guess)
    _take_invoices_for_sales(guess)
    return guess


def _take_invoices_for_sales(guess: Guess) -> None:
    """Let invoices be the history where no file holds sales."""
    if any(each.table == "sales" for each in guess.tables):
        return
    for each in [each for each in guess.tables if each.table == "invoices"]:
        columns = match_columns(guess.samples[each.sources[0]], TABLES["sales"])
        if {"date", "amount"} <= columns.keys():
            each.table, each.columns, each.sure = "sales", columns, _BY_NAMES


def _drop_rivals(guess: Guess) -> None:
    """Keep one of the files that number the rows of a table alike: the longest."""
    kept: list[tuple[str, set[str]]] = []
    for each in sorted(guess.tables, key=lambda each: -guess.samples[each.sources[0]].cells.height):
        key = each.columns.get(TABLES[each.table].key[0]) if TABLES[each.table].key else None
        if key is None or len(each.sources) > 1:
            continue
        values = set(guess.samples[each.sources[0]].values(key.titles[0]).to_list())
        if any(name == each.table and values & others for name, others in kept):
            guess.tables.remove(each)
        else:
            kept.append((each.table, values))


def _score(sample: Sample, table: Table) -> tuple[int, str, dict[str, GuessedColumn]]:
    """Return how well a file fits a table, and the columns found; 0 and below: not at all."""
    columns = match_columns(sample, table)
    path, sheet = split_sheet(sample.source)
    name = fold(sheet or PurePath(path).stem)
    called = 6 if table_aliases().get(name) == table.name else 0
    called = called or next((3 for alias, of in table_aliases().items() if of == table.name and len(alias) > 3
                             and alias in name), 0)  # fmt: skip
    wide = find_wide(sample) if {"since", "amount"} <= {column.name for column in table.columns} else ""
    derived = {"since", "until", "amount", "measure", "layer"} if wide and table.name == "proposals" else set()
    needed = [column.name for column in table.columns if column.required and column.name not in derived]
    lacking = [name for name in needed if name not in columns]
    points = 3 * (len(needed) - len(lacking)) - 4 * len(lacking) + (len(columns) - len(needed) + len(lacking)) + called
    if table.key and table.key[0] not in columns:
        points -= 10
    elif table.key and not _keyed(sample, columns[table.key[0]]):
        return 0, table.name, columns
    if not columns or len(lacking) == len(needed):
        points = 0 if not called else min(points, 1)
    return points + (4 if wide and table.name == "proposals" else 0), table.name, columns


def _keyed(sample: Sample, key: GuessedColumn) -> bool:
    """Tell whether a key is (nearly) different in every row."""
    cells = sample.cells[key.titles[0]].drop_nulls()
    return cells.n_unique() >= 0.95 * max(1, len(cells))


def match_columns(sample: Sample, table: Table) -> dict[str, GuessedColumn]:
    """Return the columns of a table that a file's titles tell, where the values fit."""
    aliases = column_aliases(table.name)
    titles: dict[str, list[str]] = {}
    for title in sample.titles:
        name = aliases.get(fold(title)) or _in_money(table, aliases.get(fold(split_unit(title)[0])))
        if name and sample.fits(title, table.column(name)):
            titles.setdefault(name, []).append(title)
    found = {name: _scaled(_choose(sample, name, given)) for name, given in titles.items()}
    if "name" in {column.name for column in table.columns} and (parts := _name_parts(sample.titles)):
        template = " ".join(f"{{{part}}}" for part in parts)
        found["name"] = GuessedColumn(quoted(template), _COMBINED, "first and last name", tuple(parts))
    if table.key and table.key[0] not in found and "name" in found and sample.is_key(found["name"].titles[0]):
        found[table.key[0]] = GuessedColumn(found["name"].toml, 60, "names are the keys", found["name"].titles)
    return {column.name: found[column.name] for column in table.columns if column.name in found}


def _in_money(table: Table, name: str | None) -> str | None:
    """Return the name of a column if it holds amounts: only these have a unit of money behind their title."""
    return name if name and table.column(name).kind == "amount" else None


def _scaled(column: GuessedColumn) -> GuessedColumn:
    """Return a column times what its title says: thousands, 万."""
    scale = split_unit(column.titles[0])[1]
    if not scale or len(column.titles) > 1:
        return column
    return replace(
        column, toml=f"{{ column = {column.toml}, scale = {quoted(scale)} }}", why=f"{column.why}, in {scale}"
    )


def _choose(sample: Sample, name: str, titles: list[str]) -> GuessedColumn:
    """Return the column of several titles: its own name, else the first that is filled, else each that fills in."""
    titles = sorted(titles, key=lambda title: (fold(title) != fold(name), titles.index(title)))
    first = sample.cells[titles[0]]
    if len(titles) > 1 and first.null_count():
        fills = [title for title in titles[1:] if not (first.is_not_null() & sample.cells[title].is_not_null()).any()]
        if fills:
            both = (titles[0], fills[0])
            return GuessedColumn(f"[{', '.join(map(quoted, both))}]", _COMBINED, "one or the other is filled", both)
    best = min(titles, key=lambda title: (fold(title) != fold(name), sample.cells[title].null_count() * 2 > len(first)))
    own = fold(best) == fold(name)
    return GuessedColumn(quoted(best), _OWN_NAME if own else _ALIAS, "title" if own else "alias", (best,))


def _name_parts(titles: Iterable[str]) -> list[str]:
    first = next((title for title in titles if fold(title) in _FIRST), None)
    last = next((title for title in titles if fold(title) in _LAST), None)
    if not first or not last:
        return []
    return [last, first] if re.search("[\u4e00-\u9fff]", first) else [first, last]


def find_wide(sample: Sample) -> str:
    """Return the pattern of the titles that stand for months or quarters, if there are at least three of them."""
    for pattern in _WIDE:
        titles = [title for title in sample.titles if title_pattern(pattern).fullmatch(title.strip())]
        if len(titles) >= 3 and all(sample.is_number(title) for title in titles):
            return pattern
    return ""


def _add_wide(guessed: GuessedTable, sample: Sample) -> None:
    """Write down that a table of proposals is wide; its year is a column of years, if there is one."""
    pattern = find_wide(sample)
    if not pattern or guessed.table != "proposals":
        return
    guessed.used |= {title for title in sample.titles if title_pattern(pattern).fullmatch(title.strip())}
    years = [title for title in sample.titles if column_aliases("market").get(fold(title)) == "year"
             and sample.values(title).str.contains(r"^(19|20)[0-9]{2}$").all()]  # fmt: skip
    path, sheet = split_sheet(sample.source)
    named = re.search(r"(?<![0-9])20[0-9]{2}(?![0-9])", sheet) or re.search(r"(?<![0-9])20[0-9]{2}(?![0-9])", path)
    stated = quoted(years[0]) if years else named[0] if named else ""
    year = "" if "{year}" in pattern else f", year = {stated}" if stated else PLAN_YEAR
    guessed.used |= set(years[:1])
    guessed.options.append(f"wide = {{ columns = {quoted(pattern)}{year} }}")
    for name in ("since", "until", "amount"):
        guessed.columns.pop(name, None)


def find_by_keys(
    sample: Sample, keys: pl.Series, taken: Iterable[str], hints: Mapping[str, str] | None = None
) -> tuple[str, float] | None:
    """Return the free column whose values are mostly among ``keys``, and the part that is.

    ``hints``: folded titles one of which a column of numbers must have, as numbers are among the keys of anything.
    """
    if not len(keys):
        return None
    best = ("", 0.0)
    for title in sample.titles:
        if title in taken:
            continue
        values = sample.values(title)
        part = _part_in(values, keys)
        if hints is not None and sample.is_number(title) and fold(title) not in hints:
            continue
        if part > best[1]:
            best = (title, part)
    return best if best[1] >= _LEAST else None


def _part_in(values: pl.Series, keys: pl.Series) -> float:
    """Return the part of the values that are keys."""
    return int(values.is_in(keys.implode()).sum()) / max(1, len(values))


def keys_of(guess: Guess, table: str) -> pl.Series:
    """Return the keys that the files of a table hold, where a single column tells them."""
    found: list[pl.Series] = []
    for each in guess.tables:
        if each.table == table and TABLES[table].key:
            key = each.columns.get(TABLES[table].key[0])
            if key and len(key.titles) == 1 and key.toml == quoted(key.titles[0]):
                found += [guess.samples[source].values(key.titles[0]) for source in each.sources
                          if key.titles[0] in guess.samples[source].cells.columns]  # fmt: skip
    return pl.concat(found).unique() if found else pl.Series(dtype=pl.String)


_ASSUMED = {"measure": "revenue", "layer": "commit", "kind": "lock", "dimension": "person"}
"""What locks, totals and proposals are mostly about."""


def fill_gaps(guess: Guess) -> None:
    """Look for required and referring columns without a title by their values, and for files that know keys anew."""
    for guessed in guess.tables:
        table, sample = TABLES[guessed.table], guess.samples[guessed.sources[0]]
        _translate_keys(guess, guessed, sample)
        taken = {title for column in guessed.columns.values() for title in column.titles} | guessed.used
        wide = any(option.startswith("wide") for option in guessed.options)
        for column in table.columns:
            if column.name in guessed.columns or (wide and column.name in ("since", "until", "amount")):
                continue
            found: tuple[str, float] | None = None
            why, sure = "", _BY_KEYS
            if column.refers_to and column.refers_to != table.name:
                hints = column_aliases(column.refers_to)
                found = find_by_keys(sample, keys_of(guess, column.refers_to), taken, hints)
                why = f"values are keys of {column.refers_to}"
            elif column.required and column.kind in ("date", "amount"):
                tell = sample.is_date if column.kind == "date" else sample.is_number
                left = [title for title in sample.titles if title not in taken and tell(title)]
                found = (left[0], 1.0) if len(left) == 1 else None
                why, sure = f"the only {column.kind} left", _ONLY_ONE
            elif column.name == "since" and not wide:
                left = [title for title in sample.titles if title not in taken and sample.is_date(title)]
                found, why, sure = (left[0], 1.0) if len(left) == 1 else None, "the only date left", _ONLY_ONE
            if not found and column.refers_to and not len(keys_of(guess, column.refers_to)):
                left = [title for title in sample.titles if title not in taken
                        and fold(title) in name_aliases(column.refers_to)]  # fmt: skip
                found, why, sure = (left[0], 1.0) if left else None, "names are the keys", _BY_NAMES
            if not found and column.required and guessed.table in ("locks", "totals", "proposals"):
                if column.name in _ASSUMED:
                    value = f"{{ value = {quoted(_ASSUMED[column.name])} }}"
                    guessed.columns[column.name] = GuessedColumn(value, _ONLY_ONE, "assumed")
            elif found:
                guessed.columns[column.name] = GuessedColumn(quoted(found[0]), sure, why, (found[0],))
                taken.add(found[0])


def _translate_keys(guess: Guess, guessed: GuessedTable, sample: Sample) -> None:
    """Where a file names people or customers by another number than their key, look the key up where both stand."""
    for column in TABLES[guessed.table].columns:
        here = guessed.columns.get(column.name)
        keys = keys_of(guess, column.refers_to) if column.refers_to and column.refers_to != guessed.table else None
        if keys is None or not len(keys) or here is None or len(here.titles) != 1:
            continue
        values = sample.values(here.titles[0])
        if _part_in(values, keys) >= 0.5:
            continue
        for other in [each for each in guess.tables if each.table == column.refers_to]:
            key = other.columns[TABLES[other.table].key[0]].titles[0]
            there = guess.samples[other.sources[0]]
            known = next((title for title in there.titles if title != key and there.is_key(title)
                          and _part_in(values, there.values(title)) >= _LEAST), None)  # fmt: skip
            if known and key not in sample.cells.columns:
                by = quoted(known) if known == here.titles[0] else f"{{ {quoted(here.titles[0])} = {quoted(known)} }}"
                guessed.joins.append([f"from = {quoted(other.sources[0])}", f"by = {by}"])
                guessed.used.add(here.titles[0])
                guessed.columns[column.name] = GuessedColumn(quoted(key), _BY_KEYS, f"{known} tells it", (key,))
                break
        else:
            guessed.columns[column.name] = GuessedColumn(here.toml, 30, "few values are keys", here.titles)
