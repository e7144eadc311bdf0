"""Why numbers moved when the rest of a year was planned anew, as people read it."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from quotum.adapters.printing.amounts import format_amount
from quotum.adapters.printing.member_names import MemberNames
from quotum.adapters.printing.text_tables import draw_table, printable
from quotum.engine.revisions.moves import REASONS
from quotum.engine.tables.plan_settings import PlanSettings

_WORDS = {"handover": "handed over", "actuals": "sold − planned", "own": "own months ahead", "siblings": "for others"}
_LAYERS = {"extra": "stretch beyond commit"}
_HOLDERS = ("unit", "person")


def draw_moves(moves: pl.DataFrame, settings: PlanSettings, names: MemberNames) -> Iterator[str]:
    """Return a table for each measure and layer: the year before, what each reason did to it, the year after."""
    for (measure, layer), frame in moves.group_by("measure", "layer", maintain_order=True):
        decimals = settings.measures[str(measure)].decimals
        holders = [name for name in _HOLDERS if frame[name].null_count() < len(frame)]
        for name in holders:
            names.learn(name, frame[name].drop_nulls().unique().to_list())
        reasons = [name for name in REASONS if (frame[name] != 0).any()]
        columns = ["before", *reasons, "after"]
        rows = [
            [*(_name(names, holder, line[holder]) for holder in holders),
             *(format_amount(line[name], decimals) for name in columns)]
            for line in frame.iter_rows(named=True)
        ]  # fmt: skip
        sums = [format_amount(int(frame[name].sum()), decimals) for name in columns]
        total = ["total", *[""] * (len(holders) - 1), *sums] if holders else []
        header = [*holders, *(_WORDS.get(name, name) for name in columns)]
        told = _LAYERS.get(str(layer), layer)
        yield f"{settings.name}, {measure}, {told}: why\n" + draw_table(header, rows, left=len(holders), total=total)


def _name(names: MemberNames, column: str, key: str | None) -> str:
    name = names.of(column, key)
    return printable("-" if key is None else key if name == key else f"{key} {name}")
