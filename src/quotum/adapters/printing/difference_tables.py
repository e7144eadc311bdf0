"""What differs between two plans as people read it: before, after, difference."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import polars as pl

from quotum.adapters.printing.amounts import format_amount, format_growth
from quotum.adapters.printing.member_names import MemberNames
from quotum.adapters.printing.slice_files import guard_text
from quotum.adapters.printing.text_tables import draw_table, printable, table_width

_AMOUNTS = ("before", "after", "difference")


def draw_differences(frame: pl.DataFrame, keys: Sequence[str], names: MemberNames, width: int) -> str:
    """Return the differences as a table with totals; several periods stand beside each other where they fit."""
    if frame.is_empty():
        return "Nothing differs."
    for key in keys:
        names.learn(key.partition("@")[0], frame[key].unique().to_list())
    if frame["since"].n_unique() > 1:
        drawn = _beside(frame, keys, names)
        if drawn and table_width([*drawn[1], drawn[0], drawn[2]]) <= width:
            return draw_table(drawn[0], drawn[1], left=len(keys), total=drawn[2])
    decimals, with_period = frame["decimals"][0], frame["since"].n_unique() > 1
    rows = []
    for line in frame.iter_rows(named=True):
        cells = [_name(names, key, line[key]) for key in keys] + ([line["period"]] if with_period else [])
        rows.append([*cells, *_figures(line["before"], line["after"], decimals)])
    left = len(keys) + with_period
    sums = [int(frame[name].sum()) for name in _AMOUNTS[:2]]
    total = ["total", *[""] * (left - 1), *_figures(sums[0], sums[1], decimals)] if left else []
    header = [*keys, *(["period"] if with_period else []), *_AMOUNTS, "change"]
    return draw_table(header, rows, left=left, total=total)


def _beside(
    frame: pl.DataFrame, keys: Sequence[str], names: MemberNames
) -> tuple[list[str], list[list[str]], list[str]] | None:
    """Return differences with a column a period."""
    if not keys:
        return None
    decimals = frame["decimals"][0]
    periods = frame.select("since", "period").unique().sort("since")["period"].to_list()
    lines: dict[tuple[str, ...], dict[str, int]] = {}
    for line in frame.iter_rows(named=True):
        lines.setdefault(tuple(_name(names, key, line[key]) for key in keys), {})[line["period"]] = line["difference"]
    rows = [
        [*key, *(_signed(of.get(period, 0), decimals) for period in periods), _signed(sum(of.values()), decimals)]
        for key, of in lines.items()
    ]
    sums = [sum(of.get(period, 0) for of in lines.values()) for period in periods]
    total = ["total", *[""] * (len(keys) - 1), *(_signed(s, decimals) for s in sums), _signed(sum(sums), decimals)]
    return [*keys, *periods, "difference"], rows, total


def _figures(before: int, after: int, decimals: int) -> list[str]:
    return [
        format_amount(before, decimals), format_amount(after, decimals), _signed(after - before, decimals),
        format_growth(after, before),
    ]  # fmt: skip


def _signed(amount: int, decimals: int) -> str:
    return ("+" if amount > 0 else "") + format_amount(amount, decimals) if amount else "0"


def _name(names: MemberNames, column: str, key: str | None) -> str:
    name = names.of(column.partition("@")[0], key)
    return printable("-" if key is None else key if name == key else f"{key} {name}")


def write_difference_book(frame: pl.DataFrame, path: Path, *, as_of: date) -> None:
    """Write differences as one sheet: formulas for difference and totals with their values, header frozen.

    Raises OSError when the file cannot be written.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError
    from xlsxwriter.utility import xl_rowcol_to_cell

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"created": datetime(as_of.year, as_of.month, as_of.day)})
    decimals = frame["decimals"][0] if len(frame) else 0
    unit = 10**decimals
    form = book.add_format({"num_format": "#,##0" + ("." + "0" * decimals if decimals else "")})
    day, bold = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"bold": True, "bottom": 1})
    sheet = book.add_worksheet("Differences")
    columns = [name for name in frame.columns if name != "decimals"]
    for at, name in enumerate(columns):
        sheet.write_string(0, at, name, bold)
        sheet.set_column(at, at, 16)
        for line, value in enumerate(frame[name].to_list(), start=1):
            if name == "difference":
                old, new = xl_rowcol_to_cell(line, at - 2), xl_rowcol_to_cell(line, at - 1)
                sheet.write_formula(line, at, f"={new}-{old}", form, value / unit)
            elif name in _AMOUNTS:
                sheet.write_number(line, at, value / unit, form)
            elif isinstance(value, date):
                sheet.write_datetime(line, at, datetime(value.year, value.month, value.day), day)
            elif value is not None:
                sheet.write_string(line, at, guard_text(value))
        if name in _AMOUNTS and len(frame):
            cells = f"{xl_rowcol_to_cell(1, at)}:{xl_rowcol_to_cell(len(frame), at)}"
            sheet.write_formula(len(frame) + 1, at, f"=SUBTOTAL(109,{cells})", form, int(frame[name].sum()) / unit)
    sheet.freeze_panes(1, 0)
    if len(frame):
        sheet.autofilter(0, 0, len(frame), len(columns) - 1)
    try:
        book.close()
    except FileCreateError as error:
        cause = error.args[0] if error.args else ""
        raise OSError(getattr(cause, "errno", 0), getattr(cause, "strerror", "") or str(cause)) from error
