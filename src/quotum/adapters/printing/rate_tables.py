"""Amounts of other currencies at plan rates and at the rates of their days, as a table for a terminal."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from quotum.adapters.printing.amounts import format_amount
from quotum.adapters.printing.text_tables import draw_table
from quotum.engine.tables.schema import E4


def draw_effects(years: pl.DataFrame, decimals: Mapping[str, int], plan: str) -> str:
    """Return a line a table, currency and year; the sums of one table in the plan's currency ``plan`` stand below.

    Amounts are rounded to the ``decimals`` of their currency for the eye, and what is shown adds up; ``--json`` has
    every ten-thousandth. Where no row has an actual rate, ``-`` stands for it.
    """

    def minor(amount_e4: int, code: str = plan) -> int:
        size: int = E4 // 10 ** decimals[code]
        return (2 * amount_e4 + size) // (2 * size)

    def money(planned: int, actual: int | None) -> list[str]:
        amounts = [planned] if actual is None else [planned, actual, actual - planned]
        return ([format_amount(amount, decimals[plan]) for amount in amounts] + ["-", "-"])[:3]

    header = ["table", "currency", "year", "rows", "amount", "at plan rates", "at actual rates", "effect"]
    pairs = [(minor(planned), None if actual is None else minor(actual))
             for planned, actual in years.select("plan_e4", "actual_e4").iter_rows()]  # fmt: skip
    rows = [
        [table, code, str(year), f"{count:,d}", format_amount(minor(amount, code), decimals[code]), *money(*pair)]
        for (table, code, year, count, amount), pair in zip(
            years.select("table", "currency", "year", "rows", "amount_e4").iter_rows(), pairs, strict=True)
    ]  # fmt: skip
    if years["table"].n_unique() > 1:
        return draw_table(header, rows, left=3)
    known = [actual for _, actual in pairs if actual is not None]
    total = money(sum(planned for planned, _ in pairs), sum(known) if len(known) == len(pairs) else None)
    return draw_table(header, rows, left=3, total=["total", "", "", "", "", *total])
