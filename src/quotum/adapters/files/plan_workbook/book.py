"""A workbook with the house's manners: formats, tables of columns, totals as formulas with their exact values.

User text is only ever written as text. Amounts come in smallest units and are divided once, so that a cell holds the
float nearest to its decimal; a total's cached value is the exact sum of what stands above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from quotum.adapters.files.plan_workbook.words import WORDS
from quotum.engine.tables.plan_settings import PlanSettings

Kind = Literal["text", "prose", "amount", "growth", "percent", "number", "whole"]
Cell = str | int | float | None

_MAX_CELL = 32_767
_WIDEST, _WIDEST_PROSE, _NARROWEST = 60, 70, 9
_MAX_FROZEN = 90  # what stays in sight must leave room for what moves
_HEAD = 3  # the line of a list's column titles; above it a title, a note and an empty line
_PERCENT, _GROWTH = "0.0%", "+0.0%;-0.0%;0.0%"
_UNSAFE_IN_SHEET = str.maketrans(dict.fromkeys("[]:*?/\\'", "-"))
_NOT_XML = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``values``: texts, smallest units (amount) or plain numbers; None stays empty.

    ``formula`` is what a line computes: ``{key}`` stands for the cell of another column in the same line. ``total`` is
    a formula too; ``{key_all}`` stands for all lines of a column. ``values`` and ``total_value`` are then the cached
    results; a total without a value, of a column that knows nothing, is left out.
    """

    key: str
    title: str
    values: Sequence[Cell]
    kind: Kind = "text"
    formula: str = ""
    total: str = ""
    total_value: float | None = None


class _Sheet(Worksheet):  # type: ignore[misc]
    """A worksheet that takes formulas as they are: ours use no functions newer than Excel 2007.

    The library searches each formula for thirty names of such functions, a third of the time of a large plan.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return formula.removeprefix("=")


class Book:
    """A workbook in the making; leaving the ``with`` block writes it."""

    def __init__(self, path: Path, settings: PlanSettings) -> None:
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.settings = settings
        self._book = xlsxwriter.Workbook(str(path), options)
        created = datetime(settings.as_of.year, settings.as_of.month, settings.as_of.day)
        self._book.set_properties({"title": clean(settings.name)[:255], "author": "quotum", "created": created})
        self._formats: dict[tuple[Any, ...], Any] = {}
        self._names: set[str] = set()

    def __enter__(self) -> Book:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            try:
                self._book.close()
            except xlsxwriter.exceptions.FileCreateError as wrapped:
                raise OSError(str(wrapped)) from wrapped

    def format(self, **properties: Any) -> Any:
        """Return the format with these properties, each made once."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(properties)
        return self._formats[key]

    def add_sheet(self, name: str) -> Any:
        """Add a sheet set up for printing: landscape, as wide as a page, page numbers and the plan's name below."""
        safe = name.translate(_UNSAFE_IN_SHEET).translate(_NOT_XML)
        chosen, number = safe[:31], 1
        while chosen.lower() in self._names:
            number += 1
            chosen = f"{safe[:27]} {number}"
        self._names.add(chosen.lower())
        sheet = self._book.add_worksheet(chosen, _Sheet)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
        plan = clean(self.settings.name)[:80].replace("&", "&&")
        sheet.set_footer(f"&L{plan}&C{WORDS['page']}&R&A")
        return sheet

    def add_chart(self, options: dict[str, str]) -> Any:
        """Return a new chart."""
        return self._book.add_chart(options)

    def write_list(
        self, name: str, title: str, note: str, columns: Sequence[Column], *, decimals: int = 0, frozen: int = 0,
        indents: Sequence[int] = (), further: bool = False,
    ) -> Any:  # fmt: skip
        """Write a sheet that is one table: frozen and repeated titles, filter, total; return the sheet.

        ``frozen`` columns stay in sight, fewer where they are wide; ``further``: the last line stands for what was left
        out, outside of the filter; ``indents`` of the lines go to the first column.
        """
        sheet = self.add_sheet(name)
        self.write_title(sheet, title, note)
        end = self.write_table(sheet, _HEAD, 0, columns, decimals=decimals, indents=indents)
        sheet.repeat_rows(_HEAD)
        lines = len(columns[0].values) - further
        sheet.autofilter(_HEAD, 0, max(_HEAD + lines, _HEAD + 1), len(columns) - 1)
        sheet.print_area(0, 0, end, len(columns) - 1)
        widths = [column_width(column, decimals) for column in columns]
        if any(estimate_width(column.title) + 2 > width for column, width in zip(columns, widths, strict=True)):
            sheet.set_row(_HEAD, 30)  # two lines of title: only Excel would find that out by itself
        widths[0] += 2 * max(indents, default=0)
        while frozen > 1 and sum(widths[:frozen]) > _MAX_FROZEN:
            frozen -= 1
        sheet.freeze_panes(_HEAD + 1, frozen)
        for at, width in enumerate(widths):
            sheet.set_column(at, at, width)
        return sheet

    def write_title(self, sheet: Any, title: str, note: str) -> None:
        """Write the two lines above a table."""
        sheet.write_string(0, 0, clean(title), self.format(bold=True, font_size=16, font_color="#1F3864"))
        sheet.write_string(1, 0, clean(note), self.format(font_color="#595959"))

    def write_table(
        self, sheet: Any, top: int, left: int, columns: Sequence[Column], *, decimals: int = 0,
        indents: Sequence[int] = (),
    ) -> int:  # fmt: skip
        """Write titles, lines and, where a column has one, a line of totals; return the last line written."""
        lines = len(columns[0].values)
        has_total = lines > 0 and any(column.total for column in columns)
        letters = _letters(columns, left)
        blanks = {f"{key}_all": f"{c}{top + 2}:{c}{top + 1 + lines}" for key, c in letters.items()}
        for at, column in enumerate(columns, start=left):
            side = {"align": "left", **_space(columns, at - left)} if _is_text(column) else {"align": "right"}
            head = self.format(bold=True, bottom=1, bg_color="#DDE6F3", text_wrap=True, valign="vcenter", **side)
            sheet.write_string(top, at, clean(column.title), head)
            if has_total:
                self._write_total(sheet, top + 1 + lines, at, column, letters, blanks, decimals)
        self.write_lines(sheet, top + 1, left, columns, decimals=decimals, indents=indents)
        return top + lines + has_total

    def write_lines(
        self, sheet: Any, top: int, left: int, columns: Sequence[Column], *, decimals: int = 0,
        indents: Sequence[int] = (),
    ) -> None:  # fmt: skip
        """Write the lines of a table without titles and totals."""
        letters = _letters(columns, left)
        for at, column in enumerate(columns, start=left):
            plain = {**_form(column.kind, decimals), **_space(columns, at - left)}
            self._write_values(sheet, top, at, column, letters, decimals, plain, indents if at == left else ())

    def _write_values(
        self, sheet: Any, top: int, at: int, column: Column, letters: dict[str, str], decimals: int,
        plain: dict[str, Any], indents: Sequence[int],
    ) -> None:  # fmt: skip
        usual, size = self.format(**plain), 10**decimals if column.kind == "amount" else 1
        template = _as_template(column.formula, letters)
        for line, value in enumerate(column.values, start=top):
            if value is None or value == "":
                continue
            form = self.format(indent=min(indents[line - top], 15)) if indents else usual
            if isinstance(value, str):
                sheet.write_string(line, at, clean(value), form)
            elif template:
                sheet.write_formula(line, at, template.replace("#", str(line + 1)), form, value / size)
            else:
                sheet.write_number(line, at, value / size, form)

    def _write_total(
        self, sheet: Any, line: int, at: int, column: Column, letters: dict[str, str], blanks: dict[str, str],
        decimals: int,
    ) -> None:  # fmt: skip
        form = self.format(bold=True, top=1, **_form(column.kind, decimals))
        value = column.total_value
        if column.total.startswith("=") and value is not None:
            own = {key: f"{letter}{line + 1}" for key, letter in letters.items()}
            size = 10**decimals if column.kind == "amount" else 1
            sheet.write_formula(line, at, column.total.format(**own, **blanks), form, value / size)
        elif column.total and not column.total.startswith("="):
            sheet.write_string(line, at, column.total, form)
        else:
            sheet.write_blank(line, at, None, form)


