"""Prints what the schema says: tables, columns, what they hold."""

from __future__ import annotations

import json
from typing import Any

from quotum.engine.tables.schema import TABLES, Column, Table

_KINDS = {
    "key": "key", "text": "text", "date": "date", "amount": "amount (up to 4 decimals)", "number": "number",
    "whole": "whole number", "choice": "one of", "scope": "dimension=key",
    "currency": "three letters", "rate": "rate (up to 10 decimals)",
}  # fmt: skip


def describe_kind(column: Column) -> str:
    """Return in a few words what a column holds."""
    words = _KINDS[column.kind]
    if column.choices:
        words += f" {', '.join(column.choices)}"
    if column.refers_to:
        words += f" of {column.refers_to}"
    if column.low is not None and column.high is not None:
        words += f", {column.low:g} to {column.high:g}"
    elif column.low is not None:
        words += f", at least {column.low:g}"
    return words


def list_tables() -> str:
    """Return a line a table: its name, what it is for, its columns."""
    width = max(map(len, TABLES))
    lines = []
    for table in TABLES.values():
        lines.append(f"{table.name:<{width}}  {table.about}")
        lines.append(f"{'':<{width}}  {', '.join(column.name for column in table.columns)}")
    return "\n".join([*lines, "", "Columns of one table: quotum tables NAME"])


def describe_table(table: Table) -> str:
    """Return a line a column: its name, whether it must be filled, what it holds."""
    rows = [(column.name, "must be filled" if column.required else "", describe_kind(column), column.about)
            for column in table.columns]  # fmt: skip
    widths = [max(len(row[i]) for row in rows) for i in range(3)]
    lines = [f"  {a:<{widths[0]}}  {b:<{widths[1]}}  {c:<{widths[2]}}  {d}".rstrip() for a, b, c, d in rows]
    key = f"One row for each {', '.join(table.key)}." if table.key else "Rows may repeat."
    return "\n".join([f"{table.name}: {table.about}", *lines, key])


def tables_as_json(name: str | None = None) -> str:
    """Return the tables, or one of them, as JSON."""
    tables = TABLES.values() if name is None else [TABLES[name]]
    return json.dumps([_plain(table) for table in tables], ensure_ascii=False, indent=2)


def _plain(table: Table) -> dict[str, Any]:
    columns = [
        {
            "name": c.name,
            "kind": c.kind,
            "required": c.required,
            "refers_to": c.refers_to,
            "choices": list(c.choices),
            "low": c.low,
            "high": c.high,
            "about": c.about,
        }
        for c in table.columns
    ]
    return {"name": table.name, "about": table.about, "key": list(table.key), "columns": columns}
