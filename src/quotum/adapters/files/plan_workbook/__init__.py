"""``plan.xlsx``: the plan as a workbook to mail. The same plan gives the same bytes: its date is ``as_of``."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from quotum.adapters.files.plan_workbook.book import Book
from quotum.adapters.files.plan_workbook.customer_groups import write_customer_groups
from quotum.adapters.files.plan_workbook.drivers import write_drivers
from quotum.adapters.files.plan_workbook.feasibility import write_feasibility
from quotum.adapters.files.plan_workbook.figures import Rows
from quotum.adapters.files.plan_workbook.findings import read_findings, write_findings
from quotum.adapters.files.plan_workbook.forecast import write_forecasts
from quotum.adapters.files.plan_workbook.handovers import write_handovers
from quotum.adapters.files.plan_workbook.people import write_people
from quotum.adapters.files.plan_workbook.reasons import write_reasons
from quotum.adapters.files.plan_workbook.shares import write_customers, write_products
from quotum.adapters.files.plan_workbook.summary import write_summary
from quotum.adapters.files.plan_workbook.trees import write_tree
from quotum.adapters.files.plan_workbook.words import WORDS
from quotum.adapters.printing.member_names import MemberNames
from quotum.engine.tables.plan_tables import Plan

__all__ = ["write_plan_workbook"]


def write_plan_workbook(plan: Plan, path: Path) -> None:
    """Write the workbook: summary, regions, people by month, products, customers, reasons, findings.

    The first target's measure fills every sheet; each further one has its regions and people by month. Raises OSError
    when the file cannot be written.
    """
    settings = plan.settings
    names, findings = MemberNames(plan), read_findings(plan)
    targets = {t.measure: Rows.read(plan, settings.measures[t.measure]) for t in settings.targets}
    first, *others = targets.values()
    with Book(path, settings) as book:
        months = first.months(first.line_dimensions)
        write_summary(book, targets, months, names, findings)
        write_feasibility(book, plan, names)
        write_forecasts(book, plan, names)
        _write_measure(book, first, months, names, "")
        write_products(book, first, names, _title("products_sheet", first))
        write_customers(book, first, names, _title("customers_sheet", first))
        write_customer_groups(book, plan, first.measure.name, first.measure.decimals)
        for rows in others:
            _write_measure(book, rows, rows.months(rows.line_dimensions), names, f" {rows.measure.name}")
        write_drivers(book, plan)
        write_handovers(book, plan, names)
        write_reasons(book, first, names, _title("reasons_sheet", first))
        write_findings(book, findings)


def _write_measure(book: Book, rows: Rows, months: pl.DataFrame, names: MemberNames, suffix: str) -> None:
    """Write the sheets that every measure has: its trees and its people by month."""
    for dimension in ("unit", "area"):
        if dimension in rows.dimensions:
            sheet = f"{dimension}_sheet"
            write_tree(book, rows, names, dimension, WORDS[sheet] + suffix, _title(sheet, rows))
    sheet = "people_sheet" if "person" in rows.line_dimensions else "rows_sheet"
    write_people(book, rows, months, names, WORDS[sheet] + suffix, _title(sheet, rows))


def _title(sheet: str, rows: Rows) -> str:
    return WORDS["title"].format(sheet=WORDS[sheet], measure=rows.measure.name)
