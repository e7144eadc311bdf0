"""Reads `[import]` of plan.toml into the objects of ``mapping``; everything that is wrong with it is said at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import PurePath
from typing import Any, get_args

from quotum.adapters.files.importing.dates import Order
from quotum.adapters.files.importing.mapping import (
    Condition,
    Entry,
    FileForm,
    ImportSettings,
    Join,
    Level,
    Sum,
    Value,
    Wide,
)
from quotum.adapters.files.importing.numbers import MARKS
from quotum.adapters.files.toml_sections import Section, TomlNotes
from quotum.engine.basics.nearest import nearest
from quotum.engine.tables.schema import TABLES, TREES, Table

FORM_KEYS = ("encoding", "delimiter", "decimal", "dates", "header", "none")
_SCALES = {"千": 1_000, "thousand": 1_000, "thousands": 1_000, "万": 10_000, "萬": 10_000, "亿": 10**8, "億": 10**8,
           "million": 10**6, "millions": 10**6}  # fmt: skip
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|"}


def read_import(document: Mapping[str, Any], notes: TomlNotes) -> ImportSettings:
    """Return what `[import]` says; an entry with an error is left out, and the error forbids planning."""
    if "import" not in document:
        return ImportSettings()
    section = Section(notes, "import", document["import"])
    default = _read_form(section, "")
    files = Section(notes, "import.files", section.take("files") or {})
    forms = {name: _read_form(Section(notes, f"import.files.{name}", values), name, rest=True)
             for name, values in files.values.items()}  # fmt: skip
    entries = []
    for name in section.values:
        if name in TABLES:
            given = section.take(name)
            several = isinstance(given, list)
            for place, values in enumerate(given if several else [given]):
                path = f"import.{name}[{place}]" if several else f"import.{name}"
                entry = _read_entry(TABLES[name], Section(notes, path, values, f"import.{name}"))
                entries += [entry] if entry else []
    for key in section.values:
        if key not in (*FORM_KEYS, "files", *TABLES):
            section.refuse("import_unknown_table", key, nearest=nearest(key, TABLES))
    return ImportSettings(tuple(entries), forms, default)


def _read_form(section: Section, name: str, *, rest: bool = False) -> FileForm:
    """Return how a file is written."""
    delimiter = section.text("delimiter")
    delimiter = _DELIMITERS.get(delimiter, delimiter)
    if len(delimiter) > 1 or delimiter in ('"', "\n", "\r") or not delimiter.isascii():
        section.refuse("setting_choice", "delimiter", delimiter, known=", ".join(_DELIMITERS), nearest="")
        delimiter = ""
    encoding = section.text("encoding")
    if encoding and not _is_encoding(encoding):
        section.refuse("setting_choice", "encoding", encoding, known="utf-8, utf-16, gb18030, big5, cp1252", nearest="")
        encoding = ""
    decimal, dates = section.text("decimal", choices=MARKS), section.text("dates", choices=get_args(Order))
    form = FileForm(
        path=section.text("path", name) if rest else name,
        sheet=section.text("sheet") if rest else "",
        encoding=encoding,
        delimiter=delimiter,
        decimal=decimal or None,  # type: ignore[arg-type]
        dates=dates or None,  # type: ignore[arg-type]
        header=section.whole("header", 0, 1, 10_000) or None,
        none=section.texts("none"),
    )
    if rest:
        section.refuse_rest()
    return form


def _is_encoding(name: str) -> bool:
    try:
        return b"a".decode(name) == "a" or name.lower().replace("_", "-").startswith("utf-16")
    except (LookupError, UnicodeDecodeError):
        return name.lower().replace("_", "-").startswith("utf-16")


def _read_entry(table: Table, section: Section) -> Entry | None:
    """Return one source of a table, None if it has none."""
    before = len(section.notes.issues)
    sources = section.texts("from")
    _need(section, "from", all(sources) and sources)
    tree = _read_tree(table, section)
    wide = _read_wide(table, section)
    columns = None
    if section.has("columns") or tree:
        columns = _read_columns(table, section, derived=_derived(table, wide, section.has("changes")))
    entry = Entry(
        table=table.name,
        path=section.path,
        sources=sources,
        columns=columns,
        where=_read_where(section),
        joins=_read_joins(section),
        latest=section.texts("latest"),
        changes=section.texts("changes"),
        through=section.day("through"),
        tree=tree,
        wide=wide,
    )
    if entry.changes and table.name != "ownership":
        section.refuse("import_only_for", "changes", table.name, known="ownership")
    if entry.latest and not table.key:
        keyed = ", ".join(known.name for known in TABLES.values() if known.key)
        section.refuse("import_only_for", "latest", table.name, known=keyed)
    section.refuse_rest()
    return entry if len(section.notes.issues) == before else None


def _need(section: Section, key: str, value: object) -> None:
    """Note a key that is missing or empty."""
    if not value and section.has(key):
        section.refuse("setting_type", key, section.values[key], expected="text")
    elif not value:
        section.take(key, needed=True)


def _derived(table: Table, wide: Wide | None, changes: bool) -> set[str]:
    """Return the columns that are filled without being mapped."""
    names = {column.name for column in table.columns}
    filled = {"since", "until", "date", "amount"} if wide else {"since", "until"} if changes else set()
    return filled & names


def _read_columns(table: Table, section: Section, derived: set[str]) -> dict[str, Value]:
    """Return where each column of the table comes from."""
    given = Section(section.notes, f"{section.path}.columns", section.take("columns") or {}, f"{section.label}.columns")
    names = [column.name for column in table.columns]
    values = {}
    for name in given.values:
        if name in names:
            value = read_value(given, name)
            tree = table.column(name).refers_to if table.key and name not in table.key else ""
            if value and value.lowest and value.lowest != tree:
                given.refuse("import_not_lowest", name, value.lowest, tree=tree)
            elif value:
                values[name] = value
        else:
            given.refuse("import_unknown_column", name, table.name, nearest=nearest(name, names))
    missing = [column.name for column in table.columns
               if column.required and column.name not in {*given.values, *derived}]  # fmt: skip
    if missing and not section.has("tree"):
        section.refuse("import_column_needed", "columns", ", ".join(missing))
    return values


def read_value(section: Section, key: str) -> Value | None:
    """Return where a value comes from: a column, a template, a list of them, or a table that says more."""
    given = section.take(key)
    if isinstance(given, str):
        return Value((given,))
    if isinstance(given, list) and given and all(isinstance(text, str) for text in given):
        return Value(tuple(given))
    if not isinstance(given, dict):
        section.refuse("setting_type", key, given, expected="column")
        return None
    inner = Section(section.notes, f"{section.path}.{key}", given, f"{section.label}.{key}")
    return read_inner(inner)


def read_inner(inner: Section) -> Value | None:
    """Return a value that is given as a table; keys that are not asked for here are the caller's."""
    texts, constant = inner.texts("column"), inner.take("value")
    values = inner.take("values")
    if values is not None and not isinstance(values, dict):
        inner.refuse("setting_type", "values", values, expected="section")
        values = None
    otherwise = inner.take("otherwise")
    lowest = inner.text("lowest", choices=tuple(TREES.values()))
    value = Value(
        texts=texts,
        constant=None if constant is None else _plain(constant),
        values=None if values is None else {str(name).strip(): _plain(item) for name, item in values.items()},
        otherwise=None if otherwise is None else _plain(otherwise),
        scale=read_scale(inner),
        lowest=lowest,
    )
    if bool(texts) == (constant is not None):
        inner.refuse("import_column_or_value", "column")
        return None
    return value


