"""The sheet of what passed to somebody else when the rest of the year was planned anew."""

from __future__ import annotations

from quotum.adapters.files.plan_workbook.book import Book, Column
from quotum.adapters.files.plan_workbook.words import WORDS
from quotum.adapters.printing.handover_tables import KINDS, decimals_of
from quotum.adapters.printing.member_names import MemberNames
from quotum.engine.tables.plan_tables import Plan

_MOST = 100_000


def write_handovers(book: Book, plan: Plan, names: MemberNames) -> None:
    """Write the sheet; a plan without hand-overs has none."""
    if "handovers" not in plan.tables or plan["handovers"].is_empty():
        return
    told = plan["handovers"].head(_MOST)
    names.learn("customer", told["customer"].drop_nulls().unique().to_list())
    settings = plan.settings
    amounts = [
        None if amount is None else amount / 10 ** decimals_of(settings, kind)
        for kind, amount in told.select("kind", "amount").iter_rows()
    ]
    columns = [
        Column("person", WORDS["from_person"], told["person"].to_list()),
        Column("to", WORDS["to_person"], told["to"].to_list()),
        Column("unit", WORDS["unit"], told["unit"].to_list()),
        Column("since", WORDS["since"], [str(day) for day in told["since"].to_list()]),
        Column("kind", WORDS["what"], [KINDS[kind] for kind in told["kind"].to_list()]),
        Column("key", WORDS["key"], told["key"].to_list()),
        Column("customer", WORDS["customer"],
               [names.of("customer", key) if key else "" for key in told["customer"].to_list()]),
        Column("share", WORDS["share"], told["share"].to_list(), "percent"),
        Column("amount", WORDS["amount"], amounts, "number"),
    ]  # fmt: skip
    book.write_list(WORDS["handovers_sheet"], WORDS["handovers_sheet"], WORDS["handovers_note"], columns, frozen=2)
