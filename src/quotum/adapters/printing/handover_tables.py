"""What passes to whom from when, as people read it."""

from __future__ import annotations

import polars as pl

from quotum.adapters.printing.amounts import format_amount
from quotum.adapters.printing.member_names import MemberNames
from quotum.adapters.printing.text_tables import draw_table, printable
from quotum.engine.tables.plan_settings import PlanSettings

KINDS = {"customer": "customer", "project": "project", "receivable": "receivable", "appointment": "fixed date"}
_MOST = 40


def draw_handovers(handovers: pl.DataFrame, settings: PlanSettings, names: MemberNames) -> str:
    """Return the list, the largest of each hand-over first; amounts of customers are quota, else money."""
    if handovers.is_empty():
        return ""
    names.learn("person", [*handovers["person"].unique().to_list(), *handovers["to"].unique().to_list()])
    names.learn("customer", handovers["customer"].drop_nulls().unique().to_list())
    shown = handovers.sort("person", "to", "since", "kind", pl.col("amount").fill_null(0) * -1, "key").head(_MOST)
    rows = [
        [_name(names, "person", line["person"]), _name(names, "person", line["to"]), str(line["since"]),
         KINDS[line["kind"]], _name(names, "customer", line["key"]) if line["kind"] == "customer" else line["key"],
         "" if line["share"] == 1.0 else f"{line['share']:.0%}",
         format_amount(line["amount"], decimals_of(settings, line["kind"]))]
        for line in shown.iter_rows(named=True)
    ]  # fmt: skip
    more = handovers.height - shown.height
    told = draw_table(["from", "to", "since", "what", "which", "part", "amount"], rows, left=5)
    further = f"\n… and {more:,} more; --json has them all" if more else ""
    return f"{settings.name}: what passes to whom\n{told}{further}"


def decimals_of(settings: PlanSettings, kind: str) -> int:
    """Return the decimals of an amount: quota of the first target that customers take along, else money."""
    if kind != "customer":
        return settings.currency_decimals
    first = next(t.measure for t in settings.targets if not t.follows and settings.measures[t.measure].kind != "level")
    return settings.measures[first].decimals


def _name(names: MemberNames, column: str, key: str) -> str:
    name = names.of(column, key)
    return printable(key if name == key else f"{key} {name}")
