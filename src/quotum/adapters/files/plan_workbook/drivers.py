"""The sheet of drivers: the tree with what each comes to in the plan and in each period, and what the targets need."""

from __future__ import annotations

import polars as pl

from quotum.adapters.files.plan_workbook.book import Book, Column
from quotum.adapters.files.plan_workbook.words import WORDS
from quotum.adapters.printing.driver_tables import describe_driver, walk_tree
from quotum.engine.drivers import build_tree
from quotum.engine.tables.plan_tables import Plan


def write_drivers(book: Book, plan: Plan) -> None:
    """Write the sheet of a plan that has drivers: a line each, parts indented below what is made from them."""
    if "drivers" not in plan.tables or plan["drivers"].is_empty():
        return
    tree, _ = build_tree(plan.settings.drivers)
    if tree is None:
        return
    company = plan["drivers"].filter(scope="")
    values = {(name, period): value for name, period, value in company.select("driver", "period", "value").iter_rows()}
    periods = company["period"].unique(maintain_order=True).to_list()[1:]
    lines = [(depth, name) for depth, name, _ in walk_tree(tree)]
    seen = {name for _, name in lines}
    lines += [(0, name) for name in tree.drivers if name not in seen and ":" not in name]
    names = [name for _, name in lines]
    needed = plan["driver_capacity"].filter(pl.col("kind") != "supply").sort("level", maintain_order=True)
    needs = {(level, node): need for level, node, need in needs_of(needed)}
    columns = [
        Column("driver", WORDS["driver"], names),
        Column("whole", WORDS["in_plan"], [values.get((name, "")) for name in names], "number"),
        *(Column(f"needed_{level}", WORDS["needed_for"].format(level=WORDS[level].lower()),
                 [needs.get((level, name)) for name in names], "number") for level in ("commit", "stretch")),
        Column("how", WORDS["how"], [describe_driver(tree, name) for name in names], "prose"),
        *(Column(period, period, [values.get((name, period)) for name in names], "number") for period in periods),
    ]  # fmt: skip
    book.write_list(WORDS["drivers_sheet"], WORDS["drivers_sheet"], WORDS["drivers_note"], columns, frozen=1,
                    indents=[depth for depth, _ in lines])  # fmt: skip


def needs_of(needed: pl.DataFrame) -> list[tuple[str, str, float]]:
    """Return (level, driver, what it must be), of several goals the most demanding."""
    most = needed.drop_nulls("need").group_by("level", "node", maintain_order=True).agg(pl.col("need").max())
    return list(most.iter_rows())
