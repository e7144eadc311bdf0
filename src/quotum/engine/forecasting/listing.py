"""Forecasts as one table that a plan keeps: sales and expected months of company and units, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from quotum.engine.forecasting.node_forecast import NodeForecast
from quotum.engine.forecasting.nodes import COMPANY

FORECASTS_SCHEMA: dict[str, type[pl.DataType]] = {
    "measure": pl.String, "dimension": pl.String, "node": pl.String, "month": pl.Date, "until": pl.Date,
    "sold_minor": pl.Int64, "mean_minor": pl.Int64, "low_minor": pl.Int64, "high_minor": pl.Int64,
}  # fmt: skip


def list_forecasts(forecasts: Mapping[str, NodeForecast]) -> pl.DataFrame:
    """Return the months of company and units, ``FORECASTS_SCHEMA``, in the order of the nodes and of time."""
    parts = [pl.DataFrame(schema=FORECASTS_SCHEMA)]
    for measure, made in forecasts.items():
        if made.history.is_empty():
            continue
        order = made.totals.select("dimension", "node").with_row_index("place")
        order = order.filter(pl.col("dimension").is_in([COMPANY, "unit"]))
        sold = made.history.select(
            "dimension", "node", "month", until=pl.col("month").dt.offset_by("1mo"), sold_minor="amount_minor"
        )
        known = made.months.filter("known").select("dimension", "node", "month", "until", sold_minor="mean_minor")
        since = known["month"].min()
        sold = sold if since is None else sold.filter(pl.col("month") < since)
        coming = made.months.filter(~pl.col("known")).drop("in_plan", "known")
        both = pl.concat([sold, known, coming], how="diagonal").join(order, on=["dimension", "node"])
        lines = both.sort("place", "month").with_columns(measure=pl.lit(measure))
        parts.append(lines.select(pl.col(name).cast(dtype) for name, dtype in FORECASTS_SCHEMA.items()))
    return pl.concat(parts)
