"""What to do something about, and what is owed."""

from __future__ import annotations

from quotum.adapters.files.plan_workbook.book import Book, Column
from quotum.adapters.files.review_workbook.words import WORDS
from quotum.adapters.printing.review_tables import WARNING_WORDS, word_found
from quotum.engine.tables.review_tables import Review


def write_warnings(book: Book, review: Review) -> None:
    """Write the warnings: what, who, about whom, how large, what was found, what to do."""
    lines = list(review["warnings"].iter_rows(named=True))
    columns = [
        Column("what", WORDS["what"], [WARNING_WORDS[line["rule"]][0] for line in lines]),
        Column("who", WORDS["who"], [line["person"] or line["unit"] or "" for line in lines]),
        Column("about", WORDS["about_whom"], [line["customer"] or line["key"] or "" for line in lines]),
        Column("size", WORDS["size"], [line["size"] for line in lines], "amount"),
        Column("found", WORDS["found"], [word_found(line) for line in lines]),
        Column("remedy", WORDS["remedy"], [WARNING_WORDS[line["rule"]][2] for line in lines], "prose"),
    ]
    book.write_list(WORDS["warnings"], WORDS["warnings"], WORDS["note_warnings"], columns,
                    decimals=review.settings.currency_decimals, frozen=2)  # fmt: skip


def write_cash(book: Book, review: Review, whole: str) -> None:
    """Write cash by person and, below it, what is open by age; no sheet where nothing was billed."""
    cash, owed, decimals = review["cash"], review["receivables"], review.settings.currency_decimals
    if cash.is_empty():
        return
    sheet = book.add_sheet(WORDS["cash"])
    book.write_title(sheet, WORDS["cash"], WORDS["note_cash"])
    line = book.write_table(sheet, 3, 0, [
        Column("who", WORDS["who"], [person or whole for person in cash["person"].to_list()]),
        *(Column(key, WORDS[key], cash[name].to_list(), "amount")
          for key, name in (("billed", "invoiced"), ("received", "received"), ("open", "open"),
                            ("overdue", "overdue"))),
        Column("collected", WORDS["collected"], cash["collection_rate"].to_list(), "percent"),
        Column("days", WORDS["days"], cash["turnover_days"].to_list(), "number"),
    ], decimals=decimals) + 2  # fmt: skip
    book.write_table(sheet, line, 0, [
        Column("who", WORDS["who"], [person or "" for person in owed["person"].to_list()]),
        Column("age", WORDS["age"], [WORDS.get(age, age) for age in owed["age"].to_list()]),
        Column("invoices", WORDS["invoices"], owed["invoices"].to_list(), "whole"),
        Column("amount", WORDS["open"], owed["amount"].to_list(), "amount", total="=SUM({amount_all})",
               total_value=float(owed["amount"].sum())),
    ], decimals=decimals)  # fmt: skip
    sheet.set_column(0, 6, 16)
    sheet.freeze_panes(4, 1)
