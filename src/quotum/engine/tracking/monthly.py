"""Month by month: what was to come, what came, and between which bounds the running total will go on."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from quotum.engine.forecasting import NodeForecast
from quotum.engine.tables.plan_settings import LEVELS, Measure
from quotum.engine.tables.review_tables import COMPANY, REVIEW_SCHEMAS
from quotum.engine.tracking.places import PlanNumbers

_SPAN = ("since", "until", "period")
_ASKED = (*LEVELS, *(f"now_{level}" for level in LEVELS))


def tell_months(
    numbers: PlanNumbers, places: pl.DataFrame, above: pl.DataFrame, cells: pl.DataFrame,
    forecast: NodeForecast | None, measure: Measure, as_of: date,
) -> pl.DataFrame:  # fmt: skip
    """Return the table ``months`` of a measure; empty for a level, which is the same in every month.

    ``places``, ``above`` and ``cells`` as the review has them; months of a node are the sums of its places', so that
    they add up to its attainment. The running range of the rest is that of the node's own series, moved to where the
    sum of its places lies.
    """
    if measure.kind == "level" or numbers.months is None:
        return pl.DataFrame(schema=REVIEW_SCHEMAS["months"])
    key = numbers.key
    at = places.select(pl.col("key").alias(key), place=pl.int_range(pl.len(), dtype=pl.Int32))
    spans = numbers.months.select(_SPAN).unique().sort("since")
    planned = numbers.months.join(at, on=key).group_by("place", "since").agg(pl.col(_ASKED).sum())
    came = _in_spans(cells.select("place", "date", "amount"), spans).group_by("place", "since").agg(
        actual=pl.col("amount").sum()
    )  # fmt: skip
    lines = planned.join(came, on=["place", "since"], how="full", coalesce=True)
    coming = _list_coming(places, forecast, spans)
    lines = lines.join(coming, on=["place", "since"], how="full", coalesce=True).fill_null(0)
    sums = (*_ASKED, "actual", "rest")
    nodes = (
        above.select("dimension", "node", "place").join(lines, on="place")
        .group_by("dimension", "node", "since").agg(pl.col(sums).sum())
        .join(spans, on="since").sort("dimension", "node", "since")
    )  # fmt: skip
    nodes = nodes.join(_list_bounds(forecast, spans), on=["dimension", "node", "since"], how="left",
                       maintain_order="left")  # fmt: skip
    return _lay_out(nodes, measure, as_of)


def _lay_out(nodes: pl.DataFrame, measure: Measure, as_of: date) -> pl.DataFrame:
    """Return a line a node, level and month; what was not yet to be is null, as are bounds of what is over."""
    done = pl.col("actual").sum().over("dimension", "node")
    ahead = pl.col("rest").cum_sum().over("dimension", "node")
    told = nodes.with_columns(
        outlook=pl.col("actual") + pl.col("rest"),
        actual=pl.when(pl.col("since") <= as_of).then("actual"),
        low=done + pl.col("below") + ahead, high=done + pl.col("beyond") + ahead,
        measure=pl.lit(measure.name), decimals=pl.lit(measure.decimals, pl.Int64),
    )  # fmt: skip
    due = {level: pl.col(f"now_{level}").cum_sum().over("dimension", "node") for level in LEVELS}
    levels = [told.with_columns(level=pl.lit(level), target=level, due=due[level]) for level in LEVELS]
    return pl.concat(levels).sort("dimension", "node", "level", "since").select(list(REVIEW_SCHEMAS["months"]))


def _in_spans(lines: pl.DataFrame, spans: pl.DataFrame) -> pl.DataFrame:
    """Return dated lines with the first day of the month of the plan that holds them."""
    starts = spans["since"]
    which = starts.search_sorted(lines["date"], side="right").cast(pl.Int64) - 1
    return lines.with_columns(since=starts.gather(which.clip(0)))


def _list_coming(places: pl.DataFrame, forecast: NodeForecast | None, spans: pl.DataFrame) -> pl.DataFrame:
    """Return ``place, since, rest``: what the rest of the plan is expected to bring each place, month by month."""
    schema = {"place": pl.Int32, "since": pl.Date, "rest": pl.Int64}
    if forecast is None:
        return pl.DataFrame(schema=schema)
    whose = places.select(
        place=pl.int_range(pl.len(), dtype=pl.Int32),
        dimension=pl.when(pl.col("person") != "").then(pl.lit("person"))
        .when(pl.col("unit") != "").then(pl.lit("unit")).otherwise(pl.lit(COMPANY)),
        node=pl.when(pl.col("person") != "").then("person").otherwise("unit"),
    )  # fmt: skip
    ahead = _in_spans(forecast.months.filter("in_plan").rename({"month": "date"}).drop("until"), spans)
    found = whose.join(ahead, on=["dimension", "node"]).group_by("place", "since").agg(rest=pl.col("mean_minor").sum())
    return found.select(pl.col(name).cast(kind) for name, kind in schema.items())


def _list_bounds(forecast: NodeForecast | None, spans: pl.DataFrame) -> pl.DataFrame:
    """Return ``dimension, node, since, below, beyond``: bounds of the running total beside its own mean."""
    if forecast is None:
        schema = {"dimension": pl.String, "node": pl.String, "since": pl.Date, "below": pl.Int64, "beyond": pl.Int64}
        return pl.DataFrame(schema=schema)
    known = forecast.months["low_minor"].is_not_null()
    running = np.floor(forecast.running.reshape(-1, 2) + 0.5).astype(np.int64)
    lines = _in_spans(
        forecast.months.with_columns(low=running[:, 0], high=running[:, 1], told=known)
        .filter("in_plan").rename({"month": "date"}).drop("until"), spans,
    )  # fmt: skip
    mean = pl.col("mean_minor").cum_sum().over("dimension", "node")
    both = lines.select(
        "dimension", "node", "since", below=pl.when("told").then(pl.col("low") - mean),
        beyond=pl.when("told").then(pl.col("high") - mean),
    )  # fmt: skip
    return both.group_by("dimension", "node", "since", maintain_order=True).last()
