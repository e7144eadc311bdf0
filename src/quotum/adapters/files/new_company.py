"""Writes an empty company: every table with its header, and a plan.toml that explains itself."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from quotum.engine.basics.issues import Issue
from quotum.engine.tables.schema import TABLES, Column, Table

WORKBOOK = "company.xlsx"


def write_new_company(folder: Path, *, as_workbook: bool = False) -> list[Issue]:
    """Write an empty company into a new or empty folder; return what forbade it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            return [Issue(rule="folder_in_use", file=str(folder))]
        if as_workbook:
            _write_workbook(folder / WORKBOOK)
        else:
            for table in TABLES.values():
                header = ",".join(column.name for column in table.columns)
                (folder / f"{table.name}.csv").write_text(f"{header}\n", encoding="utf-8-sig", newline="\n")
        template = files("quotum.adapters.files").joinpath("plan_template.toml").read_text(encoding="utf-8")
        (folder / "plan.toml").write_text(template, encoding="utf-8", newline="\n")
    except OSError as problem:
        return [Issue(rule="folder_not_written", file=str(folder), value=problem.strerror or "")]
    return []


def _write_workbook(path: Path) -> None:
    """Write a workbook with a sheet for each table: header frozen, a comment on each column, formats set."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path)) as workbook:
        heads = {
            needed: workbook.add_format({"bold": True, "bg_color": "#DDEBF7" if needed else "#F2F2F2", "bottom": 1})
            for needed in (True, False)
        }
        formats = {
            "date": workbook.add_format({"num_format": "yyyy-mm-dd"}),
            "key": workbook.add_format({"num_format": "@"}),
            "amount": workbook.add_format({"num_format": "#,##0.00##"}),
        }
        for table in TABLES.values():
            sheet = workbook.add_worksheet(table.name)
            sheet.freeze_panes(1, 0)
            for place, column in enumerate(table.columns):
                sheet.set_column(place, place, max(10, len(column.name) + 3), formats.get(column.kind))
                sheet.write_string(0, place, column.name, heads[column.required])
                if comment := _comment(table, column):
                    sheet.write_comment(0, place, comment)


def _comment(table: Table, column: Column) -> str:
    """Return what a planner should know about a column."""
    parts = [
        column.about,
        "must be filled" if column.required else "",
        f"a {TABLES[column.refers_to].key[0]} of the sheet {column.refers_to}" if column.refers_to else "",
        f"one of {', '.join(column.choices)}" if column.choices else "",
        "one row for each" if column.name in table.key else "",
    ]
    return "; ".join(part for part in parts if part)
