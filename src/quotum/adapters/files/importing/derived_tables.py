"""Guesses the tables that no file holds by itself: units from columns, people and customers from the lines of sales."""

from __future__ import annotations

import polars as pl

from quotum.adapters.files.importing.aliases import column_aliases, fold, name_aliases
from quotum.adapters.files.importing.guessing import (
    Guess,
    GuessedColumn,
    GuessedTable,
    find_by_keys,
    keys_of,
    quoted,
)
from quotum.adapters.files.importing.samples import Sample
from quotum.engine.tables.schema import TABLES

TOP = "Company"
_MOST_UNITS = 5_000


def derive_tables(guess: Guess) -> None:
    """Add people, units, customers and products that only other files tell of; note what stays open."""
    sales = next((each for each in guess.tables if each.table == "sales"), None)
    if sales and "date" in sales.columns:
        _derive_people(guess, sales)
        _derive_customers(guess, sales)
        if "product" in sales.columns and not _has(guess, "products"):
            guess.tables.append(_from_sales(sales, "products", ["product", "category"], latest=True))
    if not any(each.table == "units" and _good(each) for each in guess.tables):
        _derive_units(guess)
    _place_people(guess)
    for name in ("units", "people"):
        if not _has(guess, name):
            guess.missing.append((name, TABLES[name].key[0]))
    for each in guess.tables:
        derived = {"since", "until", "date", "amount"} if any(o.startswith("wide") for o in each.options) else set()
        tree = any(option.startswith("tree") for option in each.options)
        guess.missing += [(each.table, column.name) for column in TABLES[each.table].columns
                          if column.required and column.name not in {*each.columns, *derived} and not tree]  # fmt: skip


def leave_out_totals(guess: Guess) -> None:
    """Leave out the rows of totals that reports end with, by a word that stands in no other row."""
    for each in guess.tables:
        sample = guess.samples[each.sources[0]]
        for title, words in sample.totals.items() if each.table == "sales" else ():
            if not sample.cells[title].is_in(words).any():
                each.options.append(f"where = {{ {quoted(title)} = {{ not = [{', '.join(map(quoted, words))}] }} }}")
                break


def _has(guess: Guess, table: str) -> bool:
    return any(each.table == table for each in guess.tables)


def _good(units: GuessedTable) -> bool:
    """Tell whether a file really lists units: with parents, or as a tree of columns."""
    return "parent" in units.columns or any(option.startswith("tree") for option in units.options)


def _from_sales(sales: GuessedTable, table: str, names: list[str], *, latest: bool) -> GuessedTable:
    """Return a table whose rows are told by the lines of sales: the last line of each key counts."""
    columns = {name: GuessedColumn(sales.columns[name].toml, 60, "from the lines of sales", sales.columns[name].titles)
               for name in names if name in sales.columns}  # fmt: skip
    made = GuessedTable(table, list(sales.sources), 60, columns, options=_wheres(sales))
    if latest:
        made.options.append(f"latest = {quoted(sales.columns['date'].titles[0])}")
    return made


def _wheres(table: GuessedTable) -> list[str]:
    return [option for option in table.options if option.startswith("where")]


def _title(sample: Sample, table: str, column: str) -> str | None:
    """Return the title that stands for a column of another table."""
    aliases = column_aliases(table)
    return next((title for title in sample.titles if aliases.get(fold(title)) == column), None)


def _derive_people(guess: Guess, sales: GuessedTable) -> None:
    if _has(guess, "people") or "person" not in sales.columns:
        return
    people = _from_sales(sales, "people", ["person"], latest=True)
    unit = _title(guess.samples[sales.sources[0]], "people", "unit") or _title(
        guess.samples[sales.sources[0]], "units", "unit"
    )
    if unit:
        people.columns["unit"] = GuessedColumn(quoted(unit), 60, "of the latest line", (unit,))
    guess.tables.append(people)


def _derive_customers(guess: Guess, sales: GuessedTable) -> None:
    """Customers that no file lists are those of the lines; owners that no file names took the latest order."""
    if "customer" not in sales.columns:
        return
    if not _has(guess, "customers"):
        customers = _from_sales(sales, "customers", ["customer", "person", "channel"], latest=True)
        sample, used = guess.samples[sales.sources[0]], {title for c in sales.columns.values() for title in c.titles}
        for title in sample.titles:
            if fold(title) in name_aliases("customers") and title not in used:
                customers.columns.setdefault("name", GuessedColumn(quoted(title), 60, "of the latest line", (title,)))
        guess.tables.append(customers)
        return
    if "person" not in sales.columns or _has(guess, "ownership"):
        return
    for customers in [each for each in guess.tables if each.table == "customers"]:
        key = customers.columns.get("customer")
        if key is None or "person" in customers.columns or len(key.titles) != 1:
            continue
        sample = guess.samples[customers.sources[0]]
        lines, keys = guess.samples[sales.sources[0]], sample.values(key.titles[0])
        same = next((title for title in sales.columns["customer"].titles if _overlap(lines.values(title), keys)), None)
        owner = sales.columns["person"].titles[0]
        if same and owner not in sample.cells.columns:
            by = quoted(same) if same == key.titles[0] else f"{{ {quoted(key.titles[0])} = {quoted(same)} }}"
            customers.joins.append([f"from = {quoted(sales.sources[0])}", f"by = {by}",
                                    f"latest = {quoted(sales.columns['date'].titles[0])}"])  # fmt: skip
            customers.columns["person"] = GuessedColumn(quoted(owner), 70, "who took the latest order", (owner,))