def clean(text: str) -> str:
    """Return a text that a cell can hold: no control characters, not longer than Excel allows.

    The library would take ``<r>…</r>`` for XML of its own; a space before it keeps it a text.
    """
    plain = text if text.isprintable() else text.translate(_NOT_XML)
    return (" " + plain if plain.startswith("<r>") else plain)[:_MAX_CELL]


def estimate_width(text: str) -> int:
    """Return about how many places a text takes in a cell: Chinese, three bytes a character, counts two.

    Bytes tell it a hundred times faster than character tables; only letters with accents come out a little wide.
    """
    return (len(text) + len(text.encode("utf-8", "replace")) + 1) // 2


def column_width(column: Column, decimals: int = 0) -> int:
    """Return the width that shows the column's cells, wide characters counting two; titles may wrap at spaces."""
    if _is_text(column):
        cells = max((estimate_width(value) for value in column.values if isinstance(value, str)), default=0)
    elif column.kind in ("growth", "percent"):
        cells = 7
    else:
        numbers = [abs(v) for v in (*column.values, column.total_value) if v is not None and not isinstance(v, str)]
        size = 10**decimals if column.kind == "amount" else 1
        places = decimals if column.kind == "amount" else 2 if column.kind == "number" else 0
        cells = len(f"-{max(numbers, default=0) / size:,.{places}f}") + 1
    title = max((estimate_width(word) for word in column.title.split()), default=0) + 3  # room for the filter's arrow
    return min(max(cells + 1, title, _NARROWEST), _WIDEST_PROSE if column.kind == "prose" else _WIDEST)


def _form(kind: Kind, decimals: int) -> dict[str, Any]:
    amount = "#,##0" + ("." + "0" * decimals if decimals else "")
    forms = {"amount": amount, "growth": _GROWTH, "percent": _PERCENT, "number": "#,##0.00", "whole": "#,##0"}
    if kind == "prose":
        return {"text_wrap": True, "valign": "top"}
    return {"num_format": forms[kind]} if kind in forms else {}


def _is_text(column: Column) -> bool:
    return column.kind in ("text", "prose")


def _space(columns: Sequence[Column], at: int) -> dict[str, int]:
    """Return the indent that keeps a text apart from a number before it."""
    return {"indent": 1} if at and _is_text(columns[at]) and not _is_text(columns[at - 1]) else {}


def _letters(columns: Sequence[Column], left: int) -> dict[str, str]:
    """Return the letter of each column by its key."""
    return {column.key: xl_col_to_name(left + at) for at, column in enumerate(columns)}


def _as_template(formula: str, letters: dict[str, str]) -> str:
    """Return a line's formula with ``#`` for the number of the line: filled by the hundred thousand."""
    return formula.format(**{key: f"{letter}#" for key, letter in letters.items()}) if formula else ""
