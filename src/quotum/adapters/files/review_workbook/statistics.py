"""The monthly tables: what everybody sold in each month, and what calls and visits were made."""

from __future__ import annotations

import polars as pl

from quotum.adapters.files.plan_workbook.book import Book, Column
from quotum.adapters.files.review_workbook.words import WORDS
from quotum.engine.tables.review_tables import COMPANY, Review


def write_sales(book: Book, review: Review, measure: str) -> None:
    """Write what each person sold in each month of the plan so far, with the sum."""
    sold = review["actuals"].filter(pl.col("measure") == measure)
    months = review["months"].filter(dimension=COMPANY, measure=measure, level="commit")
    past = months.filter(pl.col("since") <= review.as_of)
    cells = {(p, m): a for p, m, a in sold.group_by("person", month=pl.col("date").dt.month_start())
             .agg(pl.col("amount").sum()).select("person", "month", "amount").iter_rows()}  # fmt: skip
    people = sold.group_by("person").agg(pl.col("unit").first(), pl.col("amount").sum()).sort("unit", "person")
    decimals = review.settings.measures[measure].decimals
    columns = [Column("person", WORDS["who"], people["person"].to_list()),
               Column("unit", WORDS["unit"], people["unit"].to_list())]  # fmt: skip
    for label, month in past.select("period", pl.col("since").dt.month_start()).iter_rows():
        amounts = [cells.get((person, month), 0) for person in people["person"].to_list()]
        columns.append(Column(label, label, amounts, "amount", total=f"=SUM({{{label}_all}})",
                              total_value=float(sum(amounts))))  # fmt: skip
    sums = people["amount"].to_list()
    columns.append(Column("sum", WORDS["to_date"], sums, "amount", total="=SUM({sum_all})",
                          total_value=float(sum(sums))))  # fmt: skip
    title = WORDS["of"].format(sheet=WORDS["sales"], measure=measure)
    book.write_list(WORDS["sales"], title, WORDS["note_sales"], columns, decimals=decimals, frozen=2)


def write_contacts(book: Book, review: Review) -> None:
    """Write what calls and visits each person made in each month; no sheet where nobody wrote any down."""
    frame = review["contacts"]
    if frame.is_empty():
        return
    columns = [
        Column("person", WORDS["who"], frame["person"].to_list()),
        Column("unit", WORDS["unit"], frame["unit"].to_list()),
        Column("month", WORDS["month"], [f"{month:%Y-%m}" for month in frame["month"].to_list()]),
        Column("kind", WORDS["kind"], frame["kind"].to_list()),
        *(Column(name, WORDS[key], frame[name].to_list(), "whole")
          for key, name in (("count", "contacts"), ("customers", "customers"), ("with_result", "with_result"))),
    ]  # fmt: skip
    book.write_list(WORDS["contacts"], WORDS["contacts"], WORDS["note_contacts"], columns, frozen=1)