def _overlap(some: pl.Series, keys: pl.Series) -> bool:
    return bool(len(some)) and float(some.is_in(keys.implode()).mean() or 0) >= 0.9  # type: ignore[arg-type]


def _derive_units(guess: Guess) -> None:
    """Make units a tree of columns: of a file that lists them, or of the column that tells people's unit."""
    flat = [each for each in guess.tables if each.table in ("units", "areas") and not _good(each)]
    listed = next(iter(sorted(flat, key=lambda each: each.table != "units")), None)
    if listed:
        sample = guess.samples[listed.sources[0]]
        chain = _chain(sample)
        key = listed.columns.get(TABLES[listed.table].key[0])
        if chain:
            levels = [f"{{ value = {quoted(TOP)} }}", *map(quoted, chain[:-1])]
            # The finest level bears the file's own key, which other files name it by.
            own = key if key and key.titles and sample.is_key(key.titles[0]) else None
            levels.append(f"{{ column = {quoted(chain[-1])}, key = {own.toml} }}" if own else quoted(chain[-1]))
            guess.tables.remove(listed)
            guess.tables.append(GuessedTable("units", listed.sources, 70, options=[f"tree = [{', '.join(levels)}]"],
                                             used={*chain, *(own.titles if own else ())}))  # fmt: skip
            return
        if listed.table == "units":
            guess.tables.remove(listed)
            name = listed.columns.get("unit") or listed.columns.get("name")
            if name:
                guess.tables.append(GuessedTable("units", listed.sources, 60, used=set(name.titles), options=[
                    f"tree = [{{ value = {quoted(TOP)} }}, {name.toml}]"]))  # fmt: skip
                return
    people = next((each for each in guess.tables if each.table == "people"), None)
    if people is None:
        return
    unit = people.columns.get("unit")
    if unit is None or unit.toml.startswith("{"):
        people.columns["unit"] = GuessedColumn(f"{{ value = {quoted(TOP)} }}", 30, "no file tells units: one for all")
        levels = [f"{{ value = {quoted(TOP)} }}"]
    else:
        sample = guess.samples[people.sources[0]]
        coarse = [title for title in _chain(sample, finest=unit.titles[0]) if title not in _titles(people)]
        levels = [f"{{ value = {quoted(TOP)} }}", *map(quoted, [*coarse, *unit.titles[:1]])]
    options = [*_wheres(people), f"tree = [{', '.join(levels)}]"]
    guess.tables.append(GuessedTable("units", list(people.sources), 60, options=options))


def _titles(table: GuessedTable) -> set[str]:
    return {title for column in table.columns.values() for title in column.titles}


def _chain(sample: Sample, finest: str = "") -> list[str]:
    """Return the text columns that form a tree, coarsest first: every value of one lies in one value of the next."""
    texts = [title for title in sample.titles if not sample.is_number(title) and not sample.is_date(title)]
    known = {"unit", "area", "category"}
    placed = [title for title in texts if title != finest and 1 < sample.values(title).len() <= _MOST_UNITS
              and (not finest or column_aliases("areas").get(fold(title)) in known
                   or column_aliases("units").get(fold(title)) in known)]  # fmt: skip
    sizes = {title: sample.values(title).len() for title in placed}
    chain: list[str] = [finest] if finest else []
    for title in sorted(placed, key=lambda title: -sizes[title]):
        if not chain:
            chain.append(title)
            continue
        pairs = sample.cells.select(chain[0], title).drop_nulls().unique()
        if pairs[chain[0]].n_unique() == pairs.height and sizes[title] < sample.values(chain[0]).len():
            chain.insert(0, title)
    return chain[:-1] if finest else chain if len(chain) > 1 else []


def _place_people(guess: Guess) -> None:
    """Find people's unit in a file that links people and units, many to many; one unit for all where there is none."""
    people = next((each for each in guess.tables if each.table == "people"), None)
    if people is None or "unit" in people.columns:
        return
    persons = keys_of(guess, "people")
    units = next((each for each in guess.tables if each.table == "units"), None)
    if units and people.columns.get("person"):
        names = pl.concat([guess.samples[units.sources[0]].values(title) for title in sorted(units.used)] or
                          [pl.Series(dtype=pl.String)])  # fmt: skip
        here = people.columns["person"].titles[0]
        free = [source for source in guess.samples if source not in {s for each in guess.tables for s in each.sources}]
        for source in free:
            person = find_by_keys(guess.samples[source], persons, ())
            unit = find_by_keys(guess.samples[source], names, (person[0],)) if person else None
            if person and unit:
                by = quoted(here) if here == person[0] else f"{{ {quoted(here)} = {quoted(person[0])} }}"
                people.joins.append([f"from = {quoted(source)}", f"by = {by}", "many = true"])
                value = f'{{ column = {quoted(unit[0])}, lowest = "units" }}'
                people.columns["unit"] = GuessedColumn(value, 70, f"{source} links people and units", (unit[0],))
                return
    people.columns["unit"] = GuessedColumn(f"{{ value = {quoted(TOP)} }}", 30, "no file tells units: one for all")
    if units is None:
        guess.tables.append(GuessedTable("units", list(people.sources), 60,
                                         options=[f"tree = [{{ value = {quoted(TOP)} }}]"]))  # fmt: skip
