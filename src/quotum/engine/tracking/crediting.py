"""Whose is what was sold: every line goes to those who hold its customer on its day, once, to the last unit.

A sale counts on its own date, whenever it was booked; a return counts on the day it came back, as the negative line it
is; cancelled lines never were sales. Whoever holds the customer on that day has it, in parts where it is shared; a
customer that changes hands changes hands for later sales only. What belongs to nobody stands under ``vacant:<unit>``.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import polars as pl

from quotum.engine.basics.issues import Issue
from quotum.engine.basics.periods import years_before
from quotum.engine.tables.company import Company
from quotum.engine.tables.plan_settings import Measure, PlanSettings
from quotum.engine.tables.sales_values import positions, value_lines
from quotum.engine.tables.schema import E4

Longs = npt.NDArray[np.int64]
_IN_PIECES = ("amount", "quantity", "margin")  # what is counted of pieces sold; orders and customers are not

CREDIT_SCHEMA: dict[str, type[pl.DataType]] = {
    "date": pl.Date, "order": pl.String, "customer": pl.Int32, "product": pl.Int32, "person": pl.String,
    "unit": pl.String, "value_e4": pl.Int64, "quantity_e4": pl.Int64,
}  # fmt: skip


def credit_sales(
    company: Company, settings: PlanSettings, measure: Measure, holdings: pl.DataFrame, years_back: int = 0
) -> tuple[pl.DataFrame, list[Issue]]:
    """Return who is credited with what of the plan's dates up to as_of: lines of ``CREDIT_SCHEMA``.

    ``holdings`` are those of ``tables.ownership`` over the plan, ``customer`` and ``product`` positions in their tables
    (product -1: none). ``years_back``: so many years earlier, and at least the year before the plan, dated as the plan
    is and credited to those who hold the customer then, so that growth compares the same customers. The parts of a line
    add up to it.
    """
    until = min(settings.as_of + timedelta(days=1), settings.until)
    since, until = years_before(settings.since, years_back), years_before(until, years_back)
    until = max(until, settings.since) if years_back else until
    sales = company["sales"].filter((pl.col("date") >= since) & (pl.col("date") < until))
    coded = sales.select(
        "date", "order", "amount_e4", "quantity_e4", "cost_e4",
        customer=pl.Series(positions(sales["customer"], company["customers"]["customer"]), dtype=pl.Int32),
        product=pl.Series(positions(sales["product"], company["products"]["product"]), dtype=pl.Int32),
    ).filter(pl.col("customer") >= 0)  # fmt: skip
    _, value, issues = value_lines(coded, company, measure)
    lines = coded.select(
        pl.col("date").dt.offset_by(f"{years_back}y") if years_back else "date",
        "order", "customer", "product", value_e4=value,
        quantity_e4=pl.col("quantity_e4").fill_null(0) if measure.history in _IN_PIECES else pl.lit(0, pl.Int64),
    )  # fmt: skip
    return hand_to_holders(lines, holdings), issues


def hand_to_holders(lines: pl.DataFrame, holdings: pl.DataFrame) -> pl.DataFrame:
    """Return the lines with who holds their customer on their day; lines of shared customers stand there in parts.

    ``holdings(customer, person, unit, since, until, share)`` cover every day, shares of a day add up to 1. A day
    outside of them (29 February of a year that has none) counts as the nearest one inside.
    """
    alone = holdings.filter(pl.len().over("customer") == 1).select("customer", "person", "unit")
    alone = alone.with_columns(pl.col("customer").cast(pl.Int32))
    whole = lines.join(alone, on="customer", how="inner", maintain_order="left")
    several = holdings.join(alone, on="customer", how="anti").sort("customer", "since", "person")
    shared = lines.join(alone, on="customer", how="anti").with_row_index("line")
    first, last = (holdings["since"].min(), holdings["until"].max()) if holdings.height else (None, None)
    on_day = pl.col("date")
    if isinstance(first, date) and isinstance(last, date):
        on_day = on_day.clip(pl.lit(first), pl.lit(last - timedelta(days=1)))
    held = (
        shared.join(several.with_columns(pl.col("customer").cast(pl.Int32)), on="customer", how="inner")
        .filter((on_day >= pl.col("since")) & (on_day < pl.col("until")))
        .sort("line", "person", "since")
    )
    parts = _split_lines(held)
    return pl.concat([whole.select(list(CREDIT_SCHEMA)), parts.select(list(CREDIT_SCHEMA))])


def _split_lines(held: pl.DataFrame) -> pl.DataFrame:
    """Return lines of several holders with each one's part: running shares are rounded, so that parts add up."""
    reached = pl.col("share").cum_sum().over("line")
    is_last = pl.col("person").cum_count().over("line") == pl.len().over("line")
    running = pl.when(is_last).then(1.0).otherwise(reached)
    parts = []
    for name in ("value_e4", "quantity_e4"):
        due = (pl.col(name) * running).round().cast(pl.Int64)
        parts.append((due - due.shift(1).over("line").fill_null(0)).alias(name))
    return held.with_columns(parts)




def to_minor(value_e4: Longs, decimals: int) -> Longs:
    """Return ten-thousandths in smallest units, (num_cells,): each rounded down or up, their sum rounded half up.

    Running sums are rounded: cells that stand in a fixed order always get the same units.
    """
    if 10**decimals >= E4:
        return np.asarray(value_e4 * (10**decimals // E4), dtype=np.int64)
    size = E4 // 10**decimals
    running = (2 * np.cumsum(value_e4) + size) // (2 * size)
    return np.asarray(np.diff(running, prepend=0), dtype=np.int64)
