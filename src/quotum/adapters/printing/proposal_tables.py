"""Proposals beside the number from the top, as tables for a terminal."""

from __future__ import annotations

from typing import Any

import polars as pl

from quotum.adapters.printing.amounts import format_amount, format_growth
from quotum.adapters.printing.reason_words import NameOf
from quotum.adapters.printing.text_tables import draw_table

_MOST_LINES = 40  # of proposals; --json has them all


def draw_proposals(compared: pl.DataFrame, name_of: NameOf, *, planned: bool) -> str:
    """Return a line a proposal, the largest difference first; ``planned`` adds what the plan made of it."""
    customers = compared["customer"].null_count() < compared.height
    header = ["person", *(["customer"] if customers else []), "layer", "from", "until", "trust", *_heads(planned)]
    if compared["measure"].n_unique() > 1:
        header.insert(0, "measure")
    lines = [
        [
            *([line["measure"]] if header[0] == "measure" else []),
            _called(name_of, "person", line["person"]),
            *([_called(name_of, "customer", line["customer"])] if customers else []),
            line["layer"], str(line["since"]), str(line["until"]), f"{line['trust']:g}",
            *_amounts(line, planned=planned),
        ]
        for line in compared.head(_MOST_LINES).iter_rows(named=True)
    ]  # fmt: skip
    text = draw_table(header, lines, left=header.index("trust"))
    more = compared.height - len(lines)
    return text + (f"\n… and {more:,} more; --json has them all" if more else "")


def draw_people(people: pl.DataFrame, name_of: NameOf, *, planned: bool) -> str:
    """Return a line a person (measure, layer): the sums of the proposals, the largest difference first."""
    header = ["person", "measure", "layer", "lines", *_heads(planned)]
    lines = [
        [_called(name_of, "person", line["person"]), line["measure"], line["layer"], str(line["lines"]),
         *_amounts(line, planned=planned)]
        for line in people.head(_MOST_LINES).iter_rows(named=True)
    ]  # fmt: skip
    more = people.height - len(lines)
    return draw_table(header, lines, left=3) + (f"\n… and {more:,} more; --json has them all" if more else "")


def _heads(planned: bool) -> list[str]:
    return ["proposal", "from the top", "difference", "in %", *(["planned"] if planned else [])]


def _amounts(line: dict[str, Any], *, planned: bool) -> list[str]:
    """Return the amounts of a line; what the plan made of it comes last."""
    names = ["proposal", "top_down", "difference", *(["planned"] if planned else [])]
    texts = [format_amount(line[name], line["decimals"]) for name in names]
    return [*texts[:3], format_growth(line["proposal"], line["top_down"]), *texts[3:]]


def _called(name_of: NameOf, dimension: str, key: str | None) -> str:
    name = name_of(dimension, key or "")
    return (key or "") if name == key else f"{key} {name}"