def read_scale(section: Section) -> Decimal:
    """Return what values are multiplied by: a number, or a word such as thousands or 万."""
    given = section.take("scale")
    if given is None:
        return Decimal(1)
    if isinstance(given, str) and given.strip().lower() in _SCALES:
        return Decimal(_SCALES[given.strip().lower()])
    if isinstance(given, bool) or not isinstance(given, (int, Decimal)) or not 0 < abs(Decimal(given)) <= 10**12:
        section.refuse("setting_type", "scale", given, expected="number")
        return Decimal(1)
    return Decimal(given)


def _plain(value: object) -> str:
    """Return a constant of TOML as a file would write it."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _read_where(section: Section) -> tuple[Condition, ...]:
    """Return which rows count."""
    given = section.take("where")
    if given is None:
        return ()
    inner = Section(section.notes, f"{section.path}.where", given, f"{section.label}.where")
    conditions = []
    for column, value in inner.values.items():
        if isinstance(value, dict):
            each = Section(section.notes, f"{inner.path}.{column}", value, f"{inner.label}.{column}")
            inner.take(column)
            filled = each.take("filled")
            excluded = each.take("not")
            conditions.append(Condition(
                column, excluded=() if excluded is None else tuple(map(_plain, _listed(excluded))),
                filled=filled if isinstance(filled, bool) else None, since=each.day("since"), until=each.day("until"),
            ))  # fmt: skip
            each.refuse_rest()
        else:
            conditions.append(Condition(column, values=tuple(map(_plain, _listed(value)))))
    return tuple(conditions)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _read_joins(section: Section) -> tuple[Join, ...]:
    """Return the other files whose columns may be used."""
    given = section.take("join")
    joins: list[Join] = []
    for place, values in enumerate(_listed(given) if given is not None else []):
        inner = Section(section.notes, f"{section.path}.join[{place}]", values, f"{section.label}.join")
        source = inner.text("from")
        _need(inner, "from", source)
        by = inner.take("by", needed=True)
        same = [(name, name) for name in _listed(by)]
        pairs: tuple[tuple[Any, Any], ...] = tuple(by.items() if isinstance(by, dict) else same)
        if not pairs or not all(isinstance(name, str) for pair in pairs for name in pair):
            inner.refuse("setting_type", "by", by, expected="column")
        many = inner.take("many")
        joins.append(Join(
            source=source, by=pairs, name=inner.text("name", PurePath(source.partition(" [")[0]).stem),
            latest=inner.texts("latest"), through=inner.day("through"), many=many is True, where=_read_where(inner),
        ))  # fmt: skip
        inner.refuse_rest()
    return tuple(joins)


def _read_tree(table: Table, section: Section) -> tuple[Level, ...]:
    """Return the levels of a tree, from the top."""
    given = section.take("tree")
    if given is None:
        return ()
    if not table.parent:
        section.refuse("import_only_for", "tree", table.name, known=", ".join(TREES.values()))
        return ()
    levels = []
    for place, value in enumerate(_listed(given)):
        if isinstance(value, str):
            levels.append(Level(Value((value,)), Value((value,)), value if "{" not in value else ""))
            continue
        inner = Section(section.notes, f"{section.path}.tree[{place}]", value, f"{section.label}.tree")
        kind = inner.text("kind", str(value.get("column", "")) if isinstance(value, dict) else "")
        key = read_value(inner, "key") if inner.has("key") else None
        name = read_inner(inner)
        inner.refuse_rest()
        if name:
            levels.append(Level(name, key or name, kind))
    return tuple(levels)


def _read_wide(table: Table, section: Section) -> Wide | None:
    """Return which columns stand for periods."""
    given = section.take("wide")
    if given is None:
        return None
    names = {column.name for column in table.columns}
    if "amount" not in names or not {"since", "date"} & names:
        known = [t.name for t in TABLES.values()
                 if "amount" in (n := {c.name for c in t.columns}) and {"since", "date"} & n]  # fmt: skip
        section.refuse("import_only_for", "wide", table.name, known=", ".join(known))
        return None
    inner = Section(section.notes, f"{section.path}.wide", given, f"{section.label}.wide")
    columns = inner.texts("columns")
    _need(inner, "columns", columns)
    if (columns and len(columns) not in (1, 4, 12)) or (len(columns) == 1 and "{" not in columns[0]):
        inner.refuse("import_wide_columns", "columns", ", ".join(columns))
    year = inner.take("year")
    if (isinstance(year, bool) or not isinstance(year, (str, int))) and year is not None:
        inner.refuse("setting_type", "year", year, expected="column")
        year = None
    if not year and not any("{year}" in column for column in columns):
        inner.take("year", needed=True)
    wide = Wide(columns, year or "", inner.take("fiscal") is True, read_scale(inner), inner.take("whole") is True)
    inner.refuse_rest()
    return wide


def read_sum(section: Section) -> Sum | None:
    """Return a target that is a sum: ``{ sum = "Quota", from = "quotas.csv", date = "QuarterStart" }``."""
    before = len(section.notes.issues)
    source, column = section.text("from"), section.text("sum")
    _need(section, "from", source)
    _need(section, "sum", column)
    scale, day, where = read_scale(section), section.text("date"), _read_where(section)
    wide = None
    if "{" in column:
        year, fiscal = section.take("year"), section.take("fiscal") is True
        if not (isinstance(year, str) or (isinstance(year, int) and not isinstance(year, bool)) or "{year}" in column):
            section.refuse("setting_type", "year", year, expected="column")
        wide = Wide((column,), year or "", fiscal, scale)
    section.refuse_rest()
    found = Sum(source, "" if wide else column, day, where, scale, wide)
    return found if len(section.notes.issues) == before else None
